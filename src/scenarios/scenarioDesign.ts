/**
 * Files of scenarios from grids: every cell, those along the last axis making a chain, or a Latin hypercube of cells.
 * The instance stands in the head, so that the file needs no other.
 */
import type { FactorValue } from '../analysis/factors.ts';
import { cellValues, gridSize } from '../analysis/grids.ts';
import type { ScenarioPatch } from '../analysis/scenario.ts';
import { checkSweep, type Sweep } from '../analysis/sweep.ts';
import { SeededRandom } from '../heuristics/seededRandom.ts';
import { checkedOptions, type OptionRule } from '../input/optionRules.ts';
import { fieldRule } from '../model/fieldRule.ts';
import { fingerprintOf } from '../model/fingerprint.ts';
import { nullable, wholeNumber } from '../model/schemaFields.ts';
import { version } from '../version.ts';
import { scenarioId } from './scenarioIdentity.ts';
import { scenarioFormat } from './scenarioSchema.ts';

export interface ScenarioDesign {
  /** How many cells a Latin hypercube draws; null: every cell of the grid. */
  readonly draws: number | null;
  /** Of the draws. */
  readonly drawSeed: number;
  /** Every scenario is solved with so many seeds, from that of the options on. */
  readonly seeds: number;
}

const designRules: { readonly [Name in keyof ScenarioDesign]: OptionRule } = {
  draws: fieldRule(nullable(wholeNumber(1, 'cells')), true),
  drawSeed: fieldRule(wholeNumber(0, 'seed'), true),
  seeds: fieldRule(wholeNumber(1, 'seeds'), true),
};

/** The lines of the file, each with its end. The first call of its `next` throws InputError for what is no design. */
export function* scenarioLines(sweep: Sweep, design: ScenarioDesign): Generator<string> {
  const { issues } = checkedOptions(design, designRules, 'design', 'design.');
  checkSweep(sweep, issues);
  const { draws, drawSeed, seeds } = design;
  const { instance, grid, options } = sweep;
  yield line({ format: scenarioFormat, version, title: grid.title, instance });
  const fingerprint = fingerprintOf(instance);
  const chainLength = draws === null ? (grid.axes.at(-1)?.values.length ?? 1) : 1;
  for (let repeat = 0; repeat < seeds; repeat++) {
    const own = seeds === 1 ? options : { ...options, seed: (options.seed ?? 1) + repeat };
    let before: string | null = null;
    let position = 0;
    for (const values of draws === null ? everyCell(sweep) : latinHypercube(sweep, draws, drawSeed)) {
      if (position++ % chainLength === 0) before = null;
      const patch = cellPatch(sweep, values);
      const id = scenarioId(fingerprint, patch, own, before);
      yield line({ id, patch, options: own, ...(before === null ? {} : { after: before }) });
      before = id;
    }
  }
}

function line(content: unknown): string {
  return `${JSON.stringify(content)}\n`;
}

function cellPatch({ grid }: Sweep, values: readonly FactorValue[]): ScenarioPatch {
  const { unmetCapPerRate } = grid;
  return {
    factors: [
      ...(unmetCapPerRate === undefined ? [] : [['unmet-cap-per-rate', unmetCapPerRate] as const]),
      ...grid.axes.map(({ factor }, a) => [factor.name, values[a]] as const),
    ],
  };
}

function* everyCell({ grid }: Sweep): Generator<FactorValue[]> {
  for (let cell = 0; cell < gridSize(grid); cell++) yield cellValues(grid, cell);
}

/**
 * `draws` points of which each axis sees every 1/draws of its values once, in an order of its own. An axis has finitely
 * many values, so two points may be one cell: it comes once.
 */
function* latinHypercube({ grid }: Sweep, draws: number, seed: number): Generator<FactorValue[]> {
  const random = new SeededRandom(seed);
  const columns = grid.axes.map(({ values }) => {
    const column = Array.from({ length: draws }, (_, stratum) => {
      const share = (stratum + random.next()) / draws;
      return values[Math.floor(share * values.length)];
    });
    for (let last = draws - 1; last > 0; last--) {
      const other = random.below(last + 1);
      [column[last], column[other]] = [column[other], column[last]];
    }
    return column;
  });
  const seen = new Set<string>();
  for (let draw = 0; draw < draws; draw++) {
    const values = columns.map((column) => column[draw]);
    const key = JSON.stringify(values);
    if (!seen.has(key)) yield values;
    seen.add(key);
  }
}
