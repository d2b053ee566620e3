/**
 * Service times from measured throughput: s = a h + b f + c f (h + f / 2) seconds of a replica for a query of h input
 * and f output tokens, fitted by least squares of relative errors with a, b, c >= 0 (docs/specification.md on service
 * times).
 */
import type { Profile } from '../../model/instance.ts';

/** a, b and c of a profile, all three. */
export type ServiceTimes = Required<
  Pick<Profile, 'secondsPerInputToken' | 'secondsPerOutputToken' | 'secondsPerContextToken'>
>;

/** Throughput of one replica under full load with queries of one shape. */
export interface MeasuredThroughput {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Output tokens per second of the whole replica. */
  readonly tokensPerSecond: number;
}

/** Fits one, two or three shapes as well as many: terms that the data cannot tell apart stay at 0. */
export function fitServiceTimes(measured: readonly MeasuredThroughput[]): ServiceTimes {
  const rows = measured.map(({ inputTokens: h, outputTokens: f, tokensPerSecond }) => {
    const seconds = f / tokensPerSecond;
    return [h / seconds, f / seconds, (f * (h + f / 2)) / seconds];
  });
  // Three unknowns: of all sets of positive terms, the one with the least error whose solution is positive.
  let best = { error: Infinity, terms: [0, 0, 0] };
  for (const set of [[1], [0], [2], [0, 1], [1, 2], [0, 2], [0, 1, 2]]) {
    const terms = leastSquares(rows, set);
    if (terms === null || terms.some((term) => term < 0)) continue;
    const error = rows.reduce((sum, row) => sum + (1 - row.reduce((total, x, t) => total + x * terms[t], 0)) ** 2, 0);
    if (error < best.error * (1 - leastGain)) best = { error, terms };
  }
  const [secondsPerInputToken, secondsPerOutputToken, secondsPerContextToken] = best.terms.map(rounded);
  return { secondsPerInputToken, secondsPerOutputToken, secondsPerContextToken };
}

/** Output tokens per second that a replica with these service times delivers of one shape. */
export function throughputOf(times: ServiceTimes, { inputTokens: h, outputTokens: f }: MeasuredThroughput): number {
  const { secondsPerInputToken: a, secondsPerOutputToken: b, secondsPerContextToken: c } = times;
  return f / (a * h + b * f + c * f * (h + f / 2));
}

/** A further term must lower the squared error by this share, or rounding would choose it. */
const leastGain = 1e-9;
/** Pivots below this share of their diagonal mean columns that the shapes cannot tell apart. */
const leastPivot = 1e-9;

/** Four digits: tables are not better than that, and files stay readable. */
function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

/** Normal equations on the chosen columns, the others 0; null where they do not determine them. */
function leastSquares(rows: readonly (readonly number[])[], columns: readonly number[]): number[] | null {
  const size = columns.length;
  const system = columns.map((a) => [
    ...columns.map((b) => rows.reduce((sum, row) => sum + row[a] * row[b], 0)),
    rows.reduce((sum, row) => sum + row[a], 0),
  ]);
  for (let p = 0; p < size; p++) {
    const diagonal = rows.reduce((sum, row) => sum + row[columns[p]] ** 2, 0);
    if (!(system[p][p] > leastPivot * diagonal)) return null;
    for (let r = 0; r < size; r++) {
      if (r === p) continue;
      const factor = system[r][p] / system[p][p];
      for (let c = p; c <= size; c++) system[r][c] -= factor * system[p][c];
    }
  }
  const terms = [0, 0, 0];
  columns.forEach((column, p) => {
    terms[column] = system[p][size] / system[p][p];
  });
  return terms;
}
