/** Rows as CSV: a header, then one line for each row, null as an empty field, numbers in their shortest exact form. */
import { stringify } from 'csv-stringify/sync';

export function toCsv(
  columns: readonly string[],
  rows: readonly Readonly<Record<string, number | string | null>>[],
): string {
  return stringify(
    rows.map((row) => columns.map((column) => row[column] ?? null)),
    { header: true, columns: [...columns], cast: { number: (value) => String(value) } },
  );
}
