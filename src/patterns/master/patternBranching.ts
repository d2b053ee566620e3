/**
 * Candidates for branching at a fractional point of the master. All of them only shut deployments or placements out, or
 * bound counts of rented pairs, so that pricing stays what it is.
 *
 * w: how many pairs are rented (in all, of a tier, of a model), whether a pair is rented, and at which TP and pipeline
 * degree; z: on which pairs a query type is placed, split at the pair of its largest weight or in halves of equal
 * weight; y: how many replicas.
 */
import type { BranchingCandidate } from '../../bnb/relaxation.ts';
import type { PatternTable } from '../pricing/patternTable.ts';
import type { MasterPoint } from './masterPoint.ts';
import { mergedCandidates } from './mergedBranching.ts';
import type { NodeRestrictions, PatternDecision } from './patternDecision.ts';
import type { RestrictedMaster } from './restrictedMaster.ts';

type Candidate = BranchingCandidate<PatternDecision>;

export const patternBranchingClasses = ['w', 'z', 'y'] as const;

const totalCount = 'count:all';

/** Whether a weight is neither whole nor as good as whole. */
function fractionalityOf({ parameters }: PatternTable): (value: number) => boolean {
  const { integralityTolerance } = parameters.master;
  return (value) => Math.abs(value - Math.round(value)) > integralityTolerance;
}

/** The candidates at a point of the master, the most promising kind only. */
export function candidatesAt(
  master: RestrictedMaster,
  restrictions: NodeRestrictions,
  point: MasterPoint,
): Candidate[] {
  const { table } = master;
  if (!table.isMerged) return branchingCandidates(restrictions, point, point.budgetBinds);
  const total = countCandidates(restrictions, point).filter(({ key }) => key === totalCount);
  return total.length > 0 ? total : mergedCandidates(table, master.patterns, point);
}

/**
 * The number of rented pairs first, then placements; the other counts, pairs and degrees only where all placements are
 * whole, but where the budget binds (`rentingFirst`) before them: there what fits into the budget decides. Measured on
 * instances of 24 query types: half the nodes of "all of w before z", a tenth of "rented pairs before placements".
 */
function branchingCandidates(restrictions: NodeRestrictions, point: MasterPoint, rentingFirst: boolean): Candidate[] {
  const counts = countCandidates(restrictions, point);
  const total = counts.filter(({ key }) => key === totalCount);
  if (total.length > 0) return total;
  const renting = [...counts, ...deploymentCandidates(restrictions, point)];
  if (rentingFirst && renting.length > 0) return renting;
  const placements = placementCandidates(restrictions, point);
  if (placements.length > 0) return placements;
  return [...renting, ...replicaCandidates(restrictions, point)];
}

function countCandidates({ table }: NodeRestrictions, { pair: rented }: MasterPoint): Candidate[] {
  const { numPairs, numTiers, numModels } = table.problem;
  const isFractional = fractionalityOf(table);
  const candidates: Candidate[] = [];
  const consider = (key: string, pairs: readonly number[]) => {
    if (pairs.length < 2) return;
    const value = pairs.reduce((sum, pair) => sum + rented[pair], 0);
    if (!isFractional(value)) return;
    const floor = Math.floor(value);
    candidates.push({
      branchingClass: 'w',
      key,
      value,
      down: { kind: 'count', pairs, least: 0, most: floor },
      up: { kind: 'count', pairs, least: floor + 1, most: Infinity },
    });
  };
  const all = Array.from({ length: numPairs }, (_, pair) => pair).filter(
    (pair) => table.deploymentsOfPair[pair].length > 0,
  );
  consider(totalCount, all);
  for (let k = 0; k < numTiers; k++) {
    consider(
      `count:tier${k}`,
      all.filter((pair) => pair % numTiers === k),
    );
  }
  for (let j = 0; j < numModels; j++) {
    consider(
      `count:model${j}`,
      all.filter((pair) => Math.floor(pair / numTiers) === j),
    );
  }
  return candidates;
}

function deploymentCandidates({ table, closed, required }: NodeRestrictions, point: MasterPoint): Candidate[] {
  const candidates: Candidate[] = [];
  const { tpDegree, pipelineDegree } = table.problem.deployments;
  const isFractional = fractionalityOf(table);
  table.deploymentsOfPair.forEach((deployments, pair) => {
    const open = deployments.filter((d) => closed[d] === 0);
    const total = point.pair[pair];
    const none = required[pair] === 0;
    if (isFractional(total) && none) {
      candidates.push({
        branchingClass: 'w',
        key: `rent:${pair}`,
        value: total,
        down: { kind: 'deployments', pair, allowed: [], none: true },
        up: { kind: 'deployments', pair, allowed: open, none: false },
      });
    }
    if (!open.some((d) => isFractional(point.deployment[d]))) return;
    const sorted = [...open].sort(
      (one, other) => tpDegree[one] - tpDegree[other] || pipelineDegree[one] - pipelineDegree[other],
    );
    for (let cut = 1; cut < sorted.length; cut++) {
      const low = sorted.slice(0, cut);
      const high = sorted.slice(cut);
      const last = low[cut - 1];
      const value = high.reduce((sum, d) => sum + point.deployment[d], 0);
      if (!isFractional(value)) continue;
      candidates.push({
        branchingClass: 'w',
        key: `degree:${pair}:${tpDegree[last]}x${pipelineDegree[last]}`,
        value,
        downSize: low.length,
        upSize: high.length,
        down: { kind: 'deployments', pair, allowed: low, none },
        up: { kind: 'deployments', pair, allowed: high, none: false },
      });
    }
  });
  return candidates;
}

/** Replicas of the deployments that are rented for sure: their average over the patterns, between two whole numbers. */
function replicaCandidates({ table, leastReplicas, mostReplicas }: NodeRestrictions, point: MasterPoint): Candidate[] {
  const candidates: Candidate[] = [];
  const isFractional = fractionalityOf(table);
  point.deployment.forEach((weight, deployment) => {
    const replicas = point.replicas[deployment];
    if (weight < 0.5 || isFractional(weight) || !isFractional(replicas)) return;
    const floor = Math.floor(replicas);
    const base = { kind: 'replicas', deployment } as const;
    candidates.push({
      branchingClass: 'y',
      key: `replicas:${deployment}:${floor}`,
      value: replicas,
      downSize: floor - leastReplicas[deployment] + 1,
      upSize: mostReplicas[deployment] - floor,
      down: { ...base, least: 0, most: floor, required: false },
      up: { ...base, least: floor + 1, most: mostReplicas[deployment], required: true },
    });
  });
  return candidates;
}

function placementCandidates({ table }: NodeRestrictions, { placement }: MasterPoint): Candidate[] {
  const { numQueryTypes, numPairs } = table.problem;
  const { integralityTolerance } = table.parameters.master;
  const isFractional = fractionalityOf(table);
  const candidates: Candidate[] = [];
  for (let i = 0; i < numQueryTypes; i++) {
    const used: { pair: number; weight: number }[] = [];
    for (let pair = 0; pair < numPairs; pair++) {
      const weight = placement[i * numPairs + pair];
      if (weight > integralityTolerance) used.push({ pair, weight });
    }
    used.sort((one, other) => other.weight - one.weight || one.pair - other.pair);
    for (const { pair, weight } of used.slice(0, 2)) {
      if (!isFractional(weight)) continue;
      candidates.push({
        branchingClass: 'z',
        key: `place:${i}:${pair}`,
        value: weight,
        down: { kind: 'placement', queryType: i, pairs: [pair], inside: false },
        up: { kind: 'placement', queryType: i, pairs: [pair], inside: true },
      });
    }
  }
  return candidates;
}

/**
 * Under `last-deployment` the limits of all query types hang on the TP degree of one pair: that is decided first, the
 * largest degree still possible against the others. Null once it is decided.
 */
export function lastDegreeCandidate({ table, closed, required }: NodeRestrictions): Candidate | null {
  const { delayRule, deployments } = table.problem;
  const lastPair = delayRule.stretchingPair;
  const open = table.deploymentsOfPair[lastPair].filter((d) => closed[d] === 0);
  const degreeOf = (d: number) => deployments.tpDegree[d];
  const degrees = [...new Set(open.map(degreeOf))].sort((one, other) => one - other);
  const none = required[lastPair] === 0;
  if (degrees.length + (none ? 1 : 0) <= 1) return null;
  const largest = degrees[degrees.length - 1];
  return {
    branchingClass: 'w',
    key: `last:${largest}`,
    value: 0.5,
    down: { kind: 'deployments', pair: lastPair, allowed: open.filter((d) => degreeOf(d) < largest), none },
    up: { kind: 'deployments', pair: lastPair, allowed: open.filter((d) => degreeOf(d) === largest), none: false },
  };
}
