/** What one run of one solver on one case gave: plain data, the unit of every table. */

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
  /** `optimal` and `infeasible` as the solver claims; `failed`: an error, or a plan that the verifier refuses. */
  readonly status: RunStatus;
  /** Cost of the plan by the verifier; null without a plan that verifies. */
  readonly cost: number | null;
  readonly bound: number | null;
  readonly nodes: number | null;
  readonly simplexIterations: number | null;
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  /** Peak resident memory of the solver's process so far. */
  readonly peakMegabytes: number;
  /** Bound of the root: of the first LP or first columns, and after its rounds. Null where the solver does not tell. */
  readonly rootBound: number | null;
  readonly trace: readonly TracePoint[];
  /** Why it failed; empty otherwise. */
  readonly message: string;
}

/** What a solver's process sends back for a case. */
export type SolverAnswer = Omit<RunRecord, 'suite' | 'case' | 'size' | 'solver' | 'repeat'>;
