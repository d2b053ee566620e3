/** Sets that become nodes: none is lost, none comes twice, and no node's bound is above what is in it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NodeStatus } from '../../../src/bnb/relaxation.ts';
import { buildPublished } from '../../../src/model/formulations/published.ts';
import { optimize } from '../../../src/planner/optimize.ts';
import {
  again,
  besideSets,
  noPoint,
  type OpenSet,
  outcomeOfDivision,
  type SetDecision,
  type SetOutcome,
} from '../../../src/planner/relaxations/setNodes.ts';
import { arbitraryInstance, arbitraryOptions } from '../../arbitrary/instances.ts';
import { optimumOf, optimumTolerance, relativeDifference } from '../../oracle/optimum.ts';

const set = (deployments: number[], leastCost: number): OpenSet => ({ deployments, leastCost, nodes: 10 });
const sets = [set([1, 2], 7), set([3], 5), set([1, 4], 9)];
const solved = (status: NodeStatus, bound: number): SetOutcome => ({ ...noPoint, status, bound });

/** Follows the divisions below an outcome, each child with the bound of its node, as the tree does. */
function leavesBelow({ candidates, bound }: SetOutcome): { left: OpenSet[]; rests: number[]; highest: number } {
  const found = { left: [] as OpenSet[], rests: [] as number[], highest: bound };
  const take = (decision: SetDecision, parentBound: number) => {
    const division = decision.division!;
    const outcome = outcomeOfDivision(division, parentBound);
    if (outcome === null) {
      if (division.hasRest) found.rests.push(parentBound);
      else found.left.push(...division.sets);
      found.highest = Math.max(found.highest, parentBound);
      return;
    }
    if (outcome.status === 'infeasible') return;
    expect(outcome.candidates).toHaveLength(1);
    for (const { deployments, leastCost } of division.sets) {
      // No bound of a node is above what it holds.
      expect(`${deployments}: ${outcome.bound <= leastCost}`).toBe(`${deployments}: true`);
    }
    for (const child of [outcome.candidates[0].up, outcome.candidates[0].down]) take(child, outcome.bound);
  };
  expect(candidates).toHaveLength(1);
  for (const child of [candidates[0].up, candidates[0].down]) take(child, bound);
  return found;
}

describe('sets beside the rest of their node', () => {
  it.each([
    ['solved', 6, 5],
    ['solved', 4, 4],
    ['limit', 3, 3],
    ['numerical-trouble', 3, 3],
  ] as const)('a rest that is %s at %d: a node at %d', (status, bound, expected) => {
    const outcome = besideSets(solved(status, bound), sets, 2);
    expect(outcome).toMatchObject({ status: 'solved', bound: expected, solution: null });
    const { left, rests } = leavesBelow(outcome);
    expect(left.map(({ deployments }) => deployments).sort()).toEqual([[1, 2], [1, 4], [3]]);
    expect(rests).toEqual([expected]);
  });

  it('a rest that is closed comes no more, and counts where it was cut off', () => {
    const none = besideSets({ ...solved('infeasible', Infinity), givenUp: 8 }, sets, 2);
    expect(none).toMatchObject({ status: 'solved', bound: 5, givenUp: 8 });
    expect(leavesBelow(none)).toMatchObject({ rests: [] });
    expect(leavesBelow(none).left).toHaveLength(3);
    const cutOff = besideSets({ ...solved('cutoff', 7.5), givenUp: 8 }, sets, 2);
    expect(cutOff).toMatchObject({ status: 'solved', bound: 5, givenUp: 7.5 });
    expect(leavesBelow(cutOff).rests).toEqual([]);
  });

  it('the bound of the parent is kept', () => {
    expect(besideSets(solved('solved', 6), sets, 5.5).bound).toBe(5.5);
  });
});

describe('a node that is one set', () => {
  it('waits for its turn at its own bound, and is then searched', () => {
    const [first] = sets;
    const division = { sets: [first], hasRest: false };
    const waiting = outcomeOfDivision(division, 5);
    expect(waiting).toEqual(again(first));
    expect(waiting).toMatchObject({ status: 'solved', bound: 7 });
    expect(outcomeOfDivision(division, 7)).toBeNull();
    expect(leavesBelow(again(first))).toEqual({ left: [first], rests: [], highest: 7 });
  });
});

describe('a set that a node comes to whose plans may have other replicas than the node allows', () => {
  it('is not held to the bound of that node', async () => {
    const size = { queryTypes: 3, models: 2, tiers: 2, extras: false, globalLimits: false };
    const [drawn] = fc.sample(arbitraryInstance(size), { seed: 219, numRuns: 1 });
    const [options] = fc.sample(arbitraryOptions({ placement: 'split', maxReplicas: 3 }), { seed: 219, numRuns: 1 });
    // Its cheapest set is come to at a node with fewer replicas, whose bound is beyond the second-best set's plans.
    const instance = {
      ...drawn,
      uncertaintyBudget: { delay: 50, error: 50 },
      queryTypes: drawn.queryTypes.map(({ minimumServed: _none, ...query }) => ({
        ...query,
        arrivalRate: 2 * query.arrivalRate,
        tokenSize: 0.003,
        delayThreshold: 1e6,
        errorThreshold: 1,
        unmetPenalty: query.unmetPenalty + 0.5,
      })),
    };
    const oneNodeEach = { 'compact.sets.firstNodes': 1, 'compact.sets.rootNodes': 1, 'compact.sets.cutRounds': 0 };
    const strategy = { heuristics: false, parameters: oneNodeEach };
    const result = optimize(instance, { ...options, strategy, reductions: false, gap: 1e-8 });
    const optimum = await optimumOf(buildPublished(instance, options));
    expect(result.status).toBe('optimal');
    expect(relativeDifference(result.cost!.total, optimum)).toBeLessThan(optimumTolerance);
  });
});
