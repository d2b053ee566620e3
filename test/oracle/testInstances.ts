/** Instances that tests share: the reference instance and what is made of it. */
import { readFileSync } from 'node:fs';
import type { PublishedInstance } from '../../src/model/instance.ts';

/** An instance of test/data/instances. */
export function loadInstance(name: string): PublishedInstance {
  return JSON.parse(
    readFileSync(new URL(`../data/instances/${name}.json`, import.meta.url), 'utf8'),
  ) as PublishedInstance;
}

/** The published reference instance, seed 42, unmet cap 0.01. */
export function referenceInstance(): PublishedInstance {
  return loadInstance('reference-seed42');
}

/** The unmet cap min(1, share * arrival rate) of the published grids. */
export function withUnmetCapPerRate(instance: PublishedInstance, share: number): PublishedInstance {
  const queryTypes = instance.queryTypes.map((query) => ({
    ...query,
    unmetCap: Math.min(1, share * query.arrivalRate),
  }));
  return { ...instance, queryTypes };
}

/** The same instance under another uncertainty budget. */
export function withGamma(instance: PublishedInstance, delay: number, error: number): PublishedInstance {
  return { ...instance, uncertaintyBudget: { delay, error } };
}
