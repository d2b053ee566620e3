/**
 * Limits that keep a cheaper plan out, whether or not the best plan comes near them: each loosened all the way, alone
 * and with all of its kind, and how far the plan that is best then needs it. What a whole group does not keep out, none
 * of its limits does.
 */
import type { Instance } from '../model/instance.ts';
import type { Solving } from '../planner/solving.ts';
import type { CheaperSolves, Saving } from './cheaperSolves.ts';
import { quantity } from './leastLoosening.ts';
import { type Requirement, type RequirementText, requirementText } from './requirement.ts';

export interface Barrier {
  /**
   * One limit, or several of a kind that keep the plan out together, each with a value that allows it. Tighter values
   * may allow other plans, between the two in cost.
   */
  readonly limits: readonly { readonly requirement: RequirementText; readonly to: number }[];
  /** $ over the rental period that the best plan is cheaper then. */
  readonly saved: number;
  /** Whether both costs are proven. */
  readonly isProven: boolean;
  readonly text: string;
}

type Limit = Requirement & Required<Pick<Requirement, 'scale'>>;

/** The most valuable first. */
export function* barriersOf(
  instance: Instance,
  requirements: readonly Requirement[],
  solves: CheaperSolves,
): Solving<Barrier[]> {
  const limits = requirements.filter((each): each is Limit => each.scale !== undefined && each.level === 'policy');
  const kinds = [...new Set(limits.map(({ kind }) => kind))];
  if (kinds.length > 1 && isHarmless(yield* solves.ask(withoutAll(instance, limits)))) return [];
  const barriers: Barrier[] = [];
  for (const kind of kinds) {
    const group = limits.filter((limit) => limit.kind === kind);
    const together = yield* solves.ask(withoutAll(instance, group));
    if (isHarmless(together)) continue;
    const alone: Barrier[] = [];
    for (const limit of group.length > 1 ? group : []) {
      const answer = yield* solves.ask(withoutAll(instance, [limit]));
      if (answer !== null && answer.saved > 0) alone.push(barrier([limit], answer));
    }
    // All of them say something new where no single one saves as much.
    const most = Math.max(0, ...alone.map(({ saved }) => saved));
    if (together !== null && together.saved > most * (1 + newShare)) alone.push(barrier(group, together));
    barriers.push(...alone);
  }
  return barriers.toSorted((a, b) => b.saved - a.saved);
}

/** What limits save together beyond this share of what one of them saves is worth a line. */
const newShare = 0.01;

function withoutAll(instance: Instance, limits: readonly Limit[]): Instance {
  return limits.reduce((changed, { scale }) => scale.withValue(changed, scale.loosest), instance);
}

/** Whether the plan that is best then is proven no cheaper. */
function isHarmless(answer: Saving | null): boolean {
  return answer?.isProven === true && answer.saved === 0;
}

function barrier(group: readonly Limit[], { saved, isProven, verification }: Saving): Barrier {
  const needed = group.map((limit) => ({
    limit,
    to: eased(limit.scale.needed(verification, limit.scale.loosest), limit),
  }));
  const loosened = needed.filter(({ limit, to }) => to !== limit.value);
  const changes = loosened.map(
    ({ limit: { name, value, unit }, to }) => `${name} from ${quantity(value!, unit, 6)} to ${quantity(to, unit, 6)}`,
  );
  return {
    limits: loosened.map(({ limit, to }) => ({ requirement: requirementText(limit), to })),
    saved,
    isProven,
    text: `${changesText(changes)} ${changes.length > 1 ? 'save' : 'saves'} $${Number(saved.toPrecision(6))}`,
  };
}

/** Changes beyond this many are counted. */
const namedChanges = 3;

function changesText(changes: readonly string[]): string {
  if (changes.length <= namedChanges) return changes.join(' and ');
  return `${changes.slice(0, namedChanges).join(', ')} and ${changes.length - namedChanges} more like these`;
}

/** Digits of the value that is named. */
const namedDigits = 4;

/** What a plan needs, rounded so that it stays allowed. */
function eased(needed: number, { value, scale }: Limit): number {
  const isUpward = scale.loosest > value!;
  const step = scale.isWhole ? 1 : 10 ** (Math.ceil(Math.log10(Math.max(Math.abs(needed), 1e-12))) - namedDigits);
  const share = (needed / step) * (1 + (isUpward ? 1 : -1) * 1e-12);
  const rounded = Number(((isUpward ? Math.ceil(share) : Math.floor(share)) * step).toPrecision(12));
  return isUpward
    ? Math.min(scale.loosest, Math.max(value!, rounded))
    : Math.max(scale.loosest, Math.min(value!, rounded));
}
