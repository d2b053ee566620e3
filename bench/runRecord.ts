/** What one run of one solver on one case gave: plain data, the unit of every table. */

/** `optimal` and `infeasible` as the solver claims; `failed`: an error, or a plan that the verifier refuses. */
export type RunStatus = 'optimal' | 'infeasible' | 'limit' | 'failed';

/** One change of what a solver knew. */
export interface TracePoint {
  readonly seconds: number;
  readonly cost: number | null;
  readonly bound: number | null;
}

export interface RunRecord {
  readonly suite: string;
  readonly case: string;
  readonly size: number;
  readonly solver: string;
  readonly repeat: number;
  /** Seconds that the run was allowed. */
  readonly timeLimit: number;
  readonly status: RunStatus;
  /** Cost of the plan by the verifier; null without a plan that verifies. */
  readonly cost: number | null;
  readonly bound: number | null;
  readonly nodes: number | null;
  readonly simplexIterations: number | null;
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  /** Peak resident memory of the solver's process so far; null where it could not be read. */
  readonly peakMegabytes: number | null;
  /**
   * Bound of the root before any cut: of its first LP, or of the first columns that give one. Null where the solver
   * does not tell.
   */
  readonly firstRootBound: number | null;
  /** Bound of the root after its last round of cuts or columns. */
  readonly rootBound: number | null;
  readonly trace: readonly TracePoint[];
  /** Why it failed; empty otherwise. */
  readonly message: string;
}

/** What a solver's process sends back for a case. */
export type SolverAnswer = Omit<RunRecord, 'suite' | 'case' | 'size' | 'solver' | 'repeat' | 'timeLimit'>;

/** The answer of a run that ended in an error or not at all. */
export function failedAnswer(message: string, seconds: number, peakMegabytes: number | null = null): SolverAnswer {
  return {
    status: 'failed',
    cost: null,
    bound: null,
    nodes: null,
    simplexIterations: null,
    wallSeconds: seconds,
    cpuSeconds: seconds,
    peakMegabytes,
    firstRootBound: null,
    rootBound: null,
    trace: [],
    message,
  };
}

/**
 * The solver's claim after the verifier's word: a refused plan is a failure, and the costs that the solver told on the
 * way do not count.
 */
export function checkedAnswer(answer: SolverAnswer): SolverAnswer {
  if (answer.message === '') return answer;
  return { ...answer, status: 'failed', cost: null, trace: answer.trace.map((point) => ({ ...point, cost: null })) };
}
