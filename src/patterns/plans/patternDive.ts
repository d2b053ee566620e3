/**
 * A dive for incumbents: fix the patterns of largest weight in the master's point, price a few rough rounds for what is
 * left, repeat until the point is whole, and improve the plan that it is. Decisions are not taken back; the caller
 * restores the master's restrictions.
 */
import { improvePlan, planCost, planIsFeasible } from '../../heuristics/index.ts';
import type { IndexedPlan } from '../../model/compiled/indexedPlan.ts';
import { type MasterPoint, planOf, readPoint } from '../master/masterPoint.ts';
import { entryAt, type NodeRestrictions } from '../master/patternDecision.ts';
import type { RestrictedMaster } from '../master/restrictedMaster.ts';
import { movesOf } from '../parameters.ts';
import type { Pattern } from '../pricing/pattern.ts';

export interface DiveLimits {
  /**
   * Whether whole patterns are fixed, or single placements, which leaves more open and takes more steps. Where the
   * budget binds, either way comes after what is rented: a pattern fixed whole leaves no room for the rest.
   */
  readonly fixes: 'patterns' | 'placements';
  /** Candidates passed over in the first step, so that dives from one point differ. */
  readonly skip: number;
  /** Plans about as cheap as this are searched around; -Infinity: none. */
  readonly searchBelow: number;
  /** A plan as cheap as this is improved no further: the bound proves it within the gap. Default: none is. */
  readonly target?: number;
  readonly shouldStop: () => boolean;
}

/**
 * Adds to the master, solved just now, patterns that `restrictions` allow of reduced cost below -tolerance; returns how
 * many.
 */
export type AddPatterns = (restrictions: NodeRestrictions, tolerance: number) => number;

/** Dives from `point`, the present point under `restrictions`. Null if the dive ends without a plan. */
export function dive(
  master: RestrictedMaster,
  addPatterns: AddPatterns,
  restrictions: NodeRestrictions,
  point: MasterPoint,
  limits: DiveLimits,
): IndexedPlan | null {
  const plan = fixUntilWhole(master, addPatterns, restrictions, point, limits);
  if (master.table.isMerged) for (const p of master.patterns.keys()) master.hold(p, 0);
  if (plan === null) return null;
  const { problem, parameters } = master.table;
  const { worthSearching, searchEffort } = parameters.plans;
  const { searchBelow, target = -Infinity, shouldStop } = limits;
  const cost = planCost(problem, plan);
  if (cost <= target && planIsFeasible(problem, plan)) return plan;
  const effort = cost < searchBelow * (1 + worthSearching) ? searchEffort : 0;
  return improvePlan(problem, plan, { effort, target, shouldStop, ...movesOf(parameters) });
}

function fixUntilWhole(
  master: RestrictedMaster,
  addPatterns: AddPatterns,
  restrictions: NodeRestrictions,
  point: MasterPoint,
  { fixes, skip, shouldStop }: DiveLimits,
): IndexedPlan | null {
  const fixed: NodeRestrictions = {
    ...restrictions,
    blocked: restrictions.blocked.slice(),
    closed: restrictions.closed.slice(),
    leastReplicas: restrictions.leastReplicas.slice(),
    mostReplicas: restrictions.mostReplicas.slice(),
    placed: restrictions.placed.slice(),
    required: restrictions.required.slice(),
  };
  const { problem, parameters } = master.table;
  const { roundsPerStep, mostRoundsPerStep, improvementTolerance } = parameters.plans;
  const { artificialTolerance } = parameters.generation;
  const { numPairs, numQueryTypes } = problem;
  const isFixed = new Uint8Array(Math.max(numPairs, numQueryTypes));
  let present = point;
  for (;;) {
    if (present.isIntegral) return planOf(master, present);
    const fixWhole = master.table.isMerged ? holdPatterns : fixes === 'patterns' ? fixPatterns : fixPlacements;
    const isRentedInParts = point.budgetBinds && fractionalDeployments(master, present).length > 0;
    const fixNext = isRentedInParts ? fixDeployments : point.budgetBinds ? fixPlacements : fixWhole;
    if (!fixNext(master, fixed, present, isFixed, present === point ? skip : 0)) return null;
    master.restrict(fixed);
    for (let round = 1; round <= mostRoundsPerStep; round++) {
      if (shouldStop() || master.solve() !== 'optimal') return null;
      const isCovered = master.artificialValue() <= artificialTolerance;
      if (round > roundsPerStep && isCovered) break;
      const { solver } = master;
      const tolerance = improvementTolerance * Math.max(1, Math.abs(solver.objective));
      const added = addPatterns(fixed, tolerance);
      if (!isCovered && (added === 0 || round >= roundsPerStep)) {
        if (!master.raiseSurcharges()) return null;
      } else if (added === 0) break;
    }
    if (master.artificialValue() > artificialTolerance) return null;
    present = readPoint(master);
  }
}

function fractionalDeployments(master: RestrictedMaster, { deployment }: MasterPoint): number[] {
  const { integralityTolerance } = master.table.parameters.master;
  const isFractional = (weight: number) => weight > integralityTolerance && weight < 1 - integralityTolerance;
  return [...deployment.keys()].filter((d) => isFractional(deployment[d]));
}

/** Rents the deployment of largest weight that is not rented yet, beside those that are as good as rented. */
function fixDeployments(
  master: RestrictedMaster,
  { table, closed, required }: NodeRestrictions,
  point: MasterPoint,
  _isFixed: Uint8Array,
  skip: number,
): boolean {
  const { patternsFixedTogether } = table.parameters.plans;
  const ranked = fractionalDeployments(master, point)
    .sort((one, other) => point.deployment[other] - point.deployment[one] || one - other)
    .slice(skip);
  if (ranked.length === 0) return false;
  ranked.forEach((d, rank) => {
    const pair = table.pair[d];
    if (rank > 0 && point.deployment[d] < patternsFixedTogether) return;
    for (const other of table.deploymentsOfPair[pair]) if (other !== d) closed[other] = 1;
    required[pair] = 1;
  });
  return true;
}

/**
 * Fixes the pattern of largest weight on a pair not yet fixed, and others of large weight beside it. False if there is
 * none.
 */
function fixPatterns(
  master: RestrictedMaster,
  fixed: NodeRestrictions,
  { patterns }: MasterPoint,
  isFixed: Uint8Array,
  skip: number,
): boolean {
  const { patternsFixedTogether } = master.table.parameters.plans;
  const ranked = patterns
    .filter(({ pattern }) => isFixed[master.table.pair[master.patterns[pattern].deployment]] === 0)
    .sort((one, other) => other.weight - one.weight || one.pattern - other.pattern);
  if (ranked.length <= skip) return false;
  ranked.slice(skip).forEach(({ pattern, weight }, rank) => {
    const chosen = master.patterns[pattern];
    const pair = master.table.pair[chosen.deployment];
    if (rank > 0 && weight < patternsFixedTogether) return;
    if (isFixed[pair] === 1) return;
    isFixed[pair] = 1;
    fixPattern(fixed, chosen);
  });
  return true;
}

/**
 * Keeps what the patterns have whole, and rounds up the largest rest beside others that are large. False if there is
 * none.
 */
function holdPatterns(
  master: RestrictedMaster,
  _fixed: NodeRestrictions,
  { patterns }: MasterPoint,
  _isFixed: Uint8Array,
  skip: number,
): boolean {
  const { patternsFixedTogether } = master.table.parameters.plans;
  const { integralityTolerance } = master.table.parameters.master;
  const ranked = patterns
    .map(({ pattern, weight }) => ({ pattern, whole: Math.floor(weight + integralityTolerance), weight }))
    .map((one) => ({ ...one, rest: Math.max(0, one.weight - one.whole) }))
    .sort((one, other) => other.rest - one.rest || one.pattern - other.pattern);
  const left = ranked.filter(({ rest }) => rest > integralityTolerance);
  if (left.length <= skip) return false;
  for (const { pattern, whole } of ranked) master.hold(pattern, whole);
  left.slice(skip).forEach(({ pattern, whole, rest }, rank) => {
    if (rank === 0 || rest >= patternsFixedTogether) master.hold(pattern, whole + 1);
  });
  return true;
}

/**
 * Leaves the pattern's pair nothing but the pattern (its fractions may change), and its query types no other pair.
 */
function fixPattern(fixed: NodeRestrictions, { deployment, replicas, queryTypes }: Pattern): void {
  const { table, blocked, closed, leastReplicas, mostReplicas, required } = fixed;
  const pair = table.pair[deployment];
  for (const d of table.deploymentsOfPair[pair]) if (d !== deployment) closed[d] = 1;
  leastReplicas[deployment] = replicas;
  mostReplicas[deployment] = replicas;
  required[pair] = 1;
  for (let e = table.start[deployment]; e < table.start[deployment + 1]; e++) {
    if (!queryTypes.includes(table.queryType[e])) blocked[e] = 1;
  }
  for (const i of queryTypes) placeOn(fixed, i, pair);
}

function placeOn(
  { table, blocked, placed }: Pick<NodeRestrictions, 'table' | 'blocked' | 'placed'>,
  queryType: number,
  pair: number,
): void {
  placed[queryType] = 1;
  for (let d = 0; d < table.numDeployments; d++) {
    if (table.pair[d] === pair) continue;
    const entry = entryAt(table, d, queryType);
    if (entry >= 0) blocked[entry] = 1;
  }
}

/**
 * Places the query type of largest weight on its pair, and others of large weight beside it. False if there is none.
 */
function fixPlacements(
  master: RestrictedMaster,
  fixed: NodeRestrictions,
  { placement }: MasterPoint,
  isFixed: Uint8Array,
  skip: number,
): boolean {
  const { numPairs, numQueryTypes } = master.table.problem;
  const { placementsFixedTogether } = master.table.parameters.plans;
  const ranked: { i: number; pair: number; weight: number }[] = [];
  for (let i = 0; i < numQueryTypes; i++) {
    if (isFixed[i] === 1) continue;
    const row = placement.subarray(i * numPairs, (i + 1) * numPairs);
    const pair = row.reduce((best, weight, p) => (weight > row[best] ? p : best), 0);
    if (row[pair] > 0) ranked.push({ i, pair, weight: row[pair] });
  }
  ranked.sort((one, other) => other.weight - one.weight || one.i - other.i);
  if (ranked.length <= skip) return false;
  ranked.slice(skip).forEach(({ i, pair, weight }, rank) => {
    if (rank > 0 && weight < placementsFixedTogether) return;
    isFixed[i] = 1;
    placeOn(fixed, i, pair);
  });
  return true;
}
