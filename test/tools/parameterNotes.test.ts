/** What `rolla strategies` says of each number is what stands above it in its record. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { listedStrategies, strategyReport } from '../../src/report/strategyReport.ts';
import { parameterNotesModule } from '../../tools/parameterNotes.ts';

it('the notes are up to date (npm run schema)', () => {
  const path = new URL('../../src/report/parameterNotes.ts', import.meta.url);
  expect(readFileSync(path, 'utf8')).toBe(parameterNotesModule());
});

it('every number is listed with its default within its range, and a reason', () => {
  const { parameters, presets } = listedStrategies();
  expect(parameters.length).toBeGreaterThan(200);
  expect(parameters.filter(({ reason }) => reason.length < 10)).toEqual([]);
  expect(parameters.find(({ path }) => path === 'patterns.generation.smoothing')).toEqual({
    path: 'patterns.generation.smoothing',
    default: 0.6,
    range: 'a number >= 0 and < 1',
    reason:
      "Weight of the best bound's duals (Wentges) in those that are priced: halves the rounds. More stalls near the end, less zigzags.",
    evidence: "Weight of the best bound's duals (Wentges) in those that are priced: halves the rounds.",
  });
  expect(presets['best-bound']).toEqual({ nodeSelection: 'best-bound' });
  expect(strategyReport('lookahead')).toContain('search.branching.lookahead = 4, a whole number >= 0');
});
