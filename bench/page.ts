/**
 * The planner page in Chromium: what it weighs, when something is painted, how long the interface is busy at a stretch
 * while a solve runs and after it, and how soon a stop strikes. Wall time, and beside it the CPU time of the page's own
 * thread, which other work on the machine changes less.
 */
import { generateInstance } from '../src/generator/generateInstance.ts';
import { chromiumPath, PageHost } from './pageHost.ts';
import type { Section } from './resultFiles.ts';
import { median } from './statistics.ts';
import { markdownTable, numberText } from './tables.ts';

/** Seconds that each solve is watched before it is stopped. */
const watched = 6;
/** Milliseconds after which nothing of what was done before is still being drawn. */
const settled = 800;

/** Scripts of the page, whose names the compiler does not know here. Milliseconds from its start to the first paint. */
const firstPaint = `new Promise((resolve) => new PerformanceObserver((list) => {
  for (const { startTime } of list.getEntriesByName('first-contentful-paint')) resolve(startTime);
}).observe({ type: 'paint', buffered: true }))`;

/** Presses Stop; milliseconds to the frame that has the headline. */
const stopToHeadline = `new Promise((resolve, reject) => {
  const button = [...document.querySelectorAll('button')].find(({ textContent }) => textContent === 'Stop');
  if (button === undefined) reject(new Error('the solve ended before it was stopped'));
  const from = performance.now();
  new MutationObserver((_, observer) => {
    if (document.querySelector('.headline') === null) return;
    observer.disconnect();
    requestAnimationFrame(() => {
      performance.mark('plan stands');
      resolve(performance.now() - from);
    });
  }).observe(document.body, { subtree: true, childList: true });
  performance.mark('solve is stopped');
  button.click();
})`;

type Figure = { readonly what: string; readonly value: number; readonly unit: string; readonly asked: number | null };

/** A stretch of work of one thread, in milliseconds. */
interface Task {
  /** Of the page's own thread, not its worker. */
  readonly isOfPage: boolean;
  /** Microseconds of the browser's clock. */
  readonly begin: number;
  readonly wall: number;
  readonly cpu: number;
}

export async function benchPage({ repeats = 5 }: { readonly repeats?: number }): Promise<Section> {
  if (chromiumPath === undefined) throw new Error("suite page needs Debian's chromium");
  const host = await PageHost.start();
  try {
    const figures = [...(await weights(host)), ...(await firstPaints(host, repeats)), ...(await solves(host, repeats))];
    const rows = figures.map(({ what, value, unit, asked }) => [
      what,
      `${numberText(value, 3)} ${unit}`,
      asked === null ? '' : `${asked} ${unit}`,
    ]);
    return {
      title: 'Suite page: the planner in a browser',
      body: [
        `Chromium ${host.browserVersion}, a new window each time, ${repeats} times; stretches are the longest of all times, in one task of the page's thread.`,
        markdownTable({ head: ['what', 'measured', 'at most asked'], rows }),
      ].join('\n\n'),
      measurements: figures,
    };
  } finally {
    await host.end();
  }
}

async function weights(host: PageHost): Promise<Figure[]> {
  const { page, requests } = await host.open();
  const atFirst = host.packedBytes(requests) / 1000;
  await page.getByRole('button', { name: 'Solve', exact: true }).click();
  await page.locator('.headline').waitFor();
  const kilobytes = (what: string, value: number, asked: number | null = null) => ({ what, value, unit: 'kB', asked });
  const figures = [
    kilobytes('weight, packed: what the first paint needs', atFirst),
    kilobytes('weight, packed: that and the solver', host.packedBytes(requests) / 1000, 250),
    kilobytes('weight, packed: every part', host.allPackedBytes() / 1000),
    kilobytes('weight, packed: the page of one file', host.packedBytes([host.fileAddress]) / 1000),
  ];
  await page.context().close();
  return figures;
}

async function firstPaints(host: PageHost, repeats: number): Promise<Figure[]> {
  const paints: number[] = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    const { page } = await host.open();
    paints.push(await page.evaluate<number>(firstPaint));
    await page.context().close();
  }
  return [
    { what: 'first paint, median', value: median(paints), unit: 'ms', asked: 1000 },
    { what: 'first paint, latest', value: Math.max(...paints), unit: 'ms', asked: 1000 },
  ];
}

async function solves(host: PageHost, repeats: number): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [queryTypes, models, tiers] of [
    [24, 10, 20],
    [48, 12, 20],
  ] as const) {
    const size = `${queryTypes}x${models}x${tiers}`;
    const instance = JSON.stringify(generateInstance({ seed: 1, queryTypes, models, tiers, unmetCap: 1 }));
    const during: Task[] = [];
    const after: Task[] = [];
    const stops: number[] = [];
    const stopWork: number[] = [];
    for (let repeat = 0; repeat < repeats; repeat++) {
      const solve = await watchedSolve(host, instance);
      during.push(...solve.during);
      after.push(...solve.after);
      stops.push(solve.stop);
      stopWork.push(solve.stopWork);
    }
    const figure = (what: string, value: number, asked: number) => ({
      what: `${size}: ${what}`,
      value,
      unit: 'ms',
      asked,
    });
    const stretch = (what: string, tasks: readonly Task[]) => [
      figure(`longest stretch ${what}, wall`, Math.max(...tasks.map(({ wall }) => wall)), 50),
      figure(`longest stretch ${what}, CPU`, Math.max(...tasks.map(({ cpu }) => cpu)), 50),
    ];
    figures.push(
      ...stretch('while it solves', during),
      ...stretch('when the plan is drawn', after),
      figure('a stop until the plan stands, wall, median', median(stops), 300),
      figure('a stop until the plan stands, wall, latest', Math.max(...stops), 300),
      figure('a stop until the plan stands, CPU of page and worker, most', Math.max(...stopWork), 300),
    );
  }
  return figures;
}

interface WatchedSolve {
  readonly during: readonly Task[];
  readonly after: readonly Task[];
  /** Milliseconds from the click to the frame that has the headline. */
  readonly stop: number;
  /** CPU milliseconds of the page and its worker in that time. */
  readonly stopWork: number;
}

/** Begins to solve to a gap of 0, and stops after `watched` seconds. */
async function watchedSolve(host: PageHost, instance: string): Promise<WatchedSolve> {
  const { page } = await host.open();
  const browser = page.context().browser()!;
  await page
    .getByLabel('Files to open')
    .setInputFiles([{ name: 'instance.json', mimeType: 'application/json', buffer: Buffer.from(instance) }]);
  await page.getByText('Opened instance.json.').waitFor();
  await page.getByLabel('Variant of the problem').selectOption('paper');
  await page.getByLabel('Proven when the gap is at most').fill('0');
  await page.getByLabel('Proven when the gap is at most').press('Tab');
  await page.waitForTimeout(settled);
  await browser.startTracing(page, { categories: ['devtools.timeline', 'toplevel', 'blink.user_timing'] });
  await page.evaluate(() => performance.mark('solve begins'));
  await page.getByRole('button', { name: 'Solve', exact: true }).click();
  await page.waitForTimeout(watched * 1000);
  const stop = await page.evaluate<number>(stopToHeadline);
  await page.waitForTimeout(settled);
  await page.evaluate(() => performance.mark('plan is drawn'));
  const trace = readTrace((await browser.stopTracing()).toString());
  await page.context().close();
  const between = (from: number, to: number) => trace.tasks.filter(({ begin }) => begin >= from && begin < to);
  const [begun, stopped, stands, drawn] = trace.marks;
  const work = between(stopped, stands).reduce((sum, { cpu }) => sum + cpu, 0);
  const ofPage = (tasks: readonly Task[]) => tasks.filter(({ isOfPage }) => isOfPage);
  return { during: ofPage(between(begun, stopped)), after: ofPage(between(stopped, drawn)), stop, stopWork: work };
}

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds. */
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: { readonly chrome_mojo_event_info?: { readonly mojo_interface_tag?: string } };
}

/** What the script that drives the browser asks of the page. */
const isOfDriver = ({ args }: TraceEvent) => /DevTools/.test(args?.chrome_mojo_event_info?.mojo_interface_tag ?? '');

/** When the solve began, was stopped, its plan stood and was drawn, and the tasks of the page's threads. */
function readTrace(text: string): { readonly marks: readonly number[]; readonly tasks: readonly Task[] } {
  const { traceEvents } = JSON.parse(text) as { readonly traceEvents: readonly TraceEvent[] };
  const marks = ['solve begins', 'solve is stopped', 'plan stands', 'plan is drawn'].map((name) => {
    const found = traceEvents.find((event) => event.name === name);
    if (found === undefined) throw new Error(`the trace has no mark ${name}`);
    return found;
  });
  const { pid, tid } = marks[0];
  const own = traceEvents.filter((event) => event.pid === pid && event.dur !== undefined);
  const driven = own.filter(isOfDriver);
  const tasks = own
    .filter(
      ({ name, ts, dur }) => name.endsWith('RunTask') && !driven.some((one) => one.ts >= ts && one.ts < ts + dur!),
    )
    .map(({ ts, dur, tdur, ...event }) => ({
      isOfPage: event.tid === tid,
      begin: ts,
      wall: dur! / 1000,
      cpu: (tdur ?? 0) / 1000,
    }));
  return { marks: marks.map(({ ts }) => ts), tasks };
}
