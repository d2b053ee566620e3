/** Checks the numbers of search options: errors name the option, what was found and what was expected. */
import type { SearchOptions } from './searchTypes.ts';

type NumberName = 'timeLimit' | 'nodeLimit' | 'memoryLimit' | 'relativeGap' | 'absoluteGap' | 'cutoff';

/** @throws RangeError */
export function checkSearchOptions(options: Pick<SearchOptions<unknown>, NumberName>): void {
  const check = (name: NumberName, expected: string, isGood: (value: number) => boolean) => {
    const value = options[name];
    if (value !== undefined && !(typeof value === 'number' && isGood(value)))
      throw new RangeError(`${name}: found ${String(value)}, expected ${expected}`);
  };
  check('timeLimit', 'seconds >= 0', (value) => value >= 0);
  check('nodeLimit', 'a whole number >= 0', (value) => value >= 0 && (value === Infinity || Number.isInteger(value)));
  check('memoryLimit', 'bytes >= 0', (value) => value >= 0);
  check('relativeGap', 'a number in [0, 1)', (value) => value >= 0 && value < 1);
  check('absoluteGap', 'a finite number >= 0', (value) => value >= 0 && value < Infinity);
  check('cutoff', 'a number', (value) => !Number.isNaN(value));
}
