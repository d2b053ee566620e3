/**
 * Why no plan satisfies an instance: an irreducible set of requirements that contradict each other, and what would have to give.
 * The set is found in two steps, what the user asks for first with the hardware as given, then the hardware facts on which that
 * conflict rests; both together are irreducible, because a conflict that needs all of its first part under all facts needs it under fewer.
 */
import type { Instance } from '../instance.ts';
import type { FeasibilityOracle } from './feasibilityOracle.ts';
import { irreducibleSubset } from './irreducibleSubset.ts';
import { leastRelaxation, type Relaxation } from './leastRelaxation.ts';
import { type Requirement, type RequirementText, requirementsOf, requirementText } from './requirement.ts';

export interface Infeasibility {
  /** What the user asks for and cannot have together. */
  readonly conflict: readonly RequirementText[];
  /** Facts of the hardware without which the conflict would be none. */
  readonly given: readonly RequirementText[];
  /** Whether every one of `conflict` and `given` is proven to be needed for the contradiction. */
  readonly isIrreducible: boolean;
  /** Each alone makes the instance feasible. */
  readonly alone: readonly Relaxation[];
  /** Where none does alone: a smallest set that does together, each at its least with the others as named; null otherwise. */
  readonly together: readonly Relaxation[] | null;
  /** Whether time ran out before every requirement of the conflict was tried. */
  readonly isComplete: boolean;
}

/** `instance` must be infeasible (proven). */
export function explainInfeasible(instance: Instance, oracle: FeasibilityOracle): Infeasibility {
  const requirements = requirementsOf(instance);
  const { conflict, given, isIrreducible } = findConflict(instance, requirements, oracle);
  const alone: Relaxation[] = [];
  for (const requirement of [...conflict, ...given]) {
    const relaxation = leastRelaxation(requirement, instance, oracle);
    if (relaxation !== null) alone.push(relaxation);
  }
  const together = alone.length > 0 ? null : relaxTogether(instance, requirements, oracle);
  return {
    conflict: conflict.map(requirementText),
    given: given.map(requirementText),
    isIrreducible,
    alone,
    together,
    isComplete: !oracle.isLate(),
  };
}

interface Conflict {
  readonly conflict: readonly Requirement[];
  readonly given: readonly Requirement[];
  readonly isIrreducible: boolean;
}

function findConflict(instance: Instance, requirements: readonly Requirement[], oracle: FeasibilityOracle): Conflict {
  const contradicts = (kept: readonly Requirement[]): boolean | null => {
    const { status } = oracle.ask(without(instance, requirements, kept));
    return status === 'unknown' ? null : status === 'infeasible';
  };
  const policies = requirements.filter(({ level }) => level === 'policy');
  const hardware = requirements.filter(({ level }) => level === 'hardware');
  const asked = irreducibleSubset(policies, (kept) => contradicts([...kept, ...hardware]));
  const facts = irreducibleSubset(hardware, (kept) => contradicts([...asked.items, ...kept]));
  return { conflict: asked.items, given: facts.items, isIrreducible: asked.isProven && facts.isProven };
}

/** The instance with only `kept` of its requirements. */
function without(instance: Instance, requirements: readonly Requirement[], kept: readonly Requirement[]): Instance {
  const stays = new Set(kept);
  return requirements.reduce((changed, each) => (stays.has(each) ? changed : each.without(changed)), instance);
}

/** Requirements go on being kept in this order: hardware is given, what costs only money is the first to give. */
const keptFirst = [
  'tp-degrees',
  'compute',
  'memory',
  'available',
  'allowed',
  'forbidden',
  'minimum-served',
  'unmet-cap',
];

/**
 * A set of requirements that all have to give, none of which could stay, each then tightened to its least in turn. While one is
 * tightened the others are as loose as they will be or looser, so none of the named changes can be smaller with the others as named.
 */
function relaxTogether(
  instance: Instance,
  requirements: readonly Requirement[],
  oracle: FeasibilityOracle,
): readonly Relaxation[] | null {
  const rank = ({ kind }: Requirement) => (keptFirst.includes(kind) ? keptFirst.indexOf(kind) : keptFirst.length);
  // Only what has a looser value can be named: a limit that no value loosens (stretched by 0) has to stay.
  const negotiable = requirements.filter((each) => loosest(each, instance) !== null);
  const byRank = negotiable.toSorted((a, b) => rank(b) - rank(a));
  const gives = irreducibleSubset(byRank, (loosened) => {
    const { status } = oracle.ask(loosened.reduce((changed, each) => loosest(each, changed) ?? changed, instance));
    return status === 'unknown' ? null : status === 'feasible';
  });
  let changed = gives.items.reduce((loose, each) => loosest(each, loose) ?? loose, instance);
  if (gives.items.length === 0 || oracle.ask(changed).status !== 'feasible') return null;
  const named: Relaxation[] = [];
  for (const requirement of gives.items) {
    const relaxation = leastRelaxation(requirement, tightest(requirement, changed), oracle);
    if (relaxation === null) return null;
    named.push({ ...relaxation, isLeast: relaxation.isLeast && gives.isProven });
    changed = withRelaxation(requirement, relaxation, changed);
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

function withRelaxation({ scale, steps }: Requirement, relaxation: Relaxation, instance: Instance): Instance {
  if (scale !== undefined) return scale.withValue(instance, relaxation.to!);
  return steps!.find((step) => step.text === relaxation.text)!.apply(instance);
}
