/**
 * A fleet through windows of time: each window planned from the plan before it, with what changing costs; beside it the
 * plan for the peak of every query type kept throughout, and each window planned alone, whose sum is a lower bound on
 * every sequence of plans.
 */

import * as z from 'zod/mini';
import { type InputIssue, refuse, showValue } from '../input/inputError.ts';
import { checkPlan } from '../model/check/verifier.ts';
import type { Instance, Plan } from '../model/instance.ts';
import { asList, asRecord } from '../model/looseData.ts';
import { aboveZero, anyNumber, atLeastZero, listOfSome, record } from '../model/schemaFields.ts';
import { toInputIssues } from '../model/schemaIssues.ts';
import { namesOf } from '../model/validatePlan.ts';
import { optionTable } from '../planner/optionTable.ts';
import { resolveSolve } from '../planner/resolveSolve.ts';
import type { SolveOptions } from '../planner/solveOptions.ts';
import type { SolveResult } from '../planner/solveResult.ts';
import { type Solving, solveAllAsync, solved } from '../planner/solving.ts';
import { gpuMoves } from './planDiff.ts';
import { rollDefaults } from './rollDefaults.ts';

export interface DemandWindow {
  /** Hours from the beginning of the first window. */
  readonly start: number;
  readonly hours: number;
  /** Queries per hour by query type; what is not named has none. */
  readonly rates: Readonly<Record<string, number>>;
}

export interface RolledWindow extends DemandWindow {
  readonly status: string;
  readonly plan: Plan | null;
  /** $ of the window without switching; null without a plan. */
  readonly cost: number | null;
  /** $ of getting there from the window before. */
  readonly switching: number | null;
  /** How far `cost` and `switching` together may be above what the window needs from the plan before it; relative. */
  readonly gap: number | null;
  /** GPUs of (model, tier)s added and removed against the window before. */
  readonly moves: { readonly added: number; readonly removed: number } | null;
  /** What the window costs at least, whatever came before; null if that is not known. */
  readonly bound: number | null;
  /** $ of the plan for the peak in this window; null where there is none, or where it does not hold. */
  readonly peakCost: number | null;
}

export interface RolledFleet {
  readonly format: 'rolla-roll/1';
  /** Asked for of each plan. */
  readonly gap: number;
  readonly windows: readonly RolledWindow[];
  /** For the largest rate of every query type, all the time. */
  readonly peak: {
    readonly status: string;
    readonly plan: Plan | null;
    /** Sum of its costs in the windows. */
    readonly cost: number | null;
    readonly gap: number | null;
  };
  /** Sums over the windows; null where some window has none. */
  readonly totals: {
    readonly cost: number | null;
    readonly switching: number | null;
    /** $ that no sequence of plans is below. */
    readonly bound: number | null;
    readonly gpusMoved: number;
  };
}

export interface RollOptions extends SolveOptions {
  /** Of each plan; default: `rollDefaults`, 0.001. */
  readonly gap?: number;
  /** For each plan; default: `rollDefaults`, 10 s. */
  readonly timeLimit?: number;
  readonly onWindow?: (window: RolledWindow, position: number) => void;
}

/**
 * Windows must follow each other in time. Rejects with InputError for query types that the instance does not have,
 * windows out of order, bad options. A window without a plan has null, and the next one is planned from the last plan
 * that there was; `signal` ends the work with the windows so far.
 *
 * Each window knows only the one before: the sequence need not be the cheapest, and `totals.bound` says how far it can
 * be from it at most.
 */
export async function rollWindows(
  instance: Instance,
  windows: readonly DemandWindow[],
  options: RollOptions = {},
): Promise<RolledFleet> {
  return solveAllAsync(rolling(instance, windows, options));
}

function* rolling(data: Instance, windows: readonly DemandWindow[], asked: RollOptions): Solving<RolledFleet> {
  const ofWindows = windowIssues(windows, data);
  const further = { onWindow: optionTable.onProgress };
  const { instance, planning } = resolveSolve(data, asked, further, ofWindows);
  const { onWindow, ...given } = asked;
  const options = { ...rollDefaults, ...given };
  const { gap } = options;
  const peak = yield* solved(instanceAt(instance, peakOf(instance, windows)), options);
  const alone = new Map<string, SolveResult>();
  const rolled: RolledWindow[] = [];
  let before: Plan | null = instance.currentPlan ?? null;
  /** The last one of a window alone: near the next one's. */
  let last: Plan | null = null;
  for (const window of windows) {
    if (given.signal?.aborted) break;
    const here = instanceAt(instance, window);
    const demand = JSON.stringify([window.hours, here.queryTypes.map(({ arrivalRate }) => arrivalRate)]);
    const free: SolveResult =
      alone.get(demand) ?? (yield* solved(here, last === null ? options : { ...options, startPlan: last }));
    alone.set(demand, free);
    const next: SolveResult = staysWhere(before, free.plan, instance)
      ? free
      : yield* fromBefore(from(here, before, instance), before, free, options);
    const { plan, cost, status }: SolveResult = next;
    const result: RolledWindow = {
      ...window,
      status,
      plan,
      cost: cost && cost.total - (cost.switching ?? 0),
      switching: cost && (cost.switching ?? 0),
      gap: next.gap,
      moves: plan === null || before === null ? null : gpuMoves(before, plan),
      bound: free.bound,
      peakCost: peak.plan && costThere(here, peak.plan, planning),
    };
    rolled.push(result);
    onWindow?.(result, rolled.length - 1);
    before = plan ?? before;
    last = free.plan ?? last;
  }
  const isWhole = rolled.length === windows.length;
  const sum = (values: readonly (number | null)[]) =>
    isWhole && values.every((value) => value !== null) ? values.reduce((total, value) => total! + value!, 0) : null;
  return {
    format: 'rolla-roll/1',
    gap,
    windows: rolled,
    peak: {
      status: peak.status,
      plan: peak.plan,
      cost: peak.plan && sum(rolled.map(({ peakCost }) => peakCost)),
      gap: peak.gap,
    },
    totals: {
      cost: sum(rolled.map(({ cost }) => cost)),
      switching: sum(rolled.map(({ switching }) => switching)),
      bound: sum(rolled.map(({ bound }) => bound)),
      gpusMoved: rolled.reduce((total, { moves }) => total + (moves === null ? 0 : moves.added + moves.removed), 0),
    },
  };
}

/**
 * The plan of a window that switching is paid for: what is free of that costs no more, so that its bound holds here,
 * and both its plan and the one before are near.
 */
function fromBefore(
  here: Instance,
  before: Plan | null,
  free: SolveResult,
  options: SolveOptions,
): Solving<SolveResult> {
  const furtherStarts = [free.plan, before].filter((plan) => plan !== null);
  return solved(here, options, { furtherStarts, knownBound: free.bound ?? 0 });
}

/** Halves of a second, in hours: times in files are rounded. */
const timeTolerance = 0.5 / 3600;

const window = record('a window', {
  start: anyNumber('h'),
  hours: aboveZero('h'),
  rates: z.record(z.string(), atLeastZero('queries per hour'), {
    error: 'an object of queries per hour by query type',
  }),
});

const expected = 'a time after the window before it (h)';

/** Throws InputError that names everything for which `rollWindows` would refuse the windows of this instance. */
export function checkWindows(windows: readonly DemandWindow[], instance: Instance): void {
  refuse(windowIssues(windows, instance));
}

/** `instance` is data of which nothing is known yet. */
function windowIssues(windows: unknown, instance: unknown): InputIssue[] {
  const parsed = listOfSome('windows', 'window', window).safeParse(windows);
  const names = namesOf(asRecord(instance));
  const list = asList(windows).map(asRecord);
  return [
    ...(parsed.success ? [] : toInputIssues(parsed.error, windows, ['windows'])),
    ...list.flatMap(({ start, rates }, w) => {
      const strangers = Object.keys(asRecord(rates)).map((name) =>
        names.issueOf('queryType', name, ['windows', w, 'rates']),
      );
      const before = list[w - 1];
      const end = Number(before?.start) + Number(before?.hours);
      const overlap = { path: `windows[${w}].start`, value: showValue(start), expected };
      return [
        ...strangers.filter((issue) => issue !== null),
        ...(Number(start) < end - timeTolerance ? [overlap] : []),
      ];
    }),
  ];
}

/** The instance with the rates and the length of a window; a budget is that of its time. */
function instanceAt(instance: Instance, { hours, rates }: DemandWindow): Instance {
  const { currentPlan: _, switchingCost: __, budget, ...rest } = instance;
  return {
    ...rest,
    queryTypes: rest.queryTypes.map((query) => ({
      ...query,
      arrivalRate: Object.hasOwn(rates, query.name) ? rates[query.name] : 0,
    })),
    rentalPeriod: hours,
    ...(budget !== undefined && { budget: (budget * hours) / instance.rentalPeriod }),
  };
}

/** Whether the best plan of a window by itself costs nothing to get to: then it is the best one from `before` too. */
function staysWhere(before: Plan | null, plan: Plan | null, { switchingCost }: Instance): boolean {
  if (before === null || switchingCost === undefined || plan === null) return true;
  const { added, removed } = gpuMoves(before, plan);
  return added + removed === 0;
}

function from(window: Instance, before: Plan | null, { switchingCost }: Instance): Instance {
  if (before === null || switchingCost === undefined) return window;
  return { ...window, currentPlan: before, switchingCost };
}

/** One window of all the time, with the largest rate of every query type. */
function peakOf({ queryTypes }: Instance, windows: readonly DemandWindow[]): DemandWindow {
  const largest = (name: string) => windows.reduce((most, { rates }) => Math.max(most, rates[name] ?? 0), 0);
  return {
    start: 0,
    hours: windows.reduce((sum, { hours }) => sum + hours, 0),
    rates: Object.fromEntries(queryTypes.map(({ name }) => [name, largest(name)])),
  };
}

function costThere(instance: Instance, plan: Plan, options: Parameters<typeof checkPlan>[1]): number | null {
  const { ok, cost } = checkPlan(instance, options, plan);
  return ok ? cost.total : null;
}
