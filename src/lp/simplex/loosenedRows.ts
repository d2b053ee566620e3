/**
 * Rows that contradict each other by no more than the tolerance of feasibility: their sides move apart by a little more
 * than the contradiction, and the simplex goes on. What is still a contradiction with the whole tolerance used up is
 * one beyond it.
 */
import { feasibilityTolerance } from '../feasibility.ts';
import { type Contradiction, contradictionOf } from './rays.ts';
import type { SimplexCore } from './simplexCore.ts';

/** Share of the tolerance by which a side moves at most; the rest is for rounding. */
const usableTolerance = 0.9 * feasibilityTolerance;
/** Sides move apart by this many times what the contradiction at hand needs, */
const looseningFactor = 4;
/** but at least by this share of what they may: every step is a run of the simplex. */
const leastShare = 0.01;
/** Steps beyond one for each row. */
const extraSteps = 100;

interface LoosenedSide {
  readonly lower: number;
  readonly upper: number;
  readonly moved: number;
}

export class LoosenedRows {
  /** Sides of the slacks as the program has them and how far they were moved, by row. */
  readonly #sides = new Map<number, LoosenedSide>();
  #steps = 0;

  get count(): number {
    return this.#sides.size;
  }

  /**
   * Loosens the rows of a ray whose contradiction is at most the tolerance times its largest term, as far as the
   * tolerance of each row goes: that of its side and, if `withColumns`, of its terms with columns at the bounds that
   * the contradiction names. False if the ray stands.
   */
  loosenFor(core: SimplexCore, ray: Float64Array, withColumns: boolean): boolean {
    const contradiction = contradictionOf(core.program, ray);
    const { distance, largestTerm } = contradiction;
    if (distance > usableTolerance * largestTerm || this.#steps > core.numRows + extraSteps) return false;
    const rooms: { readonly row: number; readonly room: number }[] = [];
    let allowed = 0;
    for (let row = 0; row < core.numRows; row++) {
      if (ray[row] === 0) continue;
      const moved = this.#sides.get(row)?.moved ?? 0;
      const room = usableTolerance * this.#sizeOf(core, row, contradiction, withColumns) - moved;
      if (!(room > 0)) continue;
      allowed += Math.abs(ray[row]) * room;
      rooms.push({ row, room });
    }
    if (!(allowed > distance)) return false;
    const share = Math.min(1, Math.max(leastShare, (looseningFactor * distance) / allowed));
    core.restoreBounds();
    for (const { row, room } of rooms) this.#move(core, row, share * room);
    this.#steps++;
    return true;
  }

  /** The largest of the row's side and its terms with columns at the bounds of the contradiction. */
  #sizeOf({ program, numColumns }: SimplexCore, row: number, { boundOf }: Contradiction, withColumns: boolean): number {
    const { begin, end, indices, values } = program.matrix.byRow;
    let size = Math.abs(boundOf(numColumns + row));
    for (let e = withColumns ? begin[row] : end[row]; e < end[row]; e++)
      size = Math.max(size, Math.abs(values[e] * boundOf(indices[e])));
    return size;
  }

  #move(core: SimplexCore, row: number, by: number): void {
    const { program, numColumns } = core;
    const slack = numColumns + row;
    const before = this.#sides.get(row) ?? { lower: program.lower[slack], upper: program.upper[slack], moved: 0 };
    const moved = before.moved + by;
    this.#sides.set(row, { ...before, moved });
    program.lower[slack] = before.lower - moved;
    program.upper[slack] = before.upper + moved;
    core.reload(slack);
  }

  /** Gives all rows their sides back. */
  restore(core: SimplexCore): void {
    const { program, numColumns } = core;
    core.restoreBounds();
    for (const [row, { lower, upper }] of this.#sides) {
      program.lower[numColumns + row] = lower;
      program.upper[numColumns + row] = upper;
      core.reload(numColumns + row);
    }
    this.#sides.clear();
    this.#steps = 0;
  }
}
