/** A planning case as a program for any solver, and the way back from a point to a verified cost. */
import type { MixedIntegerProgram } from '../src/lp/linearProgram.ts';
import { checkPlan } from '../src/model/check/verifier.ts';
import { compileProblem } from '../src/model/compiled/compileProblem.ts';
import { type IndexedPlan, toPlan } from '../src/model/compiled/indexedPlan.ts';
import type { PlanningProblem } from '../src/model/compiled/planningProblem.ts';
import { buildPublished } from '../src/model/formulations/published.ts';
import { buildStrengthened } from '../src/model/formulations/strengthened.ts';
import type { Instance } from '../src/model/instance.ts';
import { resolveOptions } from '../src/planner/resolveSolve.ts';
import type { BenchCase } from './cases.ts';

export interface SolveRequest {
  readonly instance: Instance;
  readonly options: BenchCase['options'];
  readonly gap: number;
  /** Seconds. */
  readonly timeLimit: number;
  /** Seed of the solver's own randomness; absent: its default. */
  readonly seed?: number;
}

export type FormulationName = 'published' | 'strengthened';

/** A program with what turns its points into plans. */
export interface PlanProgram {
  readonly program: MixedIntegerProgram;
  readonly problem: PlanningProblem;
  readonly decode: (point: ArrayLike<number>) => IndexedPlan;
}

export function programOf({ instance, options }: SolveRequest, name: FormulationName): PlanProgram {
  const resolved = resolveOptions(options);
  const problem = compileProblem(instance, resolved);
  const formulation = name === 'published' ? buildPublished(instance, resolved) : buildStrengthened(problem);
  return { program: formulation.program, problem, decode: (point) => formulation.decode(point) };
}

/** The verified cost of a point; null, with the reason, where the verifier refuses. */
export function verifiedCost(
  { problem, decode }: PlanProgram,
  point: ArrayLike<number>,
): { cost: number | null; message: string } {
  const { ok, cost, violations } = checkPlan(problem.instance, problem.options, toPlan(problem, decode(point)));
  const [first] = violations;
  if (ok) return { cost: cost.total, message: '' };
  return { cost: null, message: `plan refused: ${first?.group} ${first?.subject} by ${first?.violation}` };
}
