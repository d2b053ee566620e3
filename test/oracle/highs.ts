/**
 * HiGHS (WASM) as an independent judge of programs, with its tolerances tightened: at its defaults a plan may cost 1e-4
 * less than any feasible one.
 */
import { highsLimits, highsModel, highsStatus, loadHighs } from '../../bench/highs.ts';
import type { MixedIntegerProgram, SparseRow } from '../../src/lp/linearProgram.ts';

export interface OracleSolution {
  readonly status: 'optimal' | 'infeasible' | 'limit';
  readonly objective: number;
  /** Proven lower bound. */
  readonly bound: number;
  readonly point: Float64Array;
}

export interface OracleOptions {
  /** Drop integrality. Default false. */
  readonly relax?: boolean;
  /** Relative gap at which a search may stop. Default 0. */
  readonly gap?: number;
  /** Seconds; a run cut off has status `limit`. Default 120. */
  readonly timeLimit?: number;
  /** Further rows beside those of the program. */
  readonly rows?: readonly SparseRow[];
}

/**
 * Solves a program that is bounded below. Throws if HiGHS gives any other answer than optimal, infeasible or a limit.
 */
export async function solveWithHighs(
  program: MixedIntegerProgram,
  { relax = false, gap = 0, timeLimit = 120, rows = [] }: OracleOptions = {},
): Promise<OracleSolution> {
  if (program.numColumns === 0) return emptyProgram(program);
  const highs = await loadHighs();
  const isMixed = !relax && program.integrality.some((integer) => integer === 1);
  const model = highs.createModel(highsModel(program, !isMixed));
  try {
    for (const row of rows) {
      model.addRow(row.lower, row.upper, { indices: Array.from(row.indices), values: Array.from(row.values) });
    }
    model.options.set({
      output_flag: false,
      time_limit: timeLimit,
      mip_rel_gap: gap,
      mip_abs_gap: 1e-9,
      primal_feasibility_tolerance: 1e-9,
      dual_feasibility_tolerance: 1e-9,
      mip_feasibility_tolerance: 1e-9,
      small_matrix_value: 1e-12,
    });
    model.run();
    const code = model.getModelStatus();
    if (code === highsStatus.infeasible || code === highsStatus.infeasibleOrUnbounded) {
      return { status: 'infeasible', objective: Infinity, bound: Infinity, point: new Float64Array(0) };
    }
    if (code !== highsStatus.optimal && !highsLimits.includes(code))
      throw new Error(`HiGHS ended with model status ${code}`);
    const objective = model.getObjectiveValue();
    const bound = isMixed ? Number(model.info.get('mip_dual_bound')) : objective;
    return {
      status: code === highsStatus.optimal ? 'optimal' : 'limit',
      objective,
      bound,
      point: Float64Array.from(model.getSolution().colValue),
    };
  } finally {
    model.dispose();
  }
}

/** HiGHS has a status of its own for a program without columns; its rows hold or do not hold at 0. */
function emptyProgram({ rowLower, rowUpper, offset }: MixedIntegerProgram): OracleSolution {
  const holds = rowLower.every((lower, row) => lower <= 0 && rowUpper[row] >= 0);
  const objective = holds ? offset : Infinity;
  return { status: holds ? 'optimal' : 'infeasible', objective, bound: objective, point: new Float64Array(0) };
}
