/**
 * Split placement by sets of deployments: the optimum against HiGHS on the published program, the program without
 * placements as a relaxation that no plan violates, and the best plan of one set against HiGHS on the program with that
 * set fixed.
 */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findPlans } from '../../../src/heuristics/index.ts';
import { drain } from '../../../src/lp/steps.ts';
import { checkPlan } from '../../../src/model/check/verifier.ts';
import { compileProblem } from '../../../src/model/compiled/compileProblem.ts';
import { toPlan } from '../../../src/model/compiled/indexedPlan.ts';
import { planCost } from '../../../src/model/compiled/indexedPlanCheck.ts';
import { buildPublished } from '../../../src/model/formulations/published.ts';
import { buildStrengthened } from '../../../src/model/formulations/strengthened.ts';
import { withTierCounts } from '../../../src/model/formulations/tierCounts.ts';
import { withoutPlacements } from '../../../src/model/formulations/withoutPlacements.ts';
import { optimize } from '../../../src/planner/optimize.ts';
import { bestPlanOfSet } from '../../../src/planner/relaxations/rentedSet.ts';
import { draws } from '../../arbitrary/draws.ts';
import { arbitraryInstance, arbitraryOptions } from '../../arbitrary/instances.ts';
import { largestViolation, objectiveAt } from '../../oracle/agreement.ts';
import { solveWithHighs } from '../../oracle/highs.ts';
import { isAtLeast, optimumOf, optimumTolerance, relativeDifference } from '../../oracle/optimum.ts';

const size = { queryTypes: 4, models: 2, tiers: 3 };
const split = arbitraryOptions({ placement: 'split' });
const storedPerPlacement = arbitraryOptions({ placement: 'split', weightStorage: 'per-placement' });
const never = () => false;

describe('the optimum under split placement', () => {
  // A set whose one node does not settle it becomes a node of the tree.
  const setsAsNodes = { strategy: { parameters: { 'compact.sets.firstNodes': 1, 'compact.sets.cutRounds': 0 } } };
  const forms = [{}, { robust: 'dual' }, { robust: 'adversarial' }, setsAsNodes] as const;

  it.each(forms)('is that of the published program, %o', async (robust) => {
    let feasible = 0;
    await fc.assert(
      fc.asyncProperty(arbitraryInstance(size), split, async (instance, options) => {
        const optimum = await optimumOf(buildPublished(instance, options));
        // Scenario rows are kept to 1e-9 of their limit: no closer bound than about that comes of them.
        const result = optimize(instance, { ...options, ...robust, gap: 1e-8 });
        expect(result.status).toBe(optimum === Infinity ? 'infeasible' : 'optimal');
        expect(relativeDifference(result.cost?.total ?? Infinity, optimum)).toBeLessThan(optimumTolerance);
        expect(isAtLeast(optimum, result.bound ?? optimum)).toBe(true);
        expect(isAtLeast(optimum, result.rootBound ?? optimum)).toBe(true);
        if (optimum < Infinity) feasible += 1;
        // Sets are settled to within the gap: the bound accounts for what that leaves out.
        const rough = optimize(instance, { ...options, ...robust, gap: 0.05 });
        expect(rough.status).toBe(result.status);
        expect(isAtLeast(optimum, rough.bound ?? optimum)).toBe(true);
        expect(isAtLeast(rough.bound ?? optimum, 0.95 * (rough.cost?.total ?? optimum))).toBe(true);
      }),
      { numRuns: draws(40), seed: 5 },
    );
    expect(feasible).toBeGreaterThan(draws(12));
  });
});

describe('the program without placements', () => {
  it('has the value of the LP where a deployment has one replica, and never more than the optimum', async () => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(arbitraryInstance(size), storedPerPlacement, async (instance, options) => {
        const formulation = buildStrengthened(compileProblem(instance, options));
        const reduced = { program: withoutPlacements(formulation) };
        const [bound, reducedBound] = [await optimumOf(formulation, true), await optimumOf(reduced, true)];
        const mustAgree = options.maxReplicas === 1;
        expect(mustAgree ? relativeDifference(bound, reducedBound) : 0).toBeLessThan(optimumTolerance);
        expect(isAtLeast(bound, reducedBound)).toBe(true);
        expect(isAtLeast(await optimumOf(formulation), await optimumOf(reduced))).toBe(true);
        if (mustAgree && bound < Infinity) compared += 1;
      }),
      { numRuns: draws(60), seed: 6 },
    );
    expect(compared).toBeGreaterThan(draws(8));
  });

  it('is satisfied by every plan, at no more than its cost', () => {
    let plans = 0;
    fc.assert(
      fc.property(arbitraryInstance(size), storedPerPlacement, (instance, options) => {
        const problem = compileProblem(instance, options);
        const formulation = buildStrengthened(problem);
        const program = withoutPlacements(formulation);
        for (const plan of findPlans(problem, { effort: 0.2 })) {
          const point = formulation.encode(plan);
          for (const z of formulation.columns.z) if (z >= 0) point[z] = 0;
          expect(largestViolation(program, point)).toBeLessThan(1e-6);
          expect(objectiveAt(program, point)).toBeLessThan(planCost(problem, plan) + 1e-6);
          plans += 1;
        }
      }),
      { numRuns: draws(40), seed: 7 },
    );
    expect(plans).toBeGreaterThan(draws(20));
  });
});

describe('the counts of GPUs', () => {
  it('are those of the plan, in a program that it satisfies', () => {
    let counted = 0;
    fc.assert(
      fc.property(arbitraryInstance(size), split, (instance, options) => {
        const problem = compileProblem(instance, options);
        const formulation = buildStrengthened(problem);
        const program = drain(withTierCounts(formulation, formulation.program));
        const added = program.columnNames.slice(formulation.program.numColumns);
        for (const plan of findPlans(problem, { effort: 0.2 })) {
          const gpus = new Float64Array(problem.numTiers);
          for (const { deployment: d, replicas } of plan.deployments)
            gpus[problem.deployments.tier[d]] += replicas * problem.deployments.tpDegree[d];
          const counts = added.map((name) => gpus[Number(name.replace('gpus_', ''))]);
          const point = Float64Array.from([...formulation.encode(plan), ...counts]);
          expect(largestViolation(program, point)).toBeLessThan(1e-6);
          point[program.numColumns - 1] += 1;
          expect(largestViolation(program, point) >= 0.1 || added.length === 0).toBe(true);
          counted += added.length;
        }
      }),
      { numRuns: draws(40), seed: 9 },
    );
    expect(counted).toBeGreaterThan(draws(20));
  });
});

describe('the best plan of a set', () => {
  it('costs what the program with that set fixed costs', async () => {
    let feasible = 0;
    await fc.assert(
      fc.asyncProperty(arbitraryInstance(size), split, fc.nat(), async (instance, options, choice) => {
        const problem = compileProblem(instance, options);
        const { program, columns } = buildStrengthened(problem);
        const rentable = problem.deploymentsOfPair.map((list) => list.filter((d) => columns.w[d] >= 0));
        const rented = new Set<number>();
        // Every other pair or so, at a degree by chance.
        rentable.forEach((list, pair) => {
          if (list.length > 0 && ((choice >> pair) & 1) === 0) rented.add(list[(choice >> (pair + 3)) % list.length]);
        });
        const columnLower = program.columnLower.slice();
        const columnUpper = program.columnUpper.slice();
        columns.w.forEach((column, d) => {
          if (column >= 0) columnLower[column] = columnUpper[column] = rented.has(d) ? 1 : 0;
        });
        const { status, objective } = await solveWithHighs({ ...program, columnLower, columnUpper });
        const { plan, isProven } = bestPlanOfSet(problem, rented, { cutoff: Infinity, shouldStop: never });
        expect(isProven).toBe(true);
        expect(plan === null).toBe(status === 'infeasible');
        if (plan === null) return;
        feasible += 1;
        const { cost, violations } = checkPlan(instance, options, toPlan(problem, plan));
        expect(violations).toEqual([]);
        expect(relativeDifference(cost.total, objective)).toBeLessThan(optimumTolerance);
        expect(bestPlanOfSet(problem, rented, { cutoff: 0.999 * objective, shouldStop: never }).plan).toBeNull();
        const rough = bestPlanOfSet(problem, rented, { cutoff: Infinity, relativeGap: 0.1, shouldStop: never });
        expect(isAtLeast(objective, rough.bound)).toBe(true);
        expect(isAtLeast(rough.bound, 0.9 * rough.cost!)).toBe(true);
      }),
      { numRuns: draws(120), seed: 8 },
    );
    expect(feasible).toBeGreaterThan(draws(10));
  });
});
