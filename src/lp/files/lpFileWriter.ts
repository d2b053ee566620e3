/**
 * Writes a program in CPLEX-LP format. Every number is the shortest text that reads back to the same double; columns
 * that occur nowhere are kept by a zero term in the objective.
 */

import { checkMixedIntegerProgram } from '../checkProgram.ts';
import type { MixedIntegerProgram } from '../linearProgram.ts';
import { withConstantColumn } from './constantColumn.ts';
import { freeName, legalNames, type NameRules, renamings } from './fileNames.ts';

/** Words that an LP reader takes for a section, a bound or a sense. */
const keywords = new Set(
  (
    'min minimize minimise minimum max maximize maximise maximum subject such st s.t. st. bound bounds free ' +
    'general generals gen integer integers int binary binaries bin semi semis semi-continuous sos sos1 sos2 end inf infinity'
  ).split(' '),
);

/** The characters that all readers agree on. A leading e and digit would be read as an exponent. */
const nameRulesOfForm: NameRules = {
  illegalCharacters: /[^A-Za-z0-9_.]/g,
  reserved: (name) => /^[0-9.]/.test(name) || /^[eE][0-9]/.test(name) || keywords.has(name.toLowerCase()),
  maximalLength: 255,
};

/** Readers of this format may refuse longer lines than 255 characters (old CPLEX) or 560. */
const lineWidth = 120;

/** Readers take this and more for no bound: a row that bounds nothing needs some right-hand side. */
const writtenInfinity = '1e+30';

/**
 * Writes the program in CPLEX-LP format: minimise; a ranged row as two rows, `name` >= and `name_upper` <= (the
 * double-sided form of CPLEX is misread by other readers, HiGHS 1.15 among them); a free row as `>= -1e+30`.
 * Illegal names are changed (illegal characters to underscores) and listed in comments at the head.
 */
export function writeLpFile(given: MixedIntegerProgram): string {
  checkMixedIntegerProgram(given);
  const program = withConstantColumn(given);
  const columnNames = legalNames(program.columnNames, 'C', nameRulesOfForm);
  const rowNames = legalNames(program.rowNames, 'R', nameRulesOfForm);
  const out: string[] = [`\\ ${program.name.replace(/[\r\n]+/g, ' ').trim()}`.trimEnd()];
  for (const line of renamings(program.columnNames, columnNames)) out.push(`\\ column ${line}`);
  for (const line of renamings(program.rowNames, rowNames)) out.push(`\\ row ${line}`);

  out.push('Minimize');
  pushWrapped(out, `${freeName('obj', rowNames)}:`, objectiveTerms(program, columnNames));
  out.push('Subject To');
  // A row needs a column to name even if it has no entries.
  const emptyRow = [`+ 0 ${columnNames[0] ?? 'unused'}`];
  const upperNames = legalNames([...rowNames, ...rowNames.map((name) => `${name}_upper`)], 'U', nameRulesOfForm);
  rowTerms(program, columnNames).forEach((entries, row) => {
    const terms = entries.length > 0 ? entries : emptyRow;
    const [relation, upperRelation] = relations(program.rowLower[row], program.rowUpper[row]);
    pushWrapped(out, `${rowNames[row]}:`, [...terms, relation]);
    if (upperRelation !== null) pushWrapped(out, `${upperNames[program.numRows + row]}:`, [...terms, upperRelation]);
  });

  const bounds: string[] = [];
  for (let column = 0; column < program.numColumns; column++) {
    const text = boundText(program.columnLower[column], program.columnUpper[column], columnNames[column]);
    if (text !== null) bounds.push(` ${text}`);
  }
  if (bounds.length > 0) out.push('Bounds', ...bounds);
  const integers = columnNames.filter((_, column) => program.integrality[column] === 1);
  if (integers.length > 0) {
    out.push('Generals');
    pushWrapped(out, '', integers);
  }
  out.push('End', '');
  return out.join('\n');
}

function objectiveTerms(program: MixedIntegerProgram, names: readonly string[]): string[] {
  const terms: string[] = [];
  for (let column = 0; column < program.numColumns; column++) {
    const occurs = program.columnStarts[column] !== program.columnStarts[column + 1];
    const cost = program.cost[column];
    if (cost !== 0 || !occurs) terms.push(term(cost, names[column]));
  }
  return terms;
}

function rowTerms(program: MixedIntegerProgram, names: readonly string[]): string[][] {
  const terms: string[][] = Array.from({ length: program.numRows }, () => []);
  for (let column = 0; column < program.numColumns; column++)
    for (let t = program.columnStarts[column]; t < program.columnStarts[column + 1]; t++)
      terms[program.rowIndices[t]].push(term(program.values[t], names[column]));
  return terms;
}

/** What stands behind the terms of a row, and behind those of the second row where the row has two different sides. */
function relations(lower: number, upper: number): [relation: string, upperRelation: string | null] {
  if (lower === upper) return [`= ${lower}`, null];
  if (lower === -Infinity) return [upper === Infinity ? `>= -${writtenInfinity}` : `<= ${upper}`, null];
  return [`>= ${lower}`, upper === Infinity ? null : `<= ${upper}`];
}

/** The bound line of a column, null for the default [0, Infinity). */
function boundText(lower: number, upper: number, name: string): string | null {
  if (lower === 0 && upper === Infinity) return null;
  if (lower === upper) return `${name} = ${lower}`;
  if (lower === -Infinity && upper === Infinity) return `${name} free`;
  if (upper === Infinity) return `${name} >= ${lower}`;
  return `${lower === -Infinity ? '-inf' : lower} <= ${name} <= ${upper}`;
}

function term(coefficient: number, name: string): string {
  return coefficient === 1 ? `+ ${name}` : coefficient === -1 ? `- ${name}` : `${signed(coefficient)} ${name}`;
}

function signed(value: number): string {
  return value < 0 ? `- ${-value}` : `+ ${value}`;
}

function pushWrapped(out: string[], label: string, words: readonly string[]): void {
  let line = ` ${label}`;
  for (const word of words) {
    if (line.length + 1 + word.length > lineWidth) {
      out.push(line);
      line = ' ';
    }
    line += ` ${word}`;
  }
  out.push(line);
}
