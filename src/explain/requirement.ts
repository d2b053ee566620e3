/**
 * A requirement of an instance in the user's words: what it says, how a problem looks without it, how it looks with a
 * looser value, and which value a given plan needs. Feasibility can only gain when a value is loosened.
 */

import type { Verification } from '../model/check/verifier.ts';
import type { Instance } from '../model/instance.ts';

export type RequirementKind =
  | 'replicas'
  | 'profile'
  | 'budget'
  | 'storage'
  | 'error-limit'
  | 'delay-limit'
  | 'ttft-limit'
  | 'tpot-limit'
  | 'utilization'
  | 'fleet-limit'
  | 'unmet-cap'
  | 'minimum-served'
  | 'available'
  | 'allowed'
  | 'forbidden'
  | 'memory'
  | 'compute'
  | 'tp-degrees';

/** What a reader sees of a requirement. Plain data. */
export interface RequirementText {
  readonly kind: RequirementKind;
  /** As one would say it: `error limit of Translation`. */
  readonly name: string;
  /** Its field, as in `InputError`. */
  readonly path: string;
  /** Its value now; null where it is a list. */
  readonly value: number | null;
  readonly unit: string;
}

export interface Requirement extends RequirementText {
  /** `hardware` is what the market offers; the rest is what the user asks for and can give up first. */
  readonly level: 'policy' | 'hardware';
  /** The instance as if nobody had said it. Costs may change: only feasibility is meant. */
  without(instance: Instance): Instance;
  /** Present where the requirement is one number. */
  readonly scale?: RequirementScale;
  /** Present where it is loosened in steps tried in this order: TP degrees, and lists (a single step). */
  readonly steps?: readonly RequirementStep[];
  /** With `steps`: puts the requirement back as it is. */
  restore?(instance: Instance): Instance;
}

export interface RequirementScale {
  readonly isWhole: boolean;
  /** A value beyond which loosening it changes nothing; below `value` where loosening means less. */
  readonly loosest: number;
  withValue(instance: Instance, value: number): Instance;
  /** The value that this plan needs, from its verification under the instance loosened to `value`. */
  needed(verification: Verification, value: number): number;
}

interface RequirementStep {
  /** The new value where it is a number. */
  readonly value: number | null;
  readonly text: string;
  apply(instance: Instance): Instance;
}

export function requirementText({ kind, name, path, value, unit }: Requirement): RequirementText {
  return { kind, name, path, value, unit };
}
