/** Numbers of leaves in few digits, which costs a little of the bound and no truth. */

/** Digits of shares and of prices that are no money. */
export const shareDigits = 1e9;

/** To the nearest multiple of a power of ten, as the shortest decimal. */
export function roundTo(value: number, step: number): number {
  return decimal(Math.round(value / step), step);
}

/** Down to one. */
export function floorTo(value: number, step: number): number {
  return decimal(Math.floor(value / step), step);
}

function decimal(count: number, step: number): number {
  if (!Number.isSafeInteger(count)) return count * step;
  return Number(`${count}e${Math.round(Math.log10(step))}`);
}

/** What is above 0, by position. */
export function byPosition<T>(
  prices: readonly number[],
  entry: (price: number, at: number) => T,
): Readonly<Record<string, T>> {
  return Object.fromEntries(prices.flatMap((price, at) => (price > 0 ? [[at, entry(price, at)] as const] : [])));
}
