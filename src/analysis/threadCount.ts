/** How many threads one may ask for, wherever threads are started. */
import { refuse, showValue } from '../input/inputError.ts';

/** Each takes some 15 MB before it has any work; more than machines have cores is a slip of the keyboard. */
export const mostThreads = 256;

/** Throws InputError unless `threads` is a whole number from 1 to `mostThreads`. */
export function checkThreads(threads: number): void {
  if (Number.isSafeInteger(threads) && threads >= 1 && threads <= mostThreads) return;
  refuse([{ path: 'threads', value: showValue(threads), expected: `a whole number from 1 to ${mostThreads}` }]);
}
