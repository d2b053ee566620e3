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

interface DeploymentRow {
  readonly model: number;
  readonly tier: number;
  readonly tpDegree: number;
  readonly pipelineDegree: number;
  readonly memoryRoom: number;
  readonly profile: Profile | null;
}

/** Rows in the order of models, then tiers, then configurations; `maxReplicas` is still 0. */
export function layOutDeployments(instance: Instance, rentable: Uint8Array): DeploymentTable {
  const { models, tiers, rentalPeriod } = instance;
  const rows: DeploymentRow[] = [];
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
  const count = rows.length;
  const table = {
    count,
    model: new Int32Array(count),
    tier: new Int32Array(count),
    pair: new Int32Array(count),
    tpDegree: new Int32Array(count),
    pipelineDegree: new Int32Array(count),
    gpus: new Int32Array(count),
    rental: new Float64Array(count),
    memoryRoom: new Float64Array(count),
    loadCapacity: new Float64Array(count),
    minReplicas: new Int32Array(count),
    maxReplicas: new Float64Array(count),
    profile: rows.map((row) => row.profile),
  };
  for (let d = 0; d < count; d++) {
    const { model, tier, tpDegree, pipelineDegree, memoryRoom, profile } = rows[d];
    const gpus = tpDegree * pipelineDegree;
    table.model[d] = model;
    table.tier[d] = tier;
    table.pair[d] = model * tiers.length + tier;
    table.tpDegree[d] = tpDegree;
    table.pipelineDegree[d] = pipelineDegree;
    table.gpus[d] = gpus;
    table.rental[d] = rentalPeriod * tiers[tier].price * gpus;
    table.memoryRoom[d] = memoryRoom;
    table.loadCapacity[d] = profile === null ? (tiers[tier].compute ?? 1) * gpus : utilizationOf(instance, tiers[tier]);
    table.minReplicas[d] = models[model].minReplicas ?? 1;
  }
  return table;
}
