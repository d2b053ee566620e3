/**
 * Single placement: what query types take of what deployments share. A row over GPUs (what is available of a tier, a
 * fleet limit, rental in the budget) is  sum_k perGpu_k (GPUs of k) <= most.  One resource of deployment d alone, its
 * load or its memory, asks for at least  sum_i use_i,d x_i,d  replicas, so that with query type i on d
 *
 *   u_i,d x_i,d + sum over the other query types of (least over their places of u) (least share)  <=  most,
 *
 * u = perGpu gpus_d use. That bounds x_i,d, and takes out the places that have no room for what must be served.
 */
import type { PlanningProblem } from '../compiled/planningProblem.ts';
import type { WorkingProblem } from './workingProblem.ts';

interface SharedRow {
  readonly name: string;
  /** (k). */
  readonly perGpu: ArrayLike<number>;
  readonly most: number;
}

export function applySharedGpus(working: WorkingProblem, name: string): void {
  const { base } = working;
  if (!base.placement.isSingle) return;
  const replicasOf = replicasPerShare(base);
  const places = Array.from({ length: base.numQueryTypes }, (_, i) => working.candidatesOf(i));
  if (places.some((list, i) => list.length === 0 && working.mustBePlaced(i))) return;
  for (const row of sharedRows(base)) {
    const useAt = (i: number, d: number) =>
      row.perGpu[base.deployments.tier[d]] * base.deployments.gpus[d] * replicasOf(i, d);
    const least = places.map((list, i) =>
      working.mustBePlaced(i)
        ? working.leastServed(i) * list.reduce((sofar, d) => Math.min(sofar, useAt(i, d)), Infinity)
        : 0,
    );
    const all = least.reduce((sum, use) => sum + use, 0);
    places.forEach((list, i) => {
      // Sums carry rounding: a limit is broken by more than that or not at all.
      const room = row.most * (1 + roundingShare) - (all - least[i]);
      for (const d of list) {
        const use = useAt(i, d);
        if (use <= 0) continue;
        working.tighten(name, i, d, Math.max(0, room / use), () => {
          return `${working.nameOf(i)} on ${working.describe(d)}: too little of ${row.name} is left for the others`;
        });
      }
    });
  }
}

const roundingShare = 1e-9;

function sharedRows({ instance, available, fleetLimits, budget, rentalBudgetFactor }: PlanningProblem): SharedRow[] {
  const { tiers, rentalPeriod } = instance;
  const rows: SharedRow[] = [...fleetLimits];
  tiers.forEach((tier, k) => {
    if (available[k] < Infinity)
      rows.push({ name: tier.name, perGpu: tiers.map((_, at) => (at === k ? 1 : 0)), most: available[k] });
  });
  if (budget < Infinity) {
    const perGpu = tiers.map(({ price }) => rentalBudgetFactor * rentalPeriod * price);
    rows.push({ name: 'the budget', perGpu, most: budget });
  }
  return rows;
}

/** (i, d) to the replicas that the whole of i asks for, by the resource that more of all query types is asked of. */
function replicasPerShare({ deployments, numQueryTypes, loadUse, cacheUse }: PlanningProblem) {
  const { count, loadCapacity, memoryRoom, gpus } = deployments;
  const share = (use: number, room: number) => (use > 0 && room > 0 ? use / room : 0);
  const isByLoad = Array.from({ length: count }, (_, d) => {
    let load = 0;
    let memory = 0;
    for (let i = 0; i < numQueryTypes; i++) {
      load += share(loadUse[i * count + d], loadCapacity[d]);
      memory += share(cacheUse[i * count + d], memoryRoom[d] * gpus[d]);
    }
    return load >= memory;
  });
  return (i: number, d: number) =>
    isByLoad[d]
      ? share(loadUse[i * count + d], loadCapacity[d])
      : share(cacheUse[i * count + d], memoryRoom[d] * gpus[d]);
}
