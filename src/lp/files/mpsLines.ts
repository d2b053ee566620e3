/**
 * The lexical side of MPS: a data line becomes the same `MpsRecord` from fixed form (fields at set character
 * positions, names may hold spaces) and from free form (fields parted by blanks). What names mean is `mpsReader.ts`'s
 * business.
 */
import { ProgramFileError } from './programFile.ts';

/** An MPS text that cannot be read. */
export class MpsError extends ProgramFileError {
  override readonly name = 'MpsError';

  constructor(line: number, found: string, expected: string) {
    super('MPS', line, found, expected);
  }
}

export type MpsForm = 'fixed' | 'free';

/** A data line: `code` is field 1 (row type or bound type), `name` field 2 (column or set), then name-value pairs. */
export interface MpsRecord {
  readonly code: string;
  readonly name: string;
  readonly pairs: readonly (readonly [name: string, value: string])[];
}

/** Whether a name is known, for the lines whose meaning in free form hangs on it. */
export interface KnownNames {
  isRow(name: string): boolean;
  isColumn(name: string): boolean;
}

/** Sections with data lines that this reader understands. */
export type DataSection = 'ROWS' | 'COLUMNS' | 'RHS' | 'RANGES' | 'BOUNDS';

/** Magnitude from which a bound or right-hand side means "no bound", as HiGHS and CPLEX have it. */
export const mpsInfinity = 1e20;

/** Bound types that carry no value (one may stand there; it is ignored). */
const valuelessBounds = new Set(['FR', 'MI', 'PL', 'BV']);

const numberPattern = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[EeDd][+-]?\d+)?$/;
const infiniteBound = /^([+-]?)inf(?:inity)?$/i;

/** Reads a number of an MPS field: Fortran's D exponents are taken; "inf" and "infinity" are for bounds only. */
export function parseMpsNumber(text: string, line: number, infinityAllowed = false): number {
  if (numberPattern.test(text)) {
    const value = Number(text.replace(/[dD]/, 'e'));
    if (Math.abs(value) < (infinityAllowed ? mpsInfinity : Infinity)) return value;
    if (infinityAllowed) return value > 0 ? Infinity : -Infinity;
  }
  const infinite = infiniteBound.exec(text);
  if (infinite !== null && infinityAllowed) return infinite[1] === '-' ? -Infinity : Infinity;
  throw new MpsError(line, text, infinityAllowed ? 'a number' : 'a finite number');
}

/** Splits a data line of the given section into its record. */
export function splitDataLine(
  text: string,
  line: number,
  section: DataSection,
  form: MpsForm,
  known: KnownNames,
): MpsRecord {
  return form === 'fixed' ? splitFixed(text, line, section) : splitFree(text, line, section, known);
}

/**
 * First and one-past-last character (from 0) of the six fields of a fixed-form line; what lies between them is blank.
 */
const fixedFields = [
  [1, 3],
  [4, 12],
  [14, 22],
  [24, 36],
  [39, 47],
  [49, 61],
] as const;

/** First characters of fields 3 and 5, where a "$" begins a comment. */
const fixedCommentStarts = [14, 39];

function splitFixed(fullText: string, line: number, section: DataSection): MpsRecord {
  const commentStart = fixedCommentStarts.find((start) => /^\s*\$/.test(fullText.slice(start, start + 8)));
  const text = fullText.slice(0, commentStart);
  const fields: string[] = [];
  let end = 0;
  for (const [from, to] of fixedFields) {
    if (text.slice(end, from).trim() !== '')
      throw new MpsError(line, text, `blanks in character positions ${end + 1} to ${from} (fixed form)`);
    fields.push(text.slice(from, to).trim());
    end = to;
  }
  const [code, name, firstName, firstValue, secondName, secondValue] = fields as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  if (section === 'ROWS') return { code, name, pairs: [] };
  if (firstName === "'MARKER'") return { code, name, pairs: [[firstName, firstValue || secondName]] };
  const pairs: [string, string][] = [[firstName, firstValue]];
  if (secondName !== '' || secondValue !== '') pairs.push([secondName, secondValue]);
  return { code, name, pairs };
}

function splitFree(text: string, line: number, section: DataSection, known: KnownNames): MpsRecord {
  const tokens = text.trim().split(/\s+/);
  switch (section) {
    case 'ROWS':
      if (tokens.length !== 2 && !tokens[2]?.startsWith('$'))
        throw new MpsError(line, text.trim(), 'a row type (N, L, G or E) and one row name');
      return { code: tokens[0], name: tokens[1], pairs: [] };
    case 'COLUMNS': {
      if (tokens[1] === "'MARKER'") return { code: '', name: tokens[0], pairs: [[tokens[1], tokens[2] ?? '']] };
      const fields = withoutComment(tokens, known);
      if (fields.length !== 3 && fields.length !== 5)
        throw new MpsError(line, text.trim(), 'a column name and one or two pairs of row name and value');
      return { code: '', name: fields[0], pairs: pairsFrom(fields, 1) };
    }
    case 'RHS':
    case 'RANGES': {
      const fields = withoutComment(tokens, known);
      if (fields.length < 2 || fields.length > 5)
        throw new MpsError(line, text.trim(), 'a set name (optional) and one or two pairs of row name and value');
      // An even number of fields means that the set has no name.
      const unnamed = fields.length % 2 === 0;
      return { code: '', name: unnamed ? '' : fields[0], pairs: pairsFrom(fields, unnamed ? 0 : 1) };
    }
    case 'BOUNDS':
      return splitFreeBound(tokens, text, line, known);
  }
}

function splitFreeBound(tokens: string[], text: string, line: number, known: KnownNames): MpsRecord {
  const [code, ...rest] = tokens as [string, ...string[]];
  const hasValue = !valuelessBounds.has(code.toUpperCase());
  const expected = hasValue
    ? 'a bound type, a set name (optional), a column name and a value'
    : 'a bound type, a set name (optional) and a column name';
  switch (rest.length) {
    case 1:
      if (!hasValue) return { code, name: '', pairs: [[rest[0], '']] };
      break;
    case 2:
      // "FR X 0" has no set, "FR BND X" has one; a value-carrying type with two fields has no set.
      if (hasValue || (known.isColumn(rest[0]) && !known.isColumn(rest[1])))
        return { code, name: '', pairs: [[rest[0], rest[1]]] };
      return { code, name: rest[0], pairs: [[rest[1], '']] };
    case 3:
      return { code, name: rest[0], pairs: [[rest[1], rest[2]]] };
  }
  throw new MpsError(line, text.trim(), expected);
}

function pairsFrom(fields: readonly string[], start: number): [string, string][] {
  const pairs: [string, string][] = [];
  for (let t = start; t + 1 < fields.length; t += 2) pairs.push([fields[t], fields[t + 1]]);
  return pairs;
}

/** Cuts a comment: a field beginning with "$" after the first, where no row has that name. */
function withoutComment(tokens: string[], known: KnownNames): string[] {
  const start = tokens.findIndex((token, t) => t > 0 && token.startsWith('$') && !known.isRow(token));
  return start < 0 ? tokens : tokens.slice(0, start);
}
