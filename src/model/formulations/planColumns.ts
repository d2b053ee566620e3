/**
 * The columns w, m, z, v of the strengthened formulation with their costs, and which of them exist. Costs that are
 * constant once columns are substituted out (unmet demand of everything, GPUs of the current plan removed) go into the
 * offset.
 */

import type { MixedIntegerProgramBuilder } from '../../lp/linearProgram.ts';
import type { Steps } from '../../lp/steps.ts';
import { stretchesLimits } from '../compiled/delayRule.ts';
import type { PlanningProblem } from '../compiled/planningProblem.ts';
import type { StrengthenedColumns } from './formulation.ts';

/**
 * Whether a deployment can have a place in a best plan: it can serve a query type, or it is worth renting empty because
 * its TP degree stretches delay limits or because giving its GPUs up costs more.
 */
function isWorthRenting(problem: PlanningProblem, d: number): boolean {
  const { deployments, delayRule } = problem;
  const pair = deployments.pair[d];
  if (deployments.maxReplicas[d] < 1 || !problem.deploymentsOfPair[pair].includes(d)) return false;
  return (
    problem.servableCount[d] > 0 ||
    stretchesLimits(delayRule, pair) ||
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
  return problem.placement.isSingle ? Math.max(fraction, leastServed(problem, i)) : fraction;
}

/** Indices joined for names of columns and rows: model, tier, TP degree, and the pipeline degree where it is not 1. */
export function deploymentLabel({ deployments }: PlanningProblem, d: number): string {
  const { model, tier, tpDegree, pipelineDegree } = deployments;
  const pipeline = pipelineDegree[d] === 1 ? '' : `_${pipelineDegree[d]}`;
  return `${model[d]}_${tier[d]}_${tpDegree[d]}${pipeline}`;
}

/** Adds w, m, z, v. `protectionCost(i, d)` is the worst-case delay cost per fraction that is written directly. */
export function* addPlanColumns(
  builder: MixedIntegerProgramBuilder,
  problem: PlanningProblem,
  protectionCost: (i: number, d: number) => number,
): Steps<StrengthenedColumns> {
  const { numQueryTypes, deployments, currentGpus, retiredGpus, switchingRemoved } = problem;
  const w = new Int32Array(deployments.count).fill(-1);
  const m = new Int32Array(deployments.count).fill(-1);
  const v = new Int32Array(numQueryTypes * deployments.count).fill(-1);
  const z = new Int32Array(numQueryTypes * deployments.count).fill(-1);
  for (const gpus of currentGpus) builder.addToOffset(switchingRemoved * gpus);
  if (retiredGpus > 0) builder.addToOffset(switchingRemoved * retiredGpus);
  for (const cost of problem.unmetCost) builder.addToOffset(cost);

  for (let d = 0; d < deployments.count; d++) {
    if (isWorthRenting(problem, d)) addRentalColumns(builder, problem, d, w, m);
  }
  for (let i = 0; i < numQueryTypes; i++) {
    yield;
    for (let d = 0; d < deployments.count; d++) {
      if (!isCandidate(problem, i, d)) continue;
      const at = i * deployments.count + d;
      const pair = deployments.pair[d];
      const name = `${i}_${deploymentLabel(problem, d)}`;
      if (needsPlacement(problem, d)) {
        const weights = problem.placement.storesPerPlacement ? problem.weightCost[pair] : 0;
        z[at] = builder.addColumn({ name: `z_${name}`, cost: weights, upper: 1, integer: true });
      }
      const served = problem.dataCost[i] + problem.nominalDelayCost[at] + protectionCost(i, d);
      const upper = servableFraction(problem, i, d);
      v[at] = builder.addColumn({ name: `v_${name}`, cost: served - problem.unmetCost[i], upper });
    }
  }
  return { w, m, v, z };
}

/**
 * w and m of one deployment. The switching cost of a (model, tier) with c GPUs now is removed * c for none (in the
 * offset); renting n * m replaces that by added * max(0, n m - c) + removed * max(0, c - n m), where n stands for the
 * GPUs of a replica.
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
  const n = deployments.gpus[d];
  const pair = deployments.pair[d];
  const current = problem.currentGpus[pair];
  const weights = !problem.placement.storesPerPlacement ? problem.weightCost[pair] : 0;
  const once = weights - switchingRemoved * current;
  // What is committed is paid for anyway: the rows of the tier charge what is rented beyond it.
  const rental = problem.committed[deployments.tier[d]] > 0 ? 0 : deployments.rental[d];
  const replicas = deployments.maxReplicas[d];
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
function needsPlacement(
  { placement, deployments, weightSize, weightCost, storageCapacity }: PlanningProblem,
  d: number,
) {
  if (placement.isSingle) return true;
  const pair = deployments.pair[d];
  const stored = weightCost[pair] > 0 || (weightSize[pair] > 0 && storageCapacity < Infinity);
  return placement.storesPerPlacement && stored;
}
