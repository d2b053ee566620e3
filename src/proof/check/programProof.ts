/**
 * `rolla-program-proof/1`: a proof about a mixed-integer program from a file, always as a minimisation (costs of a
 * maximisation are negated). Columns and rows are named by position, multipliers are the decimals or fractions that
 * are written. Claimed is a point, feasible within the tolerance of specification 9.1, and that no point that holds
 * every row exactly costs less than the bound.
 */
import * as z from 'zod/mini';
import { refuse } from '../../input/inputError.ts';
import { checkMixedIntegerProgram } from '../../lp/checkProgram.ts';
import type { MixedIntegerProgram } from '../../lp/linearProgram.ts';
import {
  anyNumber,
  either,
  exactly,
  list,
  nullable,
  optional,
  record,
  text,
  wholeNumber,
} from '../../model/schemaFields.ts';
import { toInputIssues } from '../../model/schemaIssues.ts';
import { sha256 } from '../../model/sha256.ts';
import { type CheckOptions, type RefusedProof, type ShownClaims, shownClaims } from './claims.ts';
import { decimalOf, type ExactProgram, exactProgram, type Range } from './exactProgram.ts';
import { ProofError } from './proofFormat.ts';
import { compare, greatest, minus, one, over, plus, type Rational, readRational, times, zero } from './rational.ts';
import { type RoundingCut, withCuts } from './roundingCut.ts';
import { checkRowsTree, RowsClaim, type RowsNode } from './rowsTree.ts';

interface ProgramProof {
  readonly format: 'rolla-program-proof/1';
  /** Fingerprint of the program. */
  readonly program: string;
  /** By column name what is not 0; null: no point is claimed. */
  readonly solution: ReadonlyMap<string, Rational> | null;
  /** Null: nothing is feasible. */
  readonly bound: Rational | null;
  /** Further rows, which leaves name after those of the program. */
  readonly cuts: readonly RoundingCut[];
  readonly tree: RowsNode;
}

/** 1e-7, of the largest term of a row and the side that is missed. */
const tolerance: Rational = { n: 1n, d: 10n ** 7n };

const rationalText = (expected: string) =>
  z.custom<string>((value) => typeof value === 'string' && readRational(value) !== null, { error: expected });
const rational = either('a number, or a text such as "1/3"', [
  anyNumber('a multiplier or value'),
  rationalText('a rational'),
]);
const rationals = (error: string) => z.record(z.string(), rational, { error });

const node: z.ZodMiniType<NodeText> = z.lazy(() =>
  z.discriminatedUnion(
    'kind',
    [
      record('a leaf of rows', {
        kind: exactly('rows'),
        cost: optional(z.literal(0, { error: '0, or left out' })),
        rows: rationals('an object: multipliers by position of the row'),
      }),
      record('a split', {
        kind: exactly('bound'),
        column: wholeNumber(0, 'position of a column'),
        most: z.custom<number>(Number.isSafeInteger, { error: 'a whole number' }),
        children: z.lazy(() => z.tuple([node, node], { error: 'two nodes' })),
      }),
    ],
    { error: 'a node: an object whose "kind" is rows or bound' },
  ),
) as unknown as z.ZodMiniType<NodeText>;

const positions = list('columns by position', wholeNumber(0, 'position of a column'));
const cut = record('a cut', {
  lower: optional(rationals('an object: multipliers by position of the row')),
  upper: optional(rationals('an object: multipliers by position of the row')),
  fromUpper: optional(positions),
  coefficients: rationals('an object: coefficients by position of the column'),
  most: rational,
});

const proofSchema = record('a rolla-program-proof/1', {
  format: exactly('rolla-program-proof/1'),
  program: text('fingerprint of the program'),
  solution: nullable(rationals('an object: values by column name, or null')),
  bound: nullable(rationalText('a decimal number as text, or null for: nothing is feasible')),
  cuts: optional(list('cuts', cut)),
  tree: node,
});

type NumberText = number | string;
type NodeText =
  | { readonly kind: 'rows'; readonly cost?: 0; readonly rows: Readonly<Record<string, NumberText>> }
  | {
      readonly kind: 'bound';
      readonly column: number;
      readonly most: number;
      readonly children: readonly [NodeText, NodeText];
    };

type Table = Readonly<Record<string, NumberText>>;

interface CutText {
  readonly lower?: Table;
  readonly upper?: Table;
  readonly fromUpper?: readonly number[];
  readonly coefficients: Table;
  readonly most: NumberText;
}

/** A proof as it stands in a file. */
export interface ProgramProofData {
  readonly format: 'rolla-program-proof/1';
  readonly program: string;
  readonly solution: Readonly<Record<string, NumberText>> | null;
  readonly bound: string | null;
  readonly cuts?: readonly CutText[];
  readonly tree: NodeText;
}

/** Equal programs have equal fingerprints, whatever their names but those of columns: 32 hexadecimal digits. */
export function fingerprintOfProgram(program: MixedIntegerProgram): string {
  const { columnStarts, rowIndices, values, cost, columnLower, columnUpper, rowLower, rowUpper, integrality } = program;
  const parts = [columnStarts, rowIndices, values, cost, columnLower, columnUpper, rowLower, rowUpper, integrality];
  return sha256(
    [...parts.map((part) => part.join()), JSON.stringify(program.columnNames), program.offset].join('\n'),
  ).slice(0, 32);
}

/** Throws InputError if `data` is not a `rolla-program-proof/1`. */
function readProgramProof(data: unknown): ProgramProof {
  const parsed = proofSchema.safeParse(data);
  if (!parsed.success) refuse(toInputIssues(parsed.error, data));
  const { format, program, solution, bound, cuts = [], tree } = parsed.data as ProgramProofData;
  return {
    format,
    program,
    solution: solution && new Map(Object.entries(solution).map(([name, value]) => [name, rationalOf(value)])),
    bound: bound === null ? null : readRational(bound)!,
    cuts: cuts.map(({ lower = {}, upper = {}, fromUpper = [], coefficients, most }, at) => ({
      lower: entriesOf(lower, `cuts[${at}].lower`),
      upper: entriesOf(upper, `cuts[${at}].upper`),
      fromUpper,
      coefficients: entriesOf(coefficients, `cuts[${at}].coefficients`),
      most: rationalOf(most),
    })),
    tree: nodeOf(tree, 'tree'),
  };
}

function rationalOf(value: NumberText): Rational {
  return typeof value === 'number' ? decimalOf(value) : readRational(value)!;
}

function nodeOf(given: NodeText, path: string): RowsNode {
  if (given.kind === 'bound') {
    const [first, second] = given.children;
    return { ...given, children: [nodeOf(first, `${path}.children[0]`), nodeOf(second, `${path}.children[1]`)] };
  }
  return {
    kind: 'rows',
    ...(given.cost === 0 ? { cost: 0 as const } : {}),
    rows: entriesOf(given.rows, `${path}.rows`),
  };
}

function entriesOf(table: Table, path: string) {
  return Object.entries(table).map(([key, value]) => [position(key, path), rationalOf(value)] as const);
}

function position(key: string, path: string): number {
  if (!/^(0|[1-9]\d{0,8})$/.test(key)) refuse([{ path, value: key, expected: 'the position of a row or column' }]);
  return Number(key);
}

/**
 * Checks a proof against its program. Throws InputError where the proof is not well-formed or the program is none; a
 * proof that is well-formed and wrong is refused. Costs are of the program as a minimisation.
 */
export function checkProgramProof(
  program: MixedIntegerProgram,
  data: unknown,
  { onProgress }: CheckOptions = {},
): ShownClaims | RefusedProof {
  checkMixedIntegerProgram(program);
  const proof = readProgramProof(data);
  const { solution, bound } = proof;
  try {
    if (proof.program !== fingerprintOfProgram(program))
      throw new ProofError('program', 'the proof is of another program');
    if (bound === null && solution !== null) throw new ProofError('bound', 'a point, and the claim that there is none');
    const exact = exactProgram(program);
    const shown = solution && checkPoint(exact, pointOf(program.columnNames, solution));
    const leaves = checkRowsTree(new RowsClaim(withCuts(exact, proof.cuts), bound), proof.tree, onProgress);
    return shownClaims(shown, bound, leaves);
  } catch (error) {
    if (error instanceof ProofError) return { ok: false, path: error.path, reason: error.message };
    throw error;
  }
}

function pointOf(names: readonly string[], solution: ReadonlyMap<string, Rational>): readonly Rational[] {
  const known = new Set(names);
  // An object of that key loses it: the point would not be the one of the file.
  if (known.has('__proto__')) throw new ProofError('solution', 'cannot say the value of a column called __proto__');
  for (const name of solution.keys())
    if (!known.has(name)) throw new ProofError('solution', `names a column that there is not: ${JSON.stringify(name)}`);
  return names.map((name) => solution.get(name) ?? zero);
}

/** The exact cost of a point and its largest violation. Throws ProofError where that passes the tolerance. */
export function checkPoint(
  program: ExactProgram,
  point: readonly Rational[],
): { readonly cost: Rational; readonly largestViolation: Rational } {
  let cost = program.offset;
  let largestViolation = zero;
  const hold = (range: Range, value: Rational, terms: Rational, what: string) => {
    const missed = missedBy(range, value, terms);
    if (compare(missed, tolerance) > 0) throw new ProofError('solution', `violates ${what}`);
    largestViolation = greatest(largestViolation, missed);
  };
  for (const [column, { isInteger, cost: price, ...range }] of program.columns.entries()) {
    const value = point[column];
    if (isInteger && value.n % value.d !== 0n) throw new ProofError('solution', `column ${column} is not whole`);
    hold(range, value, greatest(size(value), one), `a bound of column ${column}`);
    cost = plus(cost, times(price, value));
  }
  for (const [row, { columns, values, ...range }] of program.rows.entries()) {
    let activity = zero;
    let terms = zero;
    for (const [t, column] of columns.entries()) {
      activity = plus(activity, times(values[t], point[column]));
      terms = greatest(terms, times(size(values[t]), greatest(size(point[column]), one)));
    }
    hold(range, activity, terms, `row ${row}`);
  }
  return { cost, largestViolation };
}

/** By how much the value misses its range, as a share of the largest of its terms and the side missed. */
function missedBy({ lower, upper }: Range, value: Rational, terms: Rational): Rational {
  const below = lower !== null && compare(value, lower) < 0;
  const above = upper !== null && compare(value, upper) > 0;
  if (!below && !above) return zero;
  const side = below ? lower : upper!;
  const scale = greatest(terms, size(side));
  return over(size(minus(value, side)), scale);
}

function size(value: Rational): Rational {
  return value.n < 0n ? { n: -value.n, d: value.d } : value;
}
