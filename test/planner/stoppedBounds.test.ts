/** Whenever a search is stopped, what it has told stands: the bound it ends with is none below one of its events. */
import { describe, expect, it } from 'vitest';
import { type KindName, kindInstance, kindNames } from '../../bench/kinds.ts';
import type { StrategyName } from '../../src/bnb/strategy.ts';
import { optimize } from '../../src/planner/optimize.ts';

/** Stops at a question, counted from 1, and counts how often it was asked. */
function stoppingAt(question: number) {
  const signal = {
    asked: 0,
    get aborted() {
      return ++signal.asked >= question;
    },
  };
  return signal;
}

function stopped(of: KindName, question: number, strategy: StrategyName) {
  const instance = kindInstance({ of, queryTypes: 10, models: 3, tiers: 5, seed: 3 });
  const signal = stoppingAt(question);
  let told = -Infinity;
  const result = optimize(instance, {
    gap: 1e-4,
    nodeLimit: 2,
    strategy,
    signal: signal as unknown as AbortSignal,
    onProgress: ({ bound }) => (told = Math.max(told, bound ?? -Infinity)),
  });
  return { result, told, asked: signal.asked };
}

describe.each(['default', 'no-dynamic-program'] as const)('with strategy %s', (strategy) => {
  it.each(kindNames)('holds for %s', (of) => {
    const { asked } = stopped(of, Infinity, strategy);
    for (let share = 1; share <= 10; share++) {
      const { result, told } = stopped(of, Math.ceil((asked * share) / 11), strategy);
      expect(result.bound ?? -Infinity).toBeGreaterThanOrEqual(told - 1e-9 * Math.abs(told));
    }
  });
});
