/**
 * Branching where what is alike is merged: a point is settled once the weight of every pattern is whole, and every
 * candidate is a count of patterns that hold certain query types on certain deployments. Of the patterns in use the
 * largest sets are counted alone, so that a fractional point always has such a count that is fractional (Vanderbeck,
 * Operations Research 48 (2000)).
 */
import type { BranchingCandidate } from '../../bnb/relaxation.ts';
import type { Pattern } from '../pricing/pattern.ts';
import type { PatternTable } from '../pricing/patternTable.ts';
import type { MasterPoint } from './masterPoint.ts';
import type { CountedPatterns, PatternDecision } from './patternDecision.ts';

type Candidate = BranchingCandidate<PatternDecision>;

interface Weighed {
  readonly pattern: Pattern;
  readonly weight: number;
}

/**
 * Placements on a pair, then two query types together, then sets on a deployment: the first
 * kind that is fractional.
 */
export function mergedCandidates(table: PatternTable, patterns: readonly Pattern[], point: MasterPoint): Candidate[] {
  const used = point.patterns.map(({ pattern, weight }) => ({ pattern: patterns[pattern], weight }));
  for (const counts of [placementsOnPairs(table, used), togetherness(table, used), sets(table, used)]) {
    const candidates = counts.flatMap((counted) => candidateOf(table, counted, used));
    if (candidates.length > 0) return candidates;
  }
  return [];
}

function candidateOf(table: PatternTable, counted: CountedPatterns & { readonly key: string }, used: Weighed[]) {
  const { key, ...which } = counted;
  const value = used.reduce((sum, { pattern, weight }) => sum + (isOf(table, pattern, which) ? weight : 0), 0);
  if (Math.abs(value - Math.round(value)) <= table.parameters.master.integralityTolerance) return [];
  const floor = Math.floor(value);
  const branchingClass = which.holding === undefined ? 'w' : which.replicas === undefined ? 'z' : 'y';
  const candidate: Candidate = {
    branchingClass,
    key,
    value,
    down: { kind: 'count', ...which, least: 0, most: floor },
    up: { kind: 'count', ...which, least: floor + 1, most: Infinity },
  };
  return [candidate];
}

function isOf(table: PatternTable, pattern: Pattern, { pairs, on, holding = [], replicas = 0 }: CountedPatterns) {
  const { deployment, queryTypes } = pattern;
  if (!pairs.includes(table.pair[deployment]) || on?.includes(deployment) === false) return false;
  return pattern.replicas >= replicas && holding.every((i) => queryTypes.includes(i));
}

function placementsOnPairs(table: PatternTable, used: readonly Weighed[]) {
  const seen = new Map<string, CountedPatterns & { readonly key: string }>();
  for (const { pattern } of used) {
    const pair = table.pair[pattern.deployment];
    const rent = `rent:${pair}`;
    seen.set(rent, { key: rent, pairs: [pair] });
    for (const i of pattern.queryTypes) {
      const key = `place:${i}:${pair}`;
      seen.set(key, { key, pairs: [pair], holding: [i] });
    }
  }
  return [...seen.values()];
}

function togetherness(table: PatternTable, used: readonly Weighed[]) {
  const all = [...new Set(used.map(({ pattern }) => table.pair[pattern.deployment]))];
  const seen = new Map<string, CountedPatterns & { readonly key: string }>();
  for (const { pattern } of used) {
    for (const [t, one] of pattern.queryTypes.entries()) {
      for (const other of pattern.queryTypes.slice(t + 1)) {
        const key = `together:${one}:${other}`;
        seen.set(key, { key, pairs: all, holding: [one, other] });
      }
    }
  }
  return [...seen.values()];
}

function sets(table: PatternTable, used: readonly Weighed[]) {
  return used.flatMap(({ pattern }) => {
    const { deployment, replicas, queryTypes } = pattern;
    const key = `set:${deployment}:${queryTypes.join()}`;
    const counted = { pairs: [table.pair[deployment]], on: [deployment], holding: Array.from(queryTypes) };
    return [
      { key, ...counted },
      { key: `${key}:${replicas}`, ...counted, replicas },
    ];
  });
}
