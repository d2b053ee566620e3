/** Linear and mixed-integer programs for the fuzz: random, exactly tight, slightly short, adversarially scaled. */
import { solveMixedIntegerProgram } from '../../src/bnb/solveMixedIntegerProgram.ts';
import { type StrategyName, strategyPresets } from '../../src/bnb/strategy.ts';
import type { MixedIntegerProgram } from '../../src/lp/linearProgram.ts';
import { MixedIntegerProgramBuilder } from '../../src/lp/linearProgram.ts';
import { SimplexSolver } from '../../src/lp/simplex/simplexSolver.ts';
import { solveLinearProgram } from '../../src/lp/solveLinearProgram.ts';
import { isCertified } from '../lp/certificates.ts';
import { type HighsOracle, loadHighsOracle } from '../lp/highsOracle.ts';
import { hugeProgram, judgeHuge } from '../lp/hugePrograms.ts';
import { drawFrom, randomLinearProgram } from '../lp/randomLinearPrograms.ts';
import { redundantSystem } from '../lp/redundantSystem.ts';
import { badlyScaledProgram } from '../lp/simplex/badlyScaledPrograms.ts';
import type { Fuzzer, FuzzOutcome } from './fuzzer.ts';

const strategies = Object.keys(strategyPresets) as StrategyName[];
let highs: Promise<HighsOracle> | undefined;

/** Collects what is wrong with the answers to one problem. */
class Judgement {
  readonly faults: string[] = [];
  solves = 0;
  troubles = 0;
  otherSolverErrs = 0;

  /** Compares a word and a value with those that are right. */
  answer(way: string, status: string, value: number | null, right: { status: string; value: number | null }): void {
    this.solves++;
    if (status === 'numerical-trouble') this.troubles++;
    else if (status !== right.status) this.faults.push(`${way}: ${status}, right is ${right.status}`);
    else if (
      value !== null &&
      right.value !== null &&
      Math.abs(value - right.value) > 1e-6 * (1 + Math.abs(right.value))
    )
      this.faults.push(`${way}: ${value}, right is ${right.value}`);
  }

  get outcome(): FuzzOutcome {
    const { faults, solves, troubles, otherSolverErrs } = this;
    return { faults, solves, troubles, otherSolverErrs };
  }
}

/** The simplex's own answer with its proof checked, all other ways against it, and HiGHS as a second opinion. */
async function judgeLinear(program: MixedIntegerProgram): Promise<FuzzOutcome> {
  const judgement = new Judgement();
  const solver = new SimplexSolver(program);
  const status = solver.solve();
  judgement.solves++;
  if (status === 'numerical-trouble') {
    judgement.troubles++;
    return judgement.outcome;
  }
  const right = { status, value: status === 'optimal' ? solver.objective : null };
  for (const presolve of [true, false]) {
    const answer = solveLinearProgram(program, { presolve });
    judgement.answer(`presolve ${presolve}`, answer.status, answer.objective, right);
  }
  highs ??= loadHighsOracle();
  const other = (await highs).solve(program, { relax: true, presolve: 'off' });
  const isDecided = /^(optimal|infeasible|unbounded)$/.test(other.status);
  const isSame = isDecided && other.status === status;
  // HiGHS is wrong sometimes: a proof that holds decides, and only without one its word.
  if (isCertified(program, solver)) judgement.otherSolverErrs += isDecided && !isSame ? 1 : 0;
  else if (!isSame) judgement.faults.push(`simplex: ${status} without a proof, HiGHS says ${other.status}`);
  return judgement.outcome;
}

/** All ways against a word (and value) that is right by construction. */
function judgeKnown(
  program: MixedIntegerProgram,
  right: { status: string; value: number | null },
  asLinear: boolean,
): FuzzOutcome {
  const judgement = new Judgement();
  if (asLinear)
    for (const presolve of [true, false]) {
      const { status, objective } = solveLinearProgram(program, { presolve });
      judgement.answer(`presolve ${presolve}`, status, objective, right);
    }
  if (program.integrality.includes(1))
    for (const strategy of strategies) {
      const { status, cost } = solveMixedIntegerProgram(program, { strategy, nodeLimit: 20_000 });
      judgement.answer(strategy, status, cost, right);
    }
  return judgement.outcome;
}

/** Rows times powers of two up to 2^30 either way: the same program. */
function rowsScaled(program: MixedIntegerProgram, seed: number): MixedIntegerProgram {
  const { integer } = drawFrom(seed);
  const factor = Float64Array.from({ length: program.numRows }, () => 2 ** integer(-30, 30));
  return {
    ...program,
    values: program.values.map((value, at) => value * factor[program.rowIndices[at]]),
    rowLower: program.rowLower.map((side, row) => side * factor[row]),
    rowUpper: program.rowUpper.map((side, row) => side * factor[row]),
  };
}

/** Whole coefficients, boxes of at most five values: small enough for going through all points. */
function smallInteger(seed: number): { program: MixedIntegerProgram; right: { status: string; value: number | null } } {
  const { integer, fraction } = drawFrom(seed);
  const columns = Array.from({ length: integer(1, 5) }, () => ({
    cost: integer(-9, 9),
    lower: integer(-2, 1),
    width: integer(0, 4),
  }));
  const rows = Array.from({ length: integer(1, 4) }, () => {
    const values = columns.map(() => integer(-6, 6));
    const at = columns.map(({ lower, width }) => lower + integer(0, width));
    const side = values.reduce((sum, value, j) => sum + value * at[j], 0) + (fraction() < 0.3 ? integer(-3, 3) : 0);
    const kind = integer(0, 3);
    return {
      values,
      lower: kind === 0 ? -Infinity : side,
      upper: kind === 1 ? Infinity : kind === 3 ? side + 2 : side,
    };
  });
  const builder = new MixedIntegerProgramBuilder();
  for (const { cost, lower, width } of columns) builder.addColumn({ cost, lower, upper: lower + width, integer: true });
  for (const { values, lower, upper } of rows)
    builder.addRow({ lower, upper, values, indices: columns.map((_, j) => j) });
  let best: number | null = null;
  const point: number[] = [];
  const visit = (): void => {
    if (point.length < columns.length) {
      const { lower, width } = columns[point.length];
      for (let value = lower; value <= lower + width; value++) {
        point.push(value);
        visit();
        point.pop();
      }
      return;
    }
    for (const { values, lower, upper } of rows) {
      const activity = values.reduce((sum, value, j) => sum + value * point[j], 0);
      if (activity < lower || activity > upper) return;
    }
    const cost = columns.reduce((sum, column, j) => sum + column.cost * point[j], 0);
    if (best === null || cost < best) best = cost;
  };
  visit();
  return { program: builder.build(), right: { status: best === null ? 'infeasible' : 'optimal', value: best } };
}

/** `redundantSystem` as it is and with its first column integer. */
function judgeSystem(seed: number, error: number, status: string): FuzzOutcome {
  const program = redundantSystem(seed, error, 10 ** drawFrom(seed).integer(-6, 6));
  const integrality = program.integrality.slice();
  integrality[0] = 1;
  return judgeKnown({ ...program, integrality }, { status, value: null }, true);
}

export const programFuzzers: readonly Fuzzer[] = [
  {
    name: 'lp-random',
    run: async (seed) => judgeLinear(randomLinearProgram(seed, { rows: [0, 14], columns: [1, 16], wide: false })),
  },
  {
    name: 'lp-wide',
    run: async (seed) => judgeLinear(randomLinearProgram(seed, { rows: [0, 8], columns: [1, 10], wide: true })),
  },
  { name: 'lp-badly-scaled', run: async (seed) => judgeLinear(badlyScaledProgram(seed)) },
  { name: 'lp-huge', run: async (seed) => judgeHuge(hugeProgram(seed, drawFrom(seed).integer(6, 300))) },
  {
    name: 'lp-rows-scaled',
    run: async (seed) =>
      judgeLinear(rowsScaled(randomLinearProgram(seed, { rows: [1, 10], columns: [1, 12], wide: false }), seed)),
  },
  { name: 'system-tight', run: async (seed) => judgeSystem(seed, 10 ** -drawFrom(seed).integer(8, 16), 'optimal') },
  { name: 'system-short', run: async (seed) => judgeSystem(seed, 10 ** -drawFrom(seed).integer(1, 5), 'infeasible') },
  {
    name: 'mip-small',
    run: async (seed) => {
      const { program, right } = smallInteger(seed);
      return judgeKnown(program, right, false);
    },
  },
  {
    name: 'mip-rows-scaled',
    run: async (seed) => {
      const { program, right } = smallInteger(seed);
      return judgeKnown(rowsScaled(program, seed), right, false);
    },
  },
];
