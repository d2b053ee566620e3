/**
 * The search log that solver users know: columns of nodes, open nodes, bound, incumbent, gap, LP iterations and time,
 * with a letter for the source of each new incumbent. Fed by progress events; decides only what to print.
 */
import type { ProgressEvent } from '../bnb/progress.ts';
import { absent, percent } from './numberText.ts';

export interface SearchLogOptions {
  /** Receives whole lines without their line break. */
  readonly writeLine: (line: string) => void;
  /** Seconds of the solve between lines that bring nothing new. Default 1. */
  readonly interval?: number;
}

const widths = { letter: 2, nodes: 9, open: 8, bound: 15, incumbent: 15, gap: 10, iterations: 11, time: 9 };
/** The headings are repeated after this many lines, about a screenful. */
const linesPerHeading = 30;

/** A listener for `onProgress`. */
export function createSearchLog({ writeLine, interval = 1 }: SearchLogOptions): (event: ProgressEvent) => void {
  let lines = 0;
  let lastSeconds = Number.NEGATIVE_INFINITY;
  let lastBound: number | null = null;
  const print = (event: ProgressEvent) => {
    if (lines % linesPerHeading === 0) for (const line of headings()) writeLine(line);
    lines++;
    lastSeconds = event.seconds;
    lastBound = event.bound;
    writeLine(progressLine(event));
  };
  return (event) => {
    if (event.kind === 'end') {
      print(event);
      writeLine(`Search ended: ${event.status}`);
      return;
    }
    const isNews = event.kind === 'incumbent' || event.kind === 'root' || event.kind === 'restart';
    const isBetterRound = event.kind === 'round' && event.bound !== lastBound;
    if (isNews || isBetterRound || event.seconds - lastSeconds >= interval) print(event);
  };
}

function headings(): string[] {
  return [
    row('', 'Nodes', 'Open', 'Bound', 'Incumbent', 'Gap', 'LP iters', 'Time'),
    '-'.repeat(Object.values(widths).reduce((sum, width) => sum + width, 0)),
  ];
}

/** One line; also the text of a live progress line. */
export function progressLine(event: ProgressEvent): string {
  const isNew = event.kind === 'incumbent';
  return row(
    isNew ? (event.letter ?? '') : '',
    String(event.nodes),
    String(event.openNodes),
    event.bound === null ? absent : event.bound.toFixed(6),
    event.incumbent === null ? absent : event.incumbent.toFixed(6),
    event.gap === null ? absent : percent(event.gap),
    String(event.simplexIterations),
    `${event.seconds.toFixed(1)} s`,
  );
}

function row(...cells: readonly string[]): string {
  const [letter = '', ...rest] = cells;
  const [, ...restWidths] = Object.values(widths);
  return letter.padEnd(widths.letter) + rest.map((cell, c) => cell.padStart(restWidths[c])).join('');
}
