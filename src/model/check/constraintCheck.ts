/** One line of a verification, and the list that judges lines by the named tolerances. */

export type ConstraintGroup =
  | 'demand'
  | 'budget'
  | 'one-degree'
  | 'tp-degree'
  | 'replicas'
  | 'gpus'
  | 'memory'
  | 'compute'
  | 'load'
  | 'storage'
  | 'placement'
  | 'delay'
  | 'ttft'
  | 'tpot'
  | 'error'
  | 'unmet'
  | 'minimum-served'
  | 'availability'
  | 'fleet-limit'
  | 'pairing';

export interface ConstraintCheck {
  readonly group: ConstraintGroup;
  /** The query type, deployment or tier that it is about. */
  readonly subject: string;
  /** Name of the tier, for the rows of memory, compute, load and available GPUs. */
  readonly tier?: string;
  readonly left: number;
  readonly relation: '<=' | '>=' | '=';
  /** null: the instance sets no limit. */
  readonly limit: number | null;
  /** left / limit; null without a limit or with limit 0. */
  readonly use: number | null;
  /** How far the limit is exceeded (missed, for >= and =); 0 if it holds exactly. */
  readonly violation: number;
  /** Whether it holds within the tolerances. */
  readonly ok: boolean;
  readonly unit: string;
}

/**
 * The one meaning of feasible (specification 9.1): a row holds within this times the larger of its left side and its
 * limit. All terms of the rows are >= 0, so that no term is larger than that.
 */
export const feasibilityTolerance = 1e-8;

export class ConstraintList {
  readonly checks: ConstraintCheck[] = [];
  atMost(
    group: ConstraintGroup,
    subject: string,
    left: number,
    limit: number | null,
    unit: string,
    tier?: string,
  ): void {
    this.#add(group, subject, left, '<=', limit, limit === null ? 0 : left - limit, unit, tier);
  }

  /** A limit on a share, which the demand row (x + u = 1) holds beside 1. */
  shareAtMost(group: ConstraintGroup, subject: string, left: number, limit: number): void {
    this.#add(group, subject, left, '<=', limit, left - limit, 'share', undefined, 1);
  }

  atLeast(group: ConstraintGroup, subject: string, left: number, limit: number, unit: string): void {
    this.#add(group, subject, left, '>=', limit, limit - left, unit);
  }

  equal(group: ConstraintGroup, subject: string, left: number, limit: number, unit: string): void {
    this.#add(group, subject, left, '=', limit, Math.abs(left - limit), unit);
  }

  /** A condition that holds or not: offences <= 0. */
  holds(group: ConstraintGroup, subject: string, condition: boolean): void {
    this.#add(group, subject, condition ? 0 : 1, '<=', 0, condition ? 0 : 1, 'offences');
  }

  #add(
    group: ConstraintGroup,
    subject: string,
    left: number,
    relation: ConstraintCheck['relation'],
    limit: number | null,
    excess: number,
    unit: string,
    tier?: string,
    size = Math.max(Math.abs(left), Math.abs(limit ?? 0)),
  ): void {
    const allowance = feasibilityTolerance * size;
    const use = limit === null || limit === 0 ? null : left / limit;
    // Written so that a NaN on the left does not pass.
    const ok = excess <= allowance;
    const check = { group, subject, left, relation, limit, use, violation: Math.max(0, excess), ok, unit };
    this.checks.push(tier === undefined ? check : { ...check, tier });
  }
}
