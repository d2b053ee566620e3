/**
 * Tables of one's own: each a CSV named after what it lists, or a sheet of a YAML, with the names of a fleet's fields
 * as columns (a dot leads into a field, `latency.firstToken`). `measured` and `throughput` are tables too, whose rows
 * say which profile they belong to.
 */
import type { Fleet } from '../../generator/fleet/fleetSchema.ts';
import { asList, asRecord, type LooseRecord } from '../../model/looseData.ts';
import type { CsvTable } from '../csvText.ts';
import { type ImportLedger, someOf } from './importLedger.ts';

const sheetNames = [
  'queryTypes',
  'models',
  'gpus',
  'profiles',
  'errors',
  'limits',
  'allowed',
  'forbidden',
  'measured',
  'throughput',
  'fleet',
] as const;
type SheetName = (typeof sheetNames)[number];

/** Columns that are text even where they look like numbers. */
const textColumns = new Set(['name', 'model', 'gpu', 'queryType', 'catalogue', 'precision', 'unit', 'notes']);
/** Columns that hold a list, with blanks, semicolons or bars between its entries. */
const listColumns = new Set(['tpDegrees']);

interface Row {
  readonly data: Record<string, unknown>;
  readonly origin: string;
}

export interface OwnTables {
  readonly csv: readonly { readonly name: string; readonly table: CsvTable }[];
  readonly yaml: readonly { readonly name: string; readonly data: LooseRecord }[];
}

export interface OwnFleet {
  readonly fleet: Fleet;
  /** Where what a path of the fleet begins with was read: `gpus[2]` -> `gpus.csv: line 4`. */
  readonly origins: ReadonlyMap<string, string>;
}

/** The fleet is not validated; `origins` puts its faults into words of the tables. */
export function importOwnTables({ csv, yaml }: OwnTables, ledger: ImportLedger): OwnFleet {
  const sheets = new Map<SheetName, Row[]>();
  const add = (sheet: SheetName, rows: readonly Row[]) => sheets.set(sheet, [...(sheets.get(sheet) ?? []), ...rows]);
  const scalars: Record<string, unknown> = {};
  for (const { name, table } of csv) {
    const sheet = sheetNamed(name);
    if (sheet === undefined) {
      ledger.fault(
        name,
        name,
        `a file named after what it lists: ${sheetNames.map((each) => `${each}.csv`).join(', ')}`,
      );
    } else {
      add(
        sheet,
        table.rows.map(({ line, fields }) => ({ data: rowData(fields), origin: `${name}: line ${line}` })),
      );
    }
  }
  for (const { name, data } of yaml) {
    for (const [key, value] of Object.entries(data)) {
      const sheet = sheetNames.find((each) => each === key);
      if (sheet === undefined || !Array.isArray(value)) scalars[key] = value;
      else
        add(
          sheet,
          value.map((row, at) => ({ data: { ...asRecord(row) }, origin: `${name}: ${key}[${at}]` })),
        );
    }
  }
  for (const { data } of sheets.get('fleet') ?? []) Object.assign(scalars, data);
  for (const [name, rows] of sheets) ledger.read.push(`${rows.length} rows of ${name}`);
  return assembled(sheets, scalars, ledger);
}

/** `my-queryTypes.csv` is `queryTypes`; case, dashes and underscores do not matter. */
function sheetNamed(file: string): SheetName | undefined {
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z]/g, '');
  const stem = plain(file.replace(/^.*[\\/]/, '').replace(/\.[^.]*$/, ''));
  return sheetNames.find((name) => stem === plain(name)) ?? sheetNames.find((name) => stem.endsWith(plain(name)));
}

function rowData(fields: Readonly<Record<string, string>>): Record<string, unknown> {
  const data: Record<string, unknown> = {};
  for (const [column, text] of Object.entries(fields)) {
    if (text === '') continue;
    const [key, inner] = splitOnce(column, '.');
    if (inner === undefined) setOwn(data, key, cellValue(key, text));
    else {
      const record = Object.hasOwn(data, key) ? (data[key] as Record<string, unknown>) : {};
      setOwn(record, inner, cellValue(inner, text));
      setOwn(data, key, record);
    }
  }
  return data;
}

/** Also where the key is `__proto__`: a column may be called anything. */
function setOwn(record: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(record, key, { value, enumerable: true, configurable: true, writable: true });
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function cellValue(column: string, text: string): unknown {
  if (textColumns.has(column)) return text;
  if (listColumns.has(column)) return text.split(/[\s;|]+/).map(numberOrText);
  return numberOrText(text);
}

function numberOrText(text: string): number | string {
  const value = Number(text);
  return Number.isFinite(value) ? value : text;
}

function assembled(
  sheets: ReadonlyMap<SheetName, readonly Row[]>,
  scalars: Readonly<Record<string, unknown>>,
  ledger: ImportLedger,
): OwnFleet {
  const origins = new Map<string, string>();
  const dataOf = (sheet: SheetName) =>
    sheets.get(sheet)?.map(({ data, origin }, position) => {
      origins.set(`${sheet}[${position}]`, origin);
      return data;
    });
  const profiles = [...(dataOf('profiles') ?? [])];
  for (const part of ['measured', 'throughput'] as const) {
    for (const { data, origin } of sheets.get(part) ?? []) {
      const { model, gpu, tp, pipeline, ...entry } = data;
      const head = { model, gpu, ...(tp !== undefined && { tp }), ...(pipeline !== undefined && { pipeline }) };
      const isOwn = (profile: LooseRecord) =>
        profile.model === model &&
        profile.gpu === gpu &&
        (profile.tp ?? 1) === (tp ?? 1) &&
        (profile.pipeline ?? 1) === (pipeline ?? 1);
      let position = profiles.findIndex(isOwn);
      if (position < 0) {
        position = profiles.push(head) - 1;
        origins.set(`profiles[${position}]`, origin);
      }
      const profile = profiles[position];
      const entries = [...asList(profile[part]), entry];
      profile[part] = entries;
      origins.set(`profiles[${position}].${part}[${entries.length - 1}]`, origin);
    }
  }
  const { options } = ledger;
  const gpus = dataOf('gpus')?.map((gpu) => {
    const [price, available] = [ledger.ownPrice(String(gpu.name)), ledger.available(String(gpu.name))];
    return { ...gpu, ...(price !== undefined && { price }), ...(available !== undefined && { available }) };
  });
  const queryTypes = dataOf('queryTypes')?.map((query) => {
    const rate = ledger.ownRate(String(query.name));
    return { ...query, ...(rate !== undefined && { rate }), ...options.limits };
  });
  const lists = Object.fromEntries(
    (['models', 'errors', 'limits', 'allowed', 'forbidden'] as const).map((name) => [name, dataOf(name)]),
  );
  for (const name of ['queryTypes', 'models', 'gpus'] as const) {
    if (sheets.has(name)) continue;
    ledger.fault(name, undefined, `a table of ${name}, such as ${name}.csv (read: ${someOf([...sheets.keys()])})`);
  }
  if (profiles.length === 0) ledger.fault('profiles', undefined, 'a table of profiles, measured or throughput');
  const fleet = {
    ...scalars,
    format: 'rolla-fleet/1',
    period: options.period ?? scalars.period ?? '1 h',
    ...(options.utilization !== undefined && { utilization: options.utilization }),
    queryTypes,
    gpus,
    ...lists,
    profiles,
  };
  const entries = Object.entries(fleet).filter(([, value]) => value !== undefined);
  return { fleet: Object.fromEntries(entries) as unknown as Fleet, origins };
}
