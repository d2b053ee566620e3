/**
 * Rows as CSV (RFC 4180, lines ending in LF): a header, then one line for each row, null as an empty field, numbers in
 * their shortest exact form.
 */

export type CsvRow = Readonly<Record<string, number | string | null>>;

export function toCsv(columns: readonly string[], rows: readonly CsvRow[]): string {
  const lines = [columns.map(field), ...rows.map((row) => columns.map((column) => field(row[column] ?? null)))];
  return lines.map((fields) => `${fields.join(',')}\n`).join('');
}

function field(value: number | string | null): string {
  const text = value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
