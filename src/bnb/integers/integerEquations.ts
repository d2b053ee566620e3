/**
 * Equations over the integers, solved one after the other by Euclid's algorithm on columns (Hermite): the solutions so
 * far are point + sum t_k directions[k] with whole t, and a divisor that does not fit is a proof that there is none.
 */
import { divisorOf } from './wholeRow.ts';

export interface WholeEquation {
  /** Variables of the terms, and their coefficients. */
  readonly variables: readonly number[];
  readonly coefficients: readonly bigint[];
}

export class IntegerEquations {
  readonly #point: bigint[];
  #directions: bigint[][];
  readonly #largestNumber: bigint;

  /** Numbers of more than `mostBits` are not worked with. */
  constructor(numVariables: number, mostBits: number) {
    this.#largestNumber = 1n << BigInt(mostBits);
    this.#point = Array.from({ length: numVariables }, () => 0n);
    this.#directions = this.#point.map((_, k) => this.#point.map((_zero, j) => (j === k ? 1n : 0n)));
  }

  /** One solution. */
  get point(): readonly bigint[] {
    return this.#point;
  }

  /** Takes an equation; false if then no whole solution is left. One of too large numbers is passed over. */
  add(equation: WholeEquation, side: bigint): boolean {
    const missing = side - this.#valueAt(equation, this.#point);
    const steps = this.#directions.map((direction) => this.#valueAt(equation, direction));
    const divisor = steps.reduce(divisorOf, 0n);
    if (divisor === 0n) return missing === 0n;
    if (missing % divisor !== 0n) return false;
    const directions = this.#directions.map((direction) => [...direction]);
    // Euclid: the direction of least step reduces the others until it alone moves the equation.
    for (;;) {
      let pivot = -1;
      for (let k = 0; k < steps.length; k++)
        if (steps[k] !== 0n && (pivot < 0 || sizeOf(steps[k]) < sizeOf(steps[pivot]))) pivot = k;
      let isAlone = true;
      for (let k = 0; k < steps.length; k++) {
        if (k === pivot || steps[k] === 0n) continue;
        const times = steps[k] / steps[pivot];
        steps[k] -= times * steps[pivot];
        for (let j = 0; j < this.#point.length; j++) directions[k][j] -= times * directions[pivot][j];
        if (steps[k] !== 0n) isAlone = false;
      }
      if (!isAlone) continue;
      const times = missing / steps[pivot];
      const point = this.#point.map((value, j) => value + times * directions[pivot][j]);
      const kept = directions.filter((_, k) => k !== pivot);
      if ([point, ...kept].some((vector) => vector.some((value) => sizeOf(value) > this.#largestNumber))) {
        return true;
      }
      point.forEach((value, j) => {
        this.#point[j] = value;
      });
      this.#directions = kept;
      return true;
    }
  }

  /** All values that a sum takes on the solutions lie in residue + divisor Z; divisor 0: it has one value. */
  residueOf(sum: WholeEquation): { readonly residue: bigint; readonly divisor: bigint } {
    const divisor = this.#directions.map((direction) => this.#valueAt(sum, direction)).reduce(divisorOf, 0n);
    return { residue: this.#valueAt(sum, this.#point), divisor };
  }

  #valueAt({ variables, coefficients }: WholeEquation, vector: readonly bigint[]): bigint {
    return variables.reduce((sum, variable, t) => sum + coefficients[t] * vector[variable], 0n);
  }
}

function sizeOf(value: bigint): bigint {
  return value < 0n ? -value : value;
}
