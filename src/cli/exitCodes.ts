/** What the exit code of every command says; printed by `rolla --help`. */

export const exitCodes = {
  /** Done; a solve: proven or within the gap; a verification: the plan holds. */
  ok: 0,
  /** A fault of ours. */
  internalError: 1,
  badInput: 2,
  /** A solve: infeasible; a verification: the plan violates something. */
  infeasible: 3,
  limitWithoutPlan: 4,
  limitWithPlan: 5,
  /** `lp`: no answer within tolerances. */
  numericalTrouble: 6,
  /** `check`: the proof does not show what it claims. */
  wrongProof: 7,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
