/** What the functions of this room are handed, beside options. */
import { doerRule, rule } from '../input/optionRules.ts';

/** Of a file or a folder. */
export const pathRule = rule('a path that is not empty', (value) => typeof value === 'string' && value !== '');
export const storeRule = doerRule('a store of results (openResultStore)', 'read', 'write');
export const storesRule = rule(
  'a list of stores of results (openResultStore)',
  (value) => Array.isArray(value) && value.every((each) => storeRule.check(each, '').issues.length === 0),
);
export const chainsRule = rule(
  'chains of scenarios (readScenarioChains)',
  (value) => typeof (value as Partial<AsyncGenerator> | null)?.[Symbol.asyncIterator] === 'function',
);
export const chainRule = rule('a chain of scenarios (readScenarioChains)', (value) =>
  Number.isSafeInteger((value as { readonly index?: unknown } | null)?.index),
);
export const shardRule = rule('a shard: whole numbers, the number from 1 to the count', (value) => {
  const { number, count } = (value ?? {}) as { readonly number?: number; readonly count?: number };
  return Number.isSafeInteger(number) && Number.isSafeInteger(count) && number! >= 1 && number! <= count!;
});
