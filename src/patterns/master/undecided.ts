/**
 * What the decisions of a node leave open, whatever a point says: which deployment of a pair is rented and with how
 * many replicas, where a query type is placed. A point that is whole within the tolerance need not stand for a plan;
 * then its node is branched on these, until all is decided and `decidedPlan` is the only choice left. Where what is
 * alike is merged there is neither: a decision on a lead would hold for all of its members at once, and plans in which
 * they differ would be in no child.
 */
import type { BranchingCandidate } from '../../bnb/relaxation.ts';
import type { IndexedPlan } from '../../model/compiled/indexedPlan.ts';
import type { MasterPoint } from './masterPoint.ts';
import type { NodeRestrictions, PatternDecision } from './patternDecision.ts';

type Candidate = BranchingCandidate<PatternDecision>;

interface OpenChoices {
  /** (pair): deployments that may be rented. */
  readonly deployments: readonly (readonly number[])[];
  /** (i): pairs where it may be placed. */
  readonly pairs: readonly (readonly number[])[];
}

function openChoices({ table, closed, blocked }: NodeRestrictions): OpenChoices {
  const deployments = table.deploymentsOfPair.map((list) => list.filter((d) => closed[d] === 0));
  const pairs: Set<number>[] = Array.from({ length: table.problem.numQueryTypes }, () => new Set());
  for (const d of deployments.flat()) {
    for (let entry = table.start[d]; entry < table.start[d + 1]; entry++) {
      if (blocked[entry] === 0) pairs[table.queryType[entry]].add(table.pair[d]);
    }
  }
  return { deployments, pairs: pairs.map((set) => [...set].sort((one, other) => one - other)) };
}

/**
 * Branchings on open choices, each with the point's own choice on one side; empty where nothing is open, and over a
 * merged table.
 */
export function undecidedCandidates(restrictions: NodeRestrictions, point: MasterPoint | null): Candidate[] {
  if (restrictions.table.isMerged) return [];
  const { required, placed, leastReplicas, mostReplicas } = restrictions;
  const open = openChoices(restrictions);
  const candidates: Candidate[] = [];
  open.deployments.forEach((list, pair) => {
    const none = required[pair] === 0;
    if (list.length === 0 || (list.length === 1 && !none)) return;
    const largest = point === null ? list[0] : largestOf(list, (d) => point.deployment[d]);
    candidates.push({
      branchingClass: 'w',
      key: `open:${largest}`,
      value: point === null || point.pair[pair] < 0.5 ? 0.25 : 0.75,
      down: { kind: 'deployments', pair, allowed: list.filter((d) => d !== largest), none },
      up: { kind: 'deployments', pair, allowed: [largest], none: false },
    });
  });
  const { numPairs } = restrictions.table.problem;
  open.pairs.forEach((list, queryType) => {
    if (list.length === 0 || (list.length === 1 && placed[queryType] === 1)) return;
    const weight = (pair: number) => point?.placement[queryType * numPairs + pair] ?? 0;
    const largest = largestOf(list, weight);
    candidates.push({
      branchingClass: 'z',
      key: `open place:${queryType}:${largest}`,
      value: weight(largest) < 0.5 ? 0.25 : 0.75,
      down: { kind: 'placement', queryType, pairs: [largest], inside: false },
      up: { kind: 'placement', queryType, pairs: [largest], inside: true },
    });
  });
  open.deployments.forEach((list, pair) => {
    if (list.length !== 1 || required[pair] === 0) return;
    const [deployment] = list;
    const [least, most] = [leastReplicas[deployment], mostReplicas[deployment]];
    if (least >= most) return;
    const floor = Math.min(most - 1, Math.max(least, Math.round(point?.replicas[deployment] ?? least)));
    const base = { kind: 'replicas', deployment } as const;
    candidates.push({
      branchingClass: 'y',
      key: `open replicas:${deployment}:${floor}`,
      value: floor + 0.5,
      down: { ...base, least, most: floor, required: false },
      up: { ...base, least: floor + 1, most, required: true },
    });
  });
  return candidates;
}

/** What is rented and placed where the decisions leave one choice only; null where something is open or merged. */
export function decidedPlan(restrictions: NodeRestrictions): IndexedPlan | null {
  if (restrictions.table.isMerged || undecidedCandidates(restrictions, null).length > 0) return null;
  const { deployments, pairs } = openChoices(restrictions);
  return {
    deployments: deployments
      .flat()
      .map((deployment) => ({ deployment, replicas: restrictions.leastReplicas[deployment] })),
    routing: pairs.flatMap((list, queryType) =>
      list.map((pair) => ({ queryType, deployment: deployments[pair][0], fraction: 0 })),
    ),
  };
}

function largestOf(list: readonly number[], value: (item: number) => number): number {
  return list.reduce((best, item) => (value(item) > value(best) ? item : best));
}
