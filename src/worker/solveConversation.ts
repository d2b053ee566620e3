/**
 * What the caller of a solve in a worker and the worker say to each other, and the caller's side of it, the same for
 * threads of Node and for workers of browsers: one task goes out, events come back, one answer ends it.
 */
import * as z from 'zod/mini';
import { PluginModuleError } from '../bnb/plugins/loadPlugins.ts';
import type { ProgressEvent } from '../bnb/progress.ts';
import { InputError, type InputIssue, showValue } from '../input/inputError.ts';
import { checkedOptions, functionRule, type OptionRule, type OptionRules, signalRule } from '../input/optionRules.ts';
import { fieldRule } from '../model/fieldRule.ts';
import type { Instance } from '../model/instance.ts';
import { atLeastZero } from '../model/schemaFields.ts';
import { pluginsNamed } from '../planner/ownPlugins.ts';
import { resolveSolve } from '../planner/resolveSolve.ts';
import type { PlanningStrategy, SolveOptions } from '../planner/solveOptions.ts';
import type { SolveResult } from '../planner/solveResult.ts';

/**
 * Milliseconds after an abort in which the worker should answer; only a long piece of work that asks for no limits
 * takes more.
 */
const defaultGracePeriod = 5000;

/**
 * Options of a solve but those that belong to the third argument. Plugins come by the URLs of their modules, which the
 * worker imports: functions cannot cross.
 */
export interface WorkerOptions extends Omit<SolveOptions, 'signal' | 'onProgress' | 'strategy'> {
  readonly strategy?: NonNullable<SolveOptions['strategy']> | WorkerStrategy;
}

interface WorkerStrategy extends Omit<PlanningStrategy, 'plugins' | 'branchingRule' | 'nodeSelection' | 'lpPricing'> {
  /** URLs of modules (`loadPlugins`), and names of ours. */
  readonly plugins?: readonly string[];
  readonly branchingRule?: string;
  readonly nodeSelection?: string;
  readonly lpPricing?: string;
}

export interface WorkerControl {
  /** Stops the solve; the result has status `interrupted` and the best plan so far. */
  readonly signal?: AbortSignal;
  /** Called in this thread with each progress event. */
  readonly onProgress?: (event: ProgressEvent) => void;
  /** Milliseconds that the worker has to answer an abort before it is terminated. Default 5000. */
  readonly gracePeriod?: number;
}

export interface SolveTask {
  readonly instance: Instance;
  readonly options: WorkerOptions;
  readonly wantsProgress: boolean;
  /** When the call came: milliseconds of the clock that threads share. */
  readonly began: number;
}

const belongsToControl = { field: z.never({ error: 'nothing here: it belongs to the third argument' }) };
const furtherOptions = {
  signal: belongsToControl,
  onProgress: belongsToControl,
};

const controlRules: { readonly [Name in keyof WorkerControl]-?: OptionRule } = {
  signal: signalRule,
  onProgress: functionRule,
  gracePeriod: fieldRule(atLeastZero('ms')),
};

/**
 * The task of a worker, checked before one starts; `further` are rules of its caller's own for the third argument.
 * Throws InputError with every fault of the three arguments.
 */
export function checkedTask(
  instance: Instance,
  options: WorkerOptions,
  control: WorkerControl,
  further: OptionRules = {},
): SolveTask {
  const began = sharedNow();
  const { issues } = checkedOptions(control, { ...controlRules, ...further }, 'control', 'control.');
  const crossing = crossingIssues(options?.strategy);
  // What plugins are called is known where they are loaded.
  const known =
    bringsPlugins(options?.strategy) || crossing.length > 0
      ? { ...options, strategy: withoutPlugins(options.strategy as WorkerStrategy) }
      : options;
  const valid = resolveSolve(instance, known as SolveOptions, furtherOptions, [...issues, ...crossing]).instance;
  return { instance: valid, options, wantsProgress: control.onProgress !== undefined, began };
}

function bringsPlugins(strategy: WorkerOptions['strategy']): strategy is WorkerStrategy {
  return typeof strategy === 'object' && strategy !== null && (strategy.plugins?.length ?? 0) > 0;
}

const namedOptions = ['plugins', 'branchingRule', 'nodeSelection', 'lpPricing'];

/** What is left is checked before the worker starts. */
function withoutPlugins(strategy: WorkerStrategy): object {
  return Object.fromEntries(Object.entries(strategy).filter(([name]) => !namedOptions.includes(name)));
}

/** Functions, and objects with functions, where a worker's strategy takes names and modules. */
function crossingIssues(strategy: unknown): InputIssue[] {
  if (typeof strategy !== 'object' || strategy === null) return [];
  const { plugins, ...named } = strategy as Readonly<Record<string, unknown>>;
  const isNamed = (value: unknown) => value === undefined || typeof value === 'string';
  const listed = (Array.isArray(plugins) ? plugins : []).map((value, at) => [`plugins[${at}]`, value] as const);
  const chosen = ['branchingRule', 'nodeSelection', 'lpPricing'].map((option) => [option, named[option]] as const);
  return [...listed, ...chosen]
    .filter(([, value]) => !isNamed(value))
    .map(([name, value]) => ({
      path: `strategy.${name}`,
      value: typeof value === 'function' ? 'a function' : `a plugin (${showValue(value)})`,
      expected: 'the URL of its module in strategy.plugins, and its name: functions cannot cross into a worker',
    }));
}

/**
 * The options as they are once the worker has started, its plugins loaded: the time that this took counts.
 * @throws InputError where a plugin's module has none.
 */
export async function optionsLeft({ options, began }: SolveTask): Promise<SolveOptions> {
  const { timeLimit, strategy, ...others } = options;
  const loaded = bringsPlugins(strategy)
    ? { strategy: { ...strategy, plugins: await loadedPlugins(strategy.plugins!) } }
    : strategy === undefined
      ? {}
      : { strategy: strategy as NonNullable<SolveOptions['strategy']> };
  const left = timeLimit === undefined ? {} : { timeLimit: Math.max(0, timeLimit - (sharedNow() - began) / 1000) };
  return { ...others, ...loaded, ...left };
}

async function loadedPlugins(modules: readonly string[]) {
  try {
    return await pluginsNamed(modules);
  } catch (error) {
    if (!(error instanceof PluginModuleError)) throw error;
    throw new InputError([
      { path: 'strategy.plugins', value: showValue(modules), expected: `modules of plugins: ${error.message}` },
    ]);
  }
}

/** Each thread counts from its own origin. */
function sharedNow(): number {
  return performance.timeOrigin + performance.now();
}

/** What comes back. */
export type WorkerMessage =
  | { readonly kind: 'progress'; readonly event: ProgressEvent }
  | { readonly kind: 'result'; readonly result: SolveResult }
  | { readonly kind: 'bad input'; readonly issues: readonly InputIssue[] }
  | { readonly kind: 'failure'; readonly message: string };

/** A worker that has its task. */
export interface StartedWorker {
  /** Asks it to answer with what it has. */
  readonly stop: () => void;
  readonly terminate: () => void;
}

export interface WorkerAnswers {
  readonly onMessage: (message: WorkerMessage) => void;
  /** Of the worker itself: it could not start, or died. */
  readonly onFailure: (error: unknown) => void;
}

/** The result of the worker that `start` starts, which is terminated when the promise settles. */
export function awaitSolve(
  start: (answers: WorkerAnswers) => StartedWorker,
  { signal, onProgress, gracePeriod = defaultGracePeriod }: WorkerControl,
): Promise<SolveResult> {
  return new Promise((resolve, reject) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const end = (settle: () => void) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      worker.terminate();
      settle();
    };
    const worker = start({
      onMessage: (message) => {
        if (message.kind === 'progress') onProgress?.(message.event);
        else if (message.kind === 'result') end(() => resolve(message.result));
        else if (message.kind === 'failure') end(() => reject(new Error(message.message)));
        else end(() => reject(new InputError(message.issues as [InputIssue, ...InputIssue[]])));
      },
      onFailure: (error) => end(() => reject(error)),
    });
    const abort = () => {
      worker.stop();
      timer = setTimeout(() => end(() => reject(signal?.reason)), gracePeriod);
    };
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  });
}
