/**
 * Sets of deployments that the tree has come to and whose search was cut short: each becomes a node of its own, which
 * is this set alone, while a row excludes it everywhere else. Nodes are taken by their bounds, so that a set is
 * searched on, each time with more nodes, where no other part of the tree has a lower bound.
 */
import type { LinearDecision, LinearWarmStart } from '../../bnb/linear/linearDecision.ts';
import type { BranchingCandidate, NodeOutcome } from '../../bnb/relaxation.ts';
import type { IndexedPlan } from '../../model/compiled/indexedPlan.ts';

/** A set whose plans are known to cost at least `leastCost`; its next search may take `nodes` nodes. */
export interface OpenSet {
  readonly deployments: readonly number[];
  readonly leastCost: number;
  readonly nodes: number;
}

/** A decision of the tree over sets: bounds of columns, or a division between sets and what is left beside them. */
export interface SetDecision extends LinearDecision {
  readonly division?: {
    readonly sets: readonly OpenSet[];
    /** Whether the node also has what its other decisions leave, these sets excluded. */
    readonly hasRest: boolean;
  };
}

export type SetOutcome = NodeOutcome<SetDecision, IndexedPlan, LinearWarmStart>;

/** A node without a point. */
export const noPoint = {
  solution: null,
  proposals: [],
  candidates: [],
  warmStart: null,
  simplexIterations: 0,
} as const;

/** The node's outcome once `sets`, at least one, have come out of it as nodes; `solved` is that of the rest. */
export function besideSets(solved: SetOutcome, sets: readonly OpenSet[], parentBound: number): SetOutcome {
  const hasRest = solved.status !== 'infeasible' && solved.status !== 'cutoff';
  // What is given up of the rest counts as a bound that the tree would have counted.
  const givenUp = solved.status === 'cutoff' ? solved.bound : Infinity;
  const least = Math.min(hasRest ? solved.bound : Infinity, ...sets.map(({ leastCost }) => leastCost));
  return {
    ...solved,
    status: 'solved',
    bound: Math.max(parentBound, least),
    ...(Math.min(givenUp, solved.givenUp ?? Infinity) < Infinity
      ? { givenUp: Math.min(givenUp, solved.givenUp ?? Infinity) }
      : {}),
    solution: null,
    candidates: [divided(sets, hasRest)],
  };
}

/** The outcome of a node that is a division, without any work; null where there is some to do. */
export function outcomeOfDivision(
  { sets, hasRest }: NonNullable<SetDecision['division']>,
  parentBound: number,
): SetOutcome | null {
  if (sets.length === 0) return hasRest ? null : { ...noPoint, status: 'infeasible', bound: Infinity };
  if (sets.length > 1 || hasRest)
    return { ...noPoint, status: 'solved', bound: parentBound, candidates: [divided(sets, hasRest)] };
  // It has waited for its turn at the bound of the node that it came from.
  const [{ leastCost }] = sets;
  return leastCost > parentBound ? again(sets[0]) : null;
}

/** A node that is the set alone, to be searched when it is taken by its bound. */
export function again(set: OpenSet): SetOutcome {
  return { ...noPoint, status: 'solved', bound: set.leastCost, candidates: [divided([set], false)] };
}

/** The first set on one side; the others, or nothing, on the other, which is taken first. */
function divided(sets: readonly OpenSet[], hasRest: boolean): BranchingCandidate<SetDecision> {
  const [first, ...others] = sets;
  return {
    branchingClass: 'sets',
    key: 'sets',
    value: 0.75,
    down: { bounds: [], division: { sets: [first], hasRest: false } },
    up: { bounds: [], division: { sets: others, hasRest } },
  };
}
