/**
 * Writes the tree of a proof by rows: branch and bound on the program itself, without reductions, whose cutoff is the
 * bound to be shown; with cuts made near the root where that is asked for. At each node the multipliers of the linear
 * relaxation, in as few digits as do, are held against the checker's own rule; where they show the claim the node is a
 * leaf, else it is split.
 */
import { createLinearSolver } from '../../lp/createLinearSolver.ts';
import { MixedIntegerProgramBuilder } from '../../lp/linearProgram.ts';
import type { LinearSolver } from '../../lp/simplexTypes.ts';
import type { Steps } from '../../lp/steps.ts';
import { columnRanges, type ExactProgram, type Range } from '../check/exactProgram.ts';
import { asNumber, decimalOf, type Rational } from '../check/rational.ts';
import { withCuts } from '../check/roundingCut.ts';
import {
  childRange,
  isEmpty,
  type RowMultipliers,
  RowsClaim,
  type RowsLeaf,
  type RowsNode,
} from '../check/rowsTree.ts';
import { closedMultipliers } from './closedMultipliers.ts';
import { gomoryCuts } from './gomoryCuts.ts';
import { TreeProgress } from './treeProgress.ts';
import { ProofNotWritten, type WriteOptions } from './writeOptions.ts';

/** Significant digits of multipliers, tried in turn; 17 are the doubles themselves. */
const digits = [5, 8, 11, 14, 17];
/** Whole values within this are whole. */
const integrality = 1e-6;
/** What rounding may take from an objective, relatively. */
const margin = 1e-6;
/** Candidates whose children are tried, and dual simplex iterations for each. */
const probes = 8;
const probeIterations = 60;
/** (depth): rounds of cuts; below there are none. */
const cutRounds = [4, 1, 1, 1, 1, 1, 1, 1];

export class RowsTreeWriter {
  readonly #claim: RowsClaim;
  readonly #solver: LinearSolver;
  readonly #ranges: Range[];
  /** Below this the multipliers of a relaxation cannot show the claim. */
  readonly #hopeful: number;
  readonly #progress: TreeProgress;
  /** Whether cuts are made, and those above a node in force. */
  #usesCuts: boolean;

  constructor(program: ExactProgram, claimed: Rational | null, options: WriteOptions & { readonly usesCuts: boolean }) {
    this.#solver = createLinearSolver(doublesOf(program));
    this.#ranges = [...columnRanges(program)];
    for (const [column, range] of this.#ranges.entries()) this.#narrow(column, range);
    this.#progress = new TreeProgress(options);
    this.#usesCuts = options.usesCuts;
    this.#claim = new RowsClaim(program, claimed);
    const { step } = this.#claim;
    const aim = claimed === null ? Infinity : asNumber(claimed);
    this.#hopeful = aim - (step === null ? 0 : asNumber(step)) - margin * Math.max(1, Math.abs(aim));
  }

  /** Throws ProofNotWritten where a limit strikes or a node does not close. */
  write(): Steps<RowsNode> {
    return this.#prove(this.#claim.program, 0);
  }

  /** `above`: the program with the cuts of the nodes above, which the solver holds as well. */
  *#prove(above: ExactProgram, depth: number): Steps<RowsNode> {
    yield;
    this.#progress.enter();
    if (this.#ranges.some(isEmpty)) return this.#closed({ kind: 'rows', rows: [] }, depth);
    const plain = yield* this.#settle(above, depth);
    if (plain.leaf !== null) return this.#closed(plain.leaf, depth);
    const rounds = plain.hasPoint && this.#usesCuts ? (cutRounds[depth] ?? 0) : 0;
    if (rounds === 0) return yield* this.#divide(above, depth, plain.hasPoint);
    const { shouldStop } = this.#progress;
    const cuts = yield* gomoryCuts(above, this.#ranges, this.#solver, { rounds, shouldStop });
    const program = withCuts(above, this.#ranges, cuts, 'node');
    const { leaf, hasPoint } = yield* this.#settle(program, depth);
    const node = leaf === null ? yield* this.#divide(program, depth, hasPoint) : this.#closed(leaf, depth);
    this.#solver.removeRows(cuts.map((_, at) => above.rows.length + at));
    return cuts.length === 0 ? node : { ...node, cuts };
  }

  /** Solves the relaxation; a leaf where it shows the claim. */
  *#settle(program: ExactProgram, depth: number) {
    const { shouldStop } = this.#progress;
    const status = yield* this.#solver.solveInSteps({ shouldStop });
    this.#progress.check();
    // Cuts may be at fault; without them it is the end.
    if (status !== 'optimal' && status !== 'infeasible' && !this.#usesCuts)
      throw new ProofNotWritten(`a relaxation at depth ${depth} ended as ${status}`);
    const hasPoint = status === 'optimal';
    const leaf = hasPoint || status === 'infeasible' ? this.#leaf(program, !hasPoint) : null;
    return { leaf, hasPoint };
  }

  *#divide(program: ExactProgram, depth: number, hasPoint: boolean): Steps<RowsNode> {
    const split = hasPoint ? this.#split() : null;
    if (split === null && this.#usesCuts) return yield* this.#proveWithoutCuts(program, depth);
    if (!hasPoint) throw new ProofNotWritten(`a node at depth ${depth} is infeasible by less than can be shown`);
    if (split === null) throw new ProofNotWritten(`a node at depth ${depth} has nothing to split and does not close`);
    const { column, most } = split;
    const before = this.#ranges[column];
    const basis = this.#solver.saveBasis();
    this.#progress.split();
    const children: RowsNode[] = [];
    for (const child of [0, 1] as const) {
      this.#narrow(column, childRange(before, most, child));
      this.#solver.loadBasis(basis);
      children.push(yield* this.#prove(program, depth + 1));
    }
    this.#narrow(column, before);
    return { kind: 'bound', column, most, children: [children[0], children[1]] };
  }

  #closed(leaf: RowsLeaf, depth: number): RowsLeaf {
    this.#progress.leaf(depth);
    return leaf;
  }

  /** Cuts, in doubles, may make a node empty by less than can be shown: below it there are none. */
  *#proveWithoutCuts(program: ExactProgram, depth: number): Steps<RowsNode> {
    const first = this.#claim.program.rows.length;
    const setUppers = (upperOf: (row: Range) => number) => {
      for (const [at, row] of program.rows.slice(first).entries())
        this.#solver.setRowBounds(first + at, -Infinity, upperOf(row));
    };
    setUppers(() => Infinity);
    this.#usesCuts = false;
    this.#progress.again();
    const node = yield* this.#prove(program, depth);
    setUppers(({ upper }) => asNumber(upper!));
    this.#usesCuts = true;
    return node;
  }

  #narrow(column: number, range: Range): void {
    const { lower, upper } = range;
    this.#ranges[column] = range;
    this.#solver.setColumnBounds(
      column,
      lower === null ? -Infinity : asNumber(lower),
      upper === null ? Infinity : asNumber(upper),
    );
  }

  /** Multipliers in few digits that show the claim, or null. */
  #leaf(program: ExactProgram, isInfeasible: boolean): RowsLeaf | null {
    if (!isInfeasible && this.#solver.objective < this.#hopeful) return null;
    const given = isInfeasible ? this.#solver.farkasRay : this.#solver.duals;
    if (given === null) return null;
    const size = isInfeasible ? given.reduce((most, y) => Math.max(most, Math.abs(y)), 0) || 1 : 1;
    for (const count of digits) {
      const rows: RowMultipliers = program.rows.flatMap(({ lower, upper }, row) => {
        const value = Number((given[row] / size).toPrecision(count));
        if (value === 0 || (value > 0 ? lower : upper) === null) return [];
        return [[row, decimalOf(value)] as const];
      });
      const leaf: RowsLeaf = isInfeasible ? { kind: 'rows', cost: 0, rows } : { kind: 'rows', rows };
      for (const each of [leaf, closedMultipliers(program, this.#ranges, leaf)])
        if (each !== null && this.#claim.isShownBy(each, program, this.#ranges)) return each;
    }
    return null;
  }

  /** The whole column whose children gain most, of those with the largest fractions. */
  #split(): { readonly column: number; readonly most: number } | null {
    const { columns } = this.#claim.program;
    const { primal, objective } = this.#solver;
    const candidates = columns
      .flatMap(({ isInteger }, column) => {
        const value = primal[column];
        const distance = Math.abs(value - Math.round(value));
        return isInteger && distance > integrality ? [{ column, value, distance }] : [];
      })
      .sort((a, b) => b.distance - a.distance)
      .slice(0, probes);
    if (candidates.length === 0) return null;
    if (candidates.length === 1) return { column: candidates[0].column, most: Math.floor(candidates[0].value) };
    const basis = this.#solver.saveBasis();
    let best = { column: -1, most: 0, score: -1 };
    for (const { column, value } of candidates) {
      const most = Math.floor(value);
      const before = this.#ranges[column];
      const gains = ([0, 1] as const).map((child) => {
        this.#narrow(column, childRange(before, most, child));
        this.#solver.loadBasis(basis);
        const status = this.#solver.solve({ iterationLimit: probeIterations });
        if (status === 'infeasible') return 1e6 * Math.max(1, Math.abs(objective));
        return Math.max(1e-9, this.#solver.dualBound - objective);
      });
      this.#narrow(column, before);
      const score = gains[0] * gains[1];
      if (score > best.score) best = { column, most, score };
    }
    this.#solver.loadBasis(basis);
    this.#solver.solve();
    return best;
  }
}

/** The program in doubles, for the simplex. */
function doublesOf({ columns, rows, offset }: ExactProgram) {
  const builder = new MixedIntegerProgramBuilder();
  builder.addToOffset(asNumber(offset));
  const bounds = ({ lower, upper }: Range) => ({
    lower: lower === null ? -Infinity : asNumber(lower),
    upper: upper === null ? Infinity : asNumber(upper),
  });
  for (const { cost, isInteger, ...range } of columns)
    builder.addColumn({ cost: asNumber(cost), integer: isInteger, ...bounds(range) });
  for (const { columns: indices, values, ...range } of rows)
    builder.addRow({ ...bounds(range), indices, values: values.map(asNumber) });
  return builder.build();
}
