/**
 * A reader of VIPR 1.0 certificates, written from the format's description (Cheung, Gleixner and Steffy, "Verifying
 * integer programming results", 2017, and the technical specification beside their checker) and apart from the writer:
 * all of the form is asked for, every derived constraint must follow, exactly, and the last one must be what is
 * claimed, without assumptions.
 */
interface Fraction {
  readonly n: bigint;
  readonly d: bigint;
}
type Sense = 'E' | 'G' | 'L';
type Coefficients = ReadonlyMap<number, Fraction>;
interface Constraint {
  readonly sense: Sense;
  readonly side: Fraction;
  readonly coefficients: Coefficients;
  readonly assumptions: ReadonlySet<number>;
  /** No derivation behind this position refers to it; -1: nothing is said. */
  readonly lastUse: number;
}
type Statement = Pick<Constraint, 'sense' | 'side' | 'coefficients'>;

const plus = (a: Fraction, b: Fraction) => ({ n: a.n * b.d + b.n * a.d, d: a.d * b.d });
const times = (a: Fraction, b: Fraction) => ({ n: a.n * b.n, d: a.d * b.d });
const compare = (a: Fraction, b: Fraction) => {
  const difference = a.n * b.d - b.n * a.d;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
};
const zero = { n: 0n, d: 1n };
const one = { n: 1n, d: 1n };
const isWhole = ({ n, d }: Fraction) => n % d === 0n;
const ceiling = ({ n, d }: Fraction): Fraction => ({ n: n > 0n ? (n + d - 1n) / d : n / d, d: 1n });
const floor = ({ n, d }: Fraction): Fraction => ({ n: -ceiling({ n: -n, d }).n, d: 1n });
const signOf: Record<Sense, number> = { G: 1, E: 0, L: -1 };

function need(holds: boolean, fault: string): asserts holds {
  if (!holds) throw new Error(fault);
}

function same(a: Coefficients, b: Coefficients): boolean {
  return [...new Set([...a.keys(), ...b.keys()])].every((j) => compare(a.get(j) ?? zero, b.get(j) ?? zero) === 0);
}

/** 0 >= 1 and its like, from which everything follows. */
function isAbsurd({ sense, side, coefficients }: Statement): boolean {
  if ([...coefficients.values()].some(({ n }) => n !== 0n)) return false;
  const sign = compare(zero, side);
  return sense === 'G' ? sign < 0 : sense === 'L' ? sign > 0 : sign !== 0;
}

function dominates(a: Statement, b: Statement): boolean {
  if (isAbsurd(a)) return true;
  if (!same(a.coefficients, b.coefficients)) return false;
  const above = a.sense !== 'L' && compare(a.side, b.side) >= 0;
  const below = a.sense !== 'G' && compare(a.side, b.side) <= 0;
  return b.sense === 'G' ? above : b.sense === 'L' ? below : a.sense === 'E' && above && below;
}

/** Words in order; each section asks for its own. */
class Words {
  readonly #words: readonly string[];
  #at = 0;

  constructor(text: string) {
    const lines = text.split('\n');
    const first = lines.findIndex((line) => !line.startsWith('%'));
    this.#words = lines.slice(first).flatMap((line) => line.split(/\s+/).filter((word) => word !== ''));
  }

  next(): string {
    need(this.#at < this.#words.length, 'the text ends early');
    return this.#words[this.#at++];
  }

  expect(...words: readonly string[]): string {
    const found = this.next();
    need(words.includes(found), `found ${found}, expected ${words.join(' or ')}`);
    return found;
  }

  /** From `least` to the number below `limit`. */
  index(limit: number, least = 0): number {
    const word = this.next();
    const value = Number(word);
    need(/^-?\d+$/.test(word) && value >= least && value < limit, `${word} is no index from ${least} to ${limit - 1}`);
    return value;
  }

  count(): number {
    return this.index(Number.MAX_SAFE_INTEGER);
  }

  value(): Fraction {
    const word = this.next();
    const parts = /^(-?\d+)(?:\/(\d+)|\.(\d+))?$/.exec(word);
    need(parts !== null, `${word} is no value`);
    const [, whole, d, decimals] = parts;
    if (decimals !== undefined) return { n: BigInt(whole + decimals), d: 10n ** BigInt(decimals.length) };
    const denominator = BigInt(d ?? 1);
    need(denominator > 0n, `${word} is no value`);
    return { n: BigInt(whole), d: denominator };
  }

  end(): void {
    need(this.#at === this.#words.length, 'something follows the last derivation');
  }
}

/** What the certificate shows, as doubles. Throws where its form is another or a step does not follow. */
export function checkVipr(text: string): { readonly bound: number | null; readonly cost: number | null } {
  return new Certificate(new Words(text)).check();
}

class Certificate {
  readonly #words: Words;
  #numColumns = 0;
  #integers: ReadonlySet<number> = new Set();
  #objective: Coefficients = new Map();
  #isMinimum = true;
  readonly #names = new Set<string>();
  readonly #known: Constraint[] = [];

  constructor(words: Words) {
    this.#words = words;
  }

  check(): { readonly bound: number | null; readonly cost: number | null } {
    const words = this.#words;
    words.expect('VER');
    words.expect('1.0');
    words.expect('VAR');
    this.#numColumns = words.count();
    for (let j = 0; j < this.#numColumns; j++) words.next();
    words.expect('INT');
    this.#integers = new Set(Array.from({ length: words.count() }, () => words.index(this.#numColumns)));
    words.expect('OBJ');
    this.#isMinimum = words.expect('min', 'max') === 'min';
    this.#objective = this.#vector();
    this.#readConstraints();
    words.expect('RTP');
    const isInfeasible = words.expect('infeas', 'range') === 'infeas';
    const [lower, upper] = isInfeasible ? [null, null] : [this.#limit('-inf'), this.#limit('inf')];
    need(lower === null || upper === null || compare(lower, upper) <= 0, 'a range without values');
    const cost = this.#bestSolution();
    const reached = this.#isMinimum ? upper : lower;
    const sign = this.#isMinimum ? 1 : -1;
    need(
      reached === null || (cost !== null && sign * compare(cost, reached) <= 0),
      'no solution is as good as claimed',
    );
    words.expect('DER');
    for (let left = words.count(); left > 0; left--) this.#derive(cost);
    words.end();
    const shown = this.#isMinimum ? lower : upper;
    if (isInfeasible || shown !== null) this.#needClaim(isInfeasible ? null : shown);
    const number = (value: Fraction) => Number((value.n * 10n ** 12n) / value.d) / 1e12;
    return { bound: shown && number(shown), cost: cost && number(cost) };
  }

  #limit(none: string): Fraction | null {
    const word = this.#words.next();
    return word === none ? null : new Words(word).value();
  }

  #vector(): Coefficients {
    const head = this.#words.next();
    if (head === 'OBJ') return this.#objective;
    const length = new Words(head).count();
    const entries = Array.from({ length }, () => [this.#words.index(this.#numColumns), this.#words.value()] as const);
    const vector = new Map(entries);
    need(vector.size === length, 'a column comes twice');
    return vector;
  }

  #statement(): Statement {
    const name = this.#words.next();
    need(!this.#names.has(name), `two constraints are called ${name}`);
    this.#names.add(name);
    const sense = this.#words.expect('E', 'G', 'L') as Sense;
    return { sense, side: this.#words.value(), coefficients: this.#vector() };
  }

  /** Bounds first. */
  #readConstraints(): void {
    this.#words.expect('CON');
    const count = this.#words.count();
    const bounds = this.#words.index(count + 1);
    for (let k = 0; k < count; k++) {
      const stated = this.#statement();
      need(k >= bounds || stated.coefficients.size === 1, 'a bound of more than one column');
      this.#known.push({ ...stated, assumptions: new Set(), lastUse: -1 });
    }
  }

  /** All of them have to be feasible. */
  #bestSolution(): Fraction | null {
    this.#words.expect('SOL');
    let best: Fraction | null = null;
    for (let left = this.#words.count(); left > 0; left--) {
      this.#words.next();
      const point = this.#vector();
      const activity = (coefficients: Coefficients) =>
        [...coefficients].reduce((sum, [j, value]) => plus(sum, times(value, point.get(j) ?? zero)), zero);
      for (const j of this.#integers) need(isWhole(point.get(j) ?? zero), `column ${j} is not whole`);
      for (const { sense, side, coefficients } of this.#known) {
        const sign = compare(activity(coefficients), side);
        need((sense === 'L' || sign >= 0) && (sense === 'G' || sign <= 0), 'the solution is not feasible');
      }
      const cost = activity(this.#objective);
      if (best === null || compare(cost, best) * (this.#isMinimum ? 1 : -1) < 0) best = cost;
    }
    return best;
  }

  #derive(best: Fraction | null): void {
    const words = this.#words;
    const stated = this.#statement();
    words.expect('{');
    const kind = words.expect('asm', 'lin', 'rnd', 'uns', 'sol');
    let assumptions: ReadonlySet<number> = new Set();
    if (kind === 'asm') assumptions = new Set([this.#known.length]);
    else if (kind === 'uns') assumptions = this.#united(stated);
    else if (kind === 'sol') {
      const isBetter = this.#isMinimum ? 'L' : 'G';
      need(best !== null && dominates({ sense: isBetter, side: best, coefficients: this.#objective }, stated), 'sol');
    } else {
      const combined = this.#combined();
      need(
        dominates(kind === 'rnd' ? this.#rounded(combined) : combined, stated),
        'a combination shows something else',
      );
      assumptions = combined.assumptions;
    }
    words.expect('}');
    const lastUse = words.index(Number.MAX_SAFE_INTEGER, -1);
    this.#known.push({ ...stated, assumptions, lastUse });
  }

  #use(): readonly [Constraint, number] {
    const at = this.#words.index(this.#known.length);
    const { lastUse } = this.#known[at];
    need(lastUse < 0 || lastUse >= this.#known.length, 'refers to what was given up');
    return [this.#known[at], at];
  }

  /** Two branches below the two sides of a whole sum. */
  #united(stated: Statement): ReadonlySet<number> {
    const [first, [below, belowAt], second, [above, aboveAt]] = [this.#use(), this.#use(), this.#use(), this.#use()];
    const [low, high] = below.sense === 'L' ? [below, above] : [above, below];
    need(low.sense === 'L' && high.sense === 'G' && same(low.coefficients, high.coefficients), 'a split of two sums');
    need(isWhole(low.side) && compare(high.side, plus(low.side, one)) === 0, 'a split with a gap');
    need(this.#isWholeSum(low.coefficients), 'a split of a sum that is not whole');
    need(dominates(first[0], stated) && dominates(second[0], stated), 'a branch does not show the claim');
    const without = (from: Constraint, at: number) => [...from.assumptions].filter((each) => each !== at);
    return new Set([...without(first[0], belowAt), ...without(second[0], aboveAt)]);
  }

  #combined(): Statement & { readonly assumptions: ReadonlySet<number> } {
    const sum = new Map<number, Fraction>();
    const assumptions = new Set<number>();
    const seen = new Set<number>();
    let side: Fraction = zero;
    let sign = 0;
    for (let terms = this.#words.count(); terms > 0; terms--) {
      const [term, at] = this.#use();
      need(!seen.has(at), 'a constraint comes twice');
      seen.add(at);
      const factor = this.#words.value();
      const direction = signOf[term.sense] * compare(factor, zero);
      need(direction === 0 || sign === 0 || direction === sign, 'sides that do not add up');
      sign ||= direction;
      for (const [j, value] of term.coefficients) sum.set(j, plus(sum.get(j) ?? zero, times(value, factor)));
      side = plus(side, times(term.side, factor));
      for (const each of term.assumptions) assumptions.add(each);
    }
    return { sense: sign === 0 ? 'E' : sign > 0 ? 'G' : 'L', side, coefficients: sum, assumptions };
  }

  #rounded(combined: Statement): Statement {
    need(this.#isWholeSum(combined.coefficients), 'rounding of a sum that is not whole');
    need(combined.sense !== 'E', 'rounding of an equation');
    return { ...combined, side: combined.sense === 'G' ? ceiling(combined.side) : floor(combined.side) };
  }

  #isWholeSum(coefficients: Coefficients): boolean {
    return [...coefficients].every(([j, value]) => value.n === 0n || (this.#integers.has(j) && isWhole(value)));
  }

  /** The last constraint: nothing is feasible (null), or nothing is better than that. */
  #needClaim(bound: Fraction | null): void {
    const last = this.#known.at(-1);
    need(last !== undefined && last.assumptions.size === 0, 'the last constraint hangs on assumptions');
    if (bound === null) need(isAbsurd(last), 'the last constraint is not absurd');
    else {
      const claim = { sense: this.#isMinimum ? 'G' : 'L', side: bound, coefficients: this.#objective } as const;
      need(dominates(last, claim), 'the last constraint does not show the claim');
    }
  }
}
