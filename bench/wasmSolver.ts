/** HiGHS (WASM) on a planning case: one thread, its plan through the verifier. */

import { startClock } from './clock.ts';
import { highsModel, highsStatus, loadHighs } from './highs.ts';
import { type FormulationName, programOf, type SolveRequest, verifiedCost } from './planProgram.ts';
import { checkedAnswer, type RunStatus, type SolverAnswer, type TracePoint } from './runRecord.ts';

interface MipData {
  readonly objective_function_value?: number;
  readonly mip_primal_bound?: number;
  readonly mip_dual_bound?: number;
  readonly mip_node_count?: bigint;
  readonly mip_total_lp_iterations?: bigint;
}

/** The time starts after the program is built and includes handing it over. */
export async function solveWithWasm(request: SolveRequest, formulation: FormulationName): Promise<SolverAnswer> {
  const highs = await loadHighs();
  const plan = programOf(request, formulation);
  const trace: TracePoint[] = [];
  let firstRootBound: number | null = null;
  let rootBound: number | null = null;
  const clock = startClock();
  const began = performance.now();
  const model = highs.createModel(highsModel(plan.program));
  try {
    model.options.set({
      // Without output HiGHS does not call back for its log lines, and its bounds over time would be lost.
      output_flag: true,
      log_to_console: false,
      time_limit: request.timeLimit,
      mip_rel_gap: request.gap,
      mip_abs_gap: 1e-9,
      ...(request.seed === undefined ? {} : { random_seed: request.seed }),
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
      [mipImprovingSolution]: ({ data }: { data: MipData }) =>
        note(data.objective_function_value, data.mip_dual_bound) as undefined,
      [mipLogging]: ({ data }: { data: MipData }) => {
        note(data.mip_primal_bound, data.mip_dual_bound);
        if (data.mip_node_count === 0n && data.mip_total_lp_iterations !== 0n) {
          rootBound = finite(data.mip_dual_bound);
          firstRootBound ??= rootBound;
        }
        return undefined;
      },
    });
    const spent = clock();
    const code = model.getModelStatus();
    const infeasible = code === highsStatus.infeasible || code === highsStatus.infeasibleOrUnbounded;
    const hasPoint =
      !infeasible &&
      Number.isFinite(Number(model.info.get('objective_function_value'))) &&
      Number(model.info.get('primal_solution_status')) === 2;
    const checked = hasPoint ? verifiedCost(plan, model.getSolution().colValue) : { cost: null, message: '' };
    const status: RunStatus = infeasible ? 'infeasible' : code === highsStatus.optimal ? 'optimal' : 'limit';
    const bound = infeasible ? null : finite(Number(model.info.get('mip_dual_bound')));
    return checkedAnswer({
      status,
      cost: checked.cost,
      bound,
      nodes: Number(model.info.get('mip_node_count')),
      simplexIterations: Number(model.info.get('simplex_iteration_count')),
      ...spent,
      firstRootBound,
      rootBound,
      trace: [...trace, { seconds: spent.wallSeconds, cost: checked.cost, bound }],
      message: checked.message,
    });
  } finally {
    model.dispose();
  }
}

function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) && Math.abs(value) < 1e20 ? value : null;
}
