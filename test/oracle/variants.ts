/**
 * The variants of the reference instance that docs/variants.md lists: preset `corrected` with one option changed, and
 * the presets.
 */
import { generateReference } from '../../src/generator/generateReference.ts';
import type { PublishedInstance } from '../../src/model/instance.ts';
import { type PlanningOptions, presets } from '../../src/model/options.ts';
import { referenceInstance, withGamma } from './testInstances.ts';

export interface Variant {
  readonly name: string;
  readonly instance: PublishedInstance;
  readonly options: PlanningOptions;
}

export function variants(): Variant[] {
  const instance = referenceInstance();
  const base = presets.corrected;
  const changed = (name: string, change: Partial<PlanningOptions>, of: PublishedInstance = instance): Variant => ({
    name,
    instance: of,
    options: { ...base, ...change },
  });
  return [
    changed('corrected', {}),
    changed('uncertainty none', { uncertainty: 'none' }),
    changed(
      'uncertainty decision-dependent',
      { uncertainty: 'decision-dependent' },
      generateReference({ relief: true }),
    ),
    changed(
      'uncertainty decision-dependent, Gamma_d 2',
      { uncertainty: 'decision-dependent' },
      withGamma(generateReference({ relief: true }), 2, 50),
    ),
    changed('delayRule pooled', { delayRule: 'pooled' }),
    changed('delayRule last-deployment', { delayRule: 'last-deployment' }),
    changed('delayCost deviation', { delayCost: 'deviation' }),
    changed('delayCostBudget per-query', { delayCostBudget: 'per-query' }),
    changed('corrected, Gamma_d 2', {}, withGamma(instance, 2, 50)),
    changed('delayCostBudget per-query, Gamma_d 2', { delayCostBudget: 'per-query' }, withGamma(instance, 2, 50)),
    changed('rentalInBudget per-query-type', { rentalInBudget: 'per-query-type' }),
    changed('weightStorage per-placement', { weightStorage: 'per-placement' }),
    changed('maxReplicas 2', { maxReplicas: 2 }),
    changed('placement split', { placement: 'split' }),
    changed('placement split, Gamma 2', { placement: 'split' }, withGamma(instance, 2, 2)),
    { name: 'paper', instance, options: presets.paper },
    { name: 'reference', instance, options: presets.reference },
  ];
}
