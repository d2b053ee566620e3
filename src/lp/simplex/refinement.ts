/**
 * Iterative refinement (Wilkinson 1963) of what a basis gives: the residual of B x_B = -N x_N, or of B'y = c_B, is
 * summed with twice the digits and solved for once more. It makes good what the factors lost; rounding of the result
 * itself stays.
 */
import type { SimplexCore } from './simplexCore.ts';

/** Corrections in a row; where two do not help, the factors are too far from the basis for a third. */
const corrections = 2;

/** 2^27 + 1 cuts a double into two halves whose products are exact (Veltkamp, Dekker 1971). */
const splitter = 134_217_729;

/** Sums of products, each with the error of its roundings beside it. */
class CompensatedSums {
  readonly #sum: Float64Array;
  readonly #error: Float64Array;

  constructor(size: number) {
    this.#sum = new Float64Array(size);
    this.#error = new Float64Array(size);
  }

  addProduct(place: number, a: number, b: number): void {
    const product = a * b;
    const aHigh = highHalf(a);
    const bHigh = highHalf(b);
    const aLow = a - aHigh;
    const bLow = b - bHigh;
    const lost = aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
    const before = this.#sum[place];
    const after = before + product;
    const part = after - before;
    this.#sum[place] = after;
    this.#error[place] += before - (after - part) + (product - part) + lost;
  }

  at(place: number): number {
    return this.#sum[place] + this.#error[place];
  }
}

function highHalf(a: number): number {
  const shifted = splitter * a;
  return shifted - (shifted - a);
}

/** Brings core.basicValue closer to the solution of B x_B = -N x_N. */
export function refineBasicValues(core: SimplexCore): void {
  const { program, position, value, basicValue, columnVector, numRows, numColumns, total } = core;
  const { begin, end, indices, values } = program.matrix.byColumn;
  for (let correction = 0; correction < corrections; correction++) {
    const residual = new CompensatedSums(numRows);
    for (let v = 0; v < total; v++) {
      const x = position[v] >= 0 ? basicValue[position[v]] : value[v];
      if (x === 0) continue;
      if (v >= numColumns) residual.addProduct(v - numColumns, -1, x);
      else for (let e = begin[v]; e < end[v]; e++) residual.addProduct(indices[e], -values[e], x);
    }
    columnVector.clear();
    for (let i = 0; i < numRows; i++) columnVector.array[i] = residual.at(i);
    columnVector.relist(numRows, 0);
    core.factorization.ftran(columnVector, 1, false);
    for (let i = 0; i < numRows; i++) basicValue[i] += columnVector.array[i];
    columnVector.clear();
  }
}

/** Brings y closer to the solution of B'y = c_B for the program's own costs. */
export function refineMultipliers(core: SimplexCore, y: Float64Array): void {
  const { program, basis, rowVector, numRows, numColumns } = core;
  const { begin, end, indices, values } = program.matrix.byColumn;
  for (let correction = 0; correction < corrections; correction++) {
    const residual = new CompensatedSums(numRows);
    for (let i = 0; i < numRows; i++) {
      const v = basis[i];
      residual.addProduct(i, program.cost[v], 1);
      if (v >= numColumns) residual.addProduct(i, -1, y[v - numColumns]);
      else for (let e = begin[v]; e < end[v]; e++) residual.addProduct(i, -values[e], y[indices[e]]);
    }
    rowVector.clear();
    for (let i = 0; i < numRows; i++) rowVector.array[i] = residual.at(i);
    rowVector.relist(numRows, 0);
    core.factorization.btran(rowVector, 1, false);
    for (let i = 0; i < numRows; i++) y[i] += rowVector.array[i];
    rowVector.clear();
  }
}
