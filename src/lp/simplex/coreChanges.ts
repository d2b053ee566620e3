/**
 * How the state of the simplex follows a change of the program's shape: rows and columns added or taken out, scaling
 * undone, another basis taken. The program has changed already; afterwards the invariants of `SimplexCore` hold again.
 */

import { grownInt8, grownInt32 } from '../basis/sparseVectors.ts';
import { insertGap, roomFor } from './scaledProgram.ts';
import { Move, type SimplexCore } from './simplexCore.ts';

/** Arrays follow `gap` columns added at the end of the columns; the program has them already. */
export function columnsAdded(core: SimplexCore, gap: number): void {
  const { program } = core;
  const total = program.total;
  const before = program.numColumns - gap;
  const numRows = program.numRows;
  core.value = insertGap(core.value, before, gap, numRows);
  core.dual = insertGap(core.dual, before, gap, numRows);
  if (core.move.length < total) core.move = grownInt8(core.move, total + (total >> 1));
  core.move.copyWithin(before + gap, before, before + numRows);
  if (core.position.length < total) core.position = grownInt32(core.position, total + (total >> 1));
  core.position.copyWithin(before + gap, before, before + numRows);
  for (let i = 0; i < numRows; i++) if (core.basis[i] >= before) core.basis[i] += gap;
  copyProgram(core);
  for (let j = before; j < before + gap; j++) {
    core.position[j] = -1;
    core.placeNonbasic(j, Move.none);
    if (core.value[j] !== 0) core.valuesFit = false;
  }
  core.dualsFit = false;
  core.resizeWork();
}

/** Arrays follow `count` rows added at the end, their slacks basic. */
export function rowsAdded(core: SimplexCore, count: number): void {
  const { program } = core;
  const { total, numRows } = program;
  if (core.move.length < total) core.move = grownInt8(core.move, total + (total >> 1));
  if (core.position.length < total) core.position = grownInt32(core.position, total + (total >> 1));
  if (core.basis.length < numRows) core.basis = grownInt32(core.basis, numRows + (numRows >> 1));
  core.value = roomFor(core.value, total);
  core.dual = roomFor(core.dual, total);
  core.basicValue = roomFor(core.basicValue, numRows);
  core.dualWeight = roomFor(core.dualWeight, numRows);
  copyProgram(core);
  for (let i = numRows - count; i < numRows; i++) {
    core.setBasic(i, program.numColumns + i);
    core.dualWeight[i] = 1;
  }
  core.forgetFactors();
  core.resizeWork();
}

function copyProgram(core: SimplexCore): void {
  const total = core.total;
  core.lower = roomFor(core.lower, total);
  core.upper = roomFor(core.upper, total);
  core.cost = roomFor(core.cost, total);
  core.cost.set(core.program.cost.subarray(0, total));
  core.takeBounds();
  core.costChanged = false;
}

/** The basis stays while everything is computed anew in the caller's units. */
export function removeScaling(core: SimplexCore): void {
  core.program.removeScaling();
  copyProgram(core);
  for (let v = 0; v < core.total; v++) if (core.position[v] < 0) core.placeNonbasic(v, core.move[v]);
  core.dualWeight.fill(1, 0, core.numRows);
  core.forgetFactors();
}

/**
 * Takes a basis as whether each variable is basic and, if not, where it goes; slacks fill up or the last ones leave
 * until there are as many basic variables as rows. The factors stay if the basic variables are those of now.
 */
export function takeStatuses(
  core: SimplexCore,
  isBasic: (variable: number) => boolean,
  moveOf: (variable: number) => number,
): void {
  const { numRows, total, numColumns } = core.program;
  let isSame = core.isFactored;
  for (let v = 0; v < total && isSame; v++) isSame = isBasic(v) === core.position[v] >= 0;
  core.valuesFit = false;
  if (isSame) {
    for (let v = 0; v < total; v++) if (core.position[v] < 0) core.placeNonbasic(v, moveOf(v));
    return;
  }
  const byVariable = core.weightByVariable;
  for (let v = 0; v < total; v++) byVariable[v] = core.position[v] >= 0 ? core.dualWeight[core.position[v]] : 1;
  let count = 0;
  for (let v = 0; v < total; v++) {
    core.position[v] = -1;
    if (isBasic(v) && count < numRows) core.setBasic(count++, v);
    else core.placeNonbasic(v, moveOf(v));
  }
  for (let v = total - 1; v >= numColumns && count < numRows; v--) if (core.position[v] < 0) core.setBasic(count++, v);
  for (let i = 0; i < numRows; i++) core.dualWeight[i] = byVariable[core.basis[i]];
  core.forgetFactors();
}

/** Follows `ScaledProgram.renumber`; the basis is filled up or cut down to as many variables as rows are left. */
export function renumbered(core: SimplexCore, newRow: Int32Array, newColumn: Int32Array): void {
  const { numRows, numColumns, total } = core.program;
  const basic = new Uint8Array(total);
  const moves = new Int8Array(total);
  const weights = new Float64Array(total).fill(1);
  const oldColumns = newColumn.length;
  for (let old = 0; old < oldColumns + newRow.length; old++) {
    const renumbered = old < oldColumns ? newColumn[old] : newRow[old - oldColumns];
    if (renumbered < 0) continue;
    const v = old < oldColumns ? renumbered : numColumns + renumbered;
    const row = core.position[old];
    basic[v] = row >= 0 ? 1 : 0;
    moves[v] = core.move[old];
    if (row >= 0) weights[v] = core.dualWeight[row];
  }
  copyProgram(core);
  core.position.fill(-1);
  core.isFactored = false;
  takeStatuses(
    core,
    (v) => basic[v] === 1,
    (v) => moves[v],
  );
  for (let i = 0; i < numRows; i++) core.dualWeight[i] = weights[core.basis[i]];
}
