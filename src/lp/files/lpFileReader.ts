/**
 * Reads CPLEX-LP text into a program that minimises: objective, constraints (also double-sided), bounds, integers and
 * binaries. `docs/lp.md` states the dialect where readers differ.
 */
import { checkText } from '../../input/inputError.ts';
import { type MixedIntegerProgram, MixedIntegerProgramBuilder } from '../linearProgram.ts';
import { type LpToken, type LpTokenKind, tokensOf } from './lpFileTokens.ts';
import { type FileModel, ProgramFileError } from './programFile.ts';

/** An LP text that cannot be read. */
export class LpFileError extends ProgramFileError {
  override readonly name = 'LpFileError';

  constructor(line: number, found: string, expected: string) {
    super('LP', line, found, expected);
  }
}

/**
 * Reads CPLEX-LP text as a minimisation (see `readLpModel` for the sense and for warnings).
 * @throws LpFileError naming the line, what was found and what was expected.
 */
export function readLpFile(text: string): MixedIntegerProgram {
  return readLpModel(text).program;
}

/**
 * Reads CPLEX-LP text.
 * @throws LpFileError naming the line, what was found and what was expected.
 */
export function readLpModel(text: string): FileModel {
  return new LpParser(text).parse();
}

interface ColumnDraft {
  readonly name: string;
  cost: number;
  lower: number;
  upper: number;
  lowerGiven: boolean;
  integer: boolean;
}

interface Expression {
  readonly coefficients: Map<number, number>;
  readonly constant: number;
}

type Relation = '<=' | '>=' | '=';
const flipped: Readonly<Record<Relation, Relation>> = { '<=': '>=', '>=': '<=', '=': '=' };

class LpParser {
  readonly #tokens: readonly LpToken[];
  #at = 0;
  readonly #columns: ColumnDraft[] = [];
  readonly #columnByName = new Map<string, number>();
  readonly #warnings: string[] = [];
  readonly #rows: { name: string; lower: number; upper: number; coefficients: Map<number, number> }[] = [];
  readonly #rowNames = new Set<string>();
  readonly #given = new Map<string, number>();

  constructor(text: string) {
    checkText(text, 'text', 'an LP file');
    this.#tokens = tokensOf(text, (line, found, expected) => new LpFileError(line, found, expected));
  }

  parse(): FileModel {
    const head = this.#next();
    if (head.kind !== 'minimise' && head.kind !== 'maximise') this.#fail(head, 'minimize or maximize');
    const sign = head.kind === 'maximise' ? -1 : 1;
    const objectiveName = this.#label();
    const first = this.#peek();
    const objective = this.#expression();
    if (!Number.isFinite(objective.constant)) this.#fail(first, 'an objective with a finite constant');
    for (const [column, coefficient] of objective.coefficients) this.#columns[column].cost = sign * coefficient + 0;
    this.#expect('constraints', 'subject to');
    while (!this.#isSection()) this.#constraint();
    for (;;) {
      const section = this.#next();
      if (section.kind === 'end') break;
      if (section.kind === 'bounds') while (!this.#isSection()) this.#bound();
      else if (section.kind === 'integers') while (!this.#isSection()) this.#mark('integer');
      else if (section.kind === 'binaries') while (!this.#isSection()) this.#mark('binary');
      else this.#fail(section, 'bounds, general, binary or end');
    }
    if (this.#peek().kind !== 'eof') this.#fail(this.#peek(), 'nothing behind end');
    const builder = new MixedIntegerProgramBuilder();
    for (const { name, cost, lower, upper, integer } of this.#columns)
      builder.addColumn({ name, cost, lower, upper, integer });
    for (const { name, lower, upper, coefficients } of this.#rows)
      builder.addRow({ name, lower, upper, indices: [...coefficients.keys()], values: [...coefficients.values()] });
    builder.addToOffset(sign * objective.constant + 0);
    return {
      // The text has a name for the objective alone.
      program: builder.build(''),
      sense: sign < 0 ? 'maximise' : 'minimise',
      objectiveName: objectiveName ?? null,
      warnings: this.#warnings,
    };
  }

  /**
   * [name:] expression relation number, or number relation expression [relation number]. A right-hand side is one
   * number: what follows it may be the next row.
   */
  #constraint(): void {
    const start = this.#peek();
    const name = this.#label() ?? this.#freeRowName();
    if (this.#rowNames.has(name)) this.#fail(start, 'a row name that is not yet taken');
    this.#rowNames.add(name);
    const first = this.#expression('a number or a column');
    const relation = this.#relation();
    if (first.coefficients.size > 0) {
      const row = intersected({ lower: -Infinity, upper: Infinity }, relation, this.#number() - first.constant);
      this.#rows.push({ name, ...row, coefficients: first.coefficients });
      return;
    }
    const { coefficients, constant } = this.#expression('a column behind the relation');
    let row = { lower: -Infinity, upper: Infinity };
    row = intersected(row, flipped[relation], first.constant - constant);
    if (this.#peek().kind === 'relation') {
      const outer = this.#relation();
      if (relation !== outer || relation === '=') this.#fail(start, 'the same direction twice in a double-sided row');
      row = intersected(row, outer, this.#number() - constant);
    }
    this.#rows.push({ name, ...row, coefficients });
  }

  /** `x free`, `x >= 1`, `1 <= x`, `0 <= x <= 4`, `x = 3`. */
  #bound(): void {
    const token = this.#peek();
    if (token.kind === 'name') {
      const column = this.#columnOf(this.#next());
      if (this.#peek().kind === 'free') {
        this.#next();
        this.#setBound(column, '>=', -Infinity, token);
        this.#setBound(column, '<=', Infinity, token);
        return;
      }
      this.#setBound(column, this.#relation(), this.#number(), token);
      return;
    }
    const value = this.#number();
    const relation = this.#relation();
    const name = this.#next();
    if (name.kind !== 'name') this.#failBehind(name, 'the name of a column');
    const column = this.#columnOf(name);
    this.#setBound(column, flipped[relation], value, token);
    if (this.#peek().kind === 'relation') this.#setBound(column, this.#relation(), this.#number(), token);
  }

  #setBound(column: ColumnDraft, relation: Relation, value: number, { line }: LpToken): void {
    if (relation !== '<=') {
      this.#noteRepeated('lower', column.name, value, line);
      column.lower = value;
      column.lowerGiven = true;
    }
    if (relation === '>=') return;
    this.#noteRepeated('upper', column.name, value, line);
    column.upper = value;
    if (value < 0 && !column.lowerGiven) {
      column.lower = -Infinity;
      this.#warnings.push(`column ${column.name} has the upper bound ${value} and no lower bound: taken as free below`);
    }
  }

  #noteRepeated(side: string, name: string, value: number, line: number): void {
    const key = `${side} ${name}`;
    const before = this.#given.get(key);
    if (before !== undefined && before !== value)
      this.#warnings.push(
        `line ${line}: the ${side} bound of ${name} is ${value} here and was ${before} before: ${value} is used`,
      );
    this.#given.set(key, value);
  }

  #mark(kind: 'integer' | 'binary'): void {
    const token = this.#next();
    if (token.kind !== 'name') this.#fail(token, 'the name of a column');
    const column = this.#columnOf(token);
    column.integer = true;
    if (kind === 'binary') {
      column.lower = 0;
      column.upper = 1;
    }
  }

  #columnOf(token: LpToken): ColumnDraft {
    const index = this.#columnByName.get(token.text);
    if (index === undefined) this.#fail(token, 'the name of a column of the objective or a row');
    return this.#columns[index];
  }

  /**
   * A sum of numbers, columns and their multiples; like terms are added up. An empty one is refused if `expected` says
   * of what.
   */
  #expression(expected?: string): Expression {
    const coefficients = new Map<number, number>();
    let constant = 0;
    for (let terms = 0; ; terms++) {
      let sign = 1;
      let signs = 0;
      while (this.#peek().kind === 'sign') {
        if (this.#next().text === '-') sign = -sign;
        signs++;
      }
      const token = this.#peek();
      if (token.kind !== 'number' && token.kind !== 'name' && token.kind !== 'infinity') {
        if (signs > 0) this.#failBehind(token, 'a number or a column behind the sign');
        if (terms === 0 && expected !== undefined) this.#failBehind(token, expected);
        return { coefficients, constant };
      }
      if (terms > 0 && signs === 0) this.#failBehind(token, 'a sign, a relation or a section');
      if (token.kind === 'infinity') {
        this.#next();
        constant += sign * Infinity;
        continue;
      }
      let value = sign;
      if (token.kind === 'number') value *= Number(this.#next().text);
      if (this.#peek().kind !== 'name') {
        constant += value;
        continue;
      }
      const column = this.#mentioned(this.#next().text);
      const sum = (coefficients.get(column) ?? 0) + value;
      if (!Number.isFinite(sum)) this.#fail(token, 'a finite coefficient');
      coefficients.set(column, sum);
    }
  }

  /** The index of a column, made where it is first mentioned. */
  #mentioned(name: string): number {
    const known = this.#columnByName.get(name);
    if (known !== undefined) return known;
    const draft = { name, cost: 0, lower: 0, upper: Infinity, lowerGiven: false, integer: false };
    const index = this.#columns.push(draft) - 1;
    this.#columnByName.set(name, index);
    return index;
  }

  #number(): number {
    let sign = 1;
    while (this.#peek().kind === 'sign') if (this.#next().text === '-') sign = -sign;
    const token = this.#next();
    if (token.kind === 'infinity') return sign * Infinity;
    if (token.kind !== 'number') this.#failBehind(token, 'a number');
    return unlimited(sign * Number(token.text));
  }

  #relation(): Relation {
    const token = this.#next();
    if (token.kind !== 'relation') this.#failBehind(token, '<=, >= or =');
    return token.text as Relation;
  }

  #label(): string | undefined {
    const [name, colon] = [this.#peek(), this.#tokens[this.#at + 1]];
    if (name.kind === 'eof' || colon?.kind !== 'colon') return undefined;
    this.#at += 2;
    return name.text;
  }

  #freeRowName(): string {
    let index = this.#rows.length + 1;
    while (this.#rowNames.has(`R${index}`)) index++;
    return `R${index}`;
  }

  #isSection(): boolean {
    const { kind } = this.#peek();
    if (kind === 'eof') this.#fail(this.#peek(), 'end at the end of the file');
    return kind === 'bounds' || kind === 'integers' || kind === 'binaries' || kind === 'end' || kind === 'unsupported';
  }

  #peek(): LpToken {
    return this.#tokens[this.#at];
  }

  #next(): LpToken {
    const token = this.#tokens[this.#at];
    if (token.kind !== 'eof') this.#at++;
    return token;
  }

  #expect(kind: LpTokenKind, what: string): void {
    const token = this.#next();
    if (token.kind !== kind) this.#fail(token, what);
  }

  /** What goes on in a later line is rather the next row: the line that breaks off is named then. */
  #failBehind(token: LpToken, expected: string): never {
    const before = this.#tokens[this.#tokens.indexOf(token) - 1];
    if (before.line === token.line) this.#fail(token, expected);
    throw new LpFileError(before.line, `nothing behind ${before.text}`, expected);
  }

  #fail(token: LpToken, expected: string): never {
    throw new LpFileError(token.line, token.text, token.kind === 'unsupported' ? 'a linear program' : expected);
  }
}

/** A number from which on readers take a bound as none. */
const infinite = 1e20;

function unlimited(value: number): number {
  return Math.abs(value) < infinite ? value : value > 0 ? Infinity : -Infinity;
}

function intersected(
  { lower, upper }: { readonly lower: number; readonly upper: number },
  relation: Relation,
  side: number,
): { lower: number; upper: number } {
  const value = unlimited(side);
  return {
    lower: relation === '<=' ? lower : Math.max(lower, value),
    upper: relation === '>=' ? upper : Math.min(upper, value),
  };
}
