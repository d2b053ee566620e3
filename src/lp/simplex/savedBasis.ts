/**
 * A basis as it is saved: the status of each column and row in the caller's terms, where the slack of a row is the
 * negative of its activity, so that what is at a row's lower bound is at its slack's upper one.
 */
import { type Basis, BasisStatus } from '../simplexTypes.ts';
import { takeStatuses } from './coreChanges.ts';
import { Move, type SimplexCore } from './simplexCore.ts';

export function basisOf(core: SimplexCore): Basis {
  const { numRows, numColumns } = core.program;
  const columns = new Uint8Array(numColumns);
  const rows = new Uint8Array(numRows);
  for (let j = 0; j < numColumns; j++) columns[j] = statusOf(core, j);
  for (let i = 0; i < numRows; i++) {
    const status = statusOf(core, numColumns + i);
    rows[i] = status === BasisStatus.atLower ? BasisStatus.atUpper : status === BasisStatus.atUpper ? 0 : status;
  }
  return { columns, rows };
}

/** Columns that came after the basis was saved are nonbasic, and the slacks of such rows basic. */
export function takeBasis(core: SimplexCore, basis: Basis): void {
  const { numColumns } = core.program;
  const savedStatus = (v: number): number => {
    if (v < numColumns) return v < basis.columns.length ? basis.columns[v] : -1;
    const i = v - numColumns;
    return i < basis.rows.length ? basis.rows[i] : BasisStatus.basic;
  };
  const moveOf = (v: number): number => {
    const status = savedStatus(v);
    if (status === BasisStatus.atLower) return v < numColumns ? Move.up : Move.down;
    if (status === BasisStatus.atUpper) return v < numColumns ? Move.down : Move.up;
    return Move.none;
  };
  takeStatuses(core, (v) => savedStatus(v) === BasisStatus.basic, moveOf);
}

function statusOf(core: SimplexCore, variable: number): number {
  if (core.position[variable] >= 0) return BasisStatus.basic;
  const move = core.move[variable];
  return move === Move.down ? BasisStatus.atUpper : move === Move.free ? BasisStatus.free : BasisStatus.atLower;
}
