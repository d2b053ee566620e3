import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { gridSize } from '../../src/analysis/grids.ts';
import { scenarioLines } from '../../src/scenarios/scenarioDesign.ts';
import { surveyScenarios } from '../../src/scenarios/scenarioFile.ts';
import { version } from '../../src/version.ts';
import {
  chainsOf,
  complaintOf,
  everyCell,
  readInstanceFile,
  scenarioFolder,
  smallInstance,
  smallSweep,
} from './smallScenarios.ts';

const { at, write } = scenarioFolder();
const head = `${JSON.stringify({ format: 'rolla-scenarios/1', instance: smallInstance })}\n`;
const line = (content: unknown) => `${JSON.stringify(content)}\n`;
const survey = (path: string) => () => surveyScenarios(path, readInstanceFile);

describe('a file of scenarios', () => {
  it('of a grid has every cell, cells along the last axis being chains', async () => {
    const sweep = smallSweep();
    const chains = await chainsOf(write('grid.jsonl', scenarioLines(sweep, everyCell)));
    expect(chains.map(({ scenarios }) => scenarios.map(({ patch }) => patch.factors))).toEqual(
      [0.5, 1, 1.5].map((price) =>
        [0.5, 1].map((rate) => [
          ['price', price],
          ['rate', rate],
        ]),
      ),
    );
  });

  it('may be written by hand: paths, merge patches, names, no identities, which are the same as those given', async () => {
    writeFileSync(at('instance.json'), JSON.stringify(smallInstance));
    const own = [
      { instance: 'instance.json', patch: { merge: { budget: 900 } }, name: 'poor' },
      { instance: 'instance.json', patch: { factors: [['price', 2]] }, options: { preset: 'corrected' } },
      { patch: { factors: [['price', 2]] }, options: { preset: 'corrected' }, after: 'previous' },
    ];
    const chains = await chainsOf(write('own.jsonl', [head, ...own.map(line)]));
    expect(chains.map(({ scenarios }) => scenarios.length)).toEqual([1, 2]);
    const ids = chains.flatMap(({ scenarios }) => scenarios.map(({ id }) => id));
    expect(new Set(ids).size).toBe(3);
    const withIds = own.map((each, e) => line({ id: ids[e], ...each, ...(e === 2 ? { after: ids[1] } : {}) }));
    const again = await chainsOf(write('ids.jsonl', [head, ...withIds]));
    expect(again.flatMap(({ scenarios }) => scenarios.map(({ id }) => id))).toEqual(ids);
  });

  it('is refused with all its faults, each with its line', async () => {
    const given = '0'.repeat(32);
    const path = write('bad.jsonl', [
      head,
      line({ patch: { factors: [['prize', 1]] } }),
      line({ patch: { factors: [['price', -1]] } }),
      line({ options: { nodeLimit: -1 } }),
      line({ instance: 'nowhere.json' }),
      line({ id: given }),
      line({ after: 'previous' }),
      line({}),
      line({ patch: { factors: [['price', 1]] }, after: given }),
      line({}),
      line({ patch: {}, optoins: {} }),
      '{"patch": {"factors": [["price", 1]',
    ]);
    const faults = (await complaintOf(survey(path))).split('\n');
    expect(faults.map((fault) => /line (\d+)/.exec(fault)?.[1])).toEqual([
      '2',
      '3',
      '4',
      '5',
      '6',
      '7',
      '9',
      '10',
      '11',
      '12',
    ]);
    for (const [place, words] of [
      [0, 'found "prize", expected one of price'],
      [3, 'nowhere.json'],
      [4, `found "${given}"`],
      [7, 'the scenario of line 8 again'],
      [8, 'optoins'],
      [9, 'the end of the text'],
    ] as const)
      expect(faults[place]).toContain(words);
  });

  it('names two lines that give one identity to different content', async () => {
    const [, first] = [...scenarioLines(smallSweep(), everyCell)];
    const id = JSON.parse(first).id as string;
    const path = write('twins.jsonl', [head, first, line({ id, patch: { factors: [['price', 7]] } })]);
    expect(await complaintOf(survey(path))).toContain(`line 3: id: found "${id}", which line 2 has with other content`);
  });

  it.each([
    ['a file of another version', `${JSON.stringify({ format: 'rolla-scenarios/1', version: '0.0.9' })}\n`, '"0.0.9"'],
    ['another format', '{"format":"rolla-scenarios/2"}\n', 'rolla-scenarios/1'],
    ['an empty file', '', 'an empty file'],
    ['a line without an instance', '{"format":"rolla-scenarios/1"}\n{}\n', 'line 2: instance: found missing'],
    ['an instance that is none', '{"format":"rolla-scenarios/1","instance":{}}\n{}\n', 'line 2: instance'],
  ])('%s is refused', async (_name, text, words) => {
    expect(await complaintOf(survey(write('refused.jsonl', [text])))).toContain(words);
  });

  it('that is not there is named', async () => {
    expect(await complaintOf(survey(at('nothing.jsonl')))).toContain('nothing.jsonl: found nothing');
  });
});

describe('a Latin hypercube', () => {
  it('sees every stratum of every axis once, and is the same for the same seed', async () => {
    const sweep = smallSweep(['price=0.5:1.5:0.01', 'rate=0.5:2:0.01']);
    const draws = 50;
    const lines = (drawSeed: number) => [...scenarioLines(sweep, { draws, drawSeed, seeds: 1 })];
    const chains = await chainsOf(write('draws.jsonl', lines(3)));
    expect(chains.length).toBe(draws);
    sweep.grid.axes.forEach(({ factor, values }, axis) => {
      const places = chains.map(({ scenarios }) => values.indexOf(scenarios[0].patch.factors![axis][1]));
      expect(scenarioFactorNames(chains, axis)).toEqual(new Set([factor.name]));
      // Value v of m lies in the strata that v/m to (v+1)/m touch: sorted, the k-th is within one value of its stratum.
      places
        .sort((a, b) => a - b)
        .forEach((place, k) => {
          expect(place).toBeGreaterThanOrEqual(Math.floor((k * values.length) / draws));
          expect(place).toBeLessThanOrEqual(Math.floor(((k + 1) * values.length) / draws));
        });
    });
    expect(lines(3)).toEqual(lines(3));
    expect(lines(4)).not.toEqual(lines(3));
  });

  it('of more draws than cells has every cell once at most', async () => {
    const sweep = smallSweep();
    const chains = await chainsOf(write('few.jsonl', scenarioLines(sweep, { draws: 500, drawSeed: 1, seeds: 1 })));
    expect(chains.length).toBe(gridSize(sweep.grid));
  });

  it('with seeds has every scenario with each', async () => {
    const chains = await chainsOf(write('seeds.jsonl', scenarioLines(smallSweep(), { ...everyCell, seeds: 3 })));
    const seeds = chains.flatMap(({ scenarios }) => scenarios.map(({ options }) => options.seed));
    expect(seeds).toEqual([1, 2, 3].flatMap((seed) => Array(6).fill(seed)));
  });
});

function scenarioFactorNames(chains: Awaited<ReturnType<typeof chainsOf>>, axis: number): Set<string> {
  return new Set(chains.map(({ scenarios }) => scenarios[0].patch.factors![axis][0]));
}

it('what is written says by which version', () => {
  const [first] = scenarioLines(smallSweep(), everyCell);
  expect(JSON.parse(first)).toMatchObject({ format: 'rolla-scenarios/1', version });
});
