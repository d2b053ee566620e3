/** Files of a bench run: `results/<suite>.json` and `.csv`, and from all of them RESULTS.md with its charts. */
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { renderSvg } from '../src/report/chart.ts';
import { toCsv } from '../src/report/csv.ts';
import type { MachineFacts } from './machine.ts';
import type { RunRecord } from './runRecord.ts';
import {
  caseHead,
  caseRows,
  growthExponent,
  ratioRows,
  type SuiteSummary,
  summarize,
  summaryCharts,
  summaryHead,
  summaryRows,
} from './summary.ts';
import { markdownTable, numberText, secondsText } from './tables.ts';

/** A suite's run as it is kept. */
export interface SuiteFile {
  readonly format: 'rolla-bench/1';
  readonly suite: string;
  readonly machine: MachineFacts;
  readonly timeLimit: number;
  readonly repeats: number;
  readonly coldSeconds: Readonly<Record<string, number>>;
  readonly records: readonly RunRecord[];
}

/** A section that a suite with tables of its own (lp, kernels) writes. */
export interface SectionFile {
  readonly format: 'rolla-bench-section/1';
  readonly suite: string;
  readonly machine: MachineFacts;
  readonly title: string;
  /** Markdown. */
  readonly body: string;
}

const benchFolder = new URL('./', import.meta.url);
const resultsFolder = new URL('./results/', benchFolder);

const csvColumns = [
  'suite',
  'case',
  'size',
  'solver',
  'repeat',
  'status',
  'cost',
  'bound',
  'nodes',
  'simplexIterations',
  'wallSeconds',
  'cpuSeconds',
  'peakMegabytes',
  'rootBound',
  'message',
] as const;

/** The solver that all others are compared with. */
export function baseSolver(records: readonly RunRecord[]): string {
  const names = records.map(({ solver }) => solver);
  return names.includes('rolla') ? 'rolla' : (names.find((name) => name.startsWith('rolla')) ?? names[0] ?? 'rolla');
}

function writeWhole(url: URL, text: string): void {
  const temporary = new URL(`${url.href}.${process.pid}.tmp`);
  writeFileSync(temporary, text);
  renameSync(temporary, url);
}

export function writeSuite(file: SuiteFile | SectionFile): void {
  mkdirSync(resultsFolder, { recursive: true });
  writeWhole(new URL(`${file.suite}.json`, resultsFolder), `${JSON.stringify(file, null, 1)}\n`);
  if (file.format === 'rolla-bench/1') {
    const rows = file.records.map((record) => ({ ...record, trace: null })) as unknown as Record<
      string,
      string | number | null
    >[];
    writeWhole(new URL(`${file.suite}.csv`, resultsFolder), toCsv(csvColumns, rows));
  }
}

/** Rewrites RESULTS.md and its charts from the suites that have been run. */
export async function writeReport(): Promise<void> {
  mkdirSync(new URL('charts/', resultsFolder), { recursive: true });
  const names = readdirSync(resultsFolder).filter((name) => name.endsWith('.json'));
  const files = names
    .sort()
    .map((name) => JSON.parse(readFileSync(new URL(name, resultsFolder), 'utf8')) as SuiteFile | SectionFile);
  const sections: string[] = [];
  for (const file of files) {
    const facts = machineText(file.machine);
    if (file.format === 'rolla-bench-section/1') {
      sections.push(`## ${file.title}\n\n${facts}\n\n${file.body}`);
      continue;
    }
    const summary = summarize(file.suite, file.records, file.timeLimit);
    const base = baseSolver(file.records);
    const pictures: string[] = [];
    for (const chart of summaryCharts(summary, file.records, base)) {
      writeWhole(new URL(`charts/${chart.name}.svg`, resultsFolder), await renderSvg(chart));
      pictures.push(`![${chart.title}](results/charts/${chart.name}.svg)`);
    }
    sections.push(suiteSection(file, summary, base, facts, pictures));
  }
  writeWhole(new URL('RESULTS.md', benchFolder), `${reportHead}\n\n${sections.join('\n\n')}\n`);
}

const reportHead = `# Results

Written by \`npm run bench -- --report\` from the files in \`results/\`, which \`npm run bench -- --suite <name>\` writes; do not edit.
How a run is done: [docs/bench.md](../docs/bench.md). Times are wall seconds of one thread, medians of the repeats; a run that proves nothing within the limit
counts as the limit; a plan that the verifier refuses counts as unsolved, ours included. The largest losses come first in each table of cases.`;

function suiteSection(
  file: SuiteFile,
  summary: SuiteSummary,
  base: string,
  facts: string,
  pictures: readonly string[],
): string {
  const parts = [
    `## Suite ${file.suite}`,
    `${facts} Limit ${file.timeLimit} s, ${file.repeats} run${file.repeats === 1 ? '' : 's'} each.`,
    markdownTable(summaryHead, summaryRows(summary)),
  ];
  const ratios = ratioRows(summary, base);
  if (ratios.length > 0) {
    parts.push(`Times slower than \`${base}\`:`, markdownTable(['solver', 'by mean (1 s)', 'by mean (10 ms)'], ratios));
  }
  const cold = Object.entries(file.coldSeconds).map(([solver, seconds]) => `${solver} ${secondsText(seconds)}`);
  if (cold.length > 0) parts.push(`First run in a new process, not counted above: ${cold.join(', ')}.`);
  const exponent = growthExponent(summary.results, base);
  if (exponent !== null)
    parts.push(`Time of \`${base}\` grows as (I x J x K)^${numberText(exponent, 3)} over the proven cases.`);
  parts.push(...pictures);
  parts.push(
    `<details><summary>Every case</summary>\n\n${markdownTable(caseHead, caseRows(summary, base))}\n\n</details>`,
  );
  return parts.join('\n\n');
}

function machineText({ date, cpu, cores, memoryGigabytes, node, versions, commit }: MachineFacts): string {
  const software = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `${date}, ${cpu} (${cores} cores seen, ${memoryGigabytes} GB), Node ${node}, ${software.join(', ')}, commit ${commit}.`;
}
