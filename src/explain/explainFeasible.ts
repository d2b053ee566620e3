/**
 * What limits a best plan: the rows that bind, the slack of the others, and what a little more of each scarce thing is
 * worth, found by solving again with it (a plan is a whole thing; prices of one row from a linear program would not
 * tell).
 */

import { type ConstraintCheck, type ConstraintGroup, checkPlan } from '../model/check/verifier.ts';
import type { Instance } from '../model/instance.ts';
import type { PlanningOptions } from '../model/options.ts';
import type { SolveOptions } from '../planner/solveOptions.ts';
import type { Solving } from '../planner/solving.ts';
import { type Barrier, barriersOf } from './barriers.ts';
import { CheaperSolves, type FoundPlan } from './cheaperSolves.ts';
import { quantity } from './leastLoosening.ts';
import { type Requirement, type RequirementKind, type RequirementText, requirementText } from './requirement.ts';
import { requirementsOf } from './requirements.ts';

interface Slack extends ConstraintCheck {
  /** limit - left, in the row's unit (left - limit for >=). */
  readonly slack: number;
}

interface Worth {
  readonly requirement: RequirementText;
  readonly to: number;
  /**
   * $ over the rental period that the best plan gets cheaper; 0 if the difference is within the gap of the two solves.
   */
  readonly saved: number;
  /** Whether both costs are proven. */
  readonly isProven: boolean;
  readonly text: string;
}

export interface Limits {
  /** Rows without room to spare. */
  readonly binding: readonly Slack[];
  /** Rows with room, the tightest first. */
  readonly slack: readonly Slack[];
  /** Of each requirement that the plan uses almost or quite, the most valuable first. */
  readonly worth: readonly Worth[];
  /** Limits that keep a cheaper plan out, near or not, the most valuable first. */
  readonly barriers: readonly Barrier[];
  /** Whether all were valued before time ran out. */
  readonly isComplete: boolean;
}

/** Rows that state how much of something is used; the others are rules. */
const amountGroups: readonly ConstraintGroup[] = [
  'budget',
  'memory',
  'compute',
  'load',
  'storage',
  'delay',
  'ttft',
  'tpot',
  'error',
  'unmet',
  'minimum-served',
  'availability',
  'fleet-limit',
];
/** Used up to this share of the limit counts as binding: the verifier's tolerance. */
const bindingShare = 1e-6;
/**
 * Requirements of which the plan uses less than this share are not valued: the answer would nearly always be nothing.
 */
const worthAsking = 0.8;

export function* explainFeasible(
  instance: Instance,
  options: PlanningOptions,
  control: SolveOptions,
  found: FoundPlan,
  deadline: number,
): Solving<Limits & { readonly solves: number }> {
  const verification = checkPlan(instance, options, found.plan);
  const rows: Slack[] = verification.constraints
    // A share that may not be dropped at all says nothing of the plan.
    .filter(({ group, limit }) => amountGroups.includes(group) && limit !== null && !(group === 'unmet' && limit === 0))
    .map((check) => ({
      ...check,
      slack: check.relation === '>=' ? check.left - check.limit! : check.limit! - check.left,
    }));
  const isBinding = ({ slack, limit }: Slack) => slack <= bindingShare * Math.max(1e-9, Math.abs(limit!));
  const roomShare = ({ slack, limit }: Slack) => (limit === 0 ? 1 : slack / Math.abs(limit!));
  const requirements = requirementsOf(instance, options);
  const solves = new CheaperSolves(options, control, found, deadline);
  const worth: Worth[] = [];
  for (const requirement of requirements) {
    const next = loosened(requirement);
    if (next === null || !isScarce(requirement, requirement.scale!.needed(verification, requirement.value!))) continue;
    const answer = yield* solves.ask(requirement.scale!.withValue(instance, next));
    if (answer !== null) worth.push(worthOf(requirement, next, answer.saved, answer.isProven));
  }
  const barriers = yield* barriersOf(instance, requirements, solves);
  return {
    solves: solves.solves,
    binding: rows.filter(isBinding),
    slack: rows.filter((row) => !isBinding(row)).toSorted((a, b) => roomShare(a) - roomShare(b)),
    worth: worth.toSorted((a, b) => b.saved - a.saved),
    barriers,
    isComplete: solves.isComplete,
  };
}

function isScarce({ value, scale }: Requirement, needed: number): boolean {
  if (scale!.loosest < value!) return needed <= value! + (1 - worthAsking);
  return needed >= worthAsking * value!;
}

/**
 * A little more: a dollar, a GB, a GPU, a percentage point of an error limit or a share, one percent of anything else.
 */
function loosened({ kind, value, scale }: Requirement): number | null {
  if (scale === undefined) return null;
  const now = value!;
  const counted: readonly RequirementKind[] = ['replicas', 'budget', 'storage', 'memory', 'available', 'fleet-limit'];
  if (counted.includes(kind)) return now + 1;
  if (kind === 'utilization') return Math.min(1, now + 0.01);
  if (kind === 'error-limit') return now + 0.01;
  if (kind === 'unmet-cap') return Math.min(1, now + 0.01);
  if (kind === 'minimum-served') return Math.max(0, now - 0.01);
  return now * 1.01;
}

function worthOf(requirement: Requirement, to: number, saved: number, isProven: boolean): Worth {
  const { name, unit, value } = requirement;
  const gain = saved > 0 ? `saves $${Number(saved.toPrecision(6))}` : 'saves nothing';
  const text = `${name} from ${quantity(value!, unit, 6)} to ${quantity(to, unit, 6)} ${gain}`;
  return { requirement: requirementText(requirement), to, saved, isProven, text };
}
