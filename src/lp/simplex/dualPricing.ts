/**
 * Pricing rules of the dual simplex: which violated row leaves the basis. The row of largest squared violation per
 * weight is taken; a rule says what the weights are. All begin at 1.
 */

import { rule } from '../../input/optionRules.ts';

/** A rule that a solve can be given by itself, or by a name of `dualPricings`. */
export interface DualPricing {
  readonly kind: 'lp-pricing';
  readonly name: string;
  /**
   * Whether `updated` is told `tau`, entry i of B^-1 B^-T e_r, which takes one more solve with the factors at each
   * iteration.
   */
  readonly usesTau: boolean;
  /**
   * Weight of the row that was chosen, before it leaves. `squaredNorm` is that of its row of the inverse: its steepest
   * edge weight. Where it is more than four times the weight by which the row was chosen, another choice is made.
   */
  ofChosen(weight: number, squaredNorm: number): number;
  /** Weight of another row: `ratio` is its entry of the entering column over the pivot. */
  updated(weight: number, ratio: number, leavingWeight: number, tau: number): number;
  /** Weight of the row once the entering variable is in it. */
  ofEntering(leavingWeight: number, pivot: number): number;
}

/** Exact norms of the rows of the inverse (Forrest and Goldfarb 1992): fewest iterations, each a little dearer. */
const steepestEdge: DualPricing = {
  kind: 'lp-pricing',
  name: 'steepest-edge',
  usesTau: true,
  ofChosen: (_weight, squaredNorm) => squaredNorm,
  updated: (weight, ratio, leavingWeight, tau) => weight + ratio * (ratio * leavingWeight - 2 * tau),
  ofEntering: (leavingWeight, pivot) => leavingWeight / (pivot * pivot),
};

/** Norms within a reference framework, estimated from below without a further solve (Harris 1973). */
const devex: DualPricing = {
  kind: 'lp-pricing',
  name: 'devex',
  usesTau: false,
  ofChosen: (weight) => weight,
  updated: (weight, ratio, leavingWeight) => Math.max(weight, ratio * ratio * leavingWeight),
  ofEntering: (leavingWeight, pivot) => Math.max(leavingWeight / (pivot * pivot), 1),
};

/** The most violated row (Dantzig's rule for the dual). */
const largestInfeasibility: DualPricing = {
  kind: 'lp-pricing',
  name: 'largest-infeasibility',
  usesTau: false,
  ofChosen: () => 1,
  updated: () => 1,
  ofEntering: () => 1,
};

export const dualPricings = {
  'steepest-edge': steepestEdge,
  devex,
  'largest-infeasibility': largestInfeasibility,
} as const satisfies Readonly<Record<string, DualPricing>>;

export type DualPricingName = keyof typeof dualPricings;

const functions = ['ofChosen', 'updated', 'ofEntering'] as const;

function isDualPricing(value: unknown): value is DualPricing {
  if (typeof value !== 'object' || value === null) return false;
  const rule = value as Readonly<Record<string, unknown>>;
  return functions.every((name) => typeof rule[name] === 'function') && typeof rule.usesTau === 'boolean';
}

const isName = (value: unknown): value is DualPricingName =>
  typeof value === 'string' && Object.hasOwn(dualPricings, value);

export const pricingRule = rule(
  `a pricing rule, or one of ${Object.keys(dualPricings).join(', ')}`,
  (value) => isName(value) || isDualPricing(value),
);

/** The rule of that name, or the rule itself (`pricingRule` checks). Default: steepest edge. */
export function dualPricingOf(given: DualPricingName | DualPricing = 'steepest-edge'): DualPricing {
  return typeof given === 'string' ? dualPricings[given] : given;
}
