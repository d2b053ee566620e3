/** The number at a share of the way through ascending numbers, of which there is one at least. */
export function quantile(ascending: readonly number[], share: number): number {
  return ascending[Math.round(share * (ascending.length - 1))];
}
