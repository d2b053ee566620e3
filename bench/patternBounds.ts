/**
 * Two ways to the bound of the pattern LP at the root, over the same master and pricing: column generation, and a
 * subgradient method given the cost of construction's best plan. Counted in rounds, each of which prices every
 * deployment once, and in CPU seconds.
 */
import { constructPlans, planCost } from '../src/heuristics/index.ts';
import { drain } from '../src/lp/steps.ts';
import { compileProblem } from '../src/model/compiled/compileProblem.ts';
import type { Instance } from '../src/model/instance.ts';
import { presets } from '../src/model/options.ts';
import { restrictionsOf } from '../src/patterns/master/patternDecision.ts';
import { generateColumns } from '../src/patterns/master/pricedColumns.ts';
import { RestrictedMaster } from '../src/patterns/master/restrictedMaster.ts';
import { PatternPricer } from '../src/patterns/pricing/patternPricer.ts';
import { buildPatternTable } from '../src/patterns/pricing/patternTable.ts';
import { startClock } from './clock.ts';
import { median } from './statistics.ts';
import { subgradientBound } from './subgradientBound.ts';
import { markdownTable, numberText } from './tables.ts';

const subgradientRounds = 300;

interface Climb {
  readonly bound: number;
  readonly rounds: number;
  readonly seconds: number;
  /** After each round. */
  readonly bounds: readonly number[];
}

/** Markdown. */
export function patternBoundTable(instances: readonly Instance[]): string {
  const climbs = instances.flatMap((instance) => {
    const problem = compileProblem(instance, presets.corrected);
    const cost = [...constructPlans(problem)].reduce(
      (least, plan) => Math.min(least, planCost(problem, plan)),
      Infinity,
    );
    const columns = climb(instance, 'columns', cost);
    return columns === null || cost === Infinity
      ? []
      : [{ columns, subgradient: climb(instance, 'subgradient', cost)! }];
  });
  const share = (values: readonly number[]) => `${numberText(100 * median(values), 4)} %`;
  const shareAt = (rounds: (columns: Climb) => number) =>
    share(
      climbs.map(
        ({ columns, subgradient: { bounds } }) => bounds[Math.min(rounds(columns), bounds.length) - 1] / columns.bound,
      ),
    );
  const rows = [
    ['column generation', ...figures(climbs.map(({ columns }) => columns)), '100 %', '100 %'],
    [
      'subgradient',
      ...figures(climbs.map(({ subgradient }) => subgradient)),
      shareAt(({ rounds }) => rounds),
      shareAt(() => subgradientRounds),
    ],
  ];
  const head = ['method', 'rounds', 'CPU seconds', 'bound after as many rounds', 'bound at its end'];
  return `## Bounds of the pattern LP\n\nMedians over the ${climbs.length} instances that construction finds a plan for; bounds as shares of column generation's.\n\n${markdownTable({ head, rows })}`;
}

function figures(climbs: readonly Climb[]): string[] {
  return [
    numberText(median(climbs.map(({ rounds }) => rounds)), 3),
    numberText(median(climbs.map(({ seconds }) => seconds)), 2),
  ];
}

/** Null where generation does not converge. */
function climb(instance: Instance, method: 'columns' | 'subgradient', cost: number): Climb | null {
  const clock = startClock();
  const table = buildPatternTable(compileProblem(instance, presets.corrected));
  const master = new RestrictedMaster(table);
  const open = { blocked: new Uint8Array(table.queryType.length), closed: new Uint8Array(table.numDeployments) };
  const restrictions = restrictionsOf(table, [], open);
  master.restrict(restrictions);
  const pricer = new PatternPricer(table);
  const bounds: number[] = [];
  const onRound = (_round: number, bound: number) => {
    bounds.push(bound);
  };
  if (method === 'columns') {
    const limits = { cutoff: Infinity, shouldStop: () => false, onRound };
    if (drain(generateColumns(master, pricer, restrictions, limits)).status !== 'converged') return null;
  } else drain(subgradientBound(master, pricer, restrictions, { cost, rounds: subgradientRounds, onRound }));
  return { bound: bounds.at(-1)!, rounds: bounds.length, seconds: clock().cpuSeconds, bounds };
}
