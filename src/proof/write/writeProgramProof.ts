/** Writes the proof of a solved mixed-integer program (`rolla-program-proof/1`). */

import { defaultSearchParameters } from '../../bnb/parameters.ts';
import { attempt, fault, type InputIssue, refuse } from '../../input/inputError.ts';
import { checkedOptions, isPlainObject, type OptionRules, rule, switchRule } from '../../input/optionRules.ts';
import { checkMixedIntegerProgram } from '../../lp/checkProgram.ts';
import type { MixedIntegerProgram } from '../../lp/linearProgram.ts';
import { drain, drainAsync, type Steps } from '../../lp/steps.ts';
import { type ExactProgram, exactProgram, lowest, objectiveStep, raisedToStep } from '../check/exactProgram.ts';
import { checkPoint, fingerprintOfProgram, type ProgramProofData } from '../check/programProof.ts';
import { ProofError } from '../check/proofFormat.ts';
import { type Rational, readRational } from '../check/rational.ts';
import type { RoundingCut } from '../check/roundingCut.ts';
import type { RowsNode } from '../check/rowsTree.ts';
import { exactPoint } from './exactPoint.ts';
import { RowsTreeWriter } from './rowsTreeWriter.ts';
import { type ProvenGap, targetOf, upwardText } from './target.ts';
import { ProofNotWritten, readableProof, type WriteOptions, writeIssues } from './writeOptions.ts';

/** What is known of a program: of `solveMixedIntegerProgram`, or of a linear program. */
export interface ProvenResult extends ProvenGap {
  readonly solution: Float64Array | null;
  readonly bound: number | null;
}

/** A proof as data of any form: `rolla-program-proof/1` and VIPR are made of it. */
export interface WrittenRows {
  readonly exact: ExactProgram;
  /** Null: there is none. */
  readonly point: readonly Rational[] | null;
  /** Null: nothing is feasible. */
  readonly bound: Rational | null;
  readonly tree: RowsNode;
}

/**
 * The proof of a result of `solveMixedIntegerProgram` for this program: of its gap where it is optimal, of its bound
 * where a limit struck, or that nothing is feasible. Throws InputError for what is no such thing, ProofNotWritten, with
 * the reason, where the result has nothing to prove, a node does not close, or a limit of the writing strikes.
 */
export function writeProgramProof(
  program: MixedIntegerProgram,
  result: ProvenResult,
  options: WriteOptions = {},
): ProgramProofData {
  return programProofData(program, drain(writeRows(program, result, options)));
}

/** As `writeProgramProof`, letting the event loop run about every 20 ms, so that `options.signal` stops the work. */
export async function writeProgramProofAsync(
  program: MixedIntegerProgram,
  result: ProvenResult,
  options: WriteOptions = {},
): Promise<ProgramProofData> {
  return programProofData(program, await writeRowsAsync(program, result, options));
}

export function programProofData(program: MixedIntegerProgram, { point, bound, tree }: WrittenRows): ProgramProofData {
  return readableProof({
    format: 'rolla-program-proof/1',
    program: fingerprintOfProgram(program),
    solution:
      point &&
      Object.fromEntries(
        point.flatMap((value, column) => (value.n === 0n ? [] : [[program.columnNames[column], textOf(value)]])),
      ),
    bound: bound && String(textOf(bound)),
    tree: nodeText(tree),
  });
}

const provenRules: OptionRules = {
  status: { ...rule('the status of a result', (value) => typeof value === 'string'), isRequired: true },
  solution: {
    ...rule('a Float64Array, or null', (value) => value === null || value instanceof Float64Array),
    isRequired: true,
  },
  bound: { ...rule('a number, or null', isNumberOrNull), isRequired: true },
  gap: { ...rule('a number, or null', isNumberOrNull), isRequired: true },
};

function isNumberOrNull(value: unknown): boolean {
  return value === null || (typeof value === 'number' && !Number.isNaN(value));
}

/** Of what a result says more, nothing is looked at. */
function resultIssues(result: unknown): InputIssue[] {
  const known = isPlainObject(result)
    ? Object.fromEntries(Object.entries(result).filter(([name]) => Object.hasOwn(provenRules, name)))
    : result;
  return checkedOptions(known, provenRules, 'result', 'result.').issues;
}

/** Pausing now and then. Default of `usesCuts`: true; VIPR certificates have none. */
export function* writeRows(
  program: MixedIntegerProgram,
  result: ProvenResult,
  given: WriteOptions & { readonly usesCuts?: boolean } = {},
): Steps<WrittenRows> {
  const issues = [...writeIssues(given, { usesCuts: switchRule }), ...resultIssues(result)];
  attempt(() => checkMixedIntegerProgram(program), issues);
  refuse(issues);
  const { usesCuts = true, ...options } = given;
  const exact = exactProgram(program);
  if (result.solution !== null && result.solution.length !== program.numColumns)
    throw fault('result.solution', `${result.solution.length} values`, `${program.numColumns}, one for each column`);
  if (result.status !== 'infeasible' && (result.solution === null || result.bound === null))
    throw new ProofNotWritten(`nothing is proven: there is no solution or no bound (${result.status})`);
  const point = result.solution && exactPoint(exact, result.solution);
  const cost = point && costOf(exact, point);
  const bound = cost && boundBelow(exact, cost, result, options);
  const writer = new RowsTreeWriter(exact, bound, { ...options, usesCuts });
  const tree = yield* writer.write();
  return { exact, point, bound, tree };
}

export async function writeRowsAsync(...given: Parameters<typeof writeRows>): Promise<WrittenRows> {
  return drainAsync(writeRows(...given), defaultSearchParameters.pace.pauseInterval);
}

function costOf(exact: ExactProgram, point: readonly Rational[]): Rational {
  try {
    return checkPoint(exact, point).cost;
  } catch (error) {
    if (error instanceof ProofError) throw new ProofNotWritten(`the solution, in exact numbers, ${error.message}`);
    throw error;
  }
}

/** Where costs come in steps, the last of them within the gap. */
function boundBelow(exact: ExactProgram, cost: Rational, result: ProvenResult, options: WriteOptions): Rational {
  const target = readRational(upwardText(targetOf(cost, result, options)))!;
  const step = objectiveStep(exact);
  return step === null ? target : raisedToStep(target, exact.offset, step);
}

function nodeText(node: RowsNode): ProgramProofData['tree'] {
  const cuts = node.cuts === undefined ? {} : { cuts: node.cuts.map(cutText) };
  if (node.kind === 'bound') {
    const { kind, column, most, children } = node;
    return { kind, ...cuts, column, most, children: [nodeText(children[0]), nodeText(children[1])] };
  }
  return {
    kind: 'rows',
    ...cuts,
    ...(node.cost === 0 ? { cost: 0 as const } : {}),
    rows: tableOf(node.rows),
  };
}

type Entries = RoundingCut['coefficients'];

function tableOf(entries: Entries) {
  return Object.fromEntries(entries.map(([at, value]) => [at, textOf(value)]));
}

function cutText({ lower, upper, fromUpper, coefficients, most }: RoundingCut) {
  return {
    ...(lower.length > 0 ? { lower: tableOf(lower) } : {}),
    ...(upper.length > 0 ? { upper: tableOf(upper) } : {}),
    ...(fromUpper.length > 0 ? { fromUpper: [...fromUpper] } : {}),
    coefficients: tableOf(coefficients),
    most: textOf(most),
  };
}

/** A number where its decimal is the value, else a fraction as text. */
function textOf(value: Rational): number | string {
  const { n, d } = lowest(value);
  const near = Number(n) / Number(d);
  const read = Number.isFinite(near) ? readRational(String(near)) : null;
  return read !== null && read.n * d === n * read.d ? near : `${n}/${d}`;
}
