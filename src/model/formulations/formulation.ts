/**
 * A formulation: a mixed-integer program that knows what its columns mean. Its optimum is the planning problem's, its
 * integral points decode to plans, and its branching classes are lists of columns: the order of branching is
 * data.
 */
import type { MixedIntegerProgram, SparseRow } from '../../lp/linearProgram.ts';
import type { IndexedPlan } from '../compiled/indexedPlan.ts';
import type { PlanningProblem } from '../compiled/planningProblem.ts';
import type { Expression, UncertainSum } from './robustCounterpart.ts';

/** Integer columns by branching class; a class may be empty. Columns in ascending order. */
export interface BranchingColumns {
  /** w: one TP degree of a (model, tier) is chosen. */
  readonly w: Int32Array;
  /** z: a query type is placed. */
  readonly z: Int32Array;
  /** y: GPUs or replicas; empty where w decides them. */
  readonly y: Int32Array;
}

export interface Formulation {
  readonly name: string;
  readonly program: MixedIntegerProgram;
  readonly classes: BranchingColumns;
  /**
   * The plan of an integral point: integers rounded, fractions clipped to [0, 1]. Deployments by index of the compiled
   * problem.
   */
  decode(point: ArrayLike<number>): IndexedPlan;
  /** A point of the program with this plan, its auxiliary columns at their best; feasible whenever the plan is. */
  encode(plan: IndexedPlan): Float64Array;
}

/** Columns of the strengthened formulation by index of the compiled problem; -1 where there is none. */
export interface StrengthenedColumns {
  /** (d): whether the deployment is rented. */
  readonly w: Int32Array;
  /** (d): its replicas; the same column as w where there can be only one. */
  readonly m: Int32Array;
  /** (i, d): fraction of the query type served there. */
  readonly v: Int32Array;
  /** (i, d): whether the query type is placed there; -1 also under split placement where no cost or limit asks. */
  readonly z: Int32Array;
}

export interface StrengthenedFormulation extends Formulation {
  readonly problem: PlanningProblem;
  readonly columns: StrengthenedColumns;
  /** The uncertain sums whose worst cases are auxiliary columns, with those columns. */
  readonly protectedSums: readonly { readonly sum: UncertainSum; readonly worstCase: Expression }[];
  /**
   * Where worst cases are written by scenarios: rows of the worst ones that the point violates by more than `tolerance`
   * (relative to the size of the protected sum), to be added to the program, whose optimum is right once none is left.
   * Always empty elsewhere.
   */
  separateScenarios(point: ArrayLike<number>, tolerance?: number): SparseRow[];
}
