/**
 * Rows as CSV (RFC 4180, lines ending in LF): a header, then one line for each row, null as an empty field, numbers in
 * their shortest exact form. Text that a spreadsheet would take for a formula gets an apostrophe in front, which
 * `withoutApostrophe` takes off.
 */

export type CsvRow = Readonly<Record<string, number | string | null>>;

export function toCsv(columns: readonly string[], rows: readonly CsvRow[]): string {
  const lines = [columns.map(field), ...rows.map((row) => columns.map((column) => field(row[column] ?? null)))];
  return lines.map((fields) => `${fields.join(',')}\n`).join('');
}

function field(value: number | string | null): string {
  const text = typeof value === 'string' ? withApostrophe(value) : String(value ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** What spreadsheets compute; with apostrophes in front, so that text which begins so already comes back as it was. */
const formula = /^'*[=+\-@\t\r]/;

function withApostrophe(text: string): string {
  return formula.test(text) ? `'${text}` : text;
}

/** The text of a field as it was before `toCsv` made it harmless. */
export function withoutApostrophe(field: string): string {
  return field.startsWith("'") && formula.test(field) ? field.slice(1) : field;
}
