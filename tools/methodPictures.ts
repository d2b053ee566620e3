/**
 * Pictures of the method on the published reference instance, for docs/method.md: a pattern, the pool of patterns near
 * the optimum, and the cheapest covers that it holds. Drawn from the solver's own tables.
 */
import { generateReference } from '../src/generator/generateReference.ts';
import { drain } from '../src/lp/steps.ts';
import { compileProblem } from '../src/model/compiled/compileProblem.ts';
import { presets } from '../src/model/options.ts';
import { restrictionsOf } from '../src/patterns/master/patternDecision.ts';
import { generateColumns } from '../src/patterns/master/pricedColumns.ts';
import { RestrictedMaster } from '../src/patterns/master/restrictedMaster.ts';
import { PatternPool } from '../src/patterns/pool/patternPool.ts';
import { type Pattern, patternCost } from '../src/patterns/pricing/pattern.ts';
import { PatternPricer } from '../src/patterns/pricing/patternPricer.ts';
import { buildPatternTable, type PatternTable } from '../src/patterns/pricing/patternTable.ts';
import { categoryColors } from '../src/report/colors.ts';
import { escapeHtml } from '../src/report/html.ts';

/** What the pool holds: patterns of plans up to so much dearer than the bound of the root. */
const poolWidth = 0.05;
const patternsShown = 28;
const coversShown = 4;

interface Cover {
  readonly patterns: readonly Pattern[];
  readonly cost: number;
}

interface Method {
  readonly table: PatternTable;
  readonly bound: number;
  /** Cheapest possible plan first. */
  readonly pool: readonly { readonly pattern: Pattern; readonly floor: number }[];
  /** Cheapest first. */
  readonly covers: readonly Cover[];
}

/** The SVG files by name. */
export function methodPictures(): Readonly<Record<string, string>> {
  const method = methodOnReference();
  return {
    'pattern.svg': patternPicture(method),
    'pool.svg': poolPicture(method),
    'covers.svg': coversPicture(method),
  };
}

function methodOnReference(): Method {
  const table = buildPatternTable(compileProblem(generateReference(), presets.recommended));
  const master = new RestrictedMaster(table);
  const restrictions = restrictionsOf(table, [], {
    blocked: new Uint8Array(table.queryType.length),
    closed: new Uint8Array(table.numDeployments),
  });
  master.restrict(restrictions);
  const limits = { cutoff: Infinity, tolerance: 1e-6, shouldStop: () => false };
  const { certificate } = drain(generateColumns(master, new PatternPricer(table), restrictions, limits));
  if (certificate === null) throw new Error('the reference instance has no bound');
  const { bound } = certificate;
  const cutoff = bound * (1 + poolWidth);
  const found = PatternPool.enumerate(master, restrictions, certificate, cutoff, { effort: 1e7, columns: 1e5 });
  if (found === null) throw new Error('the reference instance has no pool');
  const pool = Array.from({ length: found.size }, (_, c) => ({ pattern: found.pattern(c), floor: found.floor[c] }));
  pool.sort((a, b) => a.floor - b.floor);
  const covers = coversOf(
    table,
    pool.map(({ pattern }) => pattern),
  );
  return { table, bound, pool, covers };
}

/** All exact covers of the query types by patterns of different pairs, cheapest first. */
function coversOf(table: PatternTable, patterns: readonly Pattern[]): Cover[] {
  const covers: Cover[] = [];
  const visit = (chosen: readonly Pattern[], covered: number, cost: number): void => {
    let next = 0;
    while ((covered >> next) & 1) next++;
    if (next === table.problem.numQueryTypes) {
      covers.push({ patterns: chosen, cost });
      return;
    }
    for (const pattern of patterns) {
      const isTaken = chosen.some(({ deployment }) => table.pair[deployment] === table.pair[pattern.deployment]);
      const set = pattern.queryTypes.reduce((bits, i) => bits | (1 << i), 0);
      if (isTaken || !pattern.queryTypes.includes(next) || (set & covered) !== 0) continue;
      visit([...chosen, pattern], covered | set, cost + patternCost(table, pattern));
    }
  };
  visit([], 0, table.objectiveOffset);
  return covers.sort((a, b) => a.cost - b.cost);
}

const dollars = (value: number) => `$ ${value.toFixed(2)}`;

function deploymentName({ problem }: PatternTable, { deployment, replicas }: Pattern): string {
  const { instance, deployments } = problem;
  const numTiers = instance.tiers.length;
  const pair = deployments.pair[deployment];
  const [model, tier] = [instance.models[Math.floor(pair / numTiers)], instance.tiers[pair % numTiers]];
  const count = replicas === 1 ? '' : `${replicas} x `;
  return `${count}${model.name} on ${tier.name}, TP ${deployments.tpDegree[deployment]}`;
}

const queryTypeColors = Object.values(categoryColors).slice(0, 6);
const ink = '#111';
const paleInk = '#555';
const grid = '#ddd';

const text = (x: number, y: number, content: string, more = '') =>
  `<text x="${x}" y="${y}" font-size="12" fill="${ink}" ${more}>${escapeHtml(content)}</text>`;
const rect = (x: number, y: number, width: number, height: number, fill: string, more = '') =>
  `<rect x="${x}" y="${y}" width="${Number(width.toFixed(2))}" height="${height}" fill="${fill}" ${more}/>`;
const line = (x1: number, y1: number, x2: number, y2: number, stroke: string) =>
  `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="${stroke}"/>`;

function svg(width: number, height: number, title: string, marks: readonly string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="DejaVu Sans, Verdana, sans-serif" role="img" aria-label="${escapeHtml(title)}">
${[rect(0, 0, width, height, 'white'), text(16, 24, title, 'font-weight="bold"'), ...marks].join('\n')}
</svg>
`;
}

/** The fullest pattern of the best plan: what it holds of memory and compute, and what it costs. */
function patternPicture({ table, covers }: Method): string {
  const pattern = covers[0].patterns.reduce((a, b) => (b.queryTypes.length > a.queryTypes.length ? b : a));
  const { queryTypes } = table.problem.instance;
  const entryOf = (i: number) => {
    for (let e = table.start[pattern.deployment]; e < table.start[pattern.deployment + 1]; e++)
      if (table.queryType[e] === i) return e;
    throw new Error('a pattern serves what its deployment cannot');
  };
  const barLeft = 150;
  const barWidth = 520;
  const bar = (name: string, y: number, use: Float64Array) => {
    let at = barLeft;
    let sum = 0;
    const parts = [...pattern.queryTypes].map((i, t) => {
      const share = (use[entryOf(i)] * pattern.fractions[t]) / pattern.replicas;
      const width = barWidth * share;
      const part = rect(at, y, width, 22, queryTypeColors[i], `stroke="white" stroke-width="0.5"`);
      at += width;
      sum += share;
      return part;
    });
    const frame = rect(barLeft, y, barWidth, 22, 'none', `stroke="${paleInk}"`);
    const used = text(barLeft + barWidth + 10, y + 16, `${(100 * sum).toFixed(1)} %`);
    return [text(16, y + 16, name), ...parts, frame, used];
  };
  const legend = [...pattern.queryTypes].flatMap((i, t) => [
    rect(barLeft + 130 * (t % 4), 116 + 22 * Math.floor(t / 4), 12, 12, queryTypeColors[i]),
    text(barLeft + 18 + 130 * (t % 4), 127 + 22 * Math.floor(t / 4), queryTypes[i].name),
  ]);
  return svg(760, 150, `A pattern: ${deploymentName(table, pattern)}`, [
    ...bar('memory', 44, table.memory),
    ...bar('compute', 76, table.compute),
    text(16, 127, 'serves'),
    ...legend,
  ]);
}

const nameLeft = 16;
const dotsLeft = 330;
const dotStep = 26;
const rowStep = 18;

/** Rows of dots: which query types a pattern serves. */
function patternRow(table: PatternTable, pattern: Pattern, y: number): string[] {
  const all = Array.from({ length: table.problem.numQueryTypes }, (_, i) => i);
  return [
    text(nameLeft, y + 4, deploymentName(table, pattern)),
    ...all.map((i) => {
      const serves = pattern.queryTypes.includes(i);
      return `<circle cx="${dotsLeft + dotStep * i}" cy="${y}" r="${serves ? 6 : 1.5}" fill="${serves ? queryTypeColors[i] : grid}"/>`;
    }),
  ];
}

function dotHeads(table: PatternTable, y: number): string[] {
  return table.problem.instance.queryTypes.map(({ name }, i) => {
    const x = dotsLeft + dotStep * i;
    return `<text x="${x}" y="${y}" font-size="11" fill="${ink}" transform="rotate(-40 ${x} ${y})">${escapeHtml(name)}</text>`;
  });
}

function poolPicture({ table, bound, pool, covers }: Method): string {
  const shown = pool.slice(0, patternsShown);
  const top = 110;
  const barLeft = dotsLeft + dotStep * table.problem.numQueryTypes + 30;
  const barWidth = 200;
  const best = new Set(covers[0].patterns);
  const farthest = bound * (1 + poolWidth);
  const rows = shown.flatMap(({ pattern, floor }, at) => {
    const y = top + rowStep * at;
    const length = Math.max(1, (barWidth * (floor - bound)) / (farthest - bound));
    return [
      ...(best.has(pattern) ? [rect(8, y - 9, barLeft + barWidth + 90, rowStep, '#eef6fb')] : []),
      ...patternRow(table, pattern, y),
      rect(barLeft, y - 5, length, 10, categoryColors.blue),
      text(barLeft + barWidth + 10, y + 4, dollars(floor)),
    ];
  });
  const left = pool.length - shown.length;
  const height = top + rowStep * shown.length + 30;
  return svg(
    barLeft + barWidth + 110,
    height,
    `The pool: ${pool.length} patterns that a plan within ${100 * poolWidth} % of the bound can hold`,
    [
      ...dotHeads(table, top - 16),
      text(barLeft, top - 16, 'no plan with it costs less than', `fill-opacity="0.8"`),
      ...rows,
      line(barLeft, top - 10, barLeft, top + rowStep * shown.length - 8, paleInk),
      text(nameLeft, height - 10, `Shaded: the best plan. ${left} more, dearer ones are not shown.`),
    ],
  );
}

function coversPicture({ table, covers }: Method): string {
  const marks: string[] = [];
  const costLeft = dotsLeft + dotStep * table.problem.numQueryTypes + 16;
  let y = 110;
  const costs = [...new Set(covers.map(({ cost }) => dollars(cost)))].slice(0, coversShown);
  for (const shown of costs) {
    const alike = covers.filter(({ cost }) => dollars(cost) === shown);
    const { patterns } = alike[0];
    const heading = `${shown}${alike.length === 1 ? '' : `, one of ${alike.length} covers at that cost`}`;
    marks.push(text(nameLeft, y, heading, 'font-weight="bold"'));
    y += rowStep + 2;
    for (const pattern of patterns) {
      marks.push(...patternRow(table, pattern, y));
      marks.push(text(costLeft, y + 4, dollars(patternCost(table, pattern))));
      y += rowStep;
    }
    y += 14;
  }
  return svg(costLeft + 110, y + 6, `Covers: every query type once, no (model, tier) twice`, [
    ...dotHeads(table, 94),
    ...marks,
    text(
      nameLeft,
      y - 4,
      `${covers.length} covers in the pool. A cost counts what serving saves of the penalties for dropping.`,
    ),
  ]);
}
