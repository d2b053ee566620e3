/**
 * The runs of a paired comparison, one after the other: instance by instance and seed by seed, the strategies in
 * rotation, so that what the machine does meanwhile falls on all of them.
 */
import type { ProgressEvent } from '../../bnb/progress.ts';
import { solveMixedIntegerProgramAsync } from '../../bnb/solveMixedIntegerProgram.ts';
import type { StrategyInput } from '../../bnb/strategy.ts';
import type { MixedIntegerProgram } from '../../lp/linearProgram.ts';
import type { Instance } from '../../model/instance.ts';
import { optimizeAsync } from '../../planner/optimize.ts';
import type { SolveOptions } from '../../planner/solveOptions.ts';
import type { ComparisonRun } from './comparison.ts';

export interface ComparedStrategy {
  readonly name: string;
  readonly options: SolveOptions;
}

/** A planning problem, or a general program, of whose options limits, gap and strategy count. */
export type ComparedInstance = { readonly name: string } & (
  | { readonly instance: Instance }
  | { readonly program: MixedIntegerProgram }
);

export interface ComparisonPlan {
  readonly strategies: readonly ComparedStrategy[];
  readonly instances: readonly ComparedInstance[];
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
    for (const compared of instances) {
      const { name } = compared;
      const first = turn++ % strategies.length;
      for (const strategy of [...strategies.slice(first), ...strategies.slice(0, first)]) {
        if (done.has(runKey({ strategy: strategy.name, instance: name, seed }))) continue;
        if (isStopped()) return;
        const run = await solveOnce(strategy, compared, seed, options);
        // An interrupted run says nothing; it is made again.
        if (!isStopped()) yield run;
      }
    }
  }
}

async function solveOnce(
  strategy: ComparedStrategy,
  compared: ComparedInstance,
  seed: number,
  options: SolveOptions,
): Promise<ComparisonRun> {
  const trace: [number, number][] = [];
  const cpuBefore = cpuSecondsUsed();
  const onProgress = ({ seconds: at, gap: now }: ProgressEvent) => {
    if (now !== null && now !== trace.at(-1)?.[1]) trace.push([at, now]);
  };
  const asked = { ...options, ...strategy.options, seed, onProgress };
  const { cost, ...result } =
    'program' in compared ? await solveProgram(compared.program, asked) : await solvePlan(compared.instance, asked);
  const cpuAfter = cpuSecondsUsed();
  const { status, seconds, nodes, simplexIterations, bound, gap, incumbents } = result;
  return {
    strategy: strategy.name,
    instance: compared.name,
    seed,
    status,
    seconds,
    cpuSeconds: cpuBefore === null || cpuAfter === null ? null : cpuAfter - cpuBefore,
    nodes,
    iterations: simplexIterations,
    cost,
    bound,
    gap,
    firstPlan: incumbents[0]?.seconds ?? null,
    bestPlan: incumbents.at(-1)?.seconds ?? null,
    trace,
  };
}

async function solvePlan(instance: Instance, options: SolveOptions) {
  const result = await optimizeAsync(instance, options);
  return { ...result, cost: result.cost?.total ?? null };
}

const megabyte = 1 << 20;

function solveProgram(program: MixedIntegerProgram, options: SolveOptions) {
  const { timeLimit, nodeLimit, memoryLimit, gap, strategy, signal, onProgress } = options;
  return solveMixedIntegerProgramAsync(program, {
    ...(timeLimit !== undefined && { timeLimit }),
    ...(nodeLimit !== undefined && { nodeLimit }),
    ...(memoryLimit !== undefined && { memoryLimit: memoryLimit * megabyte }),
    ...(gap !== undefined && { relativeGap: gap }),
    ...(strategy !== undefined && { strategy: strategy as StrategyInput }),
    ...(onProgress !== undefined && { onProgress }),
    isInterrupted: () => signal?.aborted === true,
  });
}

/** Node tells; browsers do not. */
function cpuSecondsUsed(): number | null {
  const { process } = globalThis as { process?: { cpuUsage?: () => { user: number; system: number } } };
  const used = process?.cpuUsage?.();
  return used === undefined ? null : (used.user + used.system) / 1e6;
}
