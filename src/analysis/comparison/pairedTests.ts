/**
 * Tests of paired differences without assumptions on their distribution: the sign test (exact, binomial) and Wilcoxon's
 * signed-rank test (1945; exact up to 25 differences without ties among their sizes, else the normal approximation with
 * the correction for ties and for continuity). Both two-sided; differences of 0 are left out. Holm's correction (1979)
 * keeps the chance of any false finding among several tests.
 */

/** Differences up to which the exact distribution is summed: 2^25 sign patterns, by counting rank sums. */
const mostExact = 25;

/** P-value of the sign test; 1 where no difference is left. */
export function signTest(differences: readonly number[]): number {
  const left = differences.filter((difference) => difference !== 0);
  const fewer = Math.min(left.filter((difference) => difference > 0).length, left.filter((d) => d < 0).length);
  const n = left.length;
  if (n === 0) return 1;
  let term = 0.5 ** n;
  let tail = 0;
  for (let k = 0; k <= fewer; k++) {
    tail += term;
    term *= (n - k) / (k + 1);
  }
  return Math.min(1, 2 * tail);
}

export interface SignedRanks {
  /** Sum of the ranks of positive and of negative differences. */
  readonly positive: number;
  readonly negative: number;
  readonly pValue: number;
}

/** Wilcoxon's signed-rank test. */
export function wilcoxonTest(differences: readonly number[]): SignedRanks {
  const left = differences.filter((difference) => difference !== 0).sort((a, b) => Math.abs(a) - Math.abs(b));
  const n = left.length;
  let positive = 0;
  let negative = 0;
  /** Sum of t^3 - t over groups of t equal sizes. */
  let ties = 0;
  for (let start = 0; start < n; ) {
    let end = start + 1;
    while (end < n && Math.abs(left[end]) === Math.abs(left[start])) end++;
    const rank = (start + 1 + end) / 2;
    for (let at = start; at < end; at++) {
      if (left[at] > 0) positive += rank;
      else negative += rank;
    }
    ties += (end - start) ** 3 - (end - start);
    start = end;
  }
  const smaller = Math.min(positive, negative);
  if (n === 0) return { positive, negative, pValue: 1 };
  const pValue = n <= mostExact && ties === 0 ? exactTail(n, smaller) : approximateTail(n, smaller, ties);
  return { positive, negative, pValue: Math.min(1, pValue) };
}

/** Twice the share of sign patterns whose positive ranks sum to at most `sum`. */
function exactTail(n: number, sum: number): number {
  const patterns = new Float64Array(sum + 1);
  patterns[0] = 1;
  for (let rank = 1; rank <= n; rank++) for (let at = sum; at >= rank; at--) patterns[at] += patterns[at - rank];
  return (2 * patterns.reduce((total, count) => total + count, 0)) / 2 ** n;
}

function approximateTail(n: number, sum: number, ties: number): number {
  const mean = (n * (n + 1)) / 4;
  const variance = (n * (n + 1) * (2 * n + 1)) / 24 - ties / 48;
  if (variance <= 0) return 1;
  return 2 * normalTail(Math.max(0, mean - sum - 0.5) / Math.sqrt(variance));
}

/** Chance that a standard normal exceeds z >= 0: the integral of the density by Simpson's rule, exact to 1e-12. */
function normalTail(z: number): number {
  const steps = 400;
  const width = z / steps;
  let sum = 1 + Math.exp((-z * z) / 2);
  for (let at = 1; at < steps; at++) sum += (at % 2 === 0 ? 2 : 4) * Math.exp(-((at * width) ** 2) / 2);
  return Math.max(0, 0.5 - (sum * width) / 3 / Math.sqrt(2 * Math.PI));
}

/** P-values corrected for their number, in the order given (Holm 1979). */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((_, at) => at).sort((a, b) => pValues[a] - pValues[b]);
  const corrected = pValues.map(() => 1);
  let largest = 0;
  order.forEach((at, rank) => {
    largest = Math.max(largest, Math.min(1, pValues[at] * (pValues.length - rank)));
    corrected[at] = largest;
  });
  return corrected;
}
