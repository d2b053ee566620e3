/**
 * Independent checks of what a linear solver claims, in the units of the program and from its data alone: a feasible
 * point with a dual bound of the same value, a Farkas ray, a direction of unboundedness.
 */
import type { LinearProgram } from '../../src/lp/linearProgram.ts';
import type { LinearSolver } from '../../src/lp/simplexTypes.ts';

/** Tolerance of feasibility and of entries that must vanish, relative to the terms that were summed. */
const tolerance = 1e-6;

function rowActivities(program: LinearProgram, x: ArrayLike<number>): { sum: Float64Array; size: Float64Array } {
  const sum = new Float64Array(program.numRows);
  const size = new Float64Array(program.numRows).fill(1);
  for (let j = 0; j < program.numColumns; j++)
    for (let e = program.columnStarts[j]; e < program.columnStarts[j + 1]; e++) {
      const i = program.rowIndices[e];
      const term = program.values[e] * x[j];
      sum[i] += term;
      size[i] = Math.max(size[i], Math.abs(term));
    }
  return { sum, size };
}

function columnProducts(program: LinearProgram, y: ArrayLike<number>): { sum: Float64Array; size: Float64Array } {
  const sum = new Float64Array(program.numColumns);
  const size = new Float64Array(program.numColumns);
  for (let j = 0; j < program.numColumns; j++)
    for (let e = program.columnStarts[j]; e < program.columnStarts[j + 1]; e++) {
      const term = program.values[e] * y[program.rowIndices[e]];
      sum[j] += term;
      size[j] = Math.max(size[j], Math.abs(term));
    }
  return { sum, size };
}

/** What is wrong with the claim that the solver's point is optimal; empty if nothing. */
export function flawsOfOptimum(program: LinearProgram, solver: LinearSolver): string[] {
  const flaws: string[] = [];
  const x = solver.primal;
  let objective = program.offset;
  let costSize = 1;
  for (let j = 0; j < program.numColumns; j++) {
    objective += program.cost[j] * x[j];
    costSize = Math.max(costSize, Math.abs(program.cost[j] * x[j]));
    const allowed = tolerance * (1 + Math.abs(x[j]));
    if (x[j] < program.columnLower[j] - allowed || x[j] > program.columnUpper[j] + allowed)
      flaws.push(`column ${j} at ${x[j]} outside [${program.columnLower[j]}, ${program.columnUpper[j]}]`);
  }
  const { sum, size } = rowActivities(program, x);
  for (let i = 0; i < program.numRows; i++) {
    const allowed = tolerance * size[i];
    if (sum[i] < program.rowLower[i] - allowed || sum[i] > program.rowUpper[i] + allowed)
      flaws.push(`row ${i} at ${sum[i]} outside [${program.rowLower[i]}, ${program.rowUpper[i]}]`);
  }
  const products = columnProducts(program, solver.duals);
  let bound = program.offset;
  const add = (d: number, noise: number, lower: number, upper: number, what: string): void => {
    const at = d > 0 ? lower : upper;
    if (d !== 0 && Number.isFinite(at)) bound += d * at;
    else if (Math.abs(d) > noise) flaws.push(`${what} has reduced cost ${d} against an infinite bound`);
  };
  for (let j = 0; j < program.numColumns; j++) {
    const noise = tolerance * (1 + Math.max(products.size[j], Math.abs(program.cost[j])));
    add(program.cost[j] - products.sum[j], noise, program.columnLower[j], program.columnUpper[j], `column ${j}`);
  }
  for (let i = 0; i < program.numRows; i++)
    add(solver.duals[i], tolerance, program.rowLower[i], program.rowUpper[i], `row ${i}`);
  const gap = tolerance * (Math.abs(objective) + costSize);
  if (Math.abs(bound - objective) > gap) flaws.push(`objective ${objective} but dual bound ${bound}`);
  if (Math.abs(solver.objective - objective) > gap)
    flaws.push(`objective said to be ${solver.objective}, is ${objective}`);
  return flaws;
}

/** Whether y'A x over the column bounds stays below y'r over the row bounds. */
export function provesInfeasible(program: LinearProgram, y: ArrayLike<number>): boolean {
  const { sum, size } = columnProducts(program, y);
  let largest = 0;
  for (let j = 0; j < program.numColumns; j++) {
    const z = sum[j];
    const at = z > 0 ? program.columnUpper[j] : program.columnLower[j];
    if (z !== 0 && Number.isFinite(at)) largest += z * at;
    else if (Math.abs(z) > 1e-9 * size[j]) return false;
  }
  let smallest = 0;
  for (let i = 0; i < program.numRows; i++) {
    if (y[i] === 0) continue;
    smallest += y[i] * (y[i] > 0 ? program.rowLower[i] : program.rowUpper[i]);
  }
  return largest < smallest;
}

/** Whether the direction improves the cost for ever without ever meeting a bound. */
export function provesUnbounded(program: LinearProgram, direction: ArrayLike<number>): boolean {
  const { sum, size } = rowActivities(program, direction);
  let slope = 0;
  for (let j = 0; j < program.numColumns; j++) {
    const d = direction[j];
    slope += program.cost[j] * d;
    if (d > 0 ? program.columnUpper[j] < Infinity : d < 0 && program.columnLower[j] > -Infinity) return false;
  }
  for (let i = 0; i < program.numRows; i++) {
    if (Math.abs(sum[i]) <= 1e-9 * size[i]) continue;
    if (sum[i] > 0 ? program.rowUpper[i] < Infinity : program.rowLower[i] > -Infinity) return false;
  }
  return slope < 0;
}

/** Whether the solver's status comes with a certificate that holds, whatever other solvers say. */
export function isCertified(program: LinearProgram, solver: LinearSolver): boolean {
  switch (solver.status) {
    case 'optimal':
      return flawsOfOptimum(program, solver).length === 0;
    case 'infeasible':
      return provesInfeasible(program, solver.farkasRay!);
    case 'unbounded':
      return provesUnbounded(program, solver.unboundedRay!);
    default:
      return false;
  }
}
