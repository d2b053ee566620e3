/**
 * A proof by rows as a VIPR 1.0 certificate (Cheung, Gleixner and Steffy 2017), which checkers of other people read:
 * each leaf is a linear combination of constraints and assumptions, rounded up where costs come in steps, and each
 * split unites two of them. The certificate is of the program without the constant of its objective, which VIPR does
 * not have; a solution that holds a row only within a tolerance is left out, and the bound alone is certified.
 */
import { attempt, type InputIssue, refuse, showValue } from '../../input/inputError.ts';
import { isPlainObject } from '../../input/optionRules.ts';
import { checkMixedIntegerProgram } from '../../lp/checkProgram.ts';
import type { MixedIntegerProgram } from '../../lp/linearProgram.ts';
import {
  columnRanges,
  type ExactProgram,
  lowest,
  objectiveStep,
  type Range,
  raisedToStep,
} from '../check/exactProgram.ts';
import { checkPoint } from '../check/programProof.ts';
import { compare, minus, one, over, type Rational, times, whole, zero } from '../check/rational.ts';
import { boundOfRows, isEmpty, type RowsLeaf, type RowsNode, reducedCosts } from '../check/rowsTree.ts';
import type { WrittenRows } from './writeProgramProof.ts';

/** A bound of a column and where it stands: a constraint of the program, or an assumption. */
interface Bound {
  readonly value: Rational;
  readonly index: number;
}

interface Bounds {
  readonly lower: Bound | null;
  readonly upper: Bound | null;
}

const text = (value: Rational): string => {
  const { n, d } = lowest(value);
  return d === 1n ? String(n) : `${n}/${d}`;
};

/**
 * The text of the certificate.
 * @throws InputError for rows that were written with cuts (`usesCuts`), which have no form here.
 */
export function vipr(program: MixedIntegerProgram, written: WrittenRows): string {
  const issues: InputIssue[] = [];
  attempt(() => checkMixedIntegerProgram(program), issues);
  if (!isWritten(written))
    issues.push({ path: 'written', value: showValue(written), expected: 'what was written of a program (rows)' });
  else if (hasCuts(written.tree))
    issues.push({ path: 'written.tree', value: 'cuts', expected: 'none: VIPR has no such' });
  refuse(issues);
  return new Certificate(program, written).text();
}

function isWritten(written: unknown): written is WrittenRows {
  if (!isPlainObject(written)) return false;
  const { exact, tree } = written as Partial<WrittenRows>;
  return typeof exact === 'object' && exact !== null && (tree?.kind === 'rows' || tree?.kind === 'bound');
}

function hasCuts(node: RowsNode): boolean {
  return node.cuts !== undefined || (node.kind === 'bound' && node.children.some(hasCuts));
}

class Certificate {
  readonly #exact: ExactProgram;
  readonly #written: WrittenRows;
  readonly #names: readonly string[];
  readonly #constraints: string[] = [];
  readonly #derived: string[] = [];
  /** (row): positions of its lower and its upper side; equations have one. */
  readonly #sides: { readonly lower: number; readonly upper: number }[] = [];
  readonly #equations = new Set<number>();
  readonly #bounds: Bounds[] = [];
  readonly #step: Rational | null;
  readonly #rounded: readonly Range[];
  /** The bound to be shown, without the constant of the objective; null: that nothing is feasible. */
  readonly #target: Rational | null;

  constructor(program: MixedIntegerProgram, written: WrittenRows) {
    this.#exact = written.exact;
    this.#written = written;
    this.#names = viprNames(program.columnNames);
    this.#step = objectiveStep(written.exact);
    this.#rounded = columnRanges(written.exact);
    this.#target = written.bound && minus(written.bound, written.exact.offset);
  }

  text(): string {
    const { columns } = this.#exact;
    for (const [column, range] of columns.entries()) this.#bounds.push(this.#columnBounds(column, range));
    const numBounds = this.#constraints.length;
    for (const row of this.#exact.rows) this.#sides.push(this.#sidesOf(row));
    for (const [column, { isInteger }] of columns.entries()) if (isInteger) this.#roundBounds(column);
    this.#show(this.#written.tree);
    const integers = columns.flatMap(({ isInteger }, column) => (isInteger ? [column] : []));
    const costs = columns.flatMap(({ cost }, column) => (cost.n === 0n ? [] : [`${column} ${text(cost)}`]));
    const solution = this.#solutionLine();
    return `${[
      'VER 1.0',
      `VAR ${columns.length}`,
      ...this.#names,
      `INT ${integers.length}`,
      integers.join(' '),
      'OBJ min',
      [costs.length, ...costs].join(' '),
      `CON ${this.#constraints.length} ${numBounds}`,
      ...this.#constraints,
      this.#target === null
        ? 'RTP infeas'
        : `RTP range ${text(this.#target)} ${solution === null ? 'inf' : solution.cost}`,
      solution === null ? 'SOL 0' : `SOL 1\n${solution.line}`,
      `DER ${this.#derived.length}`,
      ...this.#derived,
    ].join('\n')}\n`;
  }

  /** A solution that holds exactly. */
  #solutionLine(): { readonly line: string; readonly cost: string } | null {
    const { point, exact } = this.#written;
    if (point === null) return null;
    const { cost, largestViolation } = checkPoint(exact, point);
    if (largestViolation.n !== 0n) return null;
    const values = point.flatMap((value, column) => (value.n === 0n ? [] : [`${column} ${text(value)}`]));
    return { line: ['best', values.length, ...values].join(' '), cost: text(minus(cost, exact.offset)) };
  }

  #sidesOf({ lower, upper, columns, values }: ExactProgram['rows'][number]) {
    const coefficients = sparse(columns, values);
    if (lower !== null && upper !== null && compare(lower, upper) === 0) {
      const at = this.#constrain('E', lower, coefficients);
      this.#equations.add(at);
      return { lower: at, upper: at };
    }
    return {
      lower: lower === null ? -1 : this.#constrain('G', lower, coefficients),
      upper: upper === null ? -1 : this.#constrain('L', upper, coefficients),
    };
  }

  /** Two inequalities also where they are equal: equations are not rounded. */
  #columnBounds(column: number, { lower, upper }: Range): Bounds {
    const bound = (sense: 'G' | 'L', value: Rational | null) =>
      value && { value, index: this.#constrain(sense, value, `1 ${column} 1`) };
    return { lower: bound('G', lower), upper: bound('L', upper) };
  }

  /** Fractional bounds of a whole column, rounded inwards. */
  #roundBounds(column: number): void {
    const { lower, upper } = this.#bounds[column];
    const rounded = this.#rounded[column];
    const tightened = (sense: 'G' | 'L', bound: Bound | null, value: Rational | null): Bound | null =>
      bound === null || value === null || compare(bound.value, value) === 0
        ? bound
        : { value, index: this.#derive(sense, value, `1 ${column} 1`, `rnd 1 ${bound.index} 1`) };
    this.#bounds[column] = {
      lower: tightened('G', lower, rounded.lower),
      upper: tightened('L', upper, rounded.upper),
    };
  }

  #constrain(sense: 'E' | 'G' | 'L', side: Rational, coefficients: string): number {
    return this.#constraints.push(`C${this.#constraints.length} ${sense} ${text(side)} ${coefficients}`) - 1;
  }

  #derive(sense: 'G' | 'L', side: Rational, coefficients: string, reason: string): number {
    const at = this.#constraints.length + this.#derived.length;
    this.#derived.push(`C${at} ${sense} ${text(side)} ${coefficients} { ${reason} } -1`);
    return at;
  }

  /** Position of a constraint that shows the target under the assumptions above the node. */
  #show(node: RowsNode): number {
    if (node.kind === 'rows') return this.#showLeaf(node);
    const { column, most, children } = node;
    const before = this.#bounds[column];
    const limit = whole(BigInt(most));
    const above = whole(limit.n + 1n);
    const assumeMost = this.#derive('L', limit, `1 ${column} 1`, 'asm');
    if (before.upper === null || compare(before.upper.value, limit) > 0)
      this.#bounds[column] = { ...before, upper: { value: limit, index: assumeMost } };
    const first = this.#show(children[0]);
    this.#bounds[column] = before;
    const assumeAbove = this.#derive('G', above, `1 ${column} 1`, 'asm');
    if (before.lower === null || compare(before.lower.value, above) < 0)
      this.#bounds[column] = { ...before, lower: { value: above, index: assumeAbove } };
    const second = this.#show(children[1]);
    this.#bounds[column] = before;
    return this.#claim(`uns ${first} ${assumeMost} ${second} ${assumeAbove}`);
  }

  /** What all leaves show: the objective is at least the target, or 0 >= 1. */
  #claim(reason: string): number {
    return this.#target === null ? this.#derive('G', one, '0', reason) : this.#derive('G', this.#target, 'OBJ', reason);
  }

  #showLeaf(leaf: RowsLeaf): number {
    const ranges = this.#exact.columns.map((_, column): Range => {
      const { lower, upper } = this.#bounds[column];
      return { lower: lower?.value ?? null, upper: upper?.value ?? null };
    });
    const shut = ranges.findIndex(isEmpty);
    if (shut >= 0) return this.#showShut(shut);
    const terms: (readonly [constraint: number, multiplier: Rational])[] = [];
    for (const [row, multiplier] of leaf.rows) {
      const { lower, upper } = this.#sides[row];
      terms.push([multiplier.n > 0n ? lower : upper, multiplier]);
    }
    for (const [column, reduced] of reducedCosts(this.#exact, leaf).entries()) {
      if (reduced.n === 0n) continue;
      const { lower, upper } = this.#bounds[column];
      terms.push([(reduced.n > 0n ? lower : upper)!.index, reduced]);
    }
    const bound = boundOfRows(this.#exact, ranges, leaf)!;
    const reason = (factor: Rational) =>
      [terms.length, ...terms.map(([index, value]) => `${index} ${text(times(value, factor))}`)].join(' ');
    if (leaf.cost === 0) {
      const at = this.#derive('G', bound, '0', `lin ${reason(one)}`);
      return this.#target === null
        ? this.#claim(`lin 1 ${at} ${text(over(one, bound))}`)
        : this.#claim(`lin 1 ${at} 1`);
    }
    const value = minus(bound, this.#exact.offset);
    if (this.#step === null || compare(value, this.#target!) >= 0) return this.#claim(`lin ${reason(one)}`);
    // In whole numbers, rounded up, and back.
    const steps = over(raisedToStep(value, zero, this.#step), this.#step);
    const { columns } = this.#exact;
    const used = columns.flatMap(({ cost }, column) =>
      cost.n === 0n ? [] : [[column, over(cost, this.#step!)] as const],
    );
    const coefficients = sparse(
      used.map(([column]) => column),
      used.map(([, cost]) => cost),
    );
    let source = reason(over(one, this.#step));
    if (terms.every(([index]) => this.#equations.has(index)))
      source = `1 ${this.#derive('G', over(value, this.#step), coefficients, `lin ${source}`)} 1`;
    const rounded = this.#derive('G', steps, coefficients, `rnd ${source}`);
    return this.#claim(`lin 1 ${rounded} ${text(this.#step)}`);
  }

  /** Bounds of a column that exclude each other. */
  #showShut(column: number): number {
    const { lower, upper } = this.#bounds[column];
    const excess = minus(lower!.value, upper!.value);
    const factor = text(over(one, excess));
    const at = this.#derive('G', one, '0', `lin 2 ${lower!.index} ${factor} ${upper!.index} -${factor}`);
    return this.#target === null ? at : this.#claim(`lin 1 ${at} 1`);
  }
}

function sparse(columns: readonly number[], values: readonly Rational[]): string {
  return [columns.length, ...columns.map((column, t) => `${column} ${text(values[t])}`)].join(' ');
}

/** Names without spaces, each once. */
function viprNames(names: readonly string[]): readonly string[] {
  const isPlain = names.every((name) => /^[^\s{}%]+$/.test(name)) && new Set(names).size === names.length;
  return isPlain ? names : names.map((_, column) => `x${column}`);
}
