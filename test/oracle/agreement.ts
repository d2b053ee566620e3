/**
 * Whether all formulations of one instance agree: optimum, LP bound, decoded plan and encoded point. What is wrong, in
 * words.
 */
import type { MixedIntegerProgram } from '../../src/lp/linearProgram.ts';
import { checkPlan } from '../../src/model/check/verifier.ts';
import { compileProblem } from '../../src/model/compiled/compileProblem.ts';
import { type IndexedPlan, toPlan } from '../../src/model/compiled/indexedPlan.ts';
import type { Formulation } from '../../src/model/formulations/formulation.ts';
import { buildPublished } from '../../src/model/formulations/published.ts';
import { buildStrengthened } from '../../src/model/formulations/strengthened.ts';
import type { Instance } from '../../src/model/instance.ts';
import type { PlanningOptions } from '../../src/model/options.ts';
import { solveWithHighs } from './highs.ts';
import { isAtLeast, optimumOf, optimumTolerance, relativeDifference, solveAdversarially } from './optimum.ts';

/** Cost of an encoded plan against the verifier's: sums of a few products. */
const costTolerance = 1e-7;
/** Row violation of an encoded plan, relative: the plan came from a solver with 1e-9, times the width of a row. */
const rowTolerance = 1e-6;

export interface Agreement {
  /** Optimum of the published program; Infinity if infeasible. */
  readonly optimum: number;
  readonly faults: readonly string[];
}

export async function compareFormulations(instance: Instance, options: PlanningOptions): Promise<Agreement> {
  const problem = compileProblem(instance, options);
  const published = buildPublished(instance, options);
  const strengthened = (['projected', 'dual'] as const).map((robust) => buildStrengthened(problem, { robust }));
  const all: readonly Formulation[] = [published, ...strengthened];
  const optimum = await optimumOf(published);
  const publishedBound = await optimumOf(published, true);
  const faults: string[] = [];
  const differ = (first: number, second: number) => !(relativeDifference(first, second) < optimumTolerance);

  const judge = (source: string, plan: IndexedPlan) => {
    const { cost, violations } = checkPlan(instance, options, toPlan(problem, plan));
    for (const { group, subject } of violations) faults.push(`${source}: plan violates ${group} of ${subject}`);
    if (differ(cost.total, optimum)) faults.push(`${source}: plan costs ${cost.total}, not ${optimum}`);
    for (const { name, program, encode } of all) {
      const point = encode(plan);
      const difference = relativeDifference(objectiveAt(program, point), cost.total);
      if (!(difference < costTolerance)) faults.push(`${name}: encoded plan of ${source} is off by ${difference}`);
      const violation = largestViolation(program, point);
      if (!(violation < rowTolerance)) faults.push(`${name}: encoded plan of ${source} violates a row by ${violation}`);
    }
  };
  for (const formulation of all) {
    const { name, program } = formulation;
    const solution = await solveWithHighs(program);
    if (differ(solution.objective, optimum)) faults.push(`${name}: ${solution.objective}, not ${optimum}`);
    const bound = await optimumOf(formulation, true);
    if (!isAtLeast(bound, publishedBound)) faults.push(`${name}: LP bound ${bound} below ${publishedBound}`);
    if (solution.status === 'optimal') judge(name, formulation.decode(solution.point));
  }
  // The dual and the adversarial form say the same of fractional points too; projection can only be tighter.
  const [projectedBound, dualBound] = [await optimumOf(strengthened[0], true), await optimumOf(strengthened[1], true)];
  if (!isAtLeast(projectedBound, dualBound)) faults.push(`projected LP bound ${projectedBound} below ${dualBound}`);
  const adversarial = buildStrengthened(problem, { robust: 'adversarial' });
  const solution = await solveAdversarially(adversarial);
  if (differ(solution.objective, optimum)) faults.push(`adversarial: ${solution.objective}, not ${optimum}`);
  if (solution.status === 'optimal') judge('adversarial', adversarial.decode(solution.point));
  const relaxed = await solveAdversarially(adversarial, true);
  if (differ(relaxed.objective, dualBound)) faults.push(`adversarial: LP bound ${relaxed.objective}, not ${dualBound}`);
  const mixed = await solveAdversarially(buildStrengthened(problem, { scenariosUpTo: 2 }), true);
  if (differ(mixed.objective, projectedBound))
    faults.push(`projected, some sums by scenarios: LP bound ${mixed.objective}, not ${projectedBound}`);
  return { optimum, faults };
}

export function objectiveAt(program: MixedIntegerProgram, point: Float64Array): number {
  return point.reduce((sum, value, column) => sum + value * program.cost[column], program.offset);
}

/** Largest violation of a row or column bound, relative to the activity where that is above 1. */
export function largestViolation(program: MixedIntegerProgram, point: Float64Array): number {
  const activity = new Float64Array(program.numRows);
  let largest = 0;
  const note = (value: number, lower: number, upper: number) => {
    const beyond = Math.max(lower - value, value - upper);
    largest = Math.max(largest, beyond / Math.max(1, Math.abs(value)));
  };
  for (let column = 0; column < program.numColumns; column++) {
    note(point[column], program.columnLower[column], program.columnUpper[column]);
    for (let t = program.columnStarts[column]; t < program.columnStarts[column + 1]; t++) {
      activity[program.rowIndices[t]] += program.values[t] * point[column];
    }
  }
  for (let row = 0; row < program.numRows; row++) note(activity[row], program.rowLower[row], program.rowUpper[row]);
  return largest;
}
