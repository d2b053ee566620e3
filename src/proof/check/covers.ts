/**
 * Exact covers: whether columns of little cost hold each required element once, and no element twice. Depth first, the
 * element with the fewest columns first. What is still to be held costs at least, for each element, the least share
 * (cost / required elements of the column) of a column that holds it.
 */
import { ProofError } from './proofFormat.ts';

export interface Column {
  readonly elements: readonly number[];
  /** A whole number, so that sums in doubles are exact. */
  readonly cost: number;
}

/** Columns looked at beyond which a leaf is refused as too hard. */
const mostEffort = 200_000_000;

/** Whether such columns cost at most `room` together, room < 2^50. Throws ProofError where that is too hard to say. */
export function hasCover(
  columns: readonly Column[],
  isRequired: readonly boolean[],
  room: number,
  path: string,
): boolean {
  return new CoverSearch(columns, isRequired, path).find(room);
}

/** Columns by their positions, in the order of their costs. */
class CoverSearch {
  /** (column): where its elements begin in `#element`, how many of them are required, what it costs. */
  readonly #start: Int32Array;
  readonly #element: Int32Array;
  readonly #size: Int32Array;
  readonly #cost: Float64Array;
  readonly #isRequired: readonly boolean[];
  readonly #path: string;
  #effort = 0;
  readonly #isHeld: Uint8Array;
  readonly #share: Float64Array;
  readonly #uses: Int32Array;

  constructor(columns: readonly Column[], isRequired: readonly boolean[], path: string) {
    const sizeOf = ({ elements }: Column) => elements.filter((e) => isRequired[e]).length;
    const sorted = columns.filter((column) => sizeOf(column) > 0).sort((a, b) => a.cost - b.cost);
    this.#start = new Int32Array(sorted.length + 1);
    sorted.forEach(({ elements }, at) => {
      this.#start[at + 1] = this.#start[at] + elements.length;
    });
    this.#element = Int32Array.from(sorted.flatMap(({ elements }) => elements));
    this.#size = Int32Array.from(sorted, sizeOf);
    this.#cost = Float64Array.from(sorted, ({ cost }) => cost);
    this.#isRequired = isRequired;
    this.#path = path;
    this.#isHeld = new Uint8Array(isRequired.length);
    this.#share = new Float64Array(isRequired.length);
    this.#uses = new Int32Array(isRequired.length);
  }

  find(room: number): boolean {
    const required = this.#isRequired.filter((is) => is).length;
    return this.#complete(Int32Array.from(this.#size.keys()), required, room);
  }

  /** Whether columns of the list, none of which holds what is held, hold the `left` elements that are not. */
  #complete(list: Int32Array, left: number, room: number): boolean {
    if (left === 0) return true;
    const fitting = this.#fitting(list, room);
    if (fitting.length === 0) return false;
    const element = this.#scarcest();
    for (const at of fitting) {
      if (!this.#holds(at, element)) continue;
      this.#hold(at, 1);
      const rest = this.#beside(fitting, room - this.#cost[at]);
      const isFound = this.#complete(rest, left - this.#size[at], room - this.#cost[at]);
      this.#hold(at, 0);
      if (isFound) return true;
    }
    return false;
  }

  /** Those that a cover within the room can hold, by the shares; counts their uses. */
  #fitting(list: Int32Array, room: number): Int32Array {
    this.#effort += list.length;
    if (this.#effort > mostEffort) throw new ProofError(this.#path, 'too many covers to go through');
    const start = this.#start;
    const element = this.#element;
    const share = this.#share.fill(Infinity);
    const uses = this.#uses.fill(0);
    for (const at of list) {
      const each = Math.floor(this.#cost[at] / this.#size[at]);
      for (let t = start[at]; t < start[at + 1]; t++) if (each < share[element[t]]) share[element[t]] = each;
    }
    let total = 0;
    for (let e = 0; e < share.length; e++) {
      if (this.#isOpen(e)) total += share[e];
      else share[e] = 0;
    }
    const fitting = new Int32Array(total <= room ? list.length : 0);
    let size = 0;
    for (let k = 0; k < fitting.length; k++) {
      const at = list[k];
      let least = total + this.#cost[at];
      for (let t = start[at]; t < start[at + 1]; t++) least -= share[element[t]];
      if (least > room) continue;
      fitting[size++] = at;
      for (let t = start[at]; t < start[at + 1]; t++) uses[element[t]]++;
    }
    return fitting.subarray(0, size);
  }

  #scarcest(): number {
    let scarcest = -1;
    for (let e = 0; e < this.#uses.length; e++) {
      if (this.#isOpen(e) && (scarcest < 0 || this.#uses[e] < this.#uses[scarcest])) scarcest = e;
    }
    return scarcest;
  }

  /** Those of the list that hold nothing that is held, within the room. */
  #beside(list: Int32Array, room: number): Int32Array {
    const isHeld = this.#isHeld;
    const start = this.#start;
    const element = this.#element;
    const kept = new Int32Array(list.length);
    let size = 0;
    let k = 0;
    for (; k < list.length && this.#cost[list[k]] <= room; k++) {
      const at = list[k];
      let t = start[at];
      while (t < start[at + 1] && isHeld[element[t]] === 0) t++;
      if (t === start[at + 1]) kept[size++] = at;
    }
    this.#effort += k;
    return kept.subarray(0, size);
  }

  #isOpen(element: number): boolean {
    return this.#isRequired[element] && this.#isHeld[element] === 0;
  }

  #holds(at: number, element: number): boolean {
    for (let t = this.#start[at]; t < this.#start[at + 1]; t++) if (this.#element[t] === element) return true;
    return false;
  }

  #hold(at: number, held: 0 | 1): void {
    for (let t = this.#start[at]; t < this.#start[at + 1]; t++) this.#isHeld[this.#element[t]] = held;
  }
}
