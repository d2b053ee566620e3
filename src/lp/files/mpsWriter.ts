/**
 * Writes a program as MPS text. In free form every number is the shortest text that reads back to the same double, so
 * reading gives the same program; fixed form has twelve characters for a number and rounds what does not fit.
 */

import { attempt, fault, type InputIssue, refuse } from '../../input/inputError.ts';
import { checkOptions, type OptionRule, rule } from '../../input/optionRules.ts';
import { checkMixedIntegerProgram } from '../checkProgram.ts';
import type { MixedIntegerProgram } from '../linearProgram.ts';
import { withConstantColumn } from './constantColumn.ts';
import { freeName, legalNames, type NameRules, renamings } from './fileNames.ts';
import { type MpsForm, mpsInfinity } from './mpsLines.ts';

export interface MpsWriteOptions {
  /**
   * Default `free`. `fixed` keeps the character positions of old readers: 8 for names, 12 for numbers (rounded to fit).
   */
  readonly format?: MpsForm;
}

/** Written for an infinite right-hand side: beyond the threshold from which readers take a bound as none. */
const writtenInfinity = 1e30;

/** Spaces would be allowed in fixed form, but not every reader follows; underscores are safe everywhere. */
const nameRules = (maximalLength: number): NameRules => ({
  illegalCharacters: /[\s\p{Cc}]/gu,
  reserved: (name) => /^[$*]/.test(name) || name === "'MARKER'",
  maximalLength,
});
const nameRulesOfForm: Record<MpsForm, NameRules> = { free: nameRules(255), fixed: nameRules(8) };

/** Characters of a number field in fixed form. */
const fixedNumberWidth = 12;

const writeRules: { readonly [Name in keyof MpsWriteOptions]-?: OptionRule } = {
  format: rule('"free" or "fixed"', (value) => value === 'free' || value === 'fixed'),
};

/**
 * Writes the program as MPS text (objective as the first row, minimised; a constant in it is the cost of a column fixed
 * at 1). Illegal names are changed and listed in comments at the head. A free row becomes a G row with right-hand side
 * -1e30.
 * Throws InputError where a row's lower bound is above its upper bound or on the wrong side of infinity: MPS has no
 * such row.
 */
export function writeMps(given: MixedIntegerProgram, options: MpsWriteOptions = {}): string {
  const issues: InputIssue[] = [];
  attempt(() => checkMixedIntegerProgram(given), issues);
  attempt(() => checkOptions(options, writeRules), issues);
  refuse(issues);
  const program = withConstantColumn(given);
  const form = options.format ?? 'free';
  const rules = nameRulesOfForm[form];
  const columnNames = legalNames(program.columnNames, 'C', rules);
  const rowNames = legalNames(program.rowNames, 'R', rules);
  const objective = freeName('OBJ', rowNames);
  const out: string[] = [];
  for (const line of renamings(program.columnNames, columnNames)) out.push(`* column ${line}`);
  for (const line of renamings(program.rowNames, rowNames)) out.push(`* row ${line}`);
  // CBC reads bounds in free form only where the form stands behind a name of one word.
  const name = program.name.replace(/[\r\n]+/g, ' ').trim();
  out.push(`NAME          ${form === 'free' ? `${name.replace(/\s+/g, '_')} FREE` : name}`.trimEnd());

  const line = form === 'fixed' ? fixedLine : freeLine;
  const number = form === 'fixed' ? fixedNumber : String;
  const rows = Array.from({ length: program.numRows }, (_, row) => describeRow(program, row));
  out.push('ROWS', line('N', objective));
  rows.forEach(({ type }, row) => {
    out.push(line(type, rowNames[row]));
  });

  out.push('COLUMNS');
  writeColumns(program, out, (column, row, value) =>
    line('', columnNames[column], row < 0 ? objective : rowNames[row], number(value)),
  );

  out.push('RHS');
  rows.forEach(({ rightHandSide }, row) => {
    if (rightHandSide !== 0) out.push(line('', 'RHS', rowNames[row], number(rightHandSide)));
  });
  if (rows.some(({ range }) => range !== null)) out.push('RANGES');
  rows.forEach(({ range }, row) => {
    if (range !== null) out.push(line('', 'RNG', rowNames[row], number(range)));
  });

  const bounds: string[] = [];
  for (let column = 0; column < program.numColumns; column++)
    for (const [code, value] of describeBounds(program, column))
      bounds.push(line(code, 'BND', columnNames[column], value === null ? undefined : number(value)));
  if (bounds.length > 0) out.push('BOUNDS', ...bounds);
  out.push('ENDATA', '');
  return out.join('\n');
}

function writeColumns(
  program: MixedIntegerProgram,
  out: string[],
  entry: (column: number, row: number, value: number) => string,
): void {
  let inIntegerBlock = false;
  let markers = 0;
  const switchBlock = () => {
    inIntegerBlock = !inIntegerBlock;
    const marker = `MARKER${markers++ % 100}`;
    out.push(`    ${marker.padEnd(8)}  'MARKER'                 ${inIntegerBlock ? "'INTORG'" : "'INTEND'"}`);
  };
  for (let column = 0; column < program.numColumns; column++) {
    if ((program.integrality[column] === 1) !== inIntegerBlock) switchBlock();
    const start = program.columnStarts[column];
    const end = program.columnStarts[column + 1];
    // A column without entries exists only through a line of its own.
    if (program.cost[column] !== 0 || start === end) out.push(entry(column, -1, program.cost[column]));
    for (let t = start; t < end; t++) out.push(entry(column, program.rowIndices[t], program.values[t]));
  }
  if (inIntegerBlock) switchBlock();
}

interface RowDescription {
  readonly type: 'E' | 'L' | 'G';
  readonly rightHandSide: number;
  readonly range: number | null;
}

function describeRow(program: MixedIntegerProgram, row: number): RowDescription {
  const lower = program.rowLower[row];
  const upper = program.rowUpper[row];
  if (!(lower <= upper) || lower === Infinity || upper === -Infinity)
    throw fault(
      `row ${program.rowNames[row]}`,
      `bounds [${lower}, ${upper}]`,
      'lower <= upper with something between, as MPS can say no other',
    );
  if (lower === upper) return { type: 'E', rightHandSide: lower, range: null };
  if (lower === -Infinity)
    return upper === Infinity
      ? { type: 'G', rightHandSide: -writtenInfinity, range: null }
      : { type: 'L', rightHandSide: upper, range: null };
  if (upper === Infinity) return { type: 'G', rightHandSide: lower, range: null };
  return describeRangedRow(lower, upper);
}

/** Chooses side and width such that the other side is met to the last bit where doubles allow it. */
function describeRangedRow(lower: number, upper: number): RowDescription {
  const width = upper - lower;
  const ulp = Number.EPSILON * width;
  for (const range of [width, width - ulp, width + ulp]) {
    if (lower + range === upper) return { type: 'G', rightHandSide: lower, range };
    if (upper - range === lower) return { type: 'L', rightHandSide: upper, range };
  }
  return { type: 'G', rightHandSide: lower, range: width };
}

/**
 * Bound lines of a column. Integer columns get one always, since readers disagree on their default; a lower bound
 * goes before a negative upper bound, which would otherwise make the column free below.
 */
function describeBounds(program: MixedIntegerProgram, column: number): [code: string, value: number | null][] {
  const lower = program.columnLower[column];
  const upper = program.columnUpper[column];
  const integer = program.integrality[column] === 1;
  const finite = (value: number) => (Math.abs(value) < mpsInfinity ? value : Math.sign(value) * writtenInfinity);
  if (integer && lower === 0 && upper === 1) return [['BV', null]];
  if (lower === upper && Number.isFinite(lower)) return [['FX', lower]];
  if (lower === -Infinity && upper === Infinity) return [['FR', null]];
  const bounds: [string, number | null][] = [];
  if (lower === -Infinity) bounds.push(['MI', null]);
  else if (lower !== 0 || upper < 0) bounds.push(['LO', finite(lower)]);
  if (upper !== Infinity) bounds.push(['UP', finite(upper)]);
  else if (integer) bounds.push(['PL', null]);
  return bounds;
}

function freeLine(code: string, name: string, second?: string, value?: string): string {
  return ` ${[code, name, second, value].filter((field) => field !== undefined && field !== '').join(' ')}`;
}

function fixedLine(code: string, name: string, second = '', value = ''): string {
  return ` ${code.padEnd(2)} ${name.padEnd(8)}  ${second.padEnd(8)}  ${value.padStart(fixedNumberWidth)}`.trimEnd();
}

/** The most exact text of at most twelve characters. */
function fixedNumber(value: number): string {
  let text = String(value);
  for (let digits = fixedNumberWidth; text.length > fixedNumberWidth && digits > 0; digits--) {
    const plain = String(Number(value.toPrecision(digits)));
    const scientific = value.toExponential(digits - 1);
    text = plain.length <= scientific.length ? plain : scientific;
  }
  return text;
}
