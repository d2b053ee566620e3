/** The solvers that the bench compares, by name; each takes an instance with options and gives an answer that the verifier has seen. */
import highsModule, { type Highs } from 'highs';
import type { StrategyInput } from '../src/bnb/strategy.ts';
import { optimize } from '../src/model/optimize.ts';
import type { RelaxationChoice } from '../src/model/solveOptions.ts';
import { verifyPlan } from '../src/model/verifier.ts';
import { solveWithCommand } from './commandSolvers.ts';
import { type FormulationName, programOf, type SolveRequest, verifiedCost } from './planProgram.ts';
import type { RunStatus, SolverAnswer, TracePoint } from './runRecord.ts';

export type BenchSolver = (request: SolveRequest) => Promise<SolverAnswer>;

/**
 * Solvers by name: `rolla`, `rolla:compact`, `rolla:patterns`, `rolla/<strategy>`; `highs-wasm:<formulation>`; and
 * `highs:<formulation>`, `cbc:...`, `scip:...`, `glpsol:...` for programs on the PATH. Throws RangeError on other names.
 */
export function solverNamed(name: string): BenchSolver {
  const [family, formulation] = name.split(':') as [string, string | undefined];
  const [base, strategy] = family.split('/') as [string, string | undefined];
  if (base === 'rolla') {
    return (request) => solveWithRolla(request, (formulation as RelaxationChoice) ?? 'auto', strategy as StrategyInput);
  }
  if (formulation !== 'published' && formulation !== 'strengthened') {
    throw new RangeError(`solver ${name}: expected rolla, or a program with :published or :strengthened`);
  }
  if (family === 'highs-wasm') return (request) => solveWithWasm(request, formulation);
  return (request) => solveWithCommand(family, request, programOf(request, formulation));
}

async function solveWithRolla(
  { instance, options, gap, timeLimit }: SolveRequest,
  relaxation: RelaxationChoice,
  strategy: StrategyInput | undefined,
): Promise<SolverAnswer> {
  const trace: TracePoint[] = [];
  const clock = startClock();
  const result = optimize(instance, {
    ...options,
    gap,
    timeLimit,
    relaxation,
    ...(strategy === undefined ? {} : { strategy }),
    onProgress: ({ seconds, incumbent, bound }) => {
      const last = trace.at(-1);
      if (last?.cost !== incumbent || last?.bound !== bound) trace.push({ seconds, cost: incumbent, bound });
    },
  });
  const spent = clock();
  const proven = result.status === 'optimal' || result.status === 'infeasible';
  const verified = result.plan !== null && verifyPlan(instance, result.options, result.plan).ok;
  const failed = result.plan !== null && !verified;
  const status: RunStatus = failed ? 'failed' : proven ? (result.status as RunStatus) : 'limit';
  trace.push({ seconds: result.seconds, cost: result.cost?.total ?? null, bound: result.bound });
  return {
    status,
    cost: verified ? result.cost!.total : null,
    bound: result.bound,
    nodes: result.nodes,
    simplexIterations: result.simplexIterations,
    ...spent,
    rootBound: result.rootBound,
    trace,
    message: failed ? 'the plan does not verify' : '',
  };
}

/** The package's types describe its CommonJS face; imported as a module the default export is the loader itself. */
const loadHighs = highsModule as unknown as () => Promise<Highs>;
let runtime: Promise<Highs> | undefined;
const highsStatus = { optimal: 7, infeasible: 8, infeasibleOrUnbounded: 9 } as const;

/** HiGHS compiled to WebAssembly, one thread. The time includes handing over the program, as ours includes building it. */
async function solveWithWasm(request: SolveRequest, formulation: FormulationName): Promise<SolverAnswer> {
  runtime ??= loadHighs();
  const highs = await runtime;
  const plan = programOf(request, formulation);
  const { program } = plan;
  const trace: TracePoint[] = [];
  const clock = startClock();
  const began = performance.now();
  const model = highs.createModel({
    numCols: program.numColumns,
    numRows: program.numRows,
    offset: program.offset,
    colCost: program.cost,
    colLower: program.columnLower,
    colUpper: program.columnUpper,
    rowLower: program.rowLower,
    rowUpper: program.rowUpper,
    matrix: {
      format: 'csc',
      numRows: program.numRows,
      numCols: program.numColumns,
      starts: program.columnStarts,
      indices: program.rowIndices,
      values: program.values,
    },
    integrality: Int32Array.from(program.integrality),
  });
  try {
    model.options.set({
      output_flag: false,
      time_limit: request.timeLimit,
      mip_rel_gap: request.gap,
      mip_abs_gap: 1e-9,
      // At its defaults (1e-6) HiGHS returns plans that break limits by more than the verifier allows.
      primal_feasibility_tolerance: 1e-9,
      mip_feasibility_tolerance: 1e-9,
    });
    const { mipImprovingSolution, mipLogging } = highs.constants.callbackType;
    const note = (cost: number | undefined, bound: number | undefined) => {
      const seconds = (performance.now() - began) / 1000;
      trace.push({ seconds, cost: finite(cost), bound: finite(bound) });
    };
    model.run({
      [mipImprovingSolution]: ({ data }: { data: { objective_function_value?: number; mip_dual_bound?: number } }) =>
        note(data.objective_function_value, data.mip_dual_bound) as undefined,
      [mipLogging]: ({ data }: { data: { mip_primal_bound?: number; mip_dual_bound?: number } }) =>
        note(data.mip_primal_bound, data.mip_dual_bound) as undefined,
    });
    const spent = clock();
    const code = model.getModelStatus();
    const infeasible = code === highsStatus.infeasible || code === highsStatus.infeasibleOrUnbounded;
    const hasPoint =
      !infeasible &&
      Number.isFinite(Number(model.info.get('objective_function_value'))) &&
      Number(model.info.get('primal_solution_status')) === 2;
    const checked = hasPoint ? verifiedCost(plan, model.getSolution().colValue) : { cost: null, message: '' };
    const claimed: RunStatus = infeasible ? 'infeasible' : code === highsStatus.optimal ? 'optimal' : 'limit';
    const bound = infeasible ? null : finite(Number(model.info.get('mip_dual_bound')));
    return {
      status: checked.message !== '' ? 'failed' : claimed,
      cost: checked.cost,
      bound,
      nodes: Number(model.info.get('mip_node_count')),
      simplexIterations: Number(model.info.get('simplex_iteration_count')),
      ...spent,
      rootBound: trace.find((point) => point.bound !== null)?.bound ?? null,
      trace: [...trace, { seconds: spent.wallSeconds, cost: checked.cost, bound }],
      message: checked.message,
    };
  } finally {
    model.dispose();
  }
}

function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) && Math.abs(value) < 1e20 ? value : null;
}

/** Starts wall and CPU clocks; calling what it returns reads them. */
export function startClock(): () => Pick<SolverAnswer, 'wallSeconds' | 'cpuSeconds' | 'peakMegabytes'> {
  const wall = performance.now();
  const cpu = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(cpu);
    return {
      wallSeconds: (performance.now() - wall) / 1000,
      cpuSeconds: (user + system) / 1e6,
      peakMegabytes: process.resourceUsage().maxRSS / 1024,
    };
  };
}
