/**
 * What may be rented, and what may be placed where: the deployments of an instance as a table, and the permissions of
 * its `allowed` and `forbidden` lists. Index conventions are those of `planningProblem.ts`.
 */
import { configurationsOf, onTier, utilizationOf } from '../configurations.ts';
import type { Instance, Pairing, Profile } from '../instance.ts';

/** Relative rounding allowed when weights are compared with memory ("B/n = C can be chosen", specification 4.4). */
const memoryFitTolerance = 1e-12;
/**
 * Room beside the weights up to this part of the memory is none: the search gives every limit a part of the tolerance,
 * and any number of replicas could live on that.
 */
const noRoom = 2e-8;

export interface DeploymentTable {
  readonly count: number;
  readonly model: Int32Array;
  readonly tier: Int32Array;
  readonly pair: Int32Array;
  readonly tpDegree: Int32Array;
  readonly pipelineDegree: Int32Array;
  /** GPUs of one replica: n * p. */
  readonly gpus: Int32Array;
  /** $ over the rental period for one replica: dT * p_k * n * p. */
  readonly rental: Float64Array;
  /** GB per GPU left beside the weights and the reserve. */
  readonly memoryRoom: Float64Array;
  /** Load that one replica can carry (4.5 and 4.5'): P_k * n * p TFLOPs, or with profiles the utilization. */
  readonly loadCapacity: Float64Array;
  /** Replicas at least, where it is rented. */
  readonly minReplicas: Int32Array;
  /**
   * Replicas that any plan needs at most: by `maxReplicas`, available GPUs and fleet limits, and by what all the load
   * that could go there can use. 0: it cannot be rented.
   */
  readonly maxReplicas: Float64Array;
  /** Null without profiles. */
  readonly profile: readonly (Profile | null)[];
}

function matches(pairing: Pairing, model: string, tier: string): boolean {
  return (pairing.model ?? model) === model && (pairing.tier ?? tier) === tier;
}

/**
 * (i, pair): 1 where the instance's `allowed` and `forbidden` lists let the triple be used. Written apart from the
 * verifier's `permissions.ts` on purpose: the two test each other.
 */
export function permittedTriples({ queryTypes, models, tiers, allowed, forbidden }: Instance): Uint8Array {
  const numPairs = models.length * tiers.length;
  const permitted = new Uint8Array(queryTypes.length * numPairs);
  if (allowed === undefined && forbidden === undefined) return permitted.fill(1);
  queryTypes.forEach((query, i) => {
    const forQuery = (list: readonly Pairing[]) =>
      list.filter((entry) => (entry.queryType ?? query.name) === query.name);
    const allow = allowed && forQuery(allowed);
    const forbid = forQuery(forbidden ?? []);
    models.forEach((model, j) => {
      tiers.forEach((tier, k) => {
        const hit = (entry: Pairing) => matches(entry, model.name, tier.name);
        permitted[i * numPairs + j * tiers.length + k] = (allow?.some(hit) ?? true) && !forbid.some(hit) ? 1 : 0;
      });
    });
  });
  return permitted;
}

/** (pair): 1 where the pair may be rented, even with nothing placed there. */
export function rentablePairs(
  { queryTypes, models, tiers, allowed, forbidden }: Instance,
  permitted: Uint8Array,
): Uint8Array {
  const numPairs = models.length * tiers.length;
  const rentable = new Uint8Array(numPairs);
  if (allowed === undefined && forbidden === undefined) return rentable.fill(1);
  models.forEach((model, j) => {
    tiers.forEach((tier, k) => {
      const pair = j * tiers.length + k;
      const closed = forbidden?.some((entry) => entry.queryType === undefined && matches(entry, model.name, tier.name));
      const used = queryTypes.some((_, i) => permitted[i * numPairs + pair] === 1);
      rentable[pair] = !closed && (allowed === undefined || used) ? 1 : 0;
    });
  });
  return rentable;
}

/** Rows in the order of models, then tiers, then configurations; `maxReplicas` is still 0. */
export function layOutDeployments(instance: Instance, rentable: Uint8Array): DeploymentTable {
  const { models, tiers, rentalPeriod } = instance;
  const rows: {
    readonly model: number;
    readonly tier: number;
    readonly tpDegree: number;
    readonly pipelineDegree: number;
    readonly memoryRoom: number;
    readonly profile: Profile | null;
  }[] = [];
  models.forEach((model, j) => {
    tiers.forEach((tier, k) => {
      const weights = onTier(model.weightSize, tier);
      if (rentable[j * tiers.length + k] === 0 || weights === null || onTier(model.kvCachePerToken, tier) === null)
        return;
      const memory = tier.memory - (tier.memoryReserve ?? 0);
      for (const { tpDegree, pipelineDegree, profile } of configurationsOf(instance, model, tier)) {
        const perGpu = weights / (tpDegree * pipelineDegree);
        if (perGpu > memory * (1 + memoryFitTolerance)) continue;
        const room = memory - perGpu;
        const memoryRoom = room > noRoom * memory ? room : 0;
        rows.push({ model: j, tier: k, tpDegree, pipelineDegree, memoryRoom, profile });
      }
    });
  });
  const gpus = Int32Array.from(rows, ({ tpDegree, pipelineDegree }) => tpDegree * pipelineDegree);
  return {
    count: rows.length,
    model: Int32Array.from(rows, (row) => row.model),
    tier: Int32Array.from(rows, (row) => row.tier),
    pair: Int32Array.from(rows, (row) => row.model * tiers.length + row.tier),
    tpDegree: Int32Array.from(rows, (row) => row.tpDegree),
    pipelineDegree: Int32Array.from(rows, (row) => row.pipelineDegree),
    gpus,
    rental: Float64Array.from(rows, (row, d) => rentalPeriod * tiers[row.tier].price * gpus[d]),
    memoryRoom: Float64Array.from(rows, (row) => row.memoryRoom),
    loadCapacity: Float64Array.from(rows, ({ tier, profile }, d) => {
      return profile === null ? (tiers[tier].compute ?? 1) * gpus[d] : utilizationOf(instance, tiers[tier]);
    }),
    minReplicas: Int32Array.from(rows, (row) => models[row.model].minReplicas ?? 1),
    maxReplicas: new Float64Array(rows.length),
    profile: rows.map((row) => row.profile),
  };
}
