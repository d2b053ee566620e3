/**
 * The solvers that the bench compares, by name; each takes an instance with options and gives an answer that the
 * verifier has seen.
 */
import type { StrategyName } from '../src/bnb/strategy.ts';
import { solveLinearProgram } from '../src/lp/solveLinearProgram.ts';
import { checkPlan } from '../src/model/check/verifier.ts';
import { compileProblem } from '../src/model/compiled/compileProblem.ts';
import { buildStrengthened } from '../src/model/formulations/strengthened.ts';
import type { Instance } from '../src/model/instance.ts';
import type { PlanningOptions } from '../src/model/options.ts';
import { reduceProblem } from '../src/model/reductions/reduceProblem.ts';
import { optimize } from '../src/planner/optimize.ts';
import type { RelaxationChoice } from '../src/planner/solveOptions.ts';
import { startClock } from './clock.ts';
import { solveWithCommand } from './commandSolvers.ts';
import { programOf, type SolveRequest } from './planProgram.ts';
import { checkedAnswer, type RunStatus, type SolverAnswer, type TracePoint } from './runRecord.ts';
import { solveWithWasm } from './wasmSolver.ts';

type BenchSolver = (request: SolveRequest) => Promise<SolverAnswer>;

/**
 * Solvers by name: `rolla`, `rolla:compact`, `rolla:patterns`, `rolla/<strategy>`; `highs-wasm:<formulation>`; and
 * `highs:<formulation>`, `cbc:...`, `scip:...`, `glpsol:...` for programs on the PATH. Throws RangeError on other
 * names.
 */
export function solverNamed(name: string): BenchSolver {
  const [family, formulation] = name.split(':') as [string, string | undefined];
  const [base, strategy] = family.split('/') as [string, string | undefined];
  if (base === 'rolla') {
    return (request) => solveWithRolla(request, (formulation as RelaxationChoice) ?? 'auto', strategy as StrategyName);
  }
  if (formulation !== 'published' && formulation !== 'strengthened') {
    throw new RangeError(`solver ${name}: expected rolla, or a program with :published or :strengthened`);
  }
  if (family === 'highs-wasm') return (request) => solveWithWasm(request, formulation);
  return (request) => solveWithCommand(family, request, programOf(request, formulation));
}

async function solveWithRolla(
  { instance, options, gap, timeLimit, seed }: SolveRequest,
  relaxation: RelaxationChoice,
  strategy: StrategyName | undefined,
): Promise<SolverAnswer> {
  const trace: TracePoint[] = [];
  /** Best bound of the rounds of columns that came before any cut. */
  let columnBound: number | null = null;
  let hasCuts = false;
  const clock = startClock();
  const began = performance.now();
  const result = optimize(instance, {
    ...options,
    gap,
    timeLimit,
    relaxation,
    ...(strategy === undefined ? {} : { strategy }),
    ...(seed === undefined ? {} : { seed }),
    onProgress: (event) => {
      const { incumbent, bound } = event;
      if (event.kind === 'round') {
        hasCuts ||= event.cuts > 0;
        if (!hasCuts && bound !== null) columnBound = Math.max(columnBound ?? -Infinity, bound);
      }
      const last = trace.at(-1);
      // The events' own clock starts after the problem is compiled; this one has seen everything.
      const seconds = (performance.now() - began) / 1000;
      if (last?.cost !== incumbent || last?.bound !== bound) trace.push({ seconds, cost: incumbent, bound });
    },
  });
  const spent = clock();
  const proven = result.status === 'optimal' || result.status === 'infeasible';
  const cost = result.cost?.total ?? null;
  trace.push({ seconds: spent.wallSeconds, cost, bound: result.bound });
  const verified = result.plan === null || checkPlan(instance, result.options, result.plan).ok;
  return checkedAnswer({
    status: proven ? (result.status as RunStatus) : 'limit',
    cost,
    bound: result.bound,
    nodes: result.nodes,
    simplexIterations: result.simplexIterations,
    ...spent,
    firstRootBound: result.relaxation.name === 'patterns' ? columnBound : linearBound(instance, result.options),
    rootBound: result.rootBound,
    trace,
    message: verified ? '' : 'the plan does not verify',
  });
}

/**
 * What the compact relaxation's first LP gives: it tells of its rounds only after cuts, so this is solved again, off
 * the clock.
 */
function linearBound(instance: Instance, options: PlanningOptions): number | null {
  const { problem } = reduceProblem(compileProblem(instance, options));
  const { status, objective } = solveLinearProgram(buildStrengthened(problem).program, { timeLimit: 60 });
  return status === 'optimal' ? objective : null;
}
