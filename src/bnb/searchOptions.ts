/** What the numbers of a search's options may be. */
import { type OptionRule, refuseBroken } from './optionRules.ts';
import type { SearchOptions } from './searchTypes.ts';

const numberRule = (expected: string, accepts: (value: number) => boolean): OptionRule => ({
  expected,
  accepts: (value) => typeof value === 'number' && accepts(value),
});

type NumberName = 'timeLimit' | 'nodeLimit' | 'memoryLimit' | 'relativeGap' | 'absoluteGap' | 'cutoff';

const searchNumbers: Readonly<Record<NumberName, OptionRule>> = {
  timeLimit: numberRule('seconds >= 0', (value) => value >= 0),
  nodeLimit: numberRule(
    'a whole number >= 0',
    (value) => value >= 0 && (value === Infinity || Number.isInteger(value)),
  ),
  memoryLimit: numberRule('bytes >= 0', (value) => value >= 0),
  relativeGap: numberRule('a number in [0, 1)', (value) => value >= 0 && value < 1),
  absoluteGap: numberRule('a finite number >= 0', (value) => value >= 0 && value < Infinity),
  cutoff: numberRule('a number', (value) => !Number.isNaN(value)),
};

/** @throws RangeError that names every option that is out of its range. */
export function checkSearchOptions(options: Pick<SearchOptions<unknown>, NumberName>): void {
  refuseBroken(searchNumbers, options, '');
}
