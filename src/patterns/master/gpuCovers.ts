/**
 * Cover cuts of GPU limits. A limit  sum over pairs of use <= most  (use: its units of the GPUs that a pair rents) has
 * a cover P with thresholds t where  sum over P of t_p > most:  not all pairs of P can use t_p or more. As each pair
 * holds one pattern,
 *
 *   sum over P of sum over patterns of p that use t_p or more of lambda <= |P| - 1,
 *
 * and any other pair counts beside them where it uses the largest t_p or more: as many of these as P has pairs use
 * at least what the thresholds are together. (Covers with generalised upper bounds: Wolsey, Operations Research Letters
 * 9 (1990).) A master averages patterns until the limit is just kept, 11 GPUs by 0.8 beside 16 by 1 of 25; there whole
 * patterns do not go together. Coefficients depend on deployment and replicas alone, so that prices of these rows are
 * steps of the rental that pricing knows.
 */
import type { PatternTable } from '../pricing/patternTable.ts';
import { gpuLimits } from './gpuRows.ts';
import type { MasterPoint } from './masterPoint.ts';
import type { GpuCover } from './patternTerms.ts';
import type { RestrictedMaster } from './restrictedMaster.ts';

type GpuLimit = ReturnType<typeof gpuLimits>[number];

/** A threshold of a pair at the point, and the weight by which its patterns miss it. */
interface Threshold {
  readonly pair: number;
  readonly use: number;
  readonly missing: number;
}

/** Sums of thresholds pass a limit by this share of it: far beyond the rounding of products and sums. */
const clearance = 1e-7;
/** Quotients this little above whole replicas are these; a hundred pairs stay within the clearance. */
const rounding = 1e-9;

/** The most violated covers of each limit that are not known yet. None over a table that merges pairs. */
export function separateGpuCovers(master: RestrictedMaster, point: MasterPoint): GpuCover[] {
  const { table } = master;
  if (table.isMerged) return [];
  const { perLimit } = table.parameters.gpuCovers;
  const known = new Set(master.gpuCoverRows.map(({ cover }) => JSON.stringify(cover)));
  return gpuLimits(table.problem).flatMap((limit) => {
    const found: GpuCover[] = [];
    for (const thresholds of violatedCovers(table, limit, thresholdsAt(master, point, limit))) {
      const cover = strengthened(table, limit, thresholds);
      const key = JSON.stringify(cover);
      if (known.has(key)) continue;
      known.add(key);
      found.push(cover);
      if (found.length === perLimit) break;
    }
    return found;
  });
}

/** By pair, the uses of its patterns at the point, the largest first. */
function thresholdsAt({ table, patterns }: RestrictedMaster, point: MasterPoint, { perGpu }: GpuLimit): Threshold[][] {
  const { tier, gpus } = table.problem.deployments;
  const weightAt = new Map<number, Map<number, number>>();
  for (const { pattern, weight } of point.patterns) {
    const { deployment, replicas } = patterns[pattern];
    const use = perGpu[tier[deployment]] * gpus[deployment] * replicas;
    if (use === 0) continue;
    const pair = table.pair[deployment];
    const ofPair = weightAt.get(pair) ?? new Map<number, number>();
    ofPair.set(use, (ofPair.get(use) ?? 0) + weight);
    weightAt.set(pair, ofPair);
  }
  return [...weightAt].map(([pair, ofPair]) => {
    let missing = 1;
    return [...ofPair]
      .sort(([one], [other]) => other - one)
      .map(([use, weight]) => {
        missing = Math.max(0, missing - weight);
        return { pair, use, missing };
      });
  });
}

/** Minimal covers by thresholds of the point, those first that it violates most. */
function violatedCovers(
  table: PatternTable,
  { most }: GpuLimit,
  pairs: readonly (readonly Threshold[])[],
): Threshold[][] {
  const { leastViolation } = table.parameters.cuts;
  const { integralityTolerance } = table.parameters.master;
  const needed = most + clearance * Math.max(1, most);
  const room = 1 - leastViolation;
  // What every pattern of a pair reaches costs nothing: it is in the cover, as long as that needs it.
  const always: Threshold[] = [];
  const choices: Threshold[][] = [];
  for (const thresholds of pairs) {
    const sure = thresholds.find(({ missing }) => missing <= integralityTolerance);
    if (sure !== undefined) always.push(sure);
    const parts = thresholds.filter((part) => part !== sure && part.missing < room && part.use > (sure?.use ?? 0));
    if (parts.length > 0) choices.push(parts);
  }
  choices.sort((one, other) => other[0].use - one[0].use);
  const largestAfter = new Float64Array(choices.length + 1);
  for (let c = choices.length - 1; c >= 0; c--) largestAfter[c] = largestAfter[c + 1] + choices[c][0].use;
  const found: { readonly cover: Threshold[]; readonly missing: number }[] = [];
  let left = table.parameters.gpuCovers.effort;
  const extend = (next: number, chosen: readonly Threshold[], missing: number) => {
    if (left-- <= 0) return;
    const replaced = new Set(chosen.map(({ pair }) => pair));
    const cover = [...chosen, ...always.filter(({ pair }) => !replaced.has(pair))];
    const use = cover.reduce((sum, threshold) => sum + threshold.use, 0);
    if (use > needed) {
      found.push({ cover: minimal(cover, needed), missing });
      return;
    }
    if (use + largestAfter[next] <= needed) return;
    for (let c = next; c < choices.length; c++) {
      for (const part of choices[c])
        if (missing + part.missing < room) extend(c + 1, [...chosen, part], missing + part.missing);
    }
  };
  extend(0, [], 0);
  return found.sort((one, other) => one.missing - other.missing).map(({ cover }) => cover);
}

/** Without the pairs, the smallest uses first, that it does not need; what costs nothing first. */
function minimal(cover: readonly Threshold[], needed: number): Threshold[] {
  let use = cover.reduce((sum, threshold) => sum + threshold.use, 0);
  const kept = new Set(cover);
  for (const threshold of [...cover].sort((one, other) => one.use - other.use)) {
    if (use - threshold.use <= needed) continue;
    use -= threshold.use;
    kept.delete(threshold);
  }
  return [...kept];
}

/** Lowers the largest thresholds as far as the cover stays one, and lets the other pairs in. */
function strengthened(table: PatternTable, { perGpu, most }: GpuLimit, cover: readonly Threshold[]): GpuCover {
  const { tier, gpus } = table.problem.deployments;
  const spare = cover.reduce((sum, { use }) => sum + use, 0) - most - 2 * clearance * Math.max(1, most);
  const lowered = loweredBy(
    cover.map(({ use }) => use),
    Math.max(0, spare),
  );
  const ofPair = new Map(cover.map(({ pair }, t) => [pair, lowered[t]]));
  const others = Math.max(...lowered);
  const deployments: number[] = [];
  const replicas: number[] = [];
  for (let d = 0; d < table.numDeployments; d++) {
    const each = perGpu[tier[d]] * gpus[d];
    if (each === 0) continue;
    const step = Math.max(1, Math.ceil((ofPair.get(table.pair[d]) ?? others) / each - rounding));
    if (step > table.mostReplicas[d]) continue;
    deployments.push(d);
    replicas.push(step);
  }
  return { deployments, replicas, most: cover.length - 1 };
}

/** The uses with `spare` taken off in all, the largest of them brought down together. */
function loweredBy(uses: readonly number[], spare: number): number[] {
  const sorted = [...uses].sort((one, other) => other - one);
  let level = sorted[0];
  let left = spare;
  for (let count = 1; count <= sorted.length && left > 0; count++) {
    const next = sorted[count] ?? 0;
    const step = Math.min(left, count * (level - next));
    level -= step / count;
    left -= step;
  }
  return uses.map((use) => Math.min(use, level));
}
