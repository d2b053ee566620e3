/** What a search tells on the way, at the root above all. */
import { describe, expect, it } from 'vitest';
import type { ProgressEvent } from '../../src/bnb/progress.ts';
import { generateInstance } from '../../src/generator/generateInstance.ts';
import { optimize } from '../../src/planner/optimize.ts';
import type { SolveOptions } from '../../src/planner/solveOptions.ts';

describe('simplex iterations', () => {
  const instance = generateInstance({ queryTypes: 8, models: 4, tiers: 6, seed: 2 });
  it.each<SolveOptions>([{}, { relaxation: 'compact', formulation: 'published' }])(
    'count during the root and never fall (%j)',
    (options) => {
      const events: ProgressEvent[] = [];
      const { simplexIterations } = optimize(instance, {
        ...options,
        nodeLimit: 5,
        onProgress: (event) => events.push(event),
      });
      const counts = events.map((event) => event.simplexIterations);
      expect(counts).toEqual(counts.toSorted((a, b) => a - b));
      expect(counts.at(-1)).toBe(simplexIterations);
      const beforeRoot = events.slice(
        0,
        events.findIndex(({ kind }) => kind === 'root'),
      );
      const rounds = beforeRoot.filter(({ kind }) => kind === 'round');
      expect(rounds.length).toBeGreaterThan(1);
      expect(rounds.at(-1)!.simplexIterations).toBeGreaterThan(rounds[0].simplexIterations);
    },
  );
});

describe('the letter of a plan by the dynamic program', () => {
  it.each([true, false])('is the same before the root and at it (heuristics: %j)', (heuristics) => {
    const letters: unknown[] = [];
    optimize(generateInstance({ queryTypes: 5, models: 3, tiers: 4, seed: 1 }), {
      preset: 'reference',
      strategy: { heuristics },
      onProgress: (event) => event.kind === 'incumbent' && letters.push(event.letter),
    });
    expect(letters).toEqual(['P']);
  });
});
