/**
 * Strategies compared on 60 instances of eight kinds that branch, by CPU time, nodes and iterations, with intervals and
 * tests; and how far greedy construction and ours end from the optimum. Limits are nodes, and seconds for scenario rows
 * alone, so that it is the same on any machine but for its seconds. Runs are kept as they end; the suite goes on where
 * it was interrupted.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type ComparisonRun, compareRuns } from '../src/analysis/comparison/comparison.ts';
import { type ComparedStrategy, runComparison, runKey } from '../src/analysis/comparison/runComparison.ts';
import { optimize } from '../src/planner/optimize.ts';
import type { PlanningStrategy, SolveOptions } from '../src/planner/solveOptions.ts';
import { comparisonReport } from '../src/report/comparisonReport.ts';
import { markdownLayout } from '../src/report/layout.ts';
import { openComparisonJournal } from '../src/runs/comparisonJournal.ts';
import { type KindMember, kindInstance } from './kinds.ts';
import { patternBoundTable } from './patternBounds.ts';
import type { Section } from './resultFiles.ts';
import type { SuiteChoice } from './suites.ts';
import { markdownTable, numberText } from './tables.ts';

const kinds = [
  'plain',
  'storage',
  'bin packing',
  'tight memory',
  'tight budget',
  'replicas',
  'joint Gamma 3 in a budget',
  'many TP degrees',
] as const;
const size = { queryTypes: 10, models: 4, tiers: 4 };
const numInstances = 60;
const options: SolveOptions = { preset: 'corrected', nodeLimit: 100 };

const members: readonly KindMember[] = Array.from({ length: numInstances }, (_, at) => ({
  of: kinds[at % kinds.length],
  ...size,
  seed: 1 + Math.floor(at / kinds.length),
}));

const compact = (name: string, strategy: SolveOptions['strategy'], more: SolveOptions = {}): ComparedStrategy => ({
  name,
  options: { relaxation: 'compact', ...(strategy === undefined ? {} : { strategy }), ...more },
});
const withPlugin = (name: string): ComparedStrategy => compact(name, { plugins: [name] } satisfies PlanningStrategy);

/** The first is what the others are held against. */
const strategies: readonly ComparedStrategy[] = [
  compact('compact', 'default'),
  ...(
    [
      'best-bound',
      'depth-first',
      'best-estimate',
      'most-fractional',
      'pseudo-cost',
      'strong-branching',
      'cutoff-history',
      'inference-history',
      'no-cuts',
    ] as const
  ).map((name) => compact(name, name)),
  ...['rins', 'local-branching', 'fractional-dive', 'guided-dive', 'coefficient-dive'].map(withPlugin),
  compact('robust dual', 'default', { robust: 'dual' }),
  compact('robust adversarial', 'default', { robust: 'adversarial', timeLimit: 30 }),
  { name: 'patterns', options: { relaxation: 'patterns' } },
];

const constructions: Readonly<Record<string, SolveOptions['strategy']>> = {
  greedy: { base: 'no-heuristics', plugins: ['greedy'] },
  'adaptive greedy': { base: 'no-heuristics', plugins: ['adaptive-greedy'] },
  ours: 'default',
};

export async function benchComparison(_choice: Pick<SuiteChoice, 'cases'>, folder: URL): Promise<Section> {
  const instances = members.map((member) => ({
    name: `${member.of} ${member.seed}`,
    instance: kindInstance(member),
  }));
  const path = fileURLToPath(new URL('comparison.runs.jsonl', folder));
  const settings = { options, strategies, kinds, size, numInstances };
  const journal = openComparisonJournal(path, settings, existsSync(path));
  const runs = [...journal.runs];
  const total = strategies.length * instances.length;
  for await (const run of runComparison({ strategies, instances, seeds: [1], options }, new Set(runs.map(runKey)))) {
    journal.append(run);
    runs.push(run);
    process.stdout.write(`  ${runs.length}/${total} ${run.instance} ${run.strategy}: ${run.status} ${run.nodes}\n`);
  }
  const rank = new Map(strategies.map(({ name }, at) => [name, at]));
  const ordered = runs.sort((a, b) => rank.get(a.strategy)! - rank.get(b.strategy)!);
  const comparisons = (['cpuSeconds', 'nodes', 'iterations'] as const).map((measure) => compareRuns(ordered, measure));
  return {
    title: 'Comparison of strategies',
    body: [
      preface,
      comparisonReport(comparisons, markdownLayout),
      constructionTable(instances, bestCosts(ordered)),
      patternBoundTable(instances.map(({ instance }) => instance)),
    ]
      .join('\n\n')
      .replaceAll('## ', '### '),
    measurements: ordered.map(({ trace: _trace, ...run }) => ({ ...run })),
  };
}

const preface = `${numInstances} instances of ${size.queryTypes} query types, ${size.models} models and ${size.tiers} tiers of eight kinds (${kinds.join(', ')}),
at most ${options.nodeLimit} nodes each; all but the last strategy over the compact relaxation. How to read the tables: [docs/plugins.md](../docs/plugins.md).`;

/** Of each instance that some strategy has proven. */
function bestCosts(runs: readonly ComparisonRun[]): ReadonlyMap<string, number> {
  return new Map(runs.flatMap(({ instance, status, cost }) => (status === 'optimal' ? [[instance, cost!]] : [])));
}

/** How far first plans are from the proven optimum. */
function constructionTable(
  instances: readonly { readonly name: string; readonly instance: ReturnType<typeof kindInstance> }[],
  optima: ReadonlyMap<string, number>,
): string {
  const proven = instances.filter(({ name }) => optima.has(name));
  const rows = Object.entries(constructions).map(([name, strategy]) => {
    const gaps = proven.flatMap(({ name: of, instance }) => {
      // Construction comes before the root: of what the solve finds only its plans are looked at.
      const { incumbents } = optimize(instance, { ...options, nodeLimit: 1, ...(strategy && { strategy }) });
      const sources = name === 'ours' ? ['construction'] : [name.replace(' ', '-')];
      const found = incumbents.findLast(({ source }) => sources.includes(source));
      return found === undefined ? [] : [found.cost / optima.get(of)! - 1];
    });
    const sorted = [...gaps].sort((a, b) => a - b);
    const share = (value: number) => `${numberText(100 * value, 3)} %`;
    return [
      name,
      `${gaps.length}/${proven.length}`,
      share(sorted[Math.floor(sorted.length / 2)]),
      share(gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length),
      share(sorted.at(-1)!),
      String(gaps.filter((gap) => gap < 1e-6).length),
    ];
  });
  const head = ['construction', 'plans', 'median gap', 'mean gap', 'largest', 'optimal'];
  return `## Construction\n\nGaps of the plan before the root to the proven optimum, over the ${proven.length} instances whose optimum is proven.\n\n${markdownTable({ head, rows })}`;
}
