/**
 * A relaxation of the strengthened program under split placement that knows no placements. Each z lies in v
 * / fraction <= z <= w, so it is replaced by the lower bound where a larger z costs something or uses up a row, by the
 * upper bound where it permits something. Columns keep their indices, the z stay behind as columns fixed at 0. The LP
 * of the strengthened program takes z = v / fraction as well, so its value is the same; the program has half the rows
 * and columns, and lacks only that a placement is whole.
 */

import { type MixedIntegerProgram, MixedIntegerProgramBuilder } from '../../lp/linearProgram.ts';
import { drain, type Steps } from '../../lp/steps.ts';
import type { StrengthenedFormulation } from './formulation.ts';
import { servableFraction } from './planColumns.ts';

/** Columns and rows between pauses: some milliseconds. */
const linesBetweenPauses = 4096;

/** Ratios of data that agree to this are equal. */
const impliedTolerance = 1e-12;

export function withoutPlacements(formulation: StrengthenedFormulation): MixedIntegerProgram {
  return drain(withoutPlacementsInSteps(formulation));
}

/** As `withoutPlacements`, pausing now and then. */
export function* withoutPlacementsInSteps({
  program,
  problem,
  columns,
}: StrengthenedFormulation): Steps<MixedIntegerProgram> {
  const { count } = problem.deployments;
  const placeOf = new Int32Array(program.numColumns).fill(-1);
  columns.z.forEach((column, at) => {
    if (column >= 0) placeOf[column] = at;
  });
  const fraction = (at: number) => servableFraction(problem, Math.floor(at / count), at % count);
  const isPlacement = (column: number) => placeOf[column] >= 0;

  const cost = program.cost.slice();
  for (let column = 0; column < program.numColumns; column++) {
    if (isPlacement(column)) cost[columns.v[placeOf[column]]] += cost[column] / fraction(placeOf[column]);
  }
  const builder = new MixedIntegerProgramBuilder();
  builder.addToOffset(program.offset);
  for (let column = 0; column < program.numColumns; column++) {
    if (column % linesBetweenPauses === 0) yield;
    const name = program.columnNames[column];
    if (isPlacement(column)) builder.addColumn({ name, upper: 0 });
    else
      builder.addColumn({
        name,
        cost: cost[column],
        lower: program.columnLower[column],
        upper: program.columnUpper[column],
        integer: program.integrality[column] === 1,
      });
  }

  const rows: Row[] = [];
  const given = yield* rowsOf(program);
  for (const [r, row] of given.entries()) {
    if (r % linesBetweenPauses === 0) yield;
    const found = replacePlacements(row);
    if (found !== null) rows.push(found);
  }
  function replacePlacements(row: Row): Row | null {
    const placement = row.indices.find(isPlacement);
    if (placement === undefined) return row;
    const rented = columns.w[placeOf[placement] % count];
    // z <= w, which the bounds of z know.
    if (row.indices.every((column) => column === placement || column === rented)) return null;
    if (row.lower > -Infinity && row.upper < Infinity)
      throw new RangeError(`${row.name} limits placements on both sides`);
    const indices = row.indices.slice();
    const values = row.values.slice();
    row.indices.forEach((column, t) => {
      if (!isPlacement(column)) return;
      const at = placeOf[column];
      const usesUp = row.upper < Infinity ? values[t] > 0 : values[t] < 0;
      indices[t] = usesUp ? columns.v[at] : columns.w[at % count];
      if (usesUp) values[t] /= fraction(at);
    });
    return { ...row, indices, values };
  }
  const isImplied = yield* impliedByCapacity(rows, program.numColumns);
  for (const [r, row] of rows.entries()) {
    if (r % linesBetweenPauses === 0) yield;
    if (!isImplied(row))
      builder.addRow({ lower: row.lower, upper: row.upper, indices: row.indices, values: row.values, name: row.name });
  }
  return yield* builder.buildInSteps(`${program.name}-without-placements`);
}

interface Row {
  readonly name: string;
  readonly lower: number;
  readonly upper: number;
  readonly indices: number[];
  readonly values: number[];
}

/**
 * Which rows v <= f w say no more than a capacity row a v + (other terms >= 0) <= A w, that is A / a <= f: most of
 * them, as fractions are mostly limited by the memory or the compute of the deployment.
 */
function* impliedByCapacity(rows: readonly Row[], numColumns: number): Steps<(row: Row) => boolean> {
  const isCapacity = ({ lower, upper, values }: Row) =>
    lower === -Infinity && upper === 0 && values.filter((value) => value < 0).length === 1;
  const leastRatio = new Map<number, number>();
  const key = (v: number, w: number) => v * numColumns + w;
  for (const [r, row] of rows.entries()) {
    if (r % linesBetweenPauses === 0) yield;
    if (!isCapacity(row) || row.indices.length < 3) continue;
    const of = row.values.findIndex((value) => value < 0);
    row.indices.forEach((v, t) => {
      if (t === of) return;
      const pair = key(v, row.indices[of]);
      leastRatio.set(pair, Math.min(leastRatio.get(pair) ?? Infinity, -row.values[of] / row.values[t]));
    });
  }
  return (row) => {
    if (!isCapacity(row) || row.indices.length !== 2) return false;
    const of = row.values.findIndex((value) => value < 0);
    const ratio = leastRatio.get(key(row.indices[1 - of], row.indices[of])) ?? Infinity;
    return ratio <= (-row.values[of] / row.values[1 - of]) * (1 + impliedTolerance);
  };
}

function* rowsOf(program: MixedIntegerProgram): Steps<Row[]> {
  const rows: Row[] = [];
  for (let row = 0; row < program.numRows; row++) {
    if (row % linesBetweenPauses === 0) yield;
    rows.push({
      name: program.rowNames[row],
      lower: program.rowLower[row],
      upper: program.rowUpper[row],
      indices: [],
      values: [],
    });
  }
  for (let column = 0; column < program.numColumns; column++) {
    if (column % linesBetweenPauses === 0) yield;
    for (let at = program.columnStarts[column]; at < program.columnStarts[column + 1]; at++) {
      rows[program.rowIndices[at]].indices.push(column);
      rows[program.rowIndices[at]].values.push(program.values[at]);
    }
  }
  return rows;
}
