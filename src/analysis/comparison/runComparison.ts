/**
 * The runs of a paired comparison, one after the other: instance by instance and seed by seed, the strategies in
 * rotation, so that what the machine does meanwhile falls on all of them.
 */
import type { Instance } from '../../model/instance.ts';
import { optimizeAsync } from '../../planner/optimize.ts';
import type { SolveOptions } from '../../planner/solveOptions.ts';
import type { ComparisonRun } from './comparison.ts';

export interface ComparedStrategy {
  readonly name: string;
  readonly options: SolveOptions;
}

export interface ComparisonPlan {
  readonly strategies: readonly ComparedStrategy[];
  readonly instances: readonly { readonly name: string; readonly instance: Instance }[];
  readonly seeds: readonly number[];
  /** For every run: limits, gap, variant of the problem. */
  readonly options: SolveOptions;
}

/** What names a run within its comparison. */
export const runKey = ({ strategy, instance, seed }: Pick<ComparisonRun, 'strategy' | 'instance' | 'seed'>) =>
  JSON.stringify([strategy, instance, seed]);

/** Runs what `done` does not have; stops between runs once the signal is aborted. */
export async function* runComparison(
  { strategies, instances, seeds, options }: ComparisonPlan,
  done: ReadonlySet<string>,
): AsyncGenerator<ComparisonRun> {
  const isStopped = () => options.signal?.aborted === true;
  let turn = 0;
  for (const seed of seeds) {
    for (const { name, instance } of instances) {
      const first = turn++ % strategies.length;
      for (const strategy of [...strategies.slice(first), ...strategies.slice(0, first)]) {
        if (done.has(runKey({ strategy: strategy.name, instance: name, seed }))) continue;
        if (isStopped()) return;
        const run = await solveOnce(strategy, name, instance, seed, options);
        // An interrupted run says nothing; it is made again.
        if (!isStopped()) yield run;
      }
    }
  }
}

async function solveOnce(
  strategy: ComparedStrategy,
  name: string,
  instance: Instance,
  seed: number,
  options: SolveOptions,
): Promise<ComparisonRun> {
  const trace: [number, number][] = [];
  const cpuBefore = cpuSecondsUsed();
  const result = await optimizeAsync(instance, {
    ...options,
    ...strategy.options,
    seed,
    onProgress: ({ seconds, gap }) => {
      if (gap !== null && gap !== trace.at(-1)?.[1]) trace.push([seconds, gap]);
    },
  });
  const cpuAfter = cpuSecondsUsed();
  const { status, seconds, nodes, simplexIterations, cost, bound, gap, incumbents } = result;
  return {
    strategy: strategy.name,
    instance: name,
    seed,
    status,
    seconds,
    cpuSeconds: cpuBefore === null || cpuAfter === null ? null : cpuAfter - cpuBefore,
    nodes,
    iterations: simplexIterations,
    cost: cost?.total ?? null,
    bound,
    gap,
    firstPlan: incumbents[0]?.seconds ?? null,
    bestPlan: incumbents.at(-1)?.seconds ?? null,
    trace,
  };
}

/** Node tells; browsers do not. */
function cpuSecondsUsed(): number | null {
  const { process } = globalThis as { process?: { cpuUsage?: () => { user: number; system: number } } };
  const used = process?.cpuUsage?.();
  return used === undefined ? null : (used.user + used.system) / 1e6;
}
