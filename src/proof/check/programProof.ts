/**
 * `rolla-program-proof/1`: a proof about a mixed-integer program from a file, always as a minimisation (costs of a
 * maximisation are negated). Columns and rows are named by position, multipliers are the decimals or fractions that
 * are written. Claimed is a point, feasible within the tolerance of specification 9.1, and that no point that holds
 * every row exactly costs less than the bound.
 */
import * as z from 'zod/mini';
import { attempt, refuse } from '../../input/inputError.ts';
import { checkMixedIntegerProgram } from '../../lp/checkProgram.ts';
import type { MixedIntegerProgram } from '../../lp/linearProgram.ts';
import { exactly, list, nullable, optional, record, text, wholeNumber } from '../../model/schemaFields.ts';
import { toInputIssues } from '../../model/schemaIssues.ts';
import { sha256 } from '../../model/sha256.ts';
import {
  type CheckOptions,
  checkIssues,
  type RefusedProof,
  type ShownClaims,
  shownClaims,
  shownOrRefused,
} from './claims.ts';
import { type ExactProgram, exactProgram, type Range } from './exactProgram.ts';
import { ProofError, rational, rationalText, refuseDeeper, table } from './proofFormat.ts';
import {
  compare,
  decimalOf,
  greatest,
  isWhole,
  minus,
  one,
  over,
  plus,
  type Rational,
  size,
  times,
  zero,
} from './rational.ts';
import { checkRowsTree, RowsClaim, type RowsNode } from './rowsTree.ts';

/** 1e-7, of the largest term of a row and the side that is missed. */
const tolerance: Rational = { n: 1n, d: 10n ** 7n };

const value = rational(decimalOf);
/** Values by position. */
const entries = (of: string) =>
  z.pipe(
    table(value, of),
    z.transform((given) => Object.entries(given).map(([key, each]) => [Number(key), each] as const)),
  );

const cut = record('a cut', {
  lower: z._default(entries('multipliers of rows'), []),
  upper: z._default(entries('multipliers of rows'), []),
  fromUpper: z._default(list('columns by position', wholeNumber(0, 'position of a column')), []),
  coefficients: entries('coefficients of columns'),
  most: value,
});

/** Rows of the node and of all below it, which leaves name after those of the program and those above. */
const cuts = optional(list('cuts', cut));

const node: z.ZodMiniType<RowsNode, NodeText> = z.lazy(() =>
  z.discriminatedUnion(
    'kind',
    [
      record('a leaf of rows', {
        kind: exactly('rows'),
        cuts,
        cost: optional(z.literal(0, { error: '0, or left out' })),
        rows: entries('multipliers of rows'),
      }),
      record('a split', {
        kind: exactly('bound'),
        cuts,
        column: wholeNumber(0, 'position of a column'),
        most: z.custom<number>(Number.isSafeInteger, { error: 'a whole number' }),
        children: z.lazy(() => z.tuple([node, node], { error: 'two nodes' })),
      }),
    ],
    { error: 'a node: an object whose "kind" is rows or bound' },
  ),
) as unknown as z.ZodMiniType<RowsNode, NodeText>;

type CutText = z.core.input<typeof cut>;
type NodeText =
  | {
      readonly kind: 'rows';
      readonly cuts?: CutText[] | undefined;
      readonly cost?: 0 | undefined;
      readonly rows: Readonly<Record<string, number | string>>;
    }
  | {
      readonly kind: 'bound';
      readonly cuts?: CutText[] | undefined;
      readonly column: number;
      readonly most: number;
      readonly children: readonly [NodeText, NodeText];
    };

/** By column name what is not 0. Its keys are not positions: `__proto__` is one that an object loses on the way. */
const solution = z.pipe(
  z.custom<Record<string, number | string>>(
    (given) =>
      typeof given === 'object' && given !== null && !Array.isArray(given) && !Object.hasOwn(given, '__proto__'),
    { error: 'an object: values by column name, none of them __proto__; or null' },
  ),
  z.record(z.string(), value, { error: 'an object: values by column name, or null' }),
);

const proofSchema = record('a rolla-program-proof/1', {
  format: exactly('rolla-program-proof/1'),
  program: text('fingerprint of the program'),
  /** Null: no point is claimed. */
  solution: nullable(solution),
  /** Null: nothing is feasible. */
  bound: nullable(rationalText('a decimal number as text, or null for: nothing is feasible')),
  tree: node,
});

/** A proof as it stands in a file. */
export type ProgramProofData = z.core.input<typeof proofSchema>;

/** Equal programs have equal fingerprints, whatever their names but those of columns: 32 hexadecimal digits. */
export function fingerprintOfProgram(program: MixedIntegerProgram): string {
  const { columnStarts, rowIndices, values, cost, columnLower, columnUpper, rowLower, rowUpper, integrality } = program;
  const parts = [columnStarts, rowIndices, values, cost, columnLower, columnUpper, rowLower, rowUpper, integrality];
  return sha256(
    [...parts.map((part) => part.join()), JSON.stringify(program.columnNames), program.offset].join('\n'),
  ).slice(0, 32);
}

/**
 * Checks a proof against its program. Throws InputError where the proof is not well-formed or the program is none; a
 * proof that is well-formed and wrong is refused. Costs are of the program as a minimisation.
 */
export function checkProgramProof(
  program: MixedIntegerProgram,
  data: unknown,
  options: CheckOptions = {},
): ShownClaims | RefusedProof {
  const issues = checkIssues(options);
  attempt(() => checkMixedIntegerProgram(program), issues);
  attempt(() => refuseDeeper(data), issues);
  refuse(issues);
  const parsed = proofSchema.safeParse(data);
  if (!parsed.success) refuse(toInputIssues(parsed.error, data));
  const { onProgress } = options;
  const proof = parsed.data!;
  const { solution, bound } = proof;
  return shownOrRefused(() => {
    if (proof.program !== fingerprintOfProgram(program))
      throw new ProofError('program', 'the proof is of another program');
    if (bound === null && solution !== null) throw new ProofError('bound', 'a point, and the claim that there is none');
    const exact = exactProgram(program);
    const shown = solution && checkPoint(exact, pointOf(program.columnNames, solution));
    const leaves = checkRowsTree(new RowsClaim(exact, bound), proof.tree, onProgress);
    return shownClaims(shown, bound, leaves);
  });
}

function pointOf(names: readonly string[], values: Readonly<Record<string, Rational>>): readonly Rational[] {
  const known = new Set(names);
  for (const name of Object.keys(values))
    if (!known.has(name)) throw new ProofError('solution', `names a column that there is not: ${JSON.stringify(name)}`);
  return names.map((name) => (Object.hasOwn(values, name) ? values[name] : zero));
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
    if (isInteger && !isWhole(value)) throw new ProofError('solution', `column ${column} is not whole`);
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
  const beyond = (side: Rational | null, sign: number) =>
    side !== null && sign * compare(value, side) > 0
      ? over(size(minus(value, side)), greatest(terms, size(side)))
      : zero;
  // Sides may exclude each other: then a value misses both.
  return greatest(beyond(lower, -1), beyond(upper, 1));
}
