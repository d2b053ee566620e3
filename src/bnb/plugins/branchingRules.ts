/**
 * Branching rules by name. The score of two predicted gains is their product (Achterberg 2007, 5.2), so that a
 * branching good on one side only does not win.
 */
import type { BranchingCandidate } from '../relaxation.ts';
import type { BranchingContext, BranchingRule, Plugin } from './plugin.ts';

const mostFractional: BranchingRule = {
  kind: 'branching-rule',
  name: 'most-fractional',
  choose: (candidates) => best(candidates, fractionality),
};

const pseudoCost: BranchingRule = {
  kind: 'branching-rule',
  name: 'pseudo-cost',
  choose: (candidates, context) => best(candidates, predictedScore(context)),
};

const reliability: BranchingRule = {
  kind: 'branching-rule',
  name: 'reliability',
  choose: (candidates, context) =>
    strongBranching(candidates, context, ({ key }) => {
      const { pseudoCosts, strategy } = context;
      return Math.min(pseudoCosts.count(key, 'down'), pseudoCosts.count(key, 'up')) >= strategy.reliability;
    }),
};

const strong: BranchingRule = {
  kind: 'branching-rule',
  name: 'strong',
  choose: (candidates, context) => strongBranching(candidates, context, () => false),
};

/**
 * How often a branching closed a child at once, as a share of its uses, on top of the gains that pseudo-costs predict:
 * one that has closed every child counts twice.
 */
const cutoffHistory: BranchingRule = {
  kind: 'branching-rule',
  name: 'cutoff-history',
  choose: (candidates, context) => {
    const { pseudoCosts } = context;
    const predicted = predictedScore(context);
    const share = (key: string, direction: 'down' | 'up') =>
      pseudoCosts.cutoffs(key, direction) / Math.max(1, pseudoCosts.uses(key, direction));
    return best(
      candidates,
      (candidate) => predicted(candidate) * (1 + share(candidate.key, 'down')) * (1 + share(candidate.key, 'up')),
    );
  },
};

/**
 * How many bounds propagation has tightened below a branching (as the inference branching of Achterberg 2007), times
 * what pseudo-costs predict: alone it is blind to the objective.
 */
const inferenceHistory: BranchingRule = {
  kind: 'branching-rule',
  name: 'inference-history',
  choose: (candidates, context) => {
    const { pseudoCosts } = context;
    const predicted = predictedScore(context);
    const inferred = ({ key }: BranchingCandidate<unknown>) =>
      (1 + pseudoCosts.inferences(key, 'down')) * (1 + pseudoCosts.inferences(key, 'up'));
    return best(candidates, (candidate) => inferred(candidate) * predicted(candidate));
  },
};

export const branchingRules = {
  'most-fractional': mostFractional,
  'pseudo-cost': pseudoCost,
  reliability,
  strong,
  'cutoff-history': cutoffHistory,
  'inference-history': inferenceHistory,
} as const satisfies Readonly<Record<string, BranchingRule>>;

/** The rule that a strategy names. */
export function branchingRuleOf(strategy: {
  readonly branchingRule: string;
  readonly plugins: readonly Plugin[];
}): BranchingRule {
  const own = strategy.plugins.find(({ kind, name }) => kind === 'branching-rule' && name === strategy.branchingRule);
  if (own !== undefined) return own as BranchingRule;
  return branchingRules[strategy.branchingRule as keyof typeof branchingRules];
}

function predictedScore<Decision, WarmStart>({ strategy, pseudoCosts }: BranchingContext<Decision, WarmStart>) {
  const { leastGain } = strategy.parameters.branching;
  return (candidate: BranchingCandidate<Decision>) => {
    const { down, up } = pseudoCosts.predictedGains(candidate);
    return gainScore(down, up, leastGain) * balance(candidate);
  };
}

/** Tries the children of the candidates that are ranked highest and not reliable. */
function strongBranching<Decision, WarmStart>(
  candidates: readonly BranchingCandidate<Decision>[],
  context: BranchingContext<Decision, WarmStart>,
  isReliable: (candidate: BranchingCandidate<Decision>) => boolean,
): BranchingCandidate<Decision> {
  const { strategy, pseudoCosts, nodeBound, cutoff, probe } = context;
  const score = predictedScore(context);
  if (probe === null) return best(candidates, score);
  const { lookahead, leastGain } = strategy.parameters.branching;
  const ranked = candidates
    .map((candidate, order) => ({ candidate, order, score: score(candidate) }))
    .sort((a, b) => b.score - a.score || fractionality(b.candidate) - fractionality(a.candidate) || a.order - b.order);
  // One alone needs no comparison.
  if (ranked.length === 1) return ranked[0].candidate;
  let choice: BranchingCandidate<Decision> | null = null;
  let bestScore = -Infinity;
  let probed = 0;
  let sinceBest = 0;
  for (const entry of ranked) {
    const { candidate } = entry;
    if (isReliable(candidate) || probed >= strategy.strongCandidates) {
      if (entry.score > bestScore) {
        choice = candidate;
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
    if (down.bound >= cutoff || up.bound >= cutoff) return candidate;
    const found = gainScore(down.bound - nodeBound, up.bound - nodeBound, leastGain) * balance(candidate);
    if (found > bestScore) {
      choice = candidate;
      bestScore = found;
      sinceBest = 0;
    } else sinceBest++;
  }
  return choice ?? ranked[0].candidate;
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
