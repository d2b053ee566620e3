/**
 * Why no plan satisfies an instance: an irreducible set of requirements that contradict each other, and what would have
 * to give. The set is found in two steps, what the user asks for first with the hardware as given, then the hardware
 * facts on which that conflict rests; both together are irreducible, because a conflict that needs all of its first
 * part under all facts needs it under fewer.
 */
import type { Instance } from '../model/instance.ts';
import type { Solving } from '../planner/solving.ts';
import type { FeasibilityOracle } from './feasibilityOracle.ts';
import { type IrreducibleSubset, irreducibleSubset } from './irreducibleSubset.ts';
import { type Loosening, leastLoosening } from './leastLoosening.ts';
import { type Requirement, type RequirementKind, type RequirementText, requirementText } from './requirement.ts';
import { requirementsOf } from './requirements.ts';

export interface Infeasibility {
  /** What the user asks for and cannot have together. */
  readonly conflict: readonly RequirementText[];
  /** Facts of the hardware without which the conflict would be none. */
  readonly given: readonly RequirementText[];
  /** Whether every one of `conflict` and `given` is proven to be needed for the contradiction. */
  readonly isIrreducible: boolean;
  /** Each alone makes the instance feasible. */
  readonly alone: readonly Loosening[];
  /**
   * Where nothing that the user asks for does alone (better hardware at most): a set that does together, of which none
   * could stay, each at its least with the others as named. null otherwise, or if none was found in time.
   */
  readonly together: readonly Loosening[] | null;
  /** Whether time ran out before every requirement of the conflict was tried. */
  readonly isComplete: boolean;
}

/** `instance` must be infeasible (proven). */
export function* explainInfeasible(instance: Instance, oracle: FeasibilityOracle): Solving<Infeasibility> {
  const requirements = requirementsOf(instance, oracle.options);
  const contradicts = function* (kept: readonly Requirement[]): Solving<boolean | null> {
    const { status } = yield* oracle.ask(keeping(instance, requirements, kept));
    return status === 'unknown' ? null : status === 'infeasible';
  };
  const relax = function* (candidates: readonly Requirement[]): Solving<Loosening[]> {
    const found: Loosening[] = [];
    for (const each of candidates) {
      const loosening = yield* leastLoosening(each, instance, oracle);
      if (loosening !== null) found.push(loosening);
    }
    return found;
  };
  // What helps most comes first, in case time runs out: the conflict, what of it can give, then the hardware behind it.
  const policies = requirements.filter(({ level }) => level === 'policy');
  const hardware = requirements.filter(({ level }) => level === 'hardware');
  const asked = yield* irreducibleSubset(policies, (kept) => contradicts([...kept, ...hardware]));
  const byPolicy = yield* relax(asked.items);
  const together = byPolicy.length > 0 ? null : yield* relaxTogether(instance, requirements, oracle);
  const facts = yield* irreducibleSubset(hardware, (kept) => contradicts([...asked.items, ...kept]));
  const byHardware = yield* relax(facts.items);
  return {
    conflict: asked.items.map(requirementText),
    given: facts.items.map(requirementText),
    isIrreducible: asked.isProven && facts.isProven,
    alone: [...byPolicy, ...byHardware],
    together: byHardware.length > 0 && together?.length === 1 ? null : together,
    isComplete: !oracle.isLate(),
  };
}

/** The instance with only `kept` of its requirements. */
function keeping(instance: Instance, requirements: readonly Requirement[], kept: readonly Requirement[]): Instance {
  const stays = new Set(kept);
  return requirements.reduce((changed, each) => (stays.has(each) ? changed : each.without(changed)), instance);
}

/** Who gives first; each order tends to another set, and the smallest is named. Hardware is always the last to give. */
const givingOrders: readonly (readonly RequirementKind[])[] = [
  [
    'replicas',
    'utilization',
    'budget',
    'storage',
    'fleet-limit',
    'error-limit',
    'delay-limit',
    'ttft-limit',
    'tpot-limit',
    'unmet-cap',
    'minimum-served',
    'forbidden',
    'allowed',
    'available',
  ],
  [
    'delay-limit',
    'ttft-limit',
    'tpot-limit',
    'error-limit',
    'storage',
    'budget',
    'replicas',
    'utilization',
    'fleet-limit',
    'available',
    'allowed',
    'forbidden',
    'minimum-served',
    'unmet-cap',
  ],
  [
    'unmet-cap',
    'minimum-served',
    'allowed',
    'forbidden',
    'fleet-limit',
    'available',
    'replicas',
    'utilization',
    'delay-limit',
    'ttft-limit',
    'tpot-limit',
    'error-limit',
    'storage',
    'budget',
  ],
];

/**
 * A smallest set, among those tried, of requirements that all have to give; with whether it is proven that none could
 * stay.
 */
function* leastGivers(
  instance: Instance,
  requirements: readonly Requirement[],
  oracle: FeasibilityOracle,
): Solving<IrreducibleSubset<Requirement> | null> {
  // Only what has a looser value can be named: a limit that no value loosens (stretched by 0) has to stay.
  const negotiable = requirements.filter((each) => loosest(each, instance) !== null);
  let best: IrreducibleSubset<Requirement> | null = null;
  for (const order of givingOrders) {
    const rank = ({ kind }: Requirement) => (order.includes(kind) ? order.indexOf(kind) : order.length);
    const gives: IrreducibleSubset<Requirement> = yield* irreducibleSubset(
      negotiable.toSorted((a, b) => rank(a) - rank(b)),
      function* (loosened): Solving<boolean | null> {
        const { status } = yield* oracle.ask(
          loosened.reduce((changed, each) => loosest(each, changed) ?? changed, instance),
        );
        return status === 'unknown' ? null : status === 'feasible';
      },
    );
    if (gives.items.length > 0 && (best === null || gives.items.length < best.items.length)) best = gives;
    if (oracle.isLate()) break;
  }
  return best;
}

/**
 * A set of requirements that all have to give, none of which could stay, each then tightened to its least in turn.
 * While one is tightened the others are as loose as they will be or looser, so none of the named changes can be smaller
 * with the others as named.
 */
function* relaxTogether(
  instance: Instance,
  requirements: readonly Requirement[],
  oracle: FeasibilityOracle,
): Solving<readonly Loosening[] | null> {
  const gives = yield* leastGivers(instance, requirements, oracle);
  if (gives === null) return null;
  let changed = gives.items.reduce((loose, each) => loosest(each, loose) ?? loose, instance);
  if ((yield* oracle.ask(changed)).status !== 'feasible') return null;
  const named: Loosening[] = [];
  for (const requirement of gives.items) {
    const loosening = yield* leastLoosening(requirement, tightest(requirement, changed), oracle);
    if (loosening === null) return null;
    named.push({ ...loosening, isLeast: loosening.isLeast && gives.isProven });
    changed = withLoosening(requirement, loosening, changed);
  }
  return named;
}

/** The instance with the requirement as loose as a value or a step can make it; null if there is none. */
function loosest(requirement: Requirement, instance: Instance): Instance | null {
  const { scale, steps } = requirement;
  if (scale !== undefined) return scale.withValue(instance, scale.loosest);
  return steps === undefined ? null : requirement.without(instance);
}

/** The instance with the requirement back at its own value. */
function tightest(requirement: Requirement, instance: Instance): Instance {
  const { scale, value } = requirement;
  return scale !== undefined ? scale.withValue(instance, value!) : requirement.restore!(instance);
}

function withLoosening({ scale, steps }: Requirement, loosening: Loosening, instance: Instance): Instance {
  if (scale !== undefined) return scale.withValue(instance, loosening.to!);
  return steps!.find((step) => step.text === loosening.text)!.apply(instance);
}
