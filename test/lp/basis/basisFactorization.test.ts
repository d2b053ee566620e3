/**
 * Both factorisations against the basis itself: residuals of forward and backward solves, fresh and after updates, and
 * repair of singular bases.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BasisFactorization } from '../../../src/lp/basis/basisFactorization.ts';
import { DenseFactorization } from '../../../src/lp/basis/denseFactorization.ts';
import { SparseLu } from '../../../src/lp/basis/sparseLu.ts';
import { SparseMatrix } from '../../../src/lp/basis/sparseMatrix.ts';
import { WorkVector } from '../../../src/lp/basis/workVector.ts';
import { computeScaling } from '../../../src/lp/simplex/scaling.ts';
import { drawFrom, randomLinearProgram } from '../randomLinearPrograms.ts';

/** Columns of [A I] as plain arrays. */
function denseColumn(matrix: SparseMatrix, variable: number): Float64Array {
  const column = new Float64Array(matrix.numRows);
  if (variable >= matrix.numColumns) column[variable - matrix.numColumns] = 1;
  else matrix.addColumnTo(variable, 1, column);
  return column;
}

function setVector(v: WorkVector, values: Float64Array): void {
  v.clear();
  for (let i = 0; i < values.length; i++) {
    if (values[i] === 0) continue;
    v.array[i] = values[i];
    v.index[v.count++] = i;
  }
}

/**
 * Largest residual of B x = b and B'y = b for a right-hand side with few or many non-zeros, relative to the solution.
 */
function residual(
  factorization: BasisFactorization,
  matrix: SparseMatrix,
  basis: Int32Array,
  right: Float64Array,
): number {
  const size = matrix.numRows;
  const v = new WorkVector(size);
  const columns = Array.from(basis, (variable) => denseColumn(matrix, variable));
  const density = right.filter((value) => value !== 0).length / size;
  setVector(v, right);
  factorization.ftran(v, density, false);
  let worst = 0;
  let scale = 1;
  for (let i = 0; i < size; i++) {
    let sum = -right[i];
    for (let t = 0; t < size; t++) {
      sum += columns[t][i] * v.array[t];
      scale = Math.max(scale, Math.abs(columns[t][i] * v.array[t]));
    }
    worst = Math.max(worst, Math.abs(sum));
  }
  worst = Math.max(worst, differenceForWanted(factorization, v, right, density));
  setVector(v, right);
  factorization.btran(v, density, false);
  for (let t = 0; t < size; t++) {
    let sum = -right[t];
    for (let i = 0; i < size; i++) {
      sum += columns[t][i] * v.array[i];
      scale = Math.max(scale, Math.abs(columns[t][i] * v.array[i]));
    }
    worst = Math.max(worst, Math.abs(sum));
  }
  return worst / scale;
}

/**
 * Largest difference of `ftranFor` from the whole solution x at the places it was asked for, every third; Infinity if
 * clearing leaves a value.
 */
function differenceForWanted(
  factorization: BasisFactorization,
  x: WorkVector,
  right: Float64Array,
  density: number,
): number {
  const size = right.length;
  const wanted = new WorkVector(size);
  for (let i = 0; i < size; i += 3) wanted.index[wanted.count++] = i;
  const v = new WorkVector(size);
  setVector(v, right);
  factorization.ftranFor(v, density, wanted);
  let worst = 0;
  for (let i = 0; i < size; i += 3) worst = Math.max(worst, Math.abs(v.array[i] - x.array[i]));
  v.clear();
  return v.array.some((value) => value !== 0) ? Infinity : worst;
}

const seeds = fc.integer({ min: 1, max: 2 ** 31 - 1 });

describe.each([
  { name: 'sparse', create: (): BasisFactorization => new SparseLu(), runs: 250 },
  { name: 'dense', create: (): BasisFactorization => new DenseFactorization(), runs: 60 },
])('the $name factorisation', ({ create, runs }) => {
  it('solves with the basis it stands for, through repair and updates', () => {
    let updates = 0;
    let repairs = 0;
    let worst = 0;
    fc.assert(
      fc.property(seeds, (seed) => {
        const draw = drawFrom(seed);
        const shape = { rows: [5, 40], columns: [20, 60], wide: false } as const;
        const { numRows, numColumns, columnStarts, rowIndices, values } = randomLinearProgram(seed, shape);
        const matrix = new SparseMatrix(numRows, numColumns, columnStarts, rowIndices, values);
        const variables = Array.from({ length: numRows + numColumns }, (_, v) => v);
        for (let t = 0; t < numRows; t++) {
          const other = draw.integer(t, variables.length - 1);
          [variables[t], variables[other]] = [variables[other], variables[t]];
        }
        const basis = Int32Array.from(variables.slice(0, numRows));
        const factorization = create();
        repairs += factorization.factor(matrix, basis);
        const right = (): Float64Array => {
          const share = draw.fraction() < 0.5 ? 1.5 / numRows : 0.6;
          return Float64Array.from({ length: numRows }, () => (draw.fraction() < share ? draw.integer(-9, 9) : 0));
        };
        worst = Math.max(worst, residual(factorization, matrix, basis, right()));
        const column = new WorkVector(numRows);
        const row = new WorkVector(numRows);
        for (let step = 0; step < 15; step++) {
          const entering = draw.integer(0, numRows + numColumns - 1);
          if (basis.includes(entering)) continue;
          setVector(column, denseColumn(matrix, entering));
          factorization.ftran(column, 0.3, true);
          const position = draw.integer(0, numRows - 1);
          // A small pivot would make a basis that no solve could be accurate for.
          if (Math.abs(column.array[position]) < 0.1) continue;
          row.clear();
          row.setUnit(position);
          factorization.btran(row, 0.3, true);
          basis[position] = entering;
          if (factorization.update(position, column)) updates++;
          else factorization.factor(matrix, basis);
          worst = Math.max(worst, residual(factorization, matrix, basis, right()));
        }
      }),
      { numRuns: runs, seed: 5 },
    );
    expect(updates).toBeGreaterThan(2 * runs);
    expect(repairs).toBeGreaterThan(0);
    expect(worst).toBeLessThan(1e-9);
  });
});

describe('scaling', () => {
  it('uses powers of two and narrows the spread of coefficients', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const program = randomLinearProgram(seed, { rows: [3, 12], columns: [3, 14], wide: true });
        const { row, column, spreadBefore, spreadAfter } = computeScaling(program);
        for (const factor of [...row, ...column]) expect(Number.isInteger(Math.log2(factor))).toBe(true);
        expect(spreadAfter).toBeLessThanOrEqual(8 * spreadBefore);
      }),
      { numRuns: 200, seed: 1 },
    );
  });

  it('takes back a scaling of rows and columns by powers of ten', () => {
    const program = randomLinearProgram(77, { rows: [10, 10], columns: [12, 12], wide: false });
    const values = program.values.slice();
    for (let j = 0; j < program.numColumns; j++)
      for (let e = program.columnStarts[j]; e < program.columnStarts[j + 1]; e++)
        values[e] *= 10 ** ((j % 5) - 2) * 10 ** ((program.rowIndices[e] % 5) - 2);
    const { spreadBefore, spreadAfter } = computeScaling({ ...program, values });
    expect(spreadBefore).toBeGreaterThan(1e6);
    expect(spreadAfter).toBeLessThan(1e5);
  });

  it('takes back powers of two exactly, whatever zeros are stored', () => {
    const size = 6;
    const values = Float64Array.from({ length: size * size }, (_, e) => {
      const [i, j] = [e % size, Math.floor(e / size)];
      return i === (2 * j) % size ? 0 : (j % 2 === 0 ? -1 : 1) * 2 ** (3 * i - 8) * 2 ** (5 - 2 * j);
    });
    const { row, column, spreadBefore, spreadAfter } = computeScaling({
      numRows: size,
      numColumns: size,
      columnStarts: Int32Array.from({ length: size + 1 }, (_, j) => j * size),
      rowIndices: Int32Array.from(values, (_, e) => e % size),
      values,
      offset: 0,
      cost: new Float64Array(size),
      columnLower: new Float64Array(size),
      columnUpper: new Float64Array(size).fill(1),
      rowLower: new Float64Array(size),
      rowUpper: new Float64Array(size).fill(1),
    });
    expect(spreadBefore).toBeGreaterThan(1e6);
    expect(spreadAfter).toBe(1);
    for (let e = 0; e < values.length; e++) {
      const scaled = Math.abs(values[e] * row[e % size] * column[Math.floor(e / size)]);
      expect(scaled).toBe(values[e] === 0 ? 0 : 1);
    }
  });
});
