/**
 * Relief for decision-dependent uncertainty: how much of the largest deviation goes away once a query type is placed on
 * (j, k). A powerful tier under a simple model steadies the delay; a complex model at full precision steadies the
 * error.
 */
import type { Matrix } from '../model/instance.ts';
import type { Complexity, Precision, Range } from './publishedCatalogue.ts';

type ReliefClass = Complexity;

const reliefRange: Readonly<Record<ReliefClass, Range>> = {
  low: [0.2, 0.25],
  medium: [0.4, 0.45],
  high: [0.6, 0.65],
  luxury: [0.8, 0.85],
};

/** Also the levels 0 to 3 of power and complexity. */
const classes: readonly ReliefClass[] = ['low', 'medium', 'high', 'luxury'];
/** TFLOPs from which a tier counts as medium, high, luxury. */
const powerLimits = [150, 400, 900];
const precisionStep: Readonly<Record<Precision, number>> = { INT4: -1, INT8: 0, FP16: 1 };
/** Scores from which the error relief counts as medium, high, luxury. */
const errorScoreLimits = [0.75, 1.5, 2.25];

const countReached = (limits: readonly number[], value: number) => limits.filter((limit) => value >= limit).length;

/** Class of the delay relief of a model of this complexity on a tier of this compute (TFLOPs). */
export function delayReliefClass(complexity: Complexity, compute: number): ReliefClass {
  const margin = countReached(powerLimits, compute) - classes.indexOf(complexity);
  return classes[Math.min(3, Math.max(0, margin + 1))];
}

/** Class of the error relief of a model of this complexity on a tier of this compute (TFLOPs) and precision. */
export function errorReliefClass(complexity: Complexity, compute: number, precision: Precision): ReliefClass {
  const precisionLevel = Math.min(3, Math.max(0, countReached(powerLimits, compute) + precisionStep[precision]));
  const score = (2 * classes.indexOf(complexity) + precisionLevel) / 3;
  return classes[countReached(errorScoreLimits, score)];
}

/** Draws delay relief, then error relief, each in row-major order of (model, tier). */
export function drawRelief(
  uniform: (low: number, high: number) => number,
  models: readonly { readonly complexity: Complexity }[],
  tiers: readonly { readonly compute: number; readonly precision: Precision }[],
): { readonly delay: Matrix; readonly error: Matrix } {
  const draw = (classOf: (model: (typeof models)[number], tier: (typeof tiers)[number]) => ReliefClass): Matrix =>
    models.map((model) => tiers.map((tier) => uniform(...reliefRange[classOf(model, tier)])));
  const delay = draw((model, tier) => delayReliefClass(model.complexity, tier.compute));
  const error = draw((model, tier) => errorReliefClass(model.complexity, tier.compute, tier.precision));
  return { delay, error };
}
