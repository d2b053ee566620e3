/**
 * Sensitivity grids: the four published ones (names and values of the published scripts) and grids of the user's own.
 */
import { checkText, InputError, type InputIssue, showValue } from '../input/inputError.ts';
import { isPlainObject } from '../input/optionRules.ts';
import { type Factor, type FactorValue, findFactor } from './factors.ts';

export interface GridAxis {
  readonly factor: Factor;
  readonly values: readonly FactorValue[];
}

export interface Grid {
  /** Used in file names: `sensitivity_<name>_<timestamp>.csv`. */
  readonly name: string;
  readonly title: string;
  /** Cells are numbered with the last axis running fastest, as the published files have them. */
  readonly axes: readonly GridAxis[];
  /** c of unmetCap = min(1, c * arrivalRate); absent: the instance's own caps. */
  readonly unmetCapPerRate?: number;
}

export type PublishedGridName = 'cost-budget' | 'delay-error' | 'gpu-cost-error' | 'memory-error';

/** from, from + step, ... up to `to` inclusive, each the nearest double to its decimal. */
export function range(from: number, to: number, step: number): number[] {
  const count = Math.floor((to - from) / step + 1e-9) + 1;
  return Array.from({ length: count }, (_, t) => Number((from + t * step).toPrecision(12)));
}

const axis = (name: string, values: readonly FactorValue[]): GridAxis => ({ factor: findFactor(name), values });

export const publishedGrids: Readonly<Record<PublishedGridName, Grid>> = {
  'cost-budget': {
    name: 'cost_budget',
    title: 'GPU price and budget',
    axes: [axis('price', range(0.4, 0.65, 0.05)), axis('budget', range(0.3, 0.5, 0.05))],
    unmetCapPerRate: 0.01,
  },
  'delay-error': {
    name: 'delay_error_threshold',
    title: 'Delay and error limits',
    axes: [axis('delay', range(0.01, 0.09, 0.02)), axis('error', range(0.4, 1.4, 0.1))],
    unmetCapPerRate: 0.01,
  },
  'gpu-cost-error': {
    name: 'gpu_cost_error',
    title: 'GPU price and error limits',
    axes: [axis('price', range(0.5, 1.5, 0.1)), axis('error', range(0.4, 1.4, 0.1))],
    unmetCapPerRate: 0.01,
  },
  'memory-error': {
    name: 'memory_error',
    title: 'GPU memory and error limits',
    axes: [axis('memory', range(0.6, 2, 0.2)), axis('error', range(0.6, 2, 0.2))],
    unmetCapPerRate: 0.001,
  },
};

/** What is wrong with an axis that a program hands over. */
export function axisIssues(axis: unknown, path: string): readonly InputIssue[] {
  const { factor, values } = (isPlainObject(axis) ? axis : {}) as { factor?: Partial<Factor> | null; values?: unknown };
  if (typeof factor?.name !== 'string' || typeof factor.apply !== 'function' || typeof factor.accepts !== 'function')
    return [{ path, value: showValue(axis), expected: 'an axis: a factor and its values, as parseVary makes it' }];
  if (!Array.isArray(values) || values.length === 0)
    return [{ path: `${path}.values`, value: showValue(values), expected: 'one value or more' }];
  return values.flatMap((value: FactorValue, at) =>
    factor.accepts!(value)
      ? []
      : [
          {
            path: `${path}.values[${at}]`,
            value: showValue(value),
            expected: factor.expected ?? 'a value of the factor',
          },
        ],
  );
}

/** What is wrong with a grid. */
export function gridIssues(grid: unknown, path: string): readonly InputIssue[] {
  const { name, title, axes, unmetCapPerRate } = (isPlainObject(grid) ? grid : {}) as Partial<Grid>;
  if (typeof name !== 'string' || typeof title !== 'string' || !Array.isArray(axes))
    return [{ path, value: showValue(grid), expected: 'a grid: name, title and axes' }];
  const ofCap =
    unmetCapPerRate === undefined || (typeof unmetCapPerRate === 'number' && unmetCapPerRate >= 0)
      ? []
      : [{ path: `${path}.unmetCapPerRate`, value: showValue(unmetCapPerRate), expected: 'a number >= 0' }];
  return [...axes.flatMap((axis, at) => axisIssues(axis, `${path}.axes[${at}]`)), ...ofCap];
}

/** Number of cells. */
export function gridSize(grid: Grid): number {
  return grid.axes.reduce((product, { values }) => product * values.length, 1);
}

/** Chains of cells that are solved one after the other: those along the last axis. */
export function numChains(grid: Grid): number {
  return gridSize(grid) / chainLength(grid);
}

/** Number of cells of a chain. */
export function chainLength({ axes }: Grid): number {
  return axes.at(-1)?.values.length ?? 1;
}

/** The values of cell `index`, one for each axis. */
export function cellValues(grid: Grid, index: number): FactorValue[] {
  const values: FactorValue[] = [];
  let rest = index;
  for (let a = grid.axes.length - 1; a >= 0; a--) {
    const list = grid.axes[a].values;
    values.unshift(list[rest % list.length]);
    rest = Math.floor(rest / list.length);
  }
  return values;
}

/**
 * Reads `name=from:to:step` or `name=a,b,c` (a `--vary` of the command line). Throws InputError naming the text and
 * what was expected.
 */
export function parseVary(text: string): GridAxis {
  checkText(text, 'vary', 'name=from:to:step or name=a,b,c');
  const match = /^([a-z-]+)=(.+)$/.exec(text);
  if (match === null) throw badVary(text, showValue(text), 'name=from:to:step or name=a,b,c');
  const factor = findFactor(match[1]);
  const values = parseValues(text, match[2]);
  for (const value of values) {
    if (!factor.accepts(value)) {
      throw badVary(text, showValue(value), factor.expected);
    }
  }
  if (new Set(values).size !== values.length) {
    throw badVary(text, 'a value twice', 'different values');
  }
  return { factor, values };
}

function parseValues(text: string, list: string): FactorValue[] {
  if (!list.includes(':')) {
    return list.split(',').map((word) => {
      const number = Number(word);
      return word.trim() === '' || Number.isNaN(number) ? word.trim() : number;
    });
  }
  const parts = list.split(':').map(Number);
  const [from, to, step] = parts;
  if (parts.length !== 3 || !parts.every(Number.isFinite) || !(step! > 0) || !(to! >= from!)) {
    throw badVary(text, showValue(list), 'from:to:step with step > 0 and to >= from');
  }
  if ((to! - from!) / step! > 10_000) throw badVary(text, showValue(list), 'at most 10,000 values');
  return range(from!, to!, step!);
}

function badVary(text: string, value: string, expected: string): InputError {
  return new InputError([{ path: `vary ${text}`, value, expected }]);
}
