/**
 * Picks what to branch on: the first class of the order that has candidates, then the rule's best inside it. The score
 * of two predicted gains is their product (Achterberg 2007, 5.2), so that a branching good on one side only does not
 * win. Strong branching leaves the bounds that it proved on the children.
 */
import type { PseudoCosts } from './pseudoCosts.ts';
import type { BranchingCandidate, ChildKnowledge } from './relaxation.ts';
import type { SearchStrategy } from './strategy.ts';

export interface BranchingChoice<Decision, WarmStart> {
  readonly candidate: BranchingCandidate<Decision>;
  readonly down: ChildKnowledge<WarmStart>;
  readonly up: ChildKnowledge<WarmStart>;
}

export type Probe<Decision, WarmStart> = (child: Decision) => ChildKnowledge<WarmStart> | null;

export interface BranchingContext<Decision, WarmStart> {
  readonly strategy: SearchStrategy;
  /** All classes in their order. */
  readonly classOrder: readonly string[];
  readonly pseudoCosts: PseudoCosts;
  readonly nodeBound: number;
  readonly cutoff: number;
  /**
   * Null where strong branching is not offered by the relaxation; gives null where it cannot try a child at this node.
   */
  readonly probe: Probe<Decision, WarmStart> | null;
}

/** Predicted gains of the bound in the two children. */
export function predictedGains<Decision>(
  candidate: BranchingCandidate<Decision>,
  pseudoCosts: PseudoCosts,
): { readonly down: number; readonly up: number } {
  const fraction = candidate.value - Math.floor(candidate.value);
  const { key, branchingClass } = candidate;
  return {
    down: fraction * pseudoCosts.gainPerUnit(key, branchingClass, 'down'),
    up: (1 - fraction) * pseudoCosts.gainPerUnit(key, branchingClass, 'up'),
  };
}

/** Chooses among candidates (not empty). */
export function chooseBranching<Decision, WarmStart>(
  candidates: readonly BranchingCandidate<Decision>[],
  context: BranchingContext<Decision, WarmStart>,
): BranchingChoice<Decision, WarmStart> {
  const eligible = firstClass(candidates, context.classOrder);
  const { strategy, nodeBound } = context;
  const { leastGain } = strategy.parameters.branching;
  if (strategy.branchingRule === 'most-fractional') return untried(best(eligible, fractionality), nodeBound);
  const score = (candidate: BranchingCandidate<Decision>) => {
    const { down, up } = predictedGains(candidate, context.pseudoCosts);
    return gainScore(down, up, leastGain) * balance(candidate);
  };
  if (strategy.branchingRule === 'pseudo-cost' || context.probe === null)
    return untried(best(eligible, score), nodeBound);
  return strongBranching(eligible, score, context, context.probe);
}

/** Of children that were not tried only the node's bound is known. */
function untried<Decision>(candidate: BranchingCandidate<Decision>, nodeBound: number) {
  return { candidate, down: { bound: nodeBound }, up: { bound: nodeBound } };
}

function strongBranching<Decision, WarmStart>(
  eligible: readonly BranchingCandidate<Decision>[],
  score: (candidate: BranchingCandidate<Decision>) => number,
  context: BranchingContext<Decision, WarmStart>,
  probe: Probe<Decision, WarmStart>,
): BranchingChoice<Decision, WarmStart> {
  const { strategy, pseudoCosts, nodeBound, cutoff } = context;
  const { lookahead, leastGain } = strategy.parameters.branching;
  const ranked = eligible
    .map((candidate, order) => ({ candidate, order, score: score(candidate) }))
    .sort((a, b) => b.score - a.score || fractionality(b.candidate) - fractionality(a.candidate) || a.order - b.order);
  const isReliable = ({ key }: BranchingCandidate<Decision>) =>
    strategy.branchingRule === 'reliability' &&
    Math.min(pseudoCosts.count(key, 'down'), pseudoCosts.count(key, 'up')) >= strategy.reliability;
  // One alone needs no comparison.
  if (ranked.length === 1) return untried(ranked[0].candidate, nodeBound);
  let choice: BranchingChoice<Decision, WarmStart> | null = null;
  let bestScore = -Infinity;
  let probed = 0;
  let sinceBest = 0;
  for (const entry of ranked) {
    const { candidate } = entry;
    if (isReliable(candidate) || probed >= strategy.strongCandidates) {
      if (entry.score > bestScore) {
        choice = untried(candidate, nodeBound);
        bestScore = entry.score;
      }
      // Those that follow are ranked lower: only a probe could make them better.
      if (probed >= strategy.strongCandidates) break;
      continue;
    }
    if (sinceBest >= lookahead) break;
    probed++;
    const down = probe(candidate.down);
    const up = down === null ? null : probe(candidate.up);
    if (down === null || up === null) break;
    const fraction = candidate.value - Math.floor(candidate.value);
    const origin = { key: candidate.key, branchingClass: candidate.branchingClass };
    if (down.bound < cutoff)
      pseudoCosts.record({ ...origin, direction: 'down', distance: fraction }, down.bound - nodeBound);
    if (up.bound < cutoff)
      pseudoCosts.record({ ...origin, direction: 'up', distance: 1 - fraction }, up.bound - nodeBound);
    // A child that can be dropped makes the node smaller at no cost: nothing beats it.
    if (down.bound >= cutoff || up.bound >= cutoff) return { candidate, down, up };
    const found = gainScore(down.bound - nodeBound, up.bound - nodeBound, leastGain) * balance(candidate);
    if (found > bestScore) {
      choice = { candidate, down, up };
      bestScore = found;
      sinceBest = 0;
    } else sinceBest++;
  }
  return choice ?? untried(ranked[0].candidate, nodeBound);
}

function gainScore(down: number, up: number, leastGain: number): number {
  return Math.max(down, leastGain) * Math.max(up, leastGain);
}

/**
 * 1 where both children keep as many alternatives; less for lopsided branchings, as their larger child is hardly
 * smaller than the node.
 */
function balance<Decision>({ downSize = 1, upSize = 1 }: BranchingCandidate<Decision>): number {
  return Math.sqrt((2 * Math.min(downSize, upSize)) / (downSize + upSize));
}

function fractionality<Decision>(candidate: BranchingCandidate<Decision>): number {
  const fraction = candidate.value - Math.floor(candidate.value);
  return Math.min(fraction, 1 - fraction) * balance(candidate);
}

function firstClass<Decision>(
  candidates: readonly BranchingCandidate<Decision>[],
  classOrder: readonly string[],
): readonly BranchingCandidate<Decision>[] {
  for (const name of classOrder) {
    const members = candidates.filter((candidate) => candidate.branchingClass === name);
    if (members.length > 0) return members;
  }
  return candidates;
}

/** The first candidate of the largest score. */
function best<Decision>(
  candidates: readonly BranchingCandidate<Decision>[],
  score: (candidate: BranchingCandidate<Decision>) => number,
): BranchingCandidate<Decision> {
  let winner = candidates[0];
  let winnerScore = score(winner);
  for (const candidate of candidates) {
    const found = score(candidate);
    if (found > winnerScore) {
      winner = candidate;
      winnerScore = found;
    }
  }
  return winner;
}
