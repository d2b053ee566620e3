/**
 * What a solve shows while it runs: the search log, JSON lines, or on a terminal one line that is drawn again and
 * again.
 */
import { closeSync, writeSync } from 'node:fs';
import type { ProgressEvent } from '../bnb/progress.ts';
import { visible } from '../model/visibleText.ts';
import { createSearchLog, progressLine } from '../report/searchLog.ts';
import { type OutputFiles, openForLines, systemReason } from './files.ts';
import type { Terminal } from './terminal.ts';

/**
 * Seconds of the solve between two drawings of the progress line: often enough to look alive, seldom enough to cost
 * nothing.
 */
const redrawInterval = 0.1;

export interface ProgressFlags {
  readonly log?: boolean;
  /** File for JSON lines. */
  readonly logJson?: string;
  readonly quiet?: boolean;
  /** File for a picture of the search tree: its events are kept. */
  readonly tree?: string;
}

export interface ProgressWatch {
  readonly onProgress: (event: ProgressEvent) => void;
  /** All events so far, for a picture of the tree; empty where none is asked for. */
  readonly events: readonly ProgressEvent[];
  /** Clears the progress line and closes the file. */
  readonly end: () => void;
}

export function watchProgress(flags: ProgressFlags, terminal: Terminal): ProgressWatch {
  const listeners: ((event: ProgressEvent) => void)[] = [];
  const endings: (() => void)[] = [];
  const events: ProgressEvent[] = [];
  if (flags.tree !== undefined) listeners.push((event) => events.push(event));
  if (flags.log) listeners.push(createSearchLog({ writeLine: (line) => terminal.err(`${line}\n`) }));
  else if (terminal.errIsTerminal && !flags.quiet) {
    listeners.push(liveLine(terminal));
    endings.push(() => terminal.redraw(''));
  }
  if (flags.logJson !== undefined) {
    const { write, close } = lineWriter(flags.logJson, terminal);
    listeners.push((event) => write(`${JSON.stringify(event)}\n`));
    endings.push(close);
  }
  return {
    onProgress: (event) => {
      for (const listener of listeners) listener(event);
    },
    events,
    end: () => {
      for (const ending of endings) ending();
    },
  };
}

/** Milliseconds between two drawings of a line that tells of a proof. */
const proofInterval = 200;

/** Draws lines about a proof on a terminal, now and then; what is no terminal gets none. */
export function proofLine(terminal: Terminal): {
  readonly draw: (line: () => string) => void;
  readonly end: () => void;
} {
  if (!terminal.errIsTerminal) return { draw: () => {}, end: () => {} };
  let last = performance.now();
  const draw = (line: () => string) => {
    const now = performance.now();
    if (now - last < proofInterval) return;
    last = now;
    terminal.redraw(line());
  };
  return { draw, end: () => terminal.redraw('') };
}

function liveLine(terminal: Terminal): (event: ProgressEvent) => void {
  let lastSeconds = Number.NEGATIVE_INFINITY;
  return (event) => {
    if (event.seconds - lastSeconds < redrawInterval) return;
    lastSeconds = event.seconds;
    terminal.redraw(progressLine(event));
  };
}

/** Lines are written as they come, so that a killed solve leaves those that it had. */
function lineWriter(path: string, terminal: Terminal): { write: (line: string) => void; close: () => void } {
  if (path === '-') return { write: (line) => terminal.err(line), close: () => {} };
  const file = openForLines(path);
  let isLost = false;
  const attempt = (work: () => void) => {
    if (isLost) return;
    try {
      work();
    } catch (error) {
      // A log is worth less than the solve that it tells of.
      isLost = true;
      terminal.err(`rolla: warning: ${visible(path)}: found ${systemReason(error)}; the log ends here\n`);
    }
  };
  return { write: (line) => attempt(() => writeSync(file, line)), close: () => attempt(() => closeSync(file)) };
}

/** Writes the picture of the tree that the events tell of. */
export async function writeTree(
  title: string,
  events: readonly ProgressEvent[],
  path: string,
  files: OutputFiles,
): Promise<void> {
  const { treePicture } = await import('../report/treePicture.ts');
  files.write(path, treePicture(title, events));
}
