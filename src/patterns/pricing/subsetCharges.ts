/**
 * What subset rows charge a pattern in pricing: `penalty` >= 0 for each row of which two or more members are in. The
 * rows are kept with the items of the deployment in hand, and with the number of their members that the search has
 * placed.
 */

/** A subset row as pricing sees it: a pattern with two or more of the three query types pays `penalty` >= 0. */
export interface SubsetPenalty {
  readonly queryTypes: readonly [number, number, number];
  readonly penalty: number;
}

/** Members of a row. */
const rowSize = 3;

export class SubsetCharges {
  /** Rows that may charge the deployment in hand. */
  count = 0;
  readonly #penalty: number[] = [];
  /** (row, place): the item, or -1 if the deployment has none of that query type. */
  #member = new Int32Array(0);
  /** (row): members placed. */
  #placed = new Int32Array(0);
  /** (query type): item + 1, else 0. */
  readonly #itemAt: Int32Array;
  /**
   * (item): its first link, or -1; link rowSize * row + place stands for the member there; (link): the next of the same
   * item.
   */
  readonly #firstLink: Int32Array;
  #nextLink = new Int32Array(0);

  constructor(width: number, numQueryTypes: number) {
    this.#itemAt = new Int32Array(numQueryTypes);
    this.#firstLink = new Int32Array(width);
  }

  /** Takes the rows for a deployment whose first `count` items are of the query types `queryType`. */
  take(rows: readonly SubsetPenalty[], queryType: Int32Array, count: number): void {
    this.count = 0;
    if (rows.length === 0) return;
    if (this.#placed.length < rows.length) {
      this.#placed = new Int32Array(2 * rows.length);
      this.#member = new Int32Array(2 * rows.length * rowSize);
      this.#nextLink = new Int32Array(2 * rows.length * rowSize);
    }
    for (let t = 0; t < count; t++) this.#itemAt[queryType[t]] = t + 1;
    this.#firstLink.fill(-1, 0, count);
    for (const { queryTypes, penalty } of rows) {
      let present = 0;
      for (const i of queryTypes) if (this.#itemAt[i] > 0) present++;
      if (present < 2 || penalty <= 0) continue;
      const row = this.count++;
      this.#penalty[row] = penalty;
      this.#placed[row] = 0;
      for (let place = 0; place < rowSize; place++) {
        const link = rowSize * row + place;
        const t = this.#itemAt[queryTypes[place]] - 1;
        this.#member[link] = t;
        if (t < 0) continue;
        this.#nextLink[link] = this.#firstLink[t];
        this.#firstLink[t] = link;
      }
    }
    for (let t = 0; t < count; t++) this.#itemAt[queryType[t]] = 0;
  }

  /**
   * Counts an item in (+1) or out again (-1); returns the penalties of the rows of which it is the second member
   * placed.
   */
  place(t: number, change: 1 | -1): number {
    if (this.count === 0) return 0;
    let total = 0;
    for (let link = this.#firstLink[t]; link >= 0; link = this.#nextLink[link]) {
      const row = Math.floor(link / rowSize);
      this.#placed[row] += change;
      if (this.#placed[row] === 2) total += this.#penalty[row];
    }
    return total;
  }

  /** What the rows charge the items with fraction >= 0 beyond the rows that charge the placed ones alone. */
  furtherCharge(fraction: Float64Array): number {
    let total = 0;
    for (let row = 0; row < this.count; row++) if (this.#chargesFurther(row, fraction)) total += this.#penalty[row];
    return total;
  }

  /** An item of such a row that `isFree` says is undecided, or -1. */
  undecided(fraction: Float64Array, isFree: (item: number) => boolean): number {
    for (let row = 0; row < this.count; row++) {
      if (!this.#chargesFurther(row, fraction)) continue;
      for (let link = rowSize * row; link < rowSize * (row + 1); link++) {
        const t = this.#member[link];
        if (t >= 0 && fraction[t] >= 0 && isFree(t)) return t;
      }
    }
    return -1;
  }

  #chargesFurther(row: number, fraction: Float64Array): boolean {
    if (this.#placed[row] >= 2) return false;
    let present = 0;
    for (let link = rowSize * row; link < rowSize * (row + 1); link++) {
      const t = this.#member[link];
      if (t >= 0 && fraction[t] >= 0) present++;
    }
    return present >= 2;
  }
}
