/** Instances that tests share: the reference instance and what is made of it. */
import { readFileSync } from 'node:fs';
import type { Instance } from '../../src/model/instance.ts';

/** An instance of test/data/instances. */
export function loadInstance(name: string): Instance {
  return JSON.parse(readFileSync(new URL(`../data/instances/${name}.json`, import.meta.url), 'utf8')) as Instance;
}

/** The published reference instance, seed 42, unmet cap 0.01. */
export function referenceInstance(): Instance {
  return loadInstance('reference-seed42');
}

/** The unmet cap min(1, share * arrival rate) of the published grids. */
export function withUnmetCapPerRate(instance: Instance, share: number): Instance {
  const queryTypes = instance.queryTypes.map((query) => ({
    ...query,
    unmetCap: Math.min(1, share * query.arrivalRate),
  }));
  return { ...instance, queryTypes };
}

/** The same instance under another uncertainty budget. */
export function withGamma(instance: Instance, delay: number, error: number): Instance {
  return { ...instance, uncertaintyBudget: { delay, error } };
}
