/** Text tables for the terminal and for Markdown. */

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

export function plainTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, t) => Math.max(title.length, ...rows.map((row) => row[t]!.length)));
  const line = (cells: readonly string[]) =>
    cells.map((cell, t) => (t === 0 ? cell.padEnd(widths[t]!) : cell.padStart(widths[t]!))).join('  ');
  return [line(head), ...rows.map(line)].join('\n');
}
