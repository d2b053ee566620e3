/** HiGHS (WASM) as an independent judge of linear and small mixed-integer programs. */
import type { EncodedModel, Highs, ModelData } from 'highs';
import { highsModel, highsStatus, loadHighs } from '../../bench/highs.ts';
import type { MixedIntegerProgram } from '../../src/lp/linearProgram.ts';

export interface OracleAnswer {
  readonly status: 'optimal' | 'infeasible' | 'unbounded' | 'infeasible-or-unbounded' | 'other';
  readonly objective: number;
}

export interface HighsOracle {
  /** Solves the program as arrays. Integrality is dropped where `relax` is true. */
  solve(program: MixedIntegerProgram, options?: { relax?: boolean; presolve?: 'on' | 'off' }): OracleAnswer;
  /** Solves the program as HiGHS itself reads the text. */
  solveText(format: 'lp' | 'mps', text: string): OracleAnswer;
  readonly runtime: Highs;
}

const statusOf: Readonly<Record<number, OracleAnswer['status']>> = {
  [highsStatus.optimal]: 'optimal',
  [highsStatus.infeasible]: 'infeasible',
  [highsStatus.infeasibleOrUnbounded]: 'infeasible-or-unbounded',
  [highsStatus.unbounded]: 'unbounded',
};

/**
 * How far an answer is from the expected one, relative to the larger of 1 and its size: 0 where both say that there is
 * no optimum (HiGHS may leave open whether infeasible or unbounded), Infinity where only one does.
 */
export function deviation(
  answer: { status: string; objective: number },
  expected: OracleAnswer | number | 'infeasible',
): number {
  const optimum =
    typeof expected === 'object' ? (expected.status === 'optimal' ? expected.objective : 'infeasible') : expected;
  if (optimum === 'infeasible') {
    const openQuestion = typeof expected === 'object' && /^(unbounded|infeasible-or-unbounded)$/.test(answer.status);
    return answer.status === 'infeasible' || openQuestion ? 0 : Infinity;
  }
  if (answer.status !== 'optimal') return Infinity;
  return Math.abs(answer.objective - optimum) / Math.max(1, Math.abs(optimum));
}

export async function loadHighsOracle(): Promise<HighsOracle> {
  const runtime = await loadHighs();
  const solve = (source: ModelData | EncodedModel, presolve: 'on' | 'off' = 'on'): OracleAnswer => {
    const model = runtime.createModel(source);
    try {
      model.options.set({
        output_flag: false,
        presolve,
        mip_rel_gap: 0,
        mip_abs_gap: 1e-9,
        // At the default of 1e-7 HiGHS calls programs with wide coefficients optimal that are unbounded.
        primal_feasibility_tolerance: 1e-9,
        dual_feasibility_tolerance: 1e-9,
      });
      try {
        model.run();
      } catch {
        // HiGHS itself gives up on a few programs.
        return { status: 'other', objective: Number.NaN };
      }
      return { status: statusOf[model.getModelStatus()] ?? 'other', objective: model.getObjectiveValue() };
    } finally {
      model.dispose();
    }
  };
  return {
    runtime,
    solve: (program, { relax = false, presolve = 'on' } = {}) => solve(highsModel(program, relax), presolve),
    solveText: (format, text) =>
      solve(format === 'lp' ? { format, data: text } : { format, data: new TextEncoder().encode(text) }),
  };
}
