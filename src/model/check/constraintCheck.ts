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
  | 'storage'
  | 'placement'
  | 'delay'
  | 'error'
  | 'unmet'
  | 'minimum-served'
  | 'availability'
  | 'pairing';

export interface ConstraintCheck {
  readonly group: ConstraintGroup;
  /** The query type, deployment or tier that it is about. */
  readonly subject: string;
  /** Name of the tier, for the rows of memory, compute and available GPUs. */
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

export interface VerificationTolerances {
  /** Of the limit: solvers keep rows to 1e-9 of scaled data, and published plans to 1e-6. */
  readonly relative: number;
  /** In units of the row, for limits of 0 and rounding of the sums. */
  readonly absolute: number;
}

export const verificationTolerances: VerificationTolerances = { relative: 1e-6, absolute: 1e-9 };

export class ConstraintList {
  readonly checks: ConstraintCheck[] = [];
  readonly #tolerances: VerificationTolerances;

  constructor(tolerances: VerificationTolerances) {
    this.#tolerances = tolerances;
  }

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
  ): void {
    const allowance = this.#tolerances.relative * Math.abs(limit ?? 0) + this.#tolerances.absolute;
    const use = limit === null || limit === 0 ? null : left / limit;
    // Written so that a NaN on the left does not pass.
    const ok = excess <= allowance;
    const check = { group, subject, left, relation, limit, use, violation: Math.max(0, excess), ok, unit };
    this.checks.push(tier === undefined ? check : { ...check, tier });
  }
}
