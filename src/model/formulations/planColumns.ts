/**
 * The columns w, m, z, v of the strengthened formulation with their costs, and which of them exist. Costs that are
 * constant once columns are substituted out (unmet demand of everything, GPUs of the current plan removed) go into the
 * offset.
 */
import type { MixedIntegerProgramBuilder } from '../../lp/linearProgram.ts';
import type { PlanningProblem } from '../compiled/planningProblem.ts';
import type { StrengthenedColumns } from './formulation.ts';

/** The most replicas of a deployment: `maxReplicas`, or fewer where the tier has fewer GPUs. 0: cannot be rented. */
export function largestReplicas({ deployments, options, available }: PlanningProblem, d: number): number {
  return Math.min(options.maxReplicas, Math.floor(available[deployments.tier[d]] / deployments.tpDegree[d]));
}

/**
 * Whether a deployment can have a place in a best plan: it can serve a query type, or it is worth renting empty because
 * its TP degree stretches delay limits or because giving its GPUs up costs more.
 */
function isWorthRenting(problem: PlanningProblem, d: number): boolean {
  const { deployments, options } = problem;
  const pair = deployments.pair[d];
  if (largestReplicas(problem, d) < 1 || !problem.deploymentsOfPair[pair].includes(d)) return false;
  return (
    problem.servableCount[d] > 0 ||
    options.delayRule === 'pooled' ||
    (options.delayRule === 'last-deployment' && pair === problem.lastPair) ||
    (problem.currentGpus[pair] > 0 && problem.switchingRemoved > 0)
  );
}

/** Whether query type i can be placed on deployment d. */
export function isCandidate(problem: PlanningProblem, i: number, d: number): boolean {
  return problem.maxFraction[i * problem.deployments.count + d] >= 0 && isWorthRenting(problem, d);
}

/** The least share of query type i that a plan serves. */
export function leastServed(problem: PlanningProblem, i: number): number {
  return 1 - problem.unmetCap[i];
}

/**
 * Coefficient of z in v <= fraction * z: the largest servable fraction, lifted over rounding to the least that must be
 * served.
 */
export function servableFraction(problem: PlanningProblem, i: number, d: number): number {
  const fraction = problem.maxFraction[i * problem.deployments.count + d];
  return problem.options.placement === 'single' ? Math.max(fraction, leastServed(problem, i)) : fraction;
}

/** Indices joined for names of columns and rows: model, tier, TP degree. */
export function deploymentLabel({ deployments }: PlanningProblem, d: number): string {
  return `${deployments.model[d]}_${deployments.tier[d]}_${deployments.tpDegree[d]}`;
}

/** Adds w, m, z, v. `protectionCost(i, pair)` is the worst-case delay cost per fraction that is written directly. */
export function addPlanColumns(
  builder: MixedIntegerProgramBuilder,
  problem: PlanningProblem,
  protectionCost: (i: number, pair: number) => number,
): StrengthenedColumns {
  const { numQueryTypes, numPairs, deployments, currentGpus, switchingRemoved } = problem;
  const w = new Int32Array(deployments.count).fill(-1);
  const m = new Int32Array(deployments.count).fill(-1);
  const v = new Int32Array(numQueryTypes * deployments.count).fill(-1);
  const z = new Int32Array(numQueryTypes * deployments.count).fill(-1);
  for (const gpus of currentGpus) builder.addToOffset(switchingRemoved * gpus);
  for (const cost of problem.unmetCost) builder.addToOffset(cost);

  for (let d = 0; d < deployments.count; d++) {
    if (isWorthRenting(problem, d)) addRentalColumns(builder, problem, d, w, m);
  }
  for (let i = 0; i < numQueryTypes; i++) {
    for (let d = 0; d < deployments.count; d++) {
      if (!isCandidate(problem, i, d)) continue;
      const at = i * deployments.count + d;
      const pair = deployments.pair[d];
      const name = `${i}_${deploymentLabel(problem, d)}`;
      if (needsPlacement(problem, d)) {
        const weights =
          problem.options.weightStorage === 'per-placement' ? problem.weightCost[deployments.model[d]] : 0;
        z[at] = builder.addColumn({ name: `z_${name}`, cost: weights, upper: 1, integer: true });
      }
      const served = problem.dataCost[i] + problem.nominalDelayCost[i * numPairs + pair] + protectionCost(i, pair);
      const upper = servableFraction(problem, i, d);
      v[at] = builder.addColumn({ name: `v_${name}`, cost: served - problem.unmetCost[i], upper });
    }
  }
  return { w, m, v, z };
}

/**
 * w and m of one deployment. The switching cost of a (model, tier) with c GPUs now is removed * c for none (in the
 * offset); renting n * m replaces that by added * max(0, n m - c) + removed * max(0, c - n m).
 */
function addRentalColumns(
  builder: MixedIntegerProgramBuilder,
  problem: PlanningProblem,
  d: number,
  w: Int32Array,
  m: Int32Array,
): void {
  const { deployments, switchingAdded, switchingRemoved } = problem;
  const label = deploymentLabel(problem, d);
  const n = deployments.tpDegree[d];
  const current = problem.currentGpus[deployments.pair[d]];
  const weights = problem.options.weightStorage === 'per-deployment' ? problem.weightCost[deployments.model[d]] : 0;
  const once = weights - switchingRemoved * current;
  const rental = deployments.rental[d];
  const replicas = largestReplicas(problem, d);
  if (replicas === 1) {
    const switching = switchingAdded * Math.max(0, n - current) + switchingRemoved * Math.max(0, current - n);
    w[d] = builder.addColumn({ name: `w_${label}`, cost: rental + once + switching, upper: 1, integer: true });
    m[d] = w[d];
    return;
  }
  const added = current === 0 ? switchingAdded * n : 0;
  w[d] = builder.addColumn({ name: `w_${label}`, cost: once, upper: 1, integer: true });
  m[d] = builder.addColumn({ name: `m_${label}`, cost: rental + added, upper: replicas, integer: true });
}

/**
 * Placement matters under single placement, and under split placement where it stores weights that cost or fill
 * something.
 */
function needsPlacement({ options, deployments, weightSize, weightCost, storageCapacity }: PlanningProblem, d: number) {
  if (options.placement === 'single') return true;
  const model = deployments.model[d];
  const stored = weightCost[model] > 0 || (weightSize[model] > 0 && storageCapacity < Infinity);
  return options.weightStorage === 'per-placement' && stored;
}
