/**
 * Names of strangers in every report. The oracle is a twin with harmless names: whatever the names hold, terminal text
 * has the lines of the twin's, and pictures and pages have its elements and attributes, in its order.
 */
import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explain, optimize, presets, verifyPlan } from '../../src/index.ts';
import type { Instance } from '../../src/model/instance.ts';
import { validateInstance } from '../../src/model/validateInstance.ts';
import { shortened, visible } from '../../src/model/visibleText.ts';
import { renderPng, renderSvg } from '../../src/report/chart.ts';
import { toCsv, withoutApostrophe } from '../../src/report/csv.ts';
import { explanationReport } from '../../src/report/explanationReport.ts';
import { planPicture } from '../../src/report/planPicture.ts';
import { robustnessChart } from '../../src/report/robustnessReport.ts';
import { solvePage } from '../../src/report/solvePage.ts';
import { solveReport } from '../../src/report/solveReport.ts';
import { draws } from '../arbitrary/draws.ts';
import { runCaptured } from '../cli/capturedCli.ts';
import { tinyInstance } from '../model/tinyInstance.ts';

const shared = new URL('../data/instances/evil-names.json', import.meta.url);
const evil = validateInstance(JSON.parse(readFileSync(shared, 'utf8')));

const fragments = [
  '\u001b[2J\u001b]0;title\u0007',
  '\u009b31m',
  'line\r\nbreak\u2028\u2029\u0085',
  'a\u202eevil\u2066\u200f',
  '\ufeff\u200b\u00ad',
  '\ud800',
  '\udfff\ufffe\uffff\u0000\u007f',
  '<script>alert(1)</script>',
  '"><svg onload=alert(1)>',
  ']]></style><!--',
  '&lt;&amp;&#0;&bogus;',
  '=1+1',
  "'=cmd|' /C calc'!A0",
  '\t@SUM(1)',
  '$1`',
  '\\u202e',
  '../../etc/passwd',
  '__proto__',
  '名前 שלום 👩‍🚀',
  '%s%n$&',
];
/** Distinct by its end; never blank, as the format wants. */
const hostileName = fc.array(fc.oneof(fc.constantFrom(...fragments), fc.string({ unit: 'binary' })), {
  minLength: 1,
  maxLength: 4,
});

/** The instance under other names, taken in the order query types, models, tiers. */
function renamed(instance: Instance, title: string, name: (position: number) => string): Instance {
  let position = 0;
  const next = <Item extends { readonly name: string }>(item: Item): Item => ({ ...item, name: name(position++) });
  return {
    ...instance,
    name: title,
    queryTypes: instance.queryTypes.map(next),
    models: instance.models.map(next),
    tiers: instance.tiers.map(next),
  };
}

const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\ufffe\uffff]|(?![\u200c\u200d])\p{Cf}/u;

function expectTerminalText(text: string, twin: string): void {
  const lines = text.split('\n');
  expect(lines.filter((line) => unprintable.test(line))).toEqual([]);
  expect(lines).toHaveLength(twin.split('\n').length);
}

/**
 * Elements and attributes in order, values and text left out. Throws on what is no XML 1.0 (`isXml`) or no tag at all.
 */
function skeleton(markup: string, isXml: boolean): string[] {
  const open: string[] = [];
  const found: string[] = [];
  const token = /<!doctype html>|<(\/?)([A-Za-z][\w-]*)((?:\s+[\w:-]+(?:="[^"<]*")?)*)\s*(\/?)>|[^<]+|</gy;
  for (const [text, closing, name, attributes = '', empty] of markup.matchAll(token)) {
    if (text === '<') throw new Error(`a stray < before ${open.join(' ')}`);
    if (name === undefined || closing === '') {
      const content = name === undefined ? text : attributes;
      if (isXml && /&(?!(?:amp|lt|gt|quot|apos|#x[0-9a-f]+|#\d+);)/i.test(content))
        throw new Error(`a stray & in ${text}`);
      if (unprintable.test(content.replaceAll(/[\n\t]/g, ''))) throw new Error(`unprintable: ${JSON.stringify(text)}`);
    }
    if (name === undefined) continue;
    if (closing === '/') {
      if (isXml && open.pop() !== name) throw new Error(`${name} closes nothing`);
      found.push(`/${name}`);
    } else {
      if (isXml && empty === '') open.push(name);
      found.push(name, ...[...attributes.matchAll(/([\w:-]+)(?:="[^"<]*")?/g)].map((match) => `@${match[1]}`));
    }
  }
  if (open.length > 0) throw new Error(`never closed: ${open.join(' ')}`);
  return found;
}

/** All that is made of one solve. */
function reports(instance: Instance) {
  const result = optimize(instance, { preset: 'recommended' });
  if (result.plan === null) throw new Error('no plan');
  const verification = verifyPlan(instance, presets.recommended, result.plan);
  const picture = planPicture(instance.name ?? '', instance, result.plan, verification);
  const text = solveReport(instance, result);
  return {
    text,
    explanation: explanationReport(instance, explain(instance, { preset: 'recommended' })),
    picture,
    page: solvePage(instance, result),
  };
}

function expectHarmless(instance: Instance): ReturnType<typeof reports> {
  const found = reports(instance);
  const twin = reports(renamed(instance, 'twin', (position) => `name ${position}`));
  expectTerminalText(found.text, twin.text);
  expectTerminalText(found.explanation, twin.explanation);
  expect(skeleton(found.picture, true)).toEqual(skeleton(twin.picture, true));
  expect(skeleton(found.page, false)).toEqual(skeleton(twin.page, false));
  return found;
}

describe('hostile names', () => {
  it('of the shared case are inert in text, picture and page', async () => {
    const { picture } = expectHarmless(evil);
    const png = await renderPng(picture, 1);
    expect([...png.subarray(1, 4)]).toEqual([...Buffer.from('PNG')]);
  });

  it('of any kind are inert in text, picture and page', () => {
    fc.assert(
      fc.property(fc.array(hostileName, { minLength: 7, maxLength: 7 }), (names) => {
        const name = (position: number) => `${names[position].join('')}#${position}`;
        expectHarmless(renamed(tinyInstance(), `${names[6].join('')}#`, name));
      }),
      { numRuns: draws(60), seed: 1 },
    );
  });

  it.each([
    ['solve', '-'],
    ['solve', '-', '--json'],
    ['lint', '-'],
    ['lint', '-', '--json'],
    ['explain', '-', '--json'],
    ['compare', '-', '--gamma', '0', '--draws', '10'],
    ['export', '-'],
    ['export', '-', '--format', 'lp', '--formulation', 'published'],
  ])('reach no terminal through rolla %s %s %s', async (...args) => {
    const { exitCode, out, err } = await runCaptured(args, JSON.stringify(evil));
    expect(exitCode).toBe(0);
    expect(`${out}${err}`.split('\n').filter((line) => unprintable.test(line))).toEqual([]);
    expect(() => (args.includes('--json') ? JSON.parse(out) : null)).not.toThrow();
  });

  it('come back from the JSON that a terminal shows', async () => {
    const { out } = await runCaptured(['solve', '-', '--json'], JSON.stringify(evil));
    const { plan, instance } = JSON.parse(out);
    const known = evil.queryTypes.map(({ name }) => name);
    expect(instance).toBe(evil.name);
    expect(plan.routing.map((route: { queryType: string }) => route.queryType).sort()).toEqual([...known].sort());
  });

  it('in faults of input are shown on the line of the fault', async () => {
    const broken = { ...evil, queryTypes: evil.queryTypes.map((query) => ({ ...query, [`${query.name}\u202e`]: 1 })) };
    const { exitCode, err } = await runCaptured(['solve', '-'], JSON.stringify(broken));
    expect(exitCode).toBe(2);
    const lines = err.trimEnd().split('\n');
    expect(lines.length).toBeGreaterThanOrEqual(evil.queryTypes.length);
    expect(lines.filter((line) => !line.startsWith('rolla: ') || unprintable.test(line))).toEqual([]);
  });

  it('in the title of a chart leave it an SVG', async () => {
    const chart = (title: string) => renderSvg(robustnessChart(`Chart of ${title}`, []));
    const twin = skeleton(await chart('twin'), true);
    for (const fragment of fragments) expect(skeleton(await chart(fragment), true)).toEqual(twin);
  });
});

describe('CSV', () => {
  it('holds no formula, and every text comes back', () => {
    // A half of a surrogate pair has no UTF-8.
    const text = hostileName.map((parts) => parts.join('').replaceAll(/\p{Cs}/gu, ''));
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 5 }), (values) => {
        const csv = toCsv(['value'], [...values.map((value) => ({ value })), { value: -1.5 }]);
        const [head, ...fields] = parse(csv, { recordDelimiter: '\n' }).map(([field]: string[]) => field);
        expect(head).toBe('value');
        expect(fields.pop()).toBe('-1.5');
        expect(fields.filter((field: string) => /^[=+\-@\t\r]/.test(field))).toEqual([]);
        expect(fields.map(withoutApostrophe)).toEqual(values);
      }),
      { numRuns: draws(500), seed: 1 },
    );
  });
});

describe('visible text', () => {
  it('is one printable line, and printable text is as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(visible(text)).not.toMatch(unprintable);
        expect(visible(visible(text))).toBe(visible(text));
      }),
    );
    for (const text of ['Llama-3.2 "3B"', '名前', 'שלום', '👩‍🚀', 'naïve – ok']) expect(visible(text)).toBe(text);
    expect(visible('a\n\u001b[2J\u202e')).toBe('a\\n\\u001b[2J\\u202e');
  });

  it('is cut in the middle where it is long', () => {
    expect(shortened('short')).toBe('short');
    expect(shortened('a'.repeat(900), 100)).toBe(`${'a'.repeat(60)} ... 800 characters ... ${'a'.repeat(40)}`);
  });
});
