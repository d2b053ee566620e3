/** What the options of a search may be. */
import {
  checkOptions,
  doerRule,
  functionRule,
  numberRule,
  type OptionRule,
  rule,
  switchRule,
} from '../input/optionRules.ts';
import type { SearchLimits, SearchOptions } from './searchTypes.ts';

const limitRules: { readonly [Name in keyof SearchLimits]-?: OptionRule } = {
  timeLimit: numberRule('seconds >= 0', (value) => value >= 0),
  nodeLimit: numberRule(
    'a whole number >= 0',
    (value) => value >= 0 && (value === Infinity || Number.isInteger(value)),
  ),
  memoryLimit: numberRule('bytes >= 0', (value) => value >= 0),
};

const list = rule('a list', Array.isArray);
/** Text is one of characters, which nobody means. */
const series = rule(
  'what solutions come from, one after the other',
  (value) => typeof (value as Iterable<unknown> | null)?.[Symbol.iterator] === 'function' && typeof value === 'object',
);

/** What a strategy may be is said where it is completed (`resolveStrategy`). */
export const searchRules: { readonly [Name in keyof SearchOptions<unknown>]-?: OptionRule } = {
  ...limitRules,
  relativeGap: numberRule('a number in [0, 1)', (value) => value >= 0 && value < 1),
  absoluteGap: numberRule('a finite number >= 0', (value) => value >= 0 && value < Infinity),
  knownBound: numberRule('a number', (value) => !Number.isNaN(value)),
  cutoff: numberRule('a number', (value) => !Number.isNaN(value)),
  strategy: rule('', () => true),
  door: { ...functionRule, isRequired: true },
  initialSolutions: series,
  heuristics: list,
  onProgress: functionRule,
  isInterrupted: functionRule,
  bytesInUse: functionRule,
  resumable: switchRule,
};

export const relaxationRule = doerRule('a Relaxation: an object with solveInSteps', 'solveInSteps');

/** Throws InputError with every limit that is none. */
export function checkSearchLimits(limits: SearchLimits): void {
  checkOptions(limits, limitRules);
}
