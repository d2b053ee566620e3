/**
 * Oddities of a valid instance under its options: what is probably a slip of units or a number in the wrong row, and
 * what can have no effect. Nothing here is refused; a warning says where, what, and what follows from it.
 */

import { isRentable, isUsable } from './check/permissions.ts';
import { type Configuration, configurationsOf, onTier, tpDegreesOf } from './configurations.ts';
import { effectiveUnmetCap, type Instance, type Model, type Tensor, type Tier } from './instance.ts';
import { fleetWarnings } from './lintFleet.ts';
import type { Warning } from './lintWarning.ts';
import type { PlanningOptions } from './options.ts';
import { memoryInName } from './tierCatalogue.ts';

export type { Warning, WarningCode } from './lintWarning.ts';

/** Relative difference up to which a tier's memory counts as what its name says: 80 GB parts report 79.6 GB. */
const nameMemoryTolerance = 0.05;

/** Warnings in the order of the instance's fields. `instance` must be valid. */
export function warningsOf(instance: Instance, options: PlanningOptions): readonly Warning[] {
  return [
    ...queryTypeWarnings(instance, options),
    ...modelWarnings(instance),
    ...tierWarnings(instance),
    ...duplicatedTiers(instance),
    ...deviationWarnings(instance),
    ...uncertaintyWarnings(instance, options),
    ...budgetWarnings(instance, options),
    ...unusedData(instance, options),
    ...fleetWarnings(instance, options),
  ];
}

/**
 * GB per GPU by which the weights exceed the memory of a configuration; 0 or less where they fit, Infinity without
 * weights for the precision.
 */
function excessOf(model: Model, tier: Tier, { tpDegree, pipelineDegree }: Configuration): number {
  const weights = onTier(model.weightSize, tier);
  const usable = tier.memory - (tier.memoryReserve ?? 0);
  return weights === null ? Infinity : weights / (tpDegree * pipelineDegree) - usable * (1 + 1e-12);
}

const isAvailable = (tier: Tier, gpus: number) => gpus <= (tier.available ?? Infinity);

function queryTypeWarnings(instance: Instance, options: PlanningOptions): Warning[] {
  const warnings: Warning[] = [];
  instance.queryTypes.forEach((query, i) => {
    const path = `queryTypes[${i}]`;
    const cap = query.unmetCap ?? (query.unmetPenalty === undefined ? 0 : 1);
    if (query.arrivalRate === 0) {
      warnings.push({
        code: 'query-type-without-traffic',
        path: `${path}.arrivalRate`,
        message: `${query.name} has no queries: it costs nothing to drop, but its compute still counts.`,
      });
    }
    if (query.minimumServed !== undefined && query.unmetCap !== undefined && 1 - query.minimumServed < cap) {
      warnings.push({
        code: 'minimum-served-beats-cap',
        path: `${path}.minimumServed`,
        message: `${query.name} may drop at most ${text(1 - query.minimumServed)}, by minimumServed; its unmetCap ${text(cap)} has no effect.`,
      });
    }
    if (query.errorThreshold !== undefined && query.errorThreshold > 1) {
      warnings.push({
        code: 'percent-instead-of-fraction',
        path: `${path}.errorThreshold`,
        message: `The error limit of ${query.name} is ${text(query.errorThreshold)}; it is a fraction, so 3 % is 0.03.`,
      });
    }
    if (query.unmetPenalty === 0 && cap > 0) {
      warnings.push({
        code: 'dropping-is-free',
        path: `${path}.unmetPenalty`,
        message: `Dropping ${query.name} costs nothing, so plans will drop as much as they may (${text(cap)}).`,
      });
    }
    warnings.push(...limitsOutOfReach(instance, options, i));
  });
  return warnings;
}

/** A delay or error limit that no (model, tier, TP degree) meets even for the least share that must be served. */
function limitsOutOfReach(instance: Instance, options: PlanningOptions, i: number): Warning[] {
  const query = instance.queryTypes[i];
  const leastServed = 1 - effectiveUnmetCap(query);
  if (leastServed <= 0) return [];
  const tokens = query.inputTokens + query.outputTokens;
  let leastDelay = Infinity;
  let leastError = Infinity;
  instance.models.forEach((model, j) => {
    instance.tiers.forEach((tier, k) => {
      if (!isUsable(instance, query.name, model.name, tier.name)) return;
      const degrees = configurationsOf(instance, model, tier)
        .filter((each) => excessOf(model, tier, each) <= 0)
        .filter(({ tpDegree, pipelineDegree }) => isAvailable(tier, tpDegree * pipelineDegree))
        .map(({ tpDegree }) => tpDegree);
      if (degrees.length === 0) return;
      leastError = Math.min(leastError, leastRobust(instance, options, 'error', i, j, k));
      const delay = leastRobust(instance, options, 'delay', i, j, k) * tokens;
      leastDelay = Math.min(leastDelay, delay / Math.max(...degrees));
    });
  });
  const warnings: Warning[] = [];
  const report = (field: string, what: string, limit: number | undefined, least: number, unit: string) => {
    if (limit === undefined) return;
    if (least * leastServed <= limit * (1 + 1e-9)) return;
    const best = Number.isFinite(least)
      ? `the best that any deployment can do is ${text(least * leastServed)}${unit}`
      : 'nothing can serve it';
    warnings.push({
      code: 'limit-out-of-reach',
      path: `queryTypes[${i}].${field}`,
      message: `No deployment meets the ${what} limit of ${query.name}, ${text(limit)}${unit}: ${best} (serving ${text(leastServed)} of it).`,
    });
  };
  if (instance.error !== undefined) report('errorThreshold', 'error', query.errorThreshold, leastError, '');
  // The other rules stretch the limit by TP degrees of other deployments: there is no limit of one deployment to judge.
  if (options.delayRule === 'per-deployment' && instance.delay !== undefined)
    report('delayThreshold', 'delay', query.delayThreshold, leastDelay, ' ms');
  return warnings;
}

/**
 * Per unit of fraction, the least that the worst case can be: alone under single placement; under split placement
 * spreading can dodge Gamma, so only the nominal value is certain.
 */
function leastRobust(
  instance: Instance,
  options: PlanningOptions,
  quantity: 'delay' | 'error',
  i: number,
  j: number,
  k: number,
): number {
  const uncertain = instance[quantity];
  if (uncertain === undefined) return 0;
  const { nominal, deviation, relief } = uncertain;
  if (options.uncertainty === 'none' || options.placement === 'split') return nominal[i][j][k];
  const share = options.uncertainty === 'decision-dependent' && relief !== undefined ? 1 - relief[j][k] : 1;
  return nominal[i][j][k] + Math.min(instance.uncertaintyBudget?.[quantity] ?? 0, share) * deviation[i][j][k];
}

function modelWarnings(instance: Instance): Warning[] {
  const warnings: Warning[] = [];
  instance.models.forEach((model, j) => {
    const least = Math.min(
      ...instance.tiers.flatMap((tier) =>
        configurationsOf(instance, model, tier).map((each) => excessOf(model, tier, each)),
      ),
    );
    if (least > 0 && least < Infinity) {
      warnings.push({
        code: 'model-too-large',
        path: `models[${j}].weightSize`,
        message: `${model.name} (${weightText(model)}) fits on no tier at any TP degree; at best ${text(least)} GB per GPU are missing. No plan can use it.`,
      });
    } else if (!instance.tiers.some((tier) => isRentable(instance, model.name, tier.name))) {
      warnings.push({
        code: 'model-on-no-tier',
        path: `models[${j}]`,
        message: `${model.name} may be rented on no tier, by allowed and forbidden. No plan can use it.`,
      });
    }
  });
  return warnings;
}

function tierWarnings(instance: Instance): Warning[] {
  const warnings: Warning[] = [];
  instance.tiers.forEach((tier, k) => {
    const expected = memoryInName(tier.name);
    const isSize = (size: number) => Math.abs(tier.memory - size) <= nameMemoryTolerance * size;
    if (expected !== null && !expected.sizes.some(isSize)) {
      warnings.push({
        code: 'tier-memory-name',
        path: `tiers[${k}].memory`,
        message: `${tier.name} has ${text(tier.memory)} GB, but ${expected.evidence} says ${expected.sizes.join(' or ')} GB.`,
      });
    }
    if (tier.price === 0) {
      warnings.push({ code: 'free-tier', path: `tiers[${k}].price`, message: `${tier.name} costs nothing to rent.` });
    }
    const least = Math.min(...tpDegreesOf(tier));
    if (!isAvailable(tier, least)) {
      const message = `${tier.name}: ${tier.available} GPUs available, but its smallest TP degree is ${least}. It can never be rented.`;
      warnings.push({ code: 'tier-unavailable', path: `tiers[${k}].available`, message });
    }
  });
  return warnings;
}

/** Tiers that differ in name only: harmless, but usually a copy that was not edited. */
function duplicatedTiers(instance: Instance): Warning[] {
  const { tiers, queryTypes, models, delay, error, residency } = instance;
  const tensors: readonly Tensor[] = [
    delay?.nominal,
    delay?.deviation,
    error?.nominal,
    error?.deviation,
    residency,
  ].filter((tensor) => typeof tensor === 'object');
  const profilesOf = (tier: string) =>
    JSON.stringify(
      instance.profiles?.filter((profile) => profile.tier === tier).map((each) => ({ ...each, tier: '' })),
    );
  const same = (a: number, b: number) =>
    tensors.every((tensor) => queryTypes.every((_, i) => models.every((_m, j) => tensor[i][j][a] === tensor[i][j][b])));
  const warnings: Warning[] = [];
  tiers.forEach((tier, k) => {
    const data = (of: Tier) =>
      JSON.stringify([
        of.memory,
        of.memoryReserve,
        of.compute,
        of.price,
        of.pipelineDegrees,
        of.utilization,
        of.committed,
      ]);
    const degrees = (of: Tier) => JSON.stringify([...tpDegreesOf(of)].sort((a, b) => a - b));
    const twin = tiers.findIndex(
      (other, before) =>
        before < k &&
        data(other) === data(tier) &&
        degrees(other) === degrees(tier) &&
        profilesOf(other.name) === profilesOf(tier.name) &&
        same(before, k),
    );
    if (twin < 0) return;
    warnings.push({
      code: 'duplicated-tier',
      path: `tiers[${k}]`,
      message: `${tier.name} and ${tiers[twin].name} differ in name only.`,
    });
  });
  return warnings;
}

function deviationWarnings(instance: Instance): Warning[] {
  const warnings: Warning[] = [];
  for (const quantity of ['delay', 'error'] as const) {
    const uncertain = instance[quantity];
    if (uncertain === undefined) continue;
    const { nominal, deviation } = uncertain;
    let count = 0;
    let first = '';
    deviation.forEach((matrix, i) => {
      matrix.forEach((row, j) => {
        row.forEach((value, k) => {
          if (value <= nominal[i][j][k]) return;
          if (count === 0) first = `${quantity}.deviation[${i}][${j}][${k}]`;
          count++;
        });
      });
    });
    if (count === 0) continue;
    const message = `${count} ${quantity} deviations are larger than their nominal values; a deviation is an absolute amount in the same unit.`;
    warnings.push({ code: 'deviation-above-nominal', path: first, message });
  }
  return warnings;
}

/** Gamma beyond the number of entries of a sum that can be non-zero at once changes nothing. */
function uncertaintyWarnings(instance: Instance, options: PlanningOptions): Warning[] {
  const { delay, error } = instance.uncertaintyBudget ?? { delay: 0, error: 0 };
  if (options.uncertainty === 'none') {
    return delay > 0 || error > 0
      ? [inert('uncertaintyBudget', 'The uncertainty budgets have no effect: the option uncertainty is "none".')]
      : [];
  }
  const numQueryTypes = instance.queryTypes.length;
  const perRow = options.placement === 'single' ? 1 : instance.models.length * instance.tiers.length;
  const inCost = options.delayCostBudget === 'joint' ? numQueryTypes * perRow : perRow;
  const most = Math.max(perRow, inCost);
  const warnings: Warning[] = [];
  const reason =
    options.placement === 'single' ? 'each query type is placed once' : 'there are no more (model, tier) pairs';
  if (delay > most) {
    warnings.push(inert('uncertaintyBudget.delay', `A delay budget of ${text(delay)} acts like ${most}: ${reason}.`));
  } else if (delay > perRow) {
    const message = `A delay budget of ${text(delay)} acts like ${perRow} in the delay limits: ${reason}. Only the joint delay cost sees more.`;
    warnings.push(inert('uncertaintyBudget.delay', message));
  }
  if (error > perRow) {
    warnings.push(
      inert('uncertaintyBudget.error', `An error budget of ${text(error)} acts like ${perRow}: ${reason}.`),
    );
  }
  return warnings;
}

function inert(path: string, message: string): Warning {
  return { code: 'inert-uncertainty-budget', path, message };
}

function budgetWarnings(instance: Instance, options: PlanningOptions): Warning[] {
  const warnings: Warning[] = [];
  const { budget, storageCapacity, rentalPeriod } = instance;
  const factor = options.rentalInBudget === 'once' ? 1 : instance.queryTypes.length;
  const cheapest =
    Math.min(...instance.tiers.map((tier) => tier.price * Math.min(...tpDegreesOf(tier)))) * rentalPeriod * factor;
  if (budget !== undefined && budget < cheapest) {
    warnings.push({
      code: 'budget-below-cheapest-gpu',
      path: 'budget',
      message: `A budget of $${text(budget)} rents nothing: the cheapest GPUs cost $${text(cheapest)} over ${text(rentalPeriod)} h.`,
    });
  }
  const sizes = instance.models.flatMap(({ weightSize }) =>
    typeof weightSize === 'number' ? [weightSize] : Object.values(weightSize),
  );
  const smallest = Math.min(...sizes);
  if (storageCapacity !== undefined && storageCapacity < smallest) {
    warnings.push({
      code: 'storage-below-smallest-model',
      path: 'storageCapacity',
      message: `${text(storageCapacity)} GB of storage hold no model: the smallest has ${text(smallest)} GB.`,
    });
  }
  return warnings;
}

function unusedData(instance: Instance, options: PlanningOptions): Warning[] {
  const warnings: Warning[] = [];
  const unused = (path: string, message: string) => warnings.push({ code: 'unused-data', path, message });
  if (instance.currentPlan !== undefined && instance.switchingCost === undefined) {
    unused('currentPlan', 'The current plan has no effect without switchingCost.');
  }
  if (instance.switchingCost !== undefined && instance.currentPlan === undefined) {
    unused('switchingCost', 'Without a currentPlan every rented GPU counts as added.');
  }
  if (options.uncertainty !== 'decision-dependent') {
    for (const quantity of ['delay', 'error'] as const) {
      if (instance[quantity]?.relief === undefined) continue;
      unused(
        `${quantity}.relief`,
        `Relief of the ${quantity} has no effect: the option uncertainty is "${options.uncertainty}".`,
      );
    }
  }
  return warnings;
}

/** `16 GB`, or by precision `8 GB FP8, 16 GB BF16`. */
function weightText({ weightSize }: Model): string {
  if (typeof weightSize === 'number') return `${text(weightSize)} GB`;
  return Object.entries(weightSize)
    .map(([precision, size]) => `${text(size)} GB ${precision}`)
    .join(', ');
}

/** Six significant digits at most: enough to recognise a number, short enough to read. */
function text(value: number): string {
  return String(Number(value.toPrecision(6)));
}
