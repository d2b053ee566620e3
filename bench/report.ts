/** RESULTS.md with its charts, from all result files of a folder. */
import { mkdirSync, rmSync } from 'node:fs';
import { renderSvg } from '../src/report/chart.ts';
import { suiteCharts } from './charts.ts';
import { disagreements } from './disagreements.ts';
import type { MachineFacts } from './machine.ts';
import { type MergedSuite, readResults, writeWhole } from './resultFiles.ts';
import { groupBy } from './statistics.ts';
import {
  caseTable,
  failureTable,
  firstPlanTable,
  growthTable,
  growthTexts,
  ratioTable,
  type SuiteSummary,
  solverTable,
  spreadTable,
  summarize,
} from './summary.ts';
import { markdownTable, secondsText } from './tables.ts';

const reportHead = `# Results

Written by \`npm run bench -- --report\` from the files in \`results/\`, which \`npm run bench -- --suite <name>\` writes; do not edit.
How a run is done: [docs/bench.md](../docs/bench.md). Times are wall seconds of one thread, medians of the repeats; a run that proves nothing within the limit
counts as the limit, in PAR10 as ten times the limit; a plan that the verifier refuses counts as unsolved, ours included. Gaps are shares of the cost;
gaps of the root are shares of the best cost known. The largest losses come first in each table of cases.`;

/** Order of the sections; others come after them by name. */
const sectionOrder = [
  'quick',
  'reference',
  'published',
  'split',
  'scale',
  'fleets',
  'variability',
  'strategies',
  'ablation',
];

/**
 * Rewrites RESULTS.md and the charts beside `results`; returns the number of disagreements, all parts of a suite taken
 * together.
 */
export async function writeReport(results: URL): Promise<number> {
  const { suites, sections } = readResults(results);
  const charts = new URL('charts/', results);
  // Charts of suites that are no longer there would stay for ever.
  rmSync(charts, { recursive: true, force: true });
  mkdirSync(charts, { recursive: true });
  const position = (name: string) => (sectionOrder.includes(name) ? sectionOrder.indexOf(name) : sectionOrder.length);
  const sorted = [...suites].sort((a, b) => position(a.suite) - position(b.suite) || a.suite.localeCompare(b.suite));
  const texts: string[] = [];
  let trouble = 0;
  for (const suite of sorted) {
    const summary = summarize(suite.suite, suite.records);
    const pictures: string[] = [];
    for (const chart of suiteCharts(summary, suite.records, seriesOf(suite))) {
      writeWhole(new URL(`${chart.name}.svg`, charts), await renderSvg(chart));
      pictures.push(`![${chart.title}](results/charts/${chart.name}.svg)`);
    }
    const found = disagreements(suite.cases, suite.records);
    trouble += found.length;
    texts.push(
      suiteSection(
        suite,
        summary,
        found.map((one) => `${one.case}: ${one.text}`),
        pictures,
      ),
    );
  }
  for (const { machine, section } of sections)
    texts.push(`## ${section.title}\n\n${machineText(machine)}\n\n${section.body}`);
  writeWhole(new URL('../RESULTS.md', results), `${reportHead}\n\n${texts.join('\n\n')}\n`);
  return trouble;
}

function suiteSection(
  merged: MergedSuite,
  summary: SuiteSummary,
  found: readonly string[],
  pictures: readonly string[],
): string {
  const { suite, machines, coldSeconds, cases, records } = merged;
  const { base, results } = summary;
  const parts = [`## Suite ${suite}`, machines.map(machineText).join('\n'), runText(summary)];
  if (found.length > 0) parts.push('**Answers disagree:**', found.map((text) => `- ${text}`).join('\n'));
  else parts.push(`The answers of all ${records.length} runs agree.`);
  parts.push(markdownTable(solverTable(summary)));
  const ratios = ratioTable(summary);
  if (ratios !== null) {
    parts.push(`Times slower than \`${base}\`, time-outs at the limit, over the cases that both took part in:`);
    parts.push(markdownTable(ratios));
  }
  const cold = Object.entries(coldSeconds).map(([solver, seconds]) => `${solver} ${secondsText(seconds)}`);
  if (cold.length > 0) parts.push(`First run in a new process, not counted above: ${cold.join(', ')}.`);
  for (const [options, members] of seriesOf(merged)) {
    parts.push(`By size, ${options} options:`, markdownTable(growthTable(summary, members)));
    parts.push(...growthTexts(summary, members));
  }
  const instances = new Map(cases.map(({ name, sameOptimumAs }) => [name, sameOptimumAs ?? null]));
  const spread = spreadTable(summary, (name) => instances.get(name) ?? null);
  if (spread !== null)
    parts.push('One instance in several orders and under several seeds of the solver:', markdownTable(spread));
  const firstPlans = firstPlanTable(summary);
  if (firstPlans !== null) parts.push(firstPlans.text, folded('First plans', markdownTable(firstPlans.table)));
  const failures = failureTable(summary);
  if (failures !== null)
    parts.push(folded(`Failed: ${failures.rows.length} of ${results.length}`, markdownTable(failures)));
  parts.push(...pictures, folded('Every case', markdownTable(caseTable(summary))));
  return parts.join('\n\n');
}

/** Names of the cases that belong to a series of growing sizes, by their options. */
function seriesOf({ cases }: MergedSuite): Map<string, Set<string>> {
  const members = cases.filter(({ variant }) => variant !== undefined);
  const groups = [...groupBy(members, ({ variant }) => variant!)];
  const growing = groups.filter(([, own]) => new Set(own.map(({ size }) => size)).size > 1);
  return new Map(growing.map(([variant, own]) => [variant, new Set(own.map(({ name }) => name))]));
}

const folded = (title: string, body: string): string => `<details><summary>${title}</summary>\n\n${body}\n\n</details>`;

function runText({ results }: SuiteSummary): string {
  const limits = [...new Set(results.map(({ timeLimit }) => timeLimit))].sort((a, b) => a - b);
  const repeats = results.map((result) => result.repeats);
  const [least, most] = [Math.min(...repeats), Math.max(...repeats)];
  const times = least === most ? String(least) : `${least} to ${most}`;
  return `Limit ${limits.map(secondsText).join(', ')}; ${times} run${most === 1 ? '' : 's'} of each case and solver.`;
}

function machineText({ date, cpu, cores, memoryGigabytes, node, versions, commit }: MachineFacts): string {
  const software = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `${date}, ${cpu} (${cores} cores seen, ${memoryGigabytes} GB), Node ${node}, ${software.join(', ')}, commit ${commit}.`;
}
