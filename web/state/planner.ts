/**
 * The one state of the page: the draft with its past, what was found wrong with it, and the last solve. Components read
 * it by `usePlanner` and change it by its methods.
 */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ProgressEvent } from '../../src/bnb/progress.ts';
import { InputError, issueText } from '../../src/input/inputError.ts';
import type { Instance } from '../../src/model/instance.ts';
import type { LooseRecord } from '../../src/model/looseData.ts';
import type { SolveOptions } from '../../src/planner/solveOptions.ts';
import type { SolveResult } from '../../src/planner/solveResult.ts';
import { counted, dollars, percent, seconds as secondsText } from '../../src/report/numberText.ts';
import { createSearchLog } from '../../src/report/searchLog.ts';
import { solveInGivenWorker } from '../../src/worker/solveInGivenWorker.ts';
import { startThread } from '../startThread.ts';
import { withCatalogueName } from './catalogueNames.ts';
import { type Checks, checkDraft } from './checks.ts';
import { problemFile } from './downloads.ts';
import { type Draft, type Path, withRenamed, withValue } from './draft.ts';
import type { ImportRequest, PinnedPlan } from './openFiles.ts';

/** A point of the curve: what was known after so many seconds. */
export interface CurvePoint {
  readonly seconds: number;
  readonly bound: number | null;
  readonly cost: number | null;
}

/** A solve that ended, with what it was of. */
export interface Solved {
  /** What the problem's file is called that is downloaded. */
  readonly file: string;
  readonly instance: Instance;
  readonly options: SolveOptions;
  readonly result: SolveResult;
}

interface PlannerState {
  readonly draft: Draft;
  readonly checks: Checks;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  readonly isSolving: boolean;
  /** How far the search is. */
  readonly live: string | null;
  readonly log: readonly string[];
  readonly curve: readonly CurvePoint[];
  readonly solved: Solved | null;
  /** Whether the draft has changed since. */
  readonly isStale: boolean;
  readonly failure: string | null;
  /** What the last file or link brought, or why it could not be read. */
  readonly message: { readonly kind: 'news' | 'fault'; readonly lines: readonly string[] } | null;
  readonly pinned: PinnedPlan | null;
  /** An import that waits for what its files do not have. */
  readonly pendingImport: ImportRequest | null;
}

/** Lines of the log and points of the curve that are kept. */
const mostLogLines = 400;
const mostCurvePoints = 600;
const mostUndo = 200;
/** Milliseconds within which a solve answers a stop, or is ended without its plan. */
const gracePeriod = 5000;

export class Planner {
  #state: PlannerState;
  #past: readonly Draft[] = [];
  #future: readonly Draft[] = [];
  #listeners = new Set<() => void>();
  #controller: AbortController | null = null;

  constructor(draft: Draft) {
    this.#state = {
      draft,
      checks: checkDraft(draft),
      canUndo: false,
      canRedo: false,
      isSolving: false,
      live: null,
      log: [],
      curve: [],
      solved: null,
      isStale: false,
      failure: null,
      message: null,
      pinned: null,
      pendingImport: null,
    };
  }

  get state(): PlannerState {
    return this.#state;
  }

  /** Returns what ends the subscription. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #set(change: Partial<PlannerState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }

  #show(draft: Draft): void {
    const { solved } = this.#state;
    this.#set({
      draft,
      checks: checkDraft(draft),
      canUndo: this.#past.length > 0,
      canRedo: this.#future.length > 0,
      isStale: solved !== null,
    });
  }

  /** The next draft, which undo takes back. */
  edit(change: (draft: Draft) => Draft): void {
    const { draft } = this.#state;
    const next = change(draft);
    if (next === draft) return;
    this.#past = [...this.#past, draft].slice(-mostUndo);
    this.#future = [];
    this.#show(next);
  }

  editData(change: (data: LooseRecord) => LooseRecord): void {
    this.edit((draft) => ({ ...draft, data: change(draft.data) }));
  }

  /** Sets a cell; a new name goes on to what points to it. */
  setCell(path: Path, value: unknown, before: unknown): void {
    this.editData((data) => {
      const next = withCatalogueName(withValue(data, path, value) as LooseRecord, path);
      const isName = path.length === 3 && path[2] === 'name';
      return isName && typeof value === 'string'
        ? withRenamed(next, String(path[0]), String(before ?? ''), value)
        : next;
    });
  }

  /** `undefined` for the default. */
  setOption(name: keyof SolveOptions, value: unknown): void {
    this.edit((draft) => ({ ...draft, options: withValue(draft.options, [name], value) as SolveOptions }));
  }

  /** Another problem in place of this one; the last result goes. */
  replace(draft: Draft, lines: readonly string[] = []): void {
    this.stop();
    this.edit(() => draft);
    const message = lines.length === 0 ? null : ({ kind: 'news', lines } as const);
    this.#set({ solved: null, log: [], curve: [], failure: null, isStale: false, message });
  }

  say(kind: 'news' | 'fault', lines: readonly string[]): void {
    this.#set({ message: { kind, lines } });
  }

  dismissMessage(): void {
    this.#set({ message: null });
  }

  undo(): void {
    const draft = this.#past.at(-1);
    if (draft === undefined) return;
    this.#past = this.#past.slice(0, -1);
    this.#future = [this.#state.draft, ...this.#future];
    this.#show(draft);
  }

  redo(): void {
    const [draft, ...rest] = this.#future;
    if (draft === undefined) return;
    this.#past = [...this.#past, this.#state.draft];
    this.#future = rest;
    this.#show(draft);
  }

  setPinned(pinned: PinnedPlan | null): void {
    this.#set({ pinned });
  }

  setImport(pendingImport: ImportRequest | null): void {
    this.#set({ pendingImport });
  }

  stop(): void {
    this.#controller?.abort();
  }

  /** Solves the draft as it stands; what comes in on the way is shown once a frame. */
  async solve(): Promise<void> {
    const { draft, checks, isSolving } = this.#state;
    const { instance } = checks;
    if (instance === null || isSolving) return;
    const controller = new AbortController();
    this.#controller = controller;
    const log: string[] = [];
    const curve: CurvePoint[] = [];
    const writeLine = createSearchLog({ writeLine: (line) => log.push(line) });
    let live: string | null = null;
    let isWaiting = false;
    const show = () => {
      isWaiting = false;
      if (controller !== this.#controller) return;
      this.#set({ live, log: log.slice(-mostLogLines), curve: thinned(curve) });
    };
    const onProgress = (event: ProgressEvent) => {
      writeLine(event);
      live = liveLine(event);
      curve.push({ seconds: event.seconds, bound: event.bound, cost: event.incumbent });
      if (isWaiting) return;
      isWaiting = true;
      requestAnimationFrame(show);
    };
    this.#set({ isSolving: true, failure: null, live: null, log: [], curve: [], message: null });
    const { options } = draft;
    try {
      const result = await solveInGivenWorker(instance, options, {
        createWorker: startThread,
        signal: controller.signal,
        onProgress,
        gracePeriod,
      });
      show();
      this.#set({
        solved: { file: problemFile(draft).name, instance, options, result },
        isStale: this.#state.draft !== draft,
      });
    } catch (error) {
      this.#set({ failure: controller.signal.aborted ? 'Stopped before a plan was found.' : failureText(error) });
    } finally {
      this.#set({ isSolving: false });
      if (this.#controller === controller) this.#controller = null;
    }
  }
}

function liveLine({ nodes, openNodes, gap, incumbent, seconds }: ProgressEvent): string {
  const plan = incumbent === null ? 'no plan yet' : `$ ${dollars(incumbent)}, gap ${percent(gap)}`;
  return `${plan}; ${counted(nodes, 'node')}, ${openNodes} open; ${secondsText(seconds)}`;
}

export function failureText(error: unknown): string {
  if (error instanceof InputError) return error.issues.map(issueText).join('\n');
  return error instanceof Error ? error.message : String(error);
}

/** Every other point of the older half goes where there are too many. */
function thinned(points: CurvePoint[]): readonly CurvePoint[] {
  if (points.length > mostCurvePoints) {
    const half = Math.floor(points.length / 2);
    points.splice(0, half, ...points.slice(0, half).filter((_, at) => at % 2 === 0));
  }
  return [...points];
}

let planner: Planner | null = null;

/** Makes the planner that components use. */
export function openPlanner(draft: Draft): Planner {
  planner = new Planner(draft);
  return planner;
}

/**
 * The planner and its state of now. The component is drawn anew when a part of the state changes that it watches: what
 * a search tells comes many times a second, and tables have a thousand cells.
 */
export function usePlanner(...watched: readonly (keyof PlannerState)[]): {
  readonly planner: Planner;
  readonly state: PlannerState;
} {
  const current = planner!;
  const [, redraw] = useState(0);
  const seen = useRef(current.state);
  seen.current = current.state;
  useEffect(
    () =>
      current.subscribe(() => {
        const before = seen.current;
        const { state } = current;
        seen.current = state;
        if (watched.some((part) => before[part] !== state[part])) redraw((count) => count + 1);
      }),
    [current],
  );
  return { planner: current, state: current.state };
}
