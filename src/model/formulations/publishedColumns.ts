/**
 * The columns of the published formulation (specification 2): x, y, z, u, w, q, m, v, W. Indices are written out as in
 * the specification, so that its rows can be read against the text. m is w itself where no deployment can have more
 * than one replica.
 */
import type { MixedIntegerProgramBuilder } from '../../lp/linearProgram.ts';
import { isUsable } from '../check/permissions.ts';
import { effectiveUnmetCap, type Instance, tokensPerQuery } from '../instance.ts';
import type { PlanningOptions } from '../options.ts';
import type { PublishedConfiguration, PublishedData } from './publishedData.ts';

type PerPair = readonly (readonly number[])[];
type PerTriple = readonly PerPair[];

export interface PublishedColumns {
  /** [i][j][k]: fraction served. */
  readonly x: PerTriple;
  /** [i][j][k]: placement. */
  readonly z: PerTriple;
  /** [i]: fraction unmet. */
  readonly u: readonly number[];
  /** [j][k]: GPUs. */
  readonly y: PerPair;
  /** [j][k]: whether any TP degree is chosen. */
  readonly q: PerPair;
  /** [j][k][configuration]: TP (and pipeline) degree chosen. */
  readonly w: PerTriple;
  /** [j][k][configuration]: its replicas. */
  readonly m: PerTriple;
  /** [j][k][configuration]: w * q. */
  readonly W: PerTriple;
  /** [i][j][k][configuration]: x * w. */
  readonly v: readonly PerTriple[];
}

export function addPublishedColumns(
  builder: MixedIntegerProgramBuilder,
  instance: Instance,
  options: PlanningOptions,
  { configurations, weightSize, penaltyHours }: PublishedData,
): PublishedColumns {
  const { queryTypes, models, tiers, rentalPeriod, storagePrice = 0 } = instance;
  const perPair = <T>(make: (j: number, k: number) => T): T[][] =>
    models.map((_, j) => tiers.map((_, k) => make(j, k)));
  const perTriple = <T>(make: (i: number, j: number, k: number) => T): T[][][] =>
    queryTypes.map((_, i) => perPair((j, k) => make(i, j, k)));
  const perConfiguration = (make: (name: string, configuration: PublishedConfiguration) => number): number[][][] =>
    perPair((j, k) => configurations[j][k].map((each) => make(configurationName(j, k, each), each)));
  const usable = perTriple((i, j, k) =>
    isUsable(instance, queryTypes[i].name, models[j].name, tiers[k].name) ? 1 : 0,
  );
  const weightCost = (j: number, k: number) => rentalPeriod * storagePrice * weightSize[j][k];
  const perPlacement = options.weightStorage === 'per-placement';
  const most = configurations.flat(2).reduce((largest, { mostReplicas }) => Math.max(largest, mostReplicas), 1);

  const x = perTriple((i, j, k) => {
    const query = queryTypes[i];
    const gigabytes = (query.tokenSize ?? 0) * tokensPerQuery(query) * query.arrivalRate;
    const dataCost = rentalPeriod * storagePrice * gigabytes;
    return builder.addColumn({ name: `x_${i}_${j}_${k}`, cost: dataCost, upper: 1 });
  });
  const y = perPair((j, k) =>
    builder.addColumn({
      name: `y_${j}_${k}`,
      // GPUs of a tier with commitments are paid for by a column of their own.
      cost: (tiers[k].committed ?? 0) > 0 ? 0 : rentalPeriod * tiers[k].price,
      upper: configurations[j][k].reduce((sum, { mostReplicas, gpus }) => Math.max(sum, mostReplicas * gpus), 0),
      integer: true,
    }),
  );
  const z = perTriple((i, j, k) =>
    builder.addColumn({
      name: `z_${i}_${j}_${k}`,
      cost: perPlacement ? weightCost(j, k) : 0,
      upper: usable[i][j][k],
      integer: true,
    }),
  );
  const u = queryTypes.map((query, i) =>
    builder.addColumn({
      name: `u_${i}`,
      cost: (query.unmetPenalty ?? 0) * query.arrivalRate * penaltyHours,
      upper: effectiveUnmetCap(query),
    }),
  );
  const w = perConfiguration((name, { isRentable }) =>
    builder.addColumn({ name: `w_${name}`, upper: isRentable ? 1 : 0, integer: true }),
  );
  const m =
    most === 1
      ? w
      : perConfiguration((name, { mostReplicas }) =>
          builder.addColumn({ name: `m_${name}`, upper: mostReplicas, integer: true }),
        );
  const q = perPair((j, k) =>
    builder.addColumn({ name: `q_${j}_${k}`, cost: perPlacement ? 0 : weightCost(j, k), upper: 1, integer: true }),
  );
  const W = perConfiguration((name) => builder.addColumn({ name: `W_${name}`, upper: 1 }));
  const v = queryTypes.map((_, i) =>
    perConfiguration((name, { services }) =>
      builder.addColumn({ name: `v_${i}_${name}`, upper: services[i].isAllowed ? 1 : 0 }),
    ),
  );
  return { x, z, u, y, q, w, m, W, v };
}

/** Model, tier, TP degree, and the pipeline degree where it is not 1. */
export function configurationName(
  j: number,
  k: number,
  { tpDegree, pipelineDegree }: Pick<PublishedConfiguration, 'tpDegree' | 'pipelineDegree'>,
): string {
  return `${j}_${k}_${tpDegree}${pipelineDegree === 1 ? '' : `_${pipelineDegree}`}`;
}
