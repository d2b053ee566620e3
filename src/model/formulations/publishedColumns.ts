/**
 * The columns of the published formulation (specification 2): x, y, z, u, w, q, m, v, W. Indices are written out as in
 * the specification, so that its rows can be read against the text. m is w itself where `maxReplicas` is 1.
 */
import type { MixedIntegerProgramBuilder } from '../../lp/linearProgram.ts';
import { isRentable, isUsable } from '../check/permissions.ts';
import { effectiveUnmetCap, type Instance, tpDegreesOf } from '../instance.ts';
import type { PlanningOptions } from '../options.ts';

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
  /** [j][k][position in N_k]: TP degree chosen. */
  readonly w: PerTriple;
  /** [j][k][position in N_k]: replicas at that degree. */
  readonly m: PerTriple;
  /** [j][k][position in N_k]: w * q. */
  readonly W: PerTriple;
  /** [i][j][k][position in N_k]: x * w. */
  readonly v: readonly PerTriple[];
}

/** N_k: the allowed TP degrees of tier k. */
export function degreesOf(instance: Instance, k: number): readonly number[] {
  return tpDegreesOf(instance.tiers[k]);
}

export function addPublishedColumns(
  builder: MixedIntegerProgramBuilder,
  instance: Instance,
  options: PlanningOptions,
): PublishedColumns {
  const { queryTypes, models, tiers, rentalPeriod, storagePrice } = instance;
  const perPair = <T>(make: (j: number, k: number) => T): T[][] =>
    models.map((_, j) => tiers.map((_, k) => make(j, k)));
  const perTriple = <T>(make: (i: number, j: number, k: number) => T): T[][][] =>
    queryTypes.map((_, i) => perPair((j, k) => make(i, j, k)));
  const perDegree = (make: (j: number, k: number, n: number) => number): number[][][] =>
    perPair((j, k) => degreesOf(instance, k).map((n) => make(j, k, n)));
  const rentable = perPair((j, k) => (isRentable(instance, models[j].name, tiers[k].name) ? 1 : 0));
  const usable = perTriple((i, j, k) =>
    isUsable(instance, queryTypes[i].name, models[j].name, tiers[k].name) ? 1 : 0,
  );
  const weightCost = (j: number) => rentalPeriod * storagePrice * models[j].weightSize;
  const perPlacement = options.weightStorage === 'per-placement';
  const most = options.maxReplicas;

  const x = perTriple((i, j, k) => {
    const query = queryTypes[i];
    const tokens = query.inputTokens + query.outputTokens;
    const dataCost = rentalPeriod * storagePrice * query.tokenSize * tokens * query.arrivalRate;
    return builder.addColumn({ name: `x_${i}_${j}_${k}`, cost: dataCost, upper: 1 });
  });
  const y = perPair((j, k) =>
    builder.addColumn({
      name: `y_${j}_${k}`,
      cost: rentalPeriod * tiers[k].price,
      upper: most * Math.max(0, ...degreesOf(instance, k)),
      integer: true,
    }),
  );
  const z = perTriple((i, j, k) =>
    builder.addColumn({
      name: `z_${i}_${j}_${k}`,
      cost: perPlacement ? weightCost(j) : 0,
      upper: usable[i][j][k],
      integer: true,
    }),
  );
  const u = queryTypes.map((query, i) =>
    builder.addColumn({
      name: `u_${i}`,
      cost: query.unmetPenalty * query.arrivalRate,
      upper: effectiveUnmetCap(query),
    }),
  );
  const w = perDegree((j, k, n) =>
    builder.addColumn({ name: `w_${j}_${k}_${n}`, upper: rentable[j][k], integer: true }),
  );
  const m =
    most === 1
      ? w
      : perDegree((j, k, n) => builder.addColumn({ name: `m_${j}_${k}_${n}`, upper: most, integer: true }));
  const q = perPair((j, k) =>
    builder.addColumn({ name: `q_${j}_${k}`, cost: perPlacement ? 0 : weightCost(j), upper: 1, integer: true }),
  );
  const W = perDegree((j, k, n) => builder.addColumn({ name: `W_${j}_${k}_${n}`, upper: 1 }));
  const v = queryTypes.map((_, i) =>
    perDegree((j, k, n) => builder.addColumn({ name: `v_${i}_${j}_${k}_${n}`, upper: 1 })),
  );
  return { x, z, u, y, q, w, m, W, v };
}
