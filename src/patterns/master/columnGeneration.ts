/**
 * Column generation at one node, whoever prices:
 *
 *   solve the restricted master; turn to another phase where the present one has done its work; price the columns that
 *   are not in it at its duals; take the Lagrangian bound, valid at whatever duals; stop where it is enough; add the
 *   columns that improve, until none does.
 *
 * Columns come by searches that may be cut short (pricedColumns.ts) or from a pool, exactly (pool/pooledColumns.ts).
 * Phases: *rough* and *exact* are how far searches go; in the *first phase* only artificial columns cost, and its bound
 * decides whether there is a plan.
 */
import type { Steps } from '../../lp/steps.ts';
import type { RestrictedMaster } from './restrictedMaster.ts';

export interface GenerationLimits {
  /** Relative distance of master and bound that counts as met. Default: `convergenceTolerance`. */
  readonly tolerance?: number;
  /** The same as a share of what the master lies below the cutoff by, where it does. Default 0. */
  readonly cutoffShare?: number;
  /** Stop once the bound reaches this. */
  readonly cutoff: number;
  /** What is known already. Default -Infinity. */
  readonly bound?: number;
  /** Default: the parameters' limit. */
  readonly rounds?: number;
  readonly shouldStop: () => boolean;
  readonly onRound?: (round: number, bound: number, columns: number) => void;
}

export type GenerationStatus = 'converged' | 'cutoff' | 'infeasible' | 'limit' | 'numerical-trouble';

export interface GenerationEnd {
  readonly status: GenerationStatus;
  readonly bound: number;
  readonly rounds: number;
}

/** Where columns come from, and how that is steered. Its questions are asked in this order in every round. */
export interface ColumnSource {
  /**
   * Turns to another phase where the master, just solved, calls for it; then it is solved again before anything is
   * priced.
   */
  turnsPhase(): boolean;
  /**
   * Prices all columns at the duals; returns the Lagrangian bound there, -Infinity where it was stopped. `bound` is the
   * best so far.
   */
  price(bound: number): number;
  /** Notes the outcome of the pricing; `bound` is the best now. */
  note(bound: number): void;
  /** Adds what improves. Says how generation ends, `solve` where another phase began, `go on` otherwise. */
  proceed(bound: number): GenerationStatus | 'solve' | 'go on';
}

/** Yields after every round, where the work may pause. */
export function* runGeneration(
  master: RestrictedMaster,
  source: ColumnSource,
  limits: GenerationLimits & { readonly rounds: number },
): Steps<GenerationEnd> {
  const { infeasibilityTolerance } = master.table.parameters.generation;
  let bound = limits.bound ?? -Infinity;
  const ended = (status: GenerationStatus, rounds: number): GenerationEnd => ({ status, bound, rounds });
  master.setPhase(2);
  for (let round = 1; round <= limits.rounds; round++) {
    if (master.solve() !== 'optimal') return ended('numerical-trouble', round);
    if (source.turnsPhase()) continue;
    const value = source.price(bound);
    if (value === -Infinity) return ended('limit', round);
    if (master.phase === 1 && value > infeasibilityTolerance) {
      bound = Infinity;
      return ended('infeasible', round);
    }
    if (master.phase === 2 && value > bound) bound = value;
    source.note(bound);
    limits.onRound?.(round, bound, master.patterns.length);
    if (bound >= limits.cutoff) return ended('cutoff', round);
    const next = source.proceed(bound);
    if (next === 'solve') continue;
    if (next !== 'go on') return ended(next, round);
    if (limits.shouldStop()) return ended('limit', round);
    yield;
  }
  return ended('limit', limits.rounds);
}

/** Columns that one round may add. */
export function columnsPerRound({ table: { problem, parameters } }: RestrictedMaster): number {
  const { columnsPerRound: least, columnsPerRoundAndQueryType } = parameters.generation;
  return least + columnsPerRoundAndQueryType * problem.numQueryTypes;
}
