/** Text tables for the terminal and for Markdown. */
import { textTable } from '../src/report/textTable.ts';

export type Cell = string | number | null;

/** Seconds, readable from microseconds to hours. */
export function secondsText(seconds: number | null): string {
  if (seconds === null || Number.isNaN(seconds)) return '-';
  if (seconds < 0.0995) return `${(seconds * 1000).toPrecision(3)} ms`;
  return `${seconds.toPrecision(3)} s`;
}

export function numberText(value: Cell, digits = 4): string {
  if (value === null) return '-';
  if (typeof value === 'string') return value;
  if (!Number.isFinite(value)) return '-';
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(digits)));
}

export function percentText(value: number | null): string {
  return value === null ? '-' : `${(value * 100).toPrecision(3)} %`;
}

export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map((_, t) => (t === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

/** A table for the terminal, figures aligned right. */
export function plainTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return textTable(
    head.map((heading, t) => ({ heading, align: t === 0 ? 'left' : 'right' })),
    rows,
  );
}
