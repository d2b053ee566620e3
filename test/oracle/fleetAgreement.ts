/**
 * Whether all that solves a small fleet agrees: both formulations by HiGHS, our own search, plans by both verifiers.
 */
import { checkPlan } from '../../src/model/check/verifier.ts';
import { compileProblem } from '../../src/model/compiled/compileProblem.ts';
import { toPlan } from '../../src/model/compiled/indexedPlan.ts';
import { buildPublished } from '../../src/model/formulations/published.ts';
import { buildStrengthened } from '../../src/model/formulations/strengthened.ts';
import type { Instance, Plan } from '../../src/model/instance.ts';
import type { PlanningOptions } from '../../src/model/options.ts';
import { reduceProblem } from '../../src/model/reductions/reduceProblem.ts';
import { optimize } from '../../src/planner/optimize.ts';
import type { SolveOptions } from '../../src/planner/solveOptions.ts';
import { largestViolation, objectiveAt } from './agreement.ts';
import { solveWithHighs } from './highs.ts';
import { optimumTolerance, relativeDifference } from './optimum.ts';
import { verifyAgain } from './secondVerifier.ts';

/** Violation that is rounding. */
const exactly = 1e-9;

/**
 * What is wrong, in words, and the optimum of the published program (Infinity: infeasible). HiGHS errs where a point
 * that satisfies every row of that program is cheaper than what it calls its optimum.
 */
export async function fleetFaults(
  instance: Instance,
  options: PlanningOptions,
): Promise<{ readonly optimum: number; readonly faults: string[]; readonly highsErrs: boolean }> {
  const faults: string[] = [];
  const problem = compileProblem(instance, options);
  const reduced = reduceProblem(problem).problem;
  const published = buildPublished(instance, options);
  const optimum = (await solveWithHighs(published.program)).objective;
  const differs = (value: number) => !(relativeDifference(value, optimum) < optimumTolerance);
  const check = (source: string, plan: Plan) => {
    const first = checkPlan(instance, options, plan);
    for (const { group, subject, left, limit } of first.violations)
      faults.push(`${source}: ${group} of ${subject}: ${left}, limit ${limit}`);
    const second = verifyAgain(instance, options, plan);
    for (const fault of second.faults) faults.push(`${source}, second verifier: ${fault}`);
    if (!(relativeDifference(first.cost.total, second.total) < 1e-9))
      faults.push(`${source}: cost ${first.cost.total}, by the second verifier ${second.total}`);
    if (differs(first.cost.total)) faults.push(`${source}: plan costs ${first.cost.total}, not ${optimum}`);
  };
  const formulations = [
    published,
    buildStrengthened(problem),
    buildStrengthened(problem, { robust: 'dual' }),
    buildStrengthened(reduced),
  ];
  for (const [at, { name, program, decode, encode }] of formulations.entries()) {
    const { status, objective, point } = await solveWithHighs(program);
    const source = `${name}${at === 3 ? ', reduced' : ''}`;
    if (differs(objective)) faults.push(`${source}: ${objective}, not ${optimum}`);
    if (status !== 'optimal') continue;
    const plan = decode(point);
    const asPublished = published.encode(plan);
    const cost = objectiveAt(published.program, asPublished);
    if (cost < optimum && differs(cost) && largestViolation(published.program, asPublished) <= exactly)
      return { optimum: cost, faults: [], highsErrs: true };
    check(source, toPlan(problem, plan));
    const encoded = encode(plan);
    const difference = relativeDifference(objectiveAt(program, encoded), objective);
    if (!(difference < 1e-6)) faults.push(`${source}: its encoded plan is off by ${difference}`);
    if (!(largestViolation(program, encoded) < 1e-6)) faults.push(`${source}: its encoded plan violates a row`);
  }
  const ways: SolveOptions[] = [
    {},
    { relaxation: 'compact' },
    { strategy: 'no-heuristics' },
    { relaxation: 'compact', formulation: 'published' },
  ];
  for (const way of ways) {
    const source = JSON.stringify(way);
    const result = optimize(instance, { ...options, ...way, nodeLimit: 3000 });
    const found = result.status === 'infeasible' ? Infinity : (result.cost?.total ?? Number.NaN);
    if (result.status !== 'optimal' && result.status !== 'infeasible') faults.push(`${source}: ${result.status}`);
    if (differs(found)) faults.push(`${source}: ${found}, not ${optimum}`);
    if (result.plan !== null) check(source, result.plan);
  }
  return { optimum, faults, highsErrs: false };
}
