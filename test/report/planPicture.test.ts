import { describe, expect, it } from 'vitest';
import { checkPlan } from '../../src/model/check/verifier.ts';
import type { Instance, Plan } from '../../src/model/instance.ts';
import { presets } from '../../src/model/options.ts';
import { flowPicture } from '../../src/report/planFlow.ts';
import { planPicture } from '../../src/report/planPicture.ts';
import { handMadeInstance, handMadePlan } from '../cli/handMadePlan.ts';
import { tinyInstance, tinyPlan } from '../model/tinyInstance.ts';

const pictureOf = (instance: Instance, plan: Plan, title = 'Plan') =>
  planPicture(title, instance, plan, checkPlan(instance, presets.corrected, plan));
const flowWidths = (svg: string) =>
  [...svg.matchAll(/stroke-opacity="0\.55" stroke-width="([\d.]+)"/g)].map((match) => Number(match[1]));

describe('planPicture', () => {
  it('shows every query type, deployment, part of the cost and limit', async () => {
    const svg = await pictureOf(tinyInstance(), tinyPlan());
    for (const text of [
      '>chat<',
      '>code<',
      '>small on plain<',
      '>large on fast<',
      '>Dropped<',
      '>TP 2, 2 GPUs<',
      'Rental',
      'Storage',
      'Delay penalty',
      'Unmet demand',
      'Budget: ',
      'Memory: ',
      'Delay: chat',
      'Error: code',
    ]) {
      expect(svg).toContain(text);
    }
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('draws flows as wide as their queries per hour', async () => {
    // Chat: 9 served and 1 dropped per hour of 10; code: 5 of 5.
    const [chat, code, dropped] = flowWidths(await pictureOf(tinyInstance(), tinyPlan()));
    expect(chat! / dropped!).toBeCloseTo(9, 1);
    expect(code! / dropped!).toBeCloseTo(5, 1);
  });

  it.each([1280, 360])('has room for the words of the last node, however thin it is (%i wide)', (width) => {
    const queryTypes = tinyInstance().queryTypes.map((query, i) => ({ ...query, arrivalRate: i === 0 ? 1e5 : 1 }));
    const svg = flowPicture({ ...tinyInstance(), queryTypes }, tinyPlan(), width);
    const height = Number(/ height="([\d.]+)"/.exec(svg)![1]);
    const lowest = Math.max(...[...svg.matchAll(/<text [^>]*\by="([\d.]+)"/g)].map(([, y]) => Number(y)));
    // Letters reach a quarter of their size below the line.
    expect(lowest + 0.25 * 10.5).toBeLessThanOrEqual(height);
  });

  it('shows the parts of the cost as computed by hand', async () => {
    const svg = await pictureOf(handMadeInstance, handMadePlan, 'by hand');
    for (const text of ['by hand: $26.18 over 10 h', '$10.00 (38.2 %)', '$10.80 (41.3 %)', '$5.00 (19.1 %)']) {
      expect(svg).toContain(text);
    }
  });

  it('draws plans that serve nothing, and names what is rented for nothing', async () => {
    const plan: Plan = {
      ...tinyPlan(),
      routing: [],
      unmet: [
        { queryType: 'chat', fraction: 1 },
        { queryType: 'code', fraction: 1 },
      ],
    };
    const svg = await pictureOf(tinyInstance(), plan);
    expect(svg).toContain('Rented with nothing placed: small on plain (TP 1, 1 GPU)');
    expect(svg).toContain('Rented with nothing placed: large on fast (TP 2, 2 GPUs)');
    expect(flowWidths(svg)).toHaveLength(2);
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('keeps deployments apart whose names read alike when put together', async () => {
    const instance = tinyInstance();
    const plan = tinyPlan();
    const rename = (from: string, to: string) => {
      for (const item of [...instance.models, ...instance.tiers]) if (item.name === from) item.name = to;
      for (const item of [...plan.deployments, ...plan.routing]) {
        if (item.model === from) item.model = to;
        if (item.tier === from) item.tier = to;
      }
    };
    rename('small', 'a');
    rename('plain', 'b c');
    rename('large', 'a b');
    rename('fast', 'c');
    const svg = await pictureOf(instance, plan);
    expect(svg).toContain('>a on b c<');
    expect(svg).toContain('>a b on c<');
    expect(flowWidths(svg)).toHaveLength(3);
  });

  it('escapes names', async () => {
    const instance = tinyInstance();
    const plan = tinyPlan();
    instance.queryTypes[0].name = '<chat> & "co"';
    plan.routing[0].queryType = '<chat> & "co"';
    plan.unmet[0].queryType = '<chat> & "co"';
    const picture = await pictureOf(instance, plan, 'A & B');
    expect(picture).not.toContain('<chat>');
    expect(picture).toContain('&lt;chat&gt; &amp; &quot;co&quot;');
  });
});
