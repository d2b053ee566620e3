/**
 * The least loosening of one requirement that makes an instance feasible: bisection between a value proven too tight
 * and one that a plan needs, where each plan found pulls the upper end down to what it uses. What is named is then
 * rounded within what is proven.
 */
import type { Instance } from '../model/instance.ts';
import type { Solving } from '../planner/solving.ts';
import type { FeasibilityOracle } from './feasibilityOracle.ts';
import { type Requirement, type RequirementScale, type RequirementText, requirementText } from './requirement.ts';

export interface Loosening {
  readonly requirement: RequirementText;
  /** The value that makes it feasible; null where a list is loosened. */
  readonly to: number | null;
  /** `budget from $300 to at least $412`. */
  readonly text: string;
  /** A plan was found with it (always: only such are named). */
  readonly isVerified: true;
  /**
   * Whether less is proven not to do: 99 % of a change, one unit less of a whole number, no step before it in a list.
   * False where a time limit left it open.
   */
  readonly isLeast: boolean;
}

/** The named change may exceed what is proven too small by this share, as published: 99 % of it must not do. */
const provenShare = 0.99;
/** Bisection goes on to this share, so that the named value can be rounded and its own check has room. */
const bisectedShare = 0.998;
/** Halvings before the bisection gives up: from 1e12 times the change to its last half percent takes 50. */
const mostHalvings = 80;

/**
 * The least loosening of `requirement` alone that makes `instance` feasible, or null if no loosening does (or none was
 * found in time). `instance` itself must be infeasible.
 */
export function* leastLoosening(
  requirement: Requirement,
  instance: Instance,
  oracle: FeasibilityOracle,
): Solving<Loosening | null> {
  if (requirement.scale !== undefined) return yield* leastValue(requirement, requirement.scale, instance, oracle);
  return yield* firstStep(requirement, instance, oracle);
}

/** The first of the steps that makes it feasible. */
function* firstStep(
  requirement: Requirement,
  instance: Instance,
  oracle: FeasibilityOracle,
): Solving<Loosening | null> {
  let isLeast = true;
  for (const step of requirement.steps ?? []) {
    const { status } = yield* oracle.ask(step.apply(instance));
    if (status === 'unknown') isLeast = false;
    if (status !== 'feasible') continue;
    return { requirement: requirementText(requirement), to: step.value, text: step.text, isVerified: true, isLeast };
  }
  return null;
}

/** The part of the change from `from` to `to`. */
const between = (from: number, to: number, part: number) => from + part * (to - from);

function* leastValue(
  requirement: Requirement,
  scale: RequirementScale,
  instance: Instance,
  oracle: FeasibilityOracle,
): Solving<Loosening | null> {
  const from = requirement.value!;
  const ends =
    requirement.kind === 'budget'
      ? yield* budgetEnds(from, scale, instance, oracle)
      : yield* bisect(from, scale, instance, oracle);
  if (ends === null) return null;
  const to = yield* chooseNamedValue(from, scale, ends, instance, oracle);
  if (to === null) return null;
  const less = scale.isWhole ? to - 1 : between(from, to, provenShare);
  const isLeast =
    (less <= from && scale.isWhole) || (yield* oracle.ask(scale.withValue(instance, less))).status === 'infeasible';
  const text = `${requirement.name} from ${quantity(from, requirement.unit, 6)} to ${bound(from, to)} ${quantity(to, requirement.unit)}`;
  return { requirement: requirementText(requirement), to, text, isVerified: true, isLeast };
}

/** A value that does not do and one that does. */
interface Ends {
  readonly tooTight: number;
  readonly enough: number;
}

function* budgetEnds(
  from: number,
  scale: RequirementScale,
  instance: Instance,
  oracle: FeasibilityOracle,
): Solving<Ends | null> {
  const least = yield* oracle.leastSpending(scale.withValue(instance, Infinity), from, 1 - bisectedShare);
  return least && { tooTight: least.bound, enough: least.attained };
}

function* bisect(
  from: number,
  scale: RequirementScale,
  instance: Instance,
  oracle: FeasibilityOracle,
): Solving<Ends | null> {
  const loosest = yield* oracle.ask(scale.withValue(instance, scale.loosest));
  if (loosest.status !== 'feasible') return null;
  // Rounding up what a plan needs by this share keeps that plan within the solver's tolerances.
  const pulled = (needed: number, value: number) => {
    const towardsLoose = scale.loosest > from ? 1 : -1;
    const eased = scale.isWhole
      ? Math.ceil(needed - 1e-9)
      : needed + towardsLoose * 1e-9 * Math.max(1, Math.abs(needed));
    return towardsLoose > 0 ? Math.max(from, Math.min(eased, value)) : Math.min(from, Math.max(eased, value));
  };
  let enough = pulled(scale.needed(loosest.verification, scale.loosest), scale.loosest);
  let tooTight = from;
  for (let halving = 0; halving < mostHalvings; halving++) {
    const isClose = scale.isWhole
      ? enough - tooTight <= 1
      : Math.abs(tooTight - from) >= bisectedShare * Math.abs(enough - from);
    if (isClose) break;
    const middle = scale.isWhole ? Math.floor((tooTight + enough) / 2) : (tooTight + enough) / 2;
    const answer = yield* oracle.ask(scale.withValue(instance, middle));
    if (answer.status === 'unknown') break;
    if (answer.status === 'feasible') enough = pulled(scale.needed(answer.verification, middle), middle);
    else tooTight = middle;
  }
  return { tooTight, enough };
}

/** The shortest decimal that is enough and whose 99 % are still too tight; each candidate is verified by a solve. */
function* chooseNamedValue(
  from: number,
  scale: RequirementScale,
  { tooTight, enough }: Ends,
  instance: Instance,
  oracle: FeasibilityOracle,
): Solving<number | null> {
  const works = function* (value: number): Solving<boolean> {
    return (yield* oracle.ask(scale.withValue(instance, value))).status === 'feasible';
  };
  if (scale.isWhole) return (yield* works(enough)) ? enough : null;
  const loosens = enough > from;
  const latest = from + (tooTight - from) / provenShare;
  for (let digits = 1; digits <= 12; digits++) {
    const unit = 10 ** (Math.floor(Math.log10(Math.abs(enough) || 1)) + 1 - digits);
    const steps = enough / unit;
    const rounded = Number(((loosens ? Math.ceil(steps - 1e-9) : Math.floor(steps + 1e-9)) * unit).toPrecision(12));
    const isProvenLeast = loosens ? rounded <= latest : rounded >= latest;
    const isAllowed = loosens ? rounded <= scale.loosest : rounded >= scale.loosest;
    if (isProvenLeast && isAllowed && (yield* works(rounded))) return rounded;
  }
  if (yield* works(enough)) return enough;
  // The plan that showed the end may stand on a tolerance; a little more must do, or it is not named.
  const eased = between(from, enough, 1.001);
  return (yield* works(eased)) ? eased : null;
}

function bound(from: number, to: number): string {
  return to >= from ? 'at least' : 'at most';
}

/** A value with its unit: `$412`, `3.4 %`, `48 GB per GPU`, to so many significant digits. */
export function quantity(value: number, unit: string, significant = 10): string {
  const digits = (number: number) => String(Number(number.toPrecision(significant)));
  if (unit === '$') return `$${digits(value)}`;
  if (unit === 'fraction' || unit === 'share') return `${digits(100 * value)} %`;
  return unit === '' ? digits(value) : `${digits(value)} ${unit}`;
}
