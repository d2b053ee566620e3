/**
 * Optima of formulations by HiGHS, and their comparison within the tolerance that HiGHS's own feasibility tolerances
 * leave.
 */
import type { SparseRow } from '../../src/lp/linearProgram.ts';
import type { Formulation, StrengthenedFormulation } from '../../src/model/formulations/formulation.ts';
import { type OracleSolution, solveWithHighs } from './highs.ts';

/** Relative difference at which two optima from HiGHS count as the same. */
export const optimumTolerance = 1e-6;

/** Infinity for an infeasible program. */
export async function optimumOf(formulation: Pick<Formulation, 'program'>, relax = false): Promise<number> {
  const { status, objective } = await solveWithHighs(formulation.program, { relax });
  if (status === 'limit') throw new Error('HiGHS ran into its limit');
  return objective;
}

/** Solves an adversarial formulation: scenario rows are added until none is violated. */
export async function solveAdversarially(
  formulation: StrengthenedFormulation,
  relax = false,
): Promise<OracleSolution & { readonly scenarioRows: number }> {
  const rows: SparseRow[] = [];
  for (;;) {
    const solution = await solveWithHighs(formulation.program, { relax, rows });
    if (solution.status !== 'optimal') return { ...solution, scenarioRows: rows.length };
    const violated = formulation.separateScenarios(solution.point, 1e-8);
    if (violated.length === 0) return { ...solution, scenarioRows: rows.length };
    rows.push(...violated);
  }
}

/** Relative difference; 0 if both are infinite, Infinity if one is. */
export function relativeDifference(first: number, second: number): number {
  if (first === second) return 0;
  return Math.abs(first - second) / Math.max(1, Math.abs(first), Math.abs(second));
}

/** Whether `value` is at least `floor` up to the tolerance; Infinity is at least everything. */
export function isAtLeast(value: number, floor: number): boolean {
  return value >= floor || relativeDifference(value, floor) < optimumTolerance;
}
