/**
 * MPS texts that are sound, almost sound, or sound in a way that few readers share: sections missing, twice and
 * unknown, sets without names, ranges of any sign, sides and bounds beyond 1e20, names with blanks in fixed form,
 * entries given twice, remarks, strange blanks and ends of lines.
 */
import { SeededRandom } from '../../src/heuristics/seededRandom.ts';

const plainNumbers = ['0', '1', '-1', '2.5', '-3', '0.1', '7', '-0', '1e3', '12'];
const strangeNumbers = [
  '1e20 -1e20 1e30 -1e30 9.9e19 99999999999999999999 inf -inf +INF Infinity -infinity 1e22 1e-400 1d2 1D-3 5. .5 +3',
  '-.5e-1 0.30000000000000004 123456789.123456789 1e999 -1e999 nan 0x1 1_0 \u0663 1,5 --1 1e . 1e+ in \u0131nf 1/2 $1',
].flatMap((line) => line.split(' '));
const strangeNames = "$x é \u{1F600} x\uFEFFy RHS inf 1 - 'MARKER' *x x\u00A0y __proto__ \uE000\"\\".split(' ');
const strangeBlanks = [...'\t\u000B\u000C\u001C\u0085\u00A0\u2003\u200B\u2028\u3000\uFEFF'];
const boundKinds = 'UP LO FX FR MI PL BV LI UI up Mi SC XX m\u0131'.split(' ');
const headers = 'QUADOBJ SOS1 NAME ROWS COLUMNS RHS RANGES BOUNDS OBJSENSE OBJNAME rows X'.split(' ');

/** A line as its six fields: code, name, and two pairs. */
type Fields = readonly [code: string, name: string, ...pairs: string[]];

/** Lines of one section: its header, as it is written, and fields of its data. */
interface Section {
  header: string;
  lines: Fields[];
}

export function* hostilePrograms(count: number, seed: number): Generator<string> {
  const random = new SeededRandom(seed);
  for (let n = 0; n < count; n++) yield new Draft(random).text();
}

class Draft {
  readonly #random: SeededRandom;
  /** How often something strange is drawn where a number or a name is asked for. */
  readonly #strangeness: number;
  readonly #isFixed: boolean;

  constructor(random: SeededRandom) {
    this.#random = random;
    this.#strangeness = this.#pick([0, 0.01, 0.05]);
    this.#isFixed = this.#chance(0.3);
  }

  text(): string {
    const sections = this.#sections();
    if (this.#chance(0.15)) this.#misplace(sections);
    const lines = sections.flatMap(({ header, lines: data }) => [header, ...data.map((fields) => this.#line(fields))]);
    if (!this.#chance(0.02)) lines.push(this.#pick(['ENDATA', 'ENDATA', 'endata', 'ENDATA x']));
    if (this.#chance(0.05)) lines.push(' what follows is nothing');
    if (this.#chance(0.1))
      lines.splice(this.#below(lines.length), 0, this.#pick(['* a remark', '  * x', '', '   ', '\u00A0']));
    const end = this.#pick(['\n', '\r\n', '\r', '\n', this.#chance(0.1) ? this.#pick(strangeBlanks) : '\n']);
    const text = lines.join(end) + this.#pick(['', end]);
    const marked = this.#chance(0.05) ? `\uFEFF${text}` : text;
    return this.#chance(0.1) ? this.#withStrangeBlank(marked) : marked;
  }

  #sections(): Section[] {
    const name = (stem: string, t: number) =>
      this.#chance(this.#strangeness) ? this.#pick(strangeNames) : this.#name(stem, t);
    const rows = Array.from({ length: 1 + this.#below(3) }, (_, t) => name('r', t));
    const columns = Array.from({ length: 1 + this.#below(3) }, (_, t) => name('x', t));
    const free = ['obj', ...(this.#chance(0.2) ? ['free'] : [])];
    const all = [...free, ...rows];
    const set = (usual: string) => this.#pick([usual, usual, '', ...(this.#chance(0.2) ? ['other'] : [])]);
    const kindOf = () =>
      this.#chance(this.#strangeness) ? this.#pick(['l', 'X', 'NN', 'n']) : this.#pick(['L', 'G', 'E']);
    const pairs = (of: readonly string[], value: () => string) => {
      const two = this.#chance(0.4) ? [this.#pick(of), value()] : [];
      return [this.#pick(of), value(), ...two];
    };
    const sections: Section[] = [{ header: this.#pick(['NAME', 'NAME model', 'NAME a b FREE']), lines: [] }];
    if (this.#chance(0.2))
      sections.push(
        this.#pick<Section>([
          { header: 'OBJSENSE', lines: [[this.#pick(['MAX', 'MIN', 'maximize', 'MAXIMISE', 'minimıze', 'MA']), '']] },
          { header: 'OBJSENSE MAX', lines: [] },
          {
            header: 'OBJSENCE',
            lines: [
              ['MAX', ''],
              ['MIN', ''],
            ],
          },
          { header: `OBJNAME ${this.#pick([...free, 'none'])}`, lines: [] },
        ]),
      );
    sections.push({
      header: 'ROWS',
      lines: this.#shuffled([
        ...free.map((each): Fields => ['N', each]),
        ...rows.map((each): Fields => [kindOf(), each]),
      ]),
    });
    sections.push({ header: 'COLUMNS', lines: this.#columnLines(columns, all) });
    const further: Section[] = [];
    if (this.#chance(0.8))
      further.push({
        header: 'RHS',
        lines: this.#repeated(3, () => ['', set('RHS'), ...pairs(all, () => this.#number())]),
      });
    if (this.#chance(0.5))
      further.push({
        header: 'RANGES',
        lines: this.#repeated(2, () => ['', set('RNG'), ...pairs(all, () => this.#number())]),
      });
    if (this.#chance(0.7))
      further.push({ header: 'BOUNDS', lines: this.#repeated(4, () => this.#bound(set('BND'), columns)) });
    return [...sections, ...this.#shuffled(further)];
  }

  #columnLines(columns: readonly string[], rows: readonly string[]): Fields[] {
    const marker = (kind: string): Fields => ['', 'M', "'MARKER'", '', kind];
    const lines = columns.flatMap((column): Fields[] => {
      const left = this.#shuffled(rows);
      const own: Fields[] = [];
      while (left.length > 0 && !this.#chance(0.2)) {
        const [first, second] = left.splice(0, this.#chance(0.5) ? 2 : 1);
        const again = this.#isFixed && own.length > 0 && this.#chance(0.3) ? '' : column;
        own.push(['', again, first, this.#number(), ...(second === undefined ? [] : [second, this.#number()])]);
      }
      if (this.#chance(0.05)) own.push(['', column, this.#pick(rows), this.#number()]);
      return this.#chance(0.3) ? [marker("'INTORG'"), ...own, ...(this.#chance(0.8) ? [marker("'INTEND'")] : [])] : own;
    });
    if (this.#chance(0.05)) lines.push(marker(this.#pick(["'SOSORG'", "'INTORG'", 'INTEND'])));
    if (this.#chance(0.03)) lines.push(...lines.slice(0, 1));
    return lines;
  }

  #bound(set: string, columns: readonly string[]): Fields {
    const kind = this.#chance(0.9) ? this.#pick(boundKinds.slice(0, 9)) : this.#pick(boundKinds);
    const hasValue = ['UP', 'LO', 'FX', 'LI', 'UI'].includes(kind) || this.#chance(0.2);
    return [kind, set, this.#pick(columns), ...(hasValue ? [this.#number()] : [])];
  }

  /** Free form has its fields parted by blanks, and none for what is empty. */
  #line(fields: Fields): string {
    const [code, name, ...pairs] = fields;
    if (this.#isFixed && !this.#chance(0.03)) {
      const [first = '', value = '', second = '', other = ''] = pairs;
      const at = ` ${code.padEnd(2)} ${name.padEnd(8)}  ${first.padEnd(8)}  ${value.padEnd(12)}   ${second.padEnd(8)}  ${other}`;
      return this.#chance(0.03) ? `${at.padEnd(61)}beyond` : at.trimEnd();
    }
    const words = fields.filter((word) => word !== '');
    if (this.#chance(0.02)) words.push(this.#pick(['$ a remark', '$', 'more', '1']));
    return ` ${words.join(this.#pick([' ', '  ', '\t']))}`;
  }

  /** Sections in another order, one missing, one twice, or one that there is not. */
  #misplace(sections: Section[]): void {
    const at = this.#below(sections.length);
    const action = this.#below(4);
    if (action === 0) sections.splice(at, 1);
    else if (action === 1) sections.splice(this.#below(sections.length), 0, sections[at]);
    else if (action === 2) sections.splice(at, 0, { header: this.#pick(headers), lines: [] });
    else sections[at].header = this.#pick(headers);
  }

  #withStrangeBlank(text: string): string {
    const at = this.#below(text.length);
    const strange = this.#pick(strangeBlanks);
    return text.slice(0, at) + strange + text.slice(this.#chance(0.5) ? at : at + 1);
  }

  #name(stem: string, t: number): string {
    return this.#isFixed && this.#chance(0.3) ? `${stem} ${t}` : `${stem}${t}`;
  }

  #number(): string {
    return this.#pick(this.#chance(this.#strangeness * 3) ? strangeNumbers : plainNumbers);
  }

  #repeated(most: number, line: () => Fields): Fields[] {
    return Array.from({ length: this.#below(most + 1) }, line);
  }

  #shuffled<T>(list: readonly T[]): T[] {
    const left = [...list];
    return list.map(() => left.splice(this.#below(left.length), 1)[0]);
  }

  #pick<T>(list: readonly T[]): T {
    return list[this.#below(list.length)];
  }

  #below(limit: number): number {
    return Math.floor(this.#random.next() * limit);
  }

  #chance(share: number): boolean {
    return this.#random.next() < share;
  }
}
