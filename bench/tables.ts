/** Text tables for the terminal and for Markdown. */
import { textTable } from '../src/report/textTable.ts';

export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Seconds, readable from microseconds to hours. */
export function secondsText(seconds: number | null): string {
  if (seconds === null || Number.isNaN(seconds)) return '-';
  if (seconds < 0.0995) return `${(seconds * 1000).toPrecision(3)} ms`;
  return `${seconds < 999.5 ? seconds.toPrecision(3) : Math.round(seconds)} s`;
}

export function numberText(value: number | null, digits = 4): string {
  if (value === null || !Number.isFinite(value)) return '-';
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(digits)));
}

/** Smaller shares are told as smaller than this: they are far inside every gap that is asked for. */
const leastShare = 1e-6;

export function percentText(value: number | null): string {
  if (value === null || Number.isNaN(value)) return '-';
  if (value === 0) return '0 %';
  return value < leastShare ? '< 0.0001 %' : `${numberText(value * 100, 3)} %`;
}

export function markdownTable({ head, rows }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map((_, t) => (t === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

/** A table for the terminal, figures aligned right. */
export function plainTable({ head, rows }: Table): string {
  return textTable(
    head.map((heading, t) => ({ heading, align: t === 0 ? 'left' : 'right' })),
    rows,
  );
}
