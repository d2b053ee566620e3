/**
 * A reader of VIPR 1.0 certificates, written from the format's description (Cheung, Gleixner and Steffy, "Verifying
 * integer programming results", 2017) and apart from the writer: every derived constraint must follow, and the last
 * ones must show what is claimed without assumptions.
 */
interface Fraction {
  readonly n: bigint;
  readonly d: bigint;
}
type Sense = 'E' | 'G' | 'L';
interface Constraint {
  readonly sense: Sense;
  readonly side: Fraction;
  readonly coefficients: ReadonlyMap<number, Fraction>;
  readonly assumptions: ReadonlySet<number>;
}

const fraction = (text: string): Fraction => {
  const [n, d = '1'] = text.split('/');
  return { n: BigInt(n), d: BigInt(d) };
};
const plus = (a: Fraction, b: Fraction) => ({ n: a.n * b.d + b.n * a.d, d: a.d * b.d });
const times = (a: Fraction, b: Fraction) => ({ n: a.n * b.n, d: a.d * b.d });
const compare = (a: Fraction, b: Fraction) => {
  const difference = a.n * b.d - b.n * a.d;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
};
const zero = { n: 0n, d: 1n };
const isWhole = ({ n, d }: Fraction) => n % d === 0n;
const ceiling = ({ n, d }: Fraction): Fraction => ({ n: n > 0n ? (n + d - 1n) / d : n / d, d: 1n });
const floor = (value: Fraction): Fraction => {
  const { n } = ceiling({ n: -value.n, d: value.d });
  return { n: -n, d: 1n };
};

function same(a: ReadonlyMap<number, Fraction>, b: ReadonlyMap<number, Fraction>): boolean {
  return [...new Set([...a.keys(), ...b.keys()])].every((j) => compare(a.get(j) ?? zero, b.get(j) ?? zero) === 0);
}

/** 0 >= 1 and its like, from which everything follows. */
function isFalse({ sense, side, coefficients }: Constraint): boolean {
  if ([...coefficients.values()].some(({ n }) => n !== 0n)) return false;
  const sign = compare(zero, side);
  return (sense === 'G' && sign < 0) || (sense === 'L' && sign > 0) || (sense === 'E' && sign !== 0);
}

function dominates(a: Constraint, b: Constraint): boolean {
  if (isFalse(a)) return true;
  if (!same(a.coefficients, b.coefficients)) return false;
  const above = a.sense !== 'L' && compare(a.side, b.side) >= 0;
  const below = a.sense !== 'G' && compare(a.side, b.side) <= 0;
  return b.sense === 'G' ? above : b.sense === 'L' ? below : above && below;
}

/** What the certificate shows. Throws where a step does not follow. */
export function checkVipr(text: string): { readonly bound: number | null; readonly cost: number | null } {
  const words = text.split(/\s+/).filter((word) => word !== '');
  let at = 0;
  const next = () => words[at++];
  const expectWord = (word: string) => {
    const found = next();
    if (found !== word) throw new Error(`found ${found}, expected ${word}`);
  };
  expectWord('VER');
  expectWord('1.0');
  expectWord('VAR');
  const numColumns = Number(next());
  at += numColumns;
  expectWord('INT');
  const integers = new Set(Array.from({ length: Number(next()) }, () => Number(next())));
  const vector = (): ReadonlyMap<number, Fraction> => {
    const head = next();
    if (head === 'OBJ') return objective;
    return new Map(Array.from({ length: Number(head) }, () => [Number(next()), fraction(next())] as const));
  };
  let objective: ReadonlyMap<number, Fraction> = new Map();
  expectWord('OBJ');
  expectWord('min');
  objective = vector();
  expectWord('CON');
  const numConstraints = Number(next());
  next();
  const known: Constraint[] = [];
  const statement = () => {
    next();
    const sense = next() as Sense;
    const side = fraction(next());
    return { sense, side, coefficients: vector() };
  };
  for (let k = 0; k < numConstraints; k++) known.push({ ...statement(), assumptions: new Set() });
  expectWord('RTP');
  const isInfeasible = next() === 'infeas';
  const lower = isInfeasible ? null : next();
  const upper = isInfeasible ? null : next();
  expectWord('SOL');
  let cost: Fraction | null = null;
  for (let count = Number(next()); count > 0; count--) {
    next();
    const point = vector();
    const activity = (coefficients: ReadonlyMap<number, Fraction>) =>
      [...coefficients].reduce((sum, [j, value]) => plus(sum, times(value, point.get(j) ?? zero)), zero);
    for (const j of integers) if (!isWhole(point.get(j) ?? zero)) throw new Error(`column ${j} is not whole`);
    for (const { sense, side, coefficients } of known) {
      const sign = compare(activity(coefficients), side);
      if ((sense !== 'L' && sign < 0) || (sense !== 'G' && sign > 0)) throw new Error('the solution is not feasible');
    }
    cost = activity(objective);
  }
  if (upper !== null && upper !== 'inf' && (cost === null || compare(cost, fraction(upper)) > 0))
    throw new Error('no solution is as good as claimed');
  expectWord('DER');
  for (let count = Number(next()); count > 0; count--) {
    const stated = statement();
    expectWord('{');
    const kind = next();
    let assumptions = new Set<number>();
    if (kind === 'asm') assumptions.add(known.length);
    else if (kind === 'uns') {
      const [first, below, second, above] = [next(), next(), next(), next()].map(Number);
      const [low, high] = [known[below], known[above]];
      if (low.sense !== 'L' || high.sense !== 'G' || !same(low.coefficients, high.coefficients))
        throw new Error('a split of different sums');
      if (!isWhole(low.side) || compare(high.side, plus(low.side, { n: 1n, d: 1n })) !== 0)
        throw new Error('a split with a gap');
      if ([...low.coefficients].some(([j, value]) => !integers.has(j) || !isWhole(value)))
        throw new Error('a split of a sum that is not whole');
      for (const [branch, without] of [
        [first, below],
        [second, above],
      ]) {
        if (!dominates(known[branch], { ...stated, assumptions })) throw new Error('a branch does not show the claim');
        for (const each of known[branch].assumptions) if (each !== without) assumptions.add(each);
      }
    } else if (kind === 'lin' || kind === 'rnd') {
      const sum = new Map<number, Fraction>();
      let side: Fraction = zero;
      let sign = 0;
      for (let terms = Number(next()); terms > 0; terms--) {
        const { sense, side: ofTerm, coefficients, assumptions: above } = known[Number(next())];
        const factor = fraction(next());
        const direction = (sense === 'E' ? 0 : sense === 'G' ? 1 : -1) * Math.sign(Number(factor.n));
        if (direction !== 0 && sign !== 0 && direction !== sign) throw new Error('sides that do not add up');
        sign ||= direction;
        for (const [j, value] of coefficients) sum.set(j, plus(sum.get(j) ?? zero, times(value, factor)));
        side = plus(side, times(ofTerm, factor));
        for (const each of above) assumptions.add(each);
      }
      const sense: Sense = sign === 0 ? 'E' : sign > 0 ? 'G' : 'L';
      let combined: Constraint = { sense, side, coefficients: sum, assumptions };
      if (kind === 'rnd') {
        if ([...sum].some(([j, value]) => value.n !== 0n && !(integers.has(j) && isWhole(value))))
          throw new Error('rounding of a sum that is not whole');
        combined = { ...combined, side: sense === 'G' ? ceiling(side) : floor(side) };
      }
      if (!dominates(combined, { ...stated, assumptions })) throw new Error('a combination that shows something else');
    } else throw new Error(`unknown reason ${kind}`);
    expectWord('}');
    next();
    assumptions = new Set(assumptions);
    known.push({ ...stated, assumptions });
  }
  const claim: Constraint = isInfeasible
    ? { sense: 'G', side: { n: 1n, d: 1n }, coefficients: new Map(), assumptions: new Set() }
    : { sense: 'G', side: fraction(lower!), coefficients: objective, assumptions: new Set() };
  const isShown = known.some((each) => each.assumptions.size === 0 && dominates(each, claim));
  if (!isShown) throw new Error('nothing shows the claim without assumptions');
  const number = (value: Fraction) => Number((value.n * 10n ** 12n) / value.d) / 1e12;
  return { bound: isInfeasible ? null : number(fraction(lower!)), cost: cost && number(cost) };
}
