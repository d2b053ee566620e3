/**
 * Reads MPS text, fixed or free form, into a `MixedIntegerProgram` that minimises. `docs/lp.md` states the dialect
 * where solvers differ: defaults of integer columns, negative upper bounds, several objectives or sets, OBJSENSE.
 */
import { checkText } from '../../input/inputError.ts';
import type { MixedIntegerProgram } from '../linearProgram.ts';
import { applyBound, type ColumnDraft, newColumn, parseSide, upperBoundOf } from './mpsBounds.ts';
import {
  type DataSection,
  type KnownNames,
  MpsError,
  type MpsForm,
  type MpsRecord,
  parseMpsNumber,
  splitDataLine,
} from './mpsLines.ts';
import type { FileModel } from './programFile.ts';

export { MpsError, type MpsForm } from './mpsLines.ts';

/** A program file in MPS; under `OBJSENSE MAX` cost and offset are negated. */
export interface MpsModel extends FileModel {
  readonly form: MpsForm;
}

/**
 * Reads MPS text as a minimisation (see `readMpsModel` for the sense and for warnings).
 * @throws MpsError naming the line, what was found and what was expected.
 */
export function readMps(text: string): MixedIntegerProgram {
  return readMpsModel(text).program;
}

/**
 * Reads MPS text. Free form is tried first; a text that is not sensible in free form (names with spaces) is read in
 * fixed form. Where neither succeeds the error is that of the attempt that got further.
 * @throws MpsError naming the line, what was found and what was expected.
 */
export function readMpsModel(text: string): MpsModel {
  checkText(text, 'text', 'an MPS file');
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  try {
    return new MpsParser('free').parse(lines);
  } catch (freeError) {
    if (!(freeError instanceof MpsError)) throw freeError;
    try {
      return new MpsParser('fixed').parse(lines);
    } catch (fixedError) {
      if (fixedError instanceof MpsError && fixedError.line > freeError.line) throw fixedError;
      throw freeError;
    }
  }
}

type RowType = 'N' | 'L' | 'G' | 'E';

/** Index in `rowIndexByName` of the objective and of free rows that are dropped. */
const objectiveKind = -1;
const droppedKind = -2;

const dataSections: readonly string[] = ['ROWS', 'COLUMNS', 'RHS', 'RANGES', 'BOUNDS'];
const unsupportedSections =
  /^(QUADOBJ|QMATRIX|QSECTION|QCMATRIX|CSECTION|SOS\d?|SETS|INDICATORS|GENCONS|PWLOBJ|LAZYCONS|USERCUTS|MODELCUTS|DELAYEDROWS)$/;
const minimiseWords = /^MIN(IMI[SZ]E)?$/i;
const maximiseWords = /^MAX(IMI[SZ]E)?$/i;

class MpsParser {
  readonly #form: MpsForm;
  readonly #warnings: string[] = [];
  #name = '';
  #maximise = false;
  #objectiveName: string | null = null;
  #wantedObjective: string | null = null;

  readonly #rowIndexByName = new Map<string, number>();
  readonly #rowTypes: RowType[] = [];
  readonly #rowNames: string[] = [];
  readonly #rightHandSides: number[] = [];
  readonly #ranges: (number | null)[] = [];
  #offset = 0;

  readonly #columns: ColumnDraft[] = [];
  readonly #columnIndexByName = new Map<string, number>();
  readonly #cost: number[] = [];
  readonly #columnStarts: number[] = [0];
  readonly #rowIndices: number[] = [];
  readonly #values: number[] = [];
  /** Last column in which a row (or, at the end, the objective) occurred: finds repeated entries. */
  #lastColumnOfRow = new Int32Array(0);
  #inIntegerBlock = false;

  /** What the sections RHS, RANGES and BOUNDS have given so far, by what it is and whose. */
  readonly #givenValues = new Map<string, number>();

  /** Name of the first set of each section; the later sets of a file are ignored, as CPLEX does. */
  readonly #setNames = new Map<DataSection, string>();
  /** Name of the set of the last line of each section. */
  readonly #latestSets = new Map<DataSection, string>();

  readonly #knownNames: KnownNames = {
    isRow: (name) => this.#rowIndexByName.has(name),
    isColumn: (name) => this.#columnIndexByName.has(name),
  };

  constructor(form: MpsForm) {
    this.#form = form;
  }

  parse(lines: readonly string[]): MpsModel {
    let section: DataSection | 'OBJSENSE' | 'OBJNAME' | null = null;
    const seen = new Set<string>();
    for (let index = 0; index < lines.length; index++) {
      const text = lines[index];
      const line = index + 1;
      if (/^\s*(\*|$)/.test(text)) continue;
      if (!/^\s/.test(text)) {
        const [word, rest] = this.#splitHeader(text);
        if (word === 'ENDATA') {
          if (!seen.has('COLUMNS')) throw new MpsError(line, 'ENDATA', 'a COLUMNS section before it');
          return this.#build(line);
        }
        section = this.#openSection(word, rest, line, seen);
        seen.add(word);
        continue;
      }
      if (section === 'OBJSENSE') this.#readSense(text.trim(), line);
      else if (section === 'OBJNAME') this.#readObjectiveName(text.trim(), line, seen);
      else if (section !== null) this.#readData(section, text, line);
      else throw new MpsError(line, text.trim(), 'a section header at the start of a line (NAME or ROWS)');
    }
    // The line after the last one that holds text is where ENDATA is missing.
    const last = lines.findLastIndex((text) => text.trim() !== '') + 1;
    if (last === 0) throw new MpsError(1, '', 'a section header (NAME or ROWS): the file is empty');
    throw new MpsError(last, lines[last - 1].trim(), 'ENDATA at the end of the file');
  }

  #splitHeader(text: string): [word: string, rest: string] {
    const match = /^(\S+)\s*(.*?)\s*$/s.exec(text)!;
    return [match[1].toUpperCase(), match[2]];
  }

  #openSection(
    word: string,
    rest: string,
    line: number,
    seen: ReadonlySet<string>,
  ): DataSection | 'OBJSENSE' | 'OBJNAME' | null {
    if (seen.has(word)) throw new MpsError(line, word, `only one ${word} section`);
    switch (word) {
      case 'NAME':
        // Some writers put the form behind the name.
        this.#name = rest.replace(/(^|\s+)FREE$/, '');
        return null;
      case 'OBJSENSE':
      case 'OBJSENCE':
        if (rest !== '') this.#readSense(rest, line);
        return 'OBJSENSE';
      case 'OBJNAME':
      case 'OBJECTIVE':
        if (rest !== '') this.#readObjectiveName(rest, line, seen);
        return 'OBJNAME';
      case 'COLUMNS':
        if (!seen.has('ROWS')) throw new MpsError(line, word, 'ROWS before COLUMNS');
        this.#lastColumnOfRow = new Int32Array(this.#rowNames.length + 1).fill(-1);
        return 'COLUMNS';
      case 'RHS':
      case 'RANGES':
      case 'BOUNDS':
        if (!seen.has('COLUMNS')) throw new MpsError(line, word, `COLUMNS before ${word}`);
        return word;
      case 'ROWS':
        return 'ROWS';
    }
    if (unsupportedSections.test(word))
      throw new MpsError(line, word, `a linear program: sections ${dataSections.join(', ')}`);
    throw new MpsError(line, word, `a section header (NAME, OBJSENSE, ${dataSections.join(', ')}, ENDATA)`);
  }

  #readSense(word: string, line: number): void {
    if (maximiseWords.test(word)) this.#maximise = true;
    else if (minimiseWords.test(word)) this.#maximise = false;
    else throw new MpsError(line, word, 'MIN or MAX');
  }

  /** The objective is picked while ROWS is read; a name that comes later may only say the same. */
  #readObjectiveName(name: string, line: number, seen: ReadonlySet<string>): void {
    if (seen.has('ROWS') && name !== this.#objectiveName)
      throw new MpsError(line, name, `OBJNAME before ROWS: the objective is ${this.#objectiveName ?? 'absent'} by now`);
    this.#wantedObjective = name;
  }

  #readData(section: DataSection, text: string, line: number): void {
    const record = splitDataLine(text, line, section, this.#form, this.#knownNames);
    switch (section) {
      case 'ROWS':
        this.#readRow(record, line);
        return;
      case 'COLUMNS':
        this.#readColumn(record, line);
        return;
      case 'RHS':
        if (this.#belongsToFirstSet(section, record.name)) this.#readRightHandSide(record, line);
        return;
      case 'RANGES':
        if (this.#belongsToFirstSet(section, record.name)) this.#readRange(record, line);
        return;
      case 'BOUNDS':
        if (this.#belongsToFirstSet(section, record.name)) this.#readBound(record, line);
        return;
    }
  }

  #readRow({ code, name }: MpsRecord, line: number): void {
    const type = code.toUpperCase();
    if (type !== 'N' && type !== 'L' && type !== 'G' && type !== 'E')
      throw new MpsError(line, code, 'a row type N, L, G or E');
    if (name === '') throw new MpsError(line, code, 'a row name behind the row type');
    if (this.#rowIndexByName.has(name)) throw new MpsError(line, name, 'a row name that is not yet taken');
    if (type === 'N') {
      const isObjective = this.#objectiveName === null && (this.#wantedObjective ?? name) === name;
      if (isObjective) this.#objectiveName = name;
      else this.#warnings.push(`free row ${name} is dropped`);
      this.#rowIndexByName.set(name, isObjective ? objectiveKind : droppedKind);
      return;
    }
    this.#rowIndexByName.set(name, this.#rowNames.push(name) - 1);
    this.#rowTypes.push(type);
    this.#rightHandSides.push(0);
    this.#ranges.push(null);
  }

  #readColumn({ name: written, pairs }: MpsRecord, line: number): void {
    if (pairs[0][0] === "'MARKER'") {
      this.#readMarker(pairs[0][1], line);
      return;
    }
    let column = this.#columns.length - 1;
    // Only fixed form can leave the name blank: the column goes on (as MPSX and GLPK have it).
    const name = written !== '' ? written : this.#columns[column]?.name;
    if (name === undefined) throw new MpsError(line, pairs[0].join(' '), 'a column name');
    if (column < 0 || this.#columns[column].name !== name) {
      if (this.#columnIndexByName.has(name)) throw new MpsError(line, name, 'all entries of a column together');
      column = this.#columns.length;
      this.#columnIndexByName.set(name, column);
      this.#columns.push(newColumn(name, this.#inIntegerBlock));
      this.#cost.push(0);
      this.#columnStarts.push(this.#rowIndices.length);
    }
    for (const [rowName, text] of pairs) {
      const row = this.#rowOf(rowName, line);
      const value = parseMpsNumber(text, line);
      if (row === droppedKind) continue;
      const slot = row === objectiveKind ? this.#rowNames.length : row;
      if (this.#lastColumnOfRow[slot] === column)
        throw new MpsError(line, `${name} ${rowName}`, 'each row at most once in a column');
      this.#lastColumnOfRow[slot] = column;
      if (row === objectiveKind) this.#cost[column] = value;
      else if (value !== 0) {
        this.#rowIndices.push(row);
        this.#values.push(value);
      }
      this.#columnStarts[column + 1] = this.#rowIndices.length;
    }
  }

  #readMarker(kind: string, line: number): void {
    if (kind === "'INTORG'") this.#inIntegerBlock = true;
    else if (kind === "'INTEND'") this.#inIntegerBlock = false;
    else throw new MpsError(line, kind, "'INTORG' or 'INTEND'");
  }

  /** A blank name means the set of the line above. */
  #belongsToFirstSet(section: DataSection, written: string): boolean {
    const first = this.#setNames.get(section);
    const set = written === '' ? (this.#latestSets.get(section) ?? '') : written;
    this.#latestSets.set(section, set);
    if (first === undefined) this.#setNames.set(section, set);
    if (first === undefined || first === set) return true;
    const warning = `${section}: only the first set ${JSON.stringify(first)} is used, ${JSON.stringify(set)} is ignored`;
    if (!this.#warnings.includes(warning)) this.#warnings.push(warning);
    return false;
  }

  #readRightHandSide({ pairs }: MpsRecord, line: number): void {
    for (const [rowName, text] of pairs) {
      const row = this.#rowOf(rowName, line);
      const value = row >= 0 ? parseSide(text, line, sides[this.#rowTypes[row]]) : parseMpsNumber(text, line);
      this.#noteRepeated('RHS', rowName, value, line);
      if (row >= 0) this.#rightHandSides[row] = value;
      else if (row === objectiveKind) this.#offset = -value;
    }
  }

  #readRange({ pairs }: MpsRecord, line: number): void {
    for (const [rowName, text] of pairs) {
      const row = this.#rowOf(rowName, line);
      const value = parseMpsNumber(text, line, true);
      this.#noteRepeated('RANGES', rowName, value, line);
      if (row >= 0) this.#ranges[row] = value;
    }
  }

  /** Says it where a section gives a row or column a second value that is another one; the last one counts. */
  #noteRepeated(what: string, name: string, value: number, line: number): void {
    const key = `${what} ${name}`;
    const before = this.#givenValues.get(key);
    if (before !== undefined && before !== value)
      this.#warnings.push(
        `line ${line}: ${what} of ${name} is ${value} here and was ${before} before: ${value} is used`,
      );
    this.#givenValues.set(key, value);
  }

  #readBound({ code, pairs }: MpsRecord, line: number): void {
    const [name, text] = pairs[0];
    const index = this.#columnIndexByName.get(name);
    if (index === undefined) throw new MpsError(line, name, 'the name of a column of the COLUMNS section');
    const column = this.#columns[index];
    const { gives, warning } = applyBound(column, code, text, line);
    if (warning !== null) this.#warnings.push(warning);
    if (gives !== 'upper') this.#noteRepeated('the lower bound', name, column.lower, line);
    if (gives !== 'lower') this.#noteRepeated('the upper bound', name, column.upper, line);
  }

  #rowOf(name: string, line: number): number {
    const row = this.#rowIndexByName.get(name);
    if (row === undefined) throw new MpsError(line, name, 'the name of a row of the ROWS section');
    return row;
  }

  #build(lastLine: number): MpsModel {
    const numColumns = this.#columns.length;
    const numRows = this.#rowNames.length;
    const sign = this.#maximise ? -1 : 1;
    const rowLower = new Float64Array(numRows);
    const rowUpper = new Float64Array(numRows);
    for (let row = 0; row < numRows; row++) {
      const [type, rhs, range] = [this.#rowTypes[row], this.#rightHandSides[row], this.#ranges[row]];
      if (range !== null && !Number.isFinite(rhs))
        throw new MpsError(lastLine, `${this.#rowNames[row]} ${range}`, 'ranges of rows with a finite right-hand side');
      [rowLower[row], rowUpper[row]] = rowBounds(type, rhs, range);
    }
    if (this.#wantedObjective !== null && this.#objectiveName === null)
      throw new MpsError(lastLine, this.#wantedObjective, 'an N row of the name that OBJNAME gives');
    if (this.#objectiveName === null) this.#warnings.push('there is no objective row: the objective is 0');
    const program: MixedIntegerProgram = {
      name: this.#name,
      numRows,
      numColumns,
      columnStarts: Int32Array.from(this.#columnStarts),
      rowIndices: Int32Array.from(this.#rowIndices),
      values: Float64Array.from(this.#values),
      // Adding 0 turns -0 into 0.
      cost: Float64Array.from(this.#cost, (cost) => sign * cost + 0),
      columnLower: Float64Array.from(this.#columns, (column) => column.lower),
      columnUpper: Float64Array.from(this.#columns, upperBoundOf),
      rowLower,
      rowUpper,
      integrality: Uint8Array.from(this.#columns, (column) => (column.integer ? 1 : 0)),
      columnNames: this.#columns.map((column) => column.name),
      rowNames: this.#rowNames,
      offset: sign * this.#offset + 0,
    };
    return {
      program,
      sense: this.#maximise ? 'maximise' : 'minimise',
      objectiveName: this.#objectiveName,
      form: this.#form,
      warnings: this.#warnings,
    };
  }
}

/** What the right-hand side of a row bounds. */
const sides = { L: 'upper', G: 'lower', E: 'both', N: 'both' } as const;

/** Bounds of a row from its type, right-hand side and range; on an equation the sign of the range tells the side. */
function rowBounds(type: RowType, rhs: number, range: number | null): [number, number] {
  const width = Math.abs(range ?? 0);
  switch (type) {
    case 'E':
      return range !== null && range < 0 ? [rhs - width, rhs] : [rhs, rhs + width];
    case 'L':
      return [range === null ? -Infinity : rhs - width, rhs];
    default:
      return [rhs, range === null ? Infinity : rhs + width];
  }
}
