/**
 * Trials of a solved node's children: a few rounds each in the master that the node hands down. The node itself may
 * have been solved elsewhere, and what it added to its own master beside has no part in them.
 */
import type { Basis } from '../../lp/simplexTypes.ts';
import type { NodeRestrictions } from '../master/patternDecision.ts';
import type { PatternPool } from './patternPool.ts';
import { generateFromPool } from './pooledColumns.ts';
import { type PooledNode, PoolMaster } from './poolMaster.ts';

export interface TrialLimits {
  readonly cutoff: number;
  /** What is known already. */
  readonly bound: number;
  readonly shouldStop: () => boolean;
}

export class PoolTrials {
  readonly #node: PooledNode;
  readonly #pooled: PoolMaster;
  /** The one that solved the node. */
  readonly #basis: Basis;

  /** `restrictions` are the node's. */
  constructor(pool: PatternPool, restrictions: NodeRestrictions, node: PooledNode) {
    this.#node = node;
    this.#pooled = new PoolMaster(pool, restrictions, node.columns, node);
    this.#basis = this.#pooled.master.solver.saveBasis();
  }

  /** What a few rounds of a child prove. */
  run(
    restrictions: NodeRestrictions,
    limits: TrialLimits,
  ): { readonly bound: number; readonly simplexIterations: number } {
    const { pool, master } = this.#pooled;
    const { solver } = master;
    const iterationsBefore = solver.iterations;
    const cutoff = Math.min(limits.cutoff, pool.cutoff);
    const list = pool.allowed(this.#node.columns, restrictions, cutoff);
    master.restrict(restrictions);
    solver.loadBasis(this.#basis);
    const steps = generateFromPool(this.#pooled, list, restrictions, {
      ...limits,
      cutoff,
      rounds: pool.table.parameters.pool.trialRounds,
    });
    for (;;) {
      const step = steps.next();
      if (!step.done) continue;
      const { status, bound } = step.value;
      // The pool knows nothing beyond its cutoff.
      const isSettled = status === 'infeasible' || status === 'cutoff';
      return { bound: isSettled ? cutoff : bound, simplexIterations: solver.iterations - iterationsBefore };
    }
  }
}
