/**
 * CSV text to rows by header, each with the line that it begins on. Delimiter (comma, semicolon, tab, bar) by content;
 * a row of another length than the header is a fault. The CSV library is loaded when the first table is read.
 */
import { checkText, type InputIssue, mostFaults, refuse, showValue } from '../input/inputError.ts';

export interface CsvTableRow {
  /** From 1 on. */
  readonly line: number;
  /** Text of each field by its column, without blanks around it. */
  readonly fields: Readonly<Record<string, string>>;
}

export interface CsvTable {
  readonly columns: readonly string[];
  readonly rows: readonly CsvTableRow[];
}

/** Rejects with InputError, whose paths are lines. */
export async function readCsv(text: string): Promise<CsvTable> {
  checkText(text, '', 'a table');
  const { default: Papa } = await import('papaparse');
  const body = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const issues: InputIssue[] = [];
  const rows: CsvTableRow[] = [];
  let columns: readonly string[] | null = null;
  let line = 1;
  let begin = 0;
  Papa.parse<string[]>(body, {
    delimitersToGuess: [',', ';', '\t', '|'],
    step: ({ data, errors, meta }, parser) => {
      const at = line;
      for (let position = begin; position < meta.cursor; position++) if (body[position] === '\n') line++;
      begin = meta.cursor;
      const faults = errors.filter(({ type }) => type === 'Quotes');
      for (const { message } of faults) {
        issues.push({ path: `line ${at}`, value: showValue(data.join(',')), expected: `CSV (${message})` });
      }
      const cells = data.map((cell) => cell.trim());
      if (cells.every((cell) => cell === '')) return;
      if (columns === null) {
        columns = cells;
        issues.push(...headerIssues(columns, at));
      } else if (cells.length !== columns.length) {
        const expected = `${columns.length} fields, as the header has (is the file cut off?)`;
        issues.push({ path: `line ${at}`, value: `${cells.length} fields`, expected });
      } else {
        const fields = Object.fromEntries(columns.map((column, position) => [column, cells[position]]));
        rows.push({ line: at, fields });
      }
      if (issues.length >= mostFaults) parser.abort();
    },
  });
  if (columns === null) issues.push({ path: '', value: 'an empty table', expected: 'a header and rows (CSV)' });
  refuse(issues);
  return { columns: columns!, rows };
}

function headerIssues(columns: readonly string[], line: number): InputIssue[] {
  return columns.flatMap((column, position) => {
    const path = `line ${line}, column ${position + 1}`;
    if (column === '') return [{ path, value: 'an empty name', expected: 'the name of a column' }];
    if (columns.indexOf(column) === position) return [];
    return [{ path, value: showValue(column), expected: 'a name of its own' }];
  });
}
