/**
 * Demand over time: from a trace of single requests (arrival time, input and output tokens, as public traces have them)
 * to rates of length classes by window; and such tables back to windows.
 */

import type { DemandWindow } from '../analysis/rollingWindows.ts';
import { readQuantity } from '../generator/fleet/units.ts';
import { type InputIssue, mostFaults, refuse, showValue } from '../input/inputError.ts';
import { checkOptions, type OptionRule, rule } from '../input/optionRules.ts';
import { fieldRule } from '../model/fieldRule.ts';
import { aboveZero, choice } from '../model/schemaFields.ts';
import { type CsvTable, readCsv } from './csvText.ts';
import { demandDefaults } from './demandDefaults.ts';

export interface DemandOptions {
  /** Hours of a window. */
  readonly window: number;
  /** Largest input tokens of each class but the last. Default 512, 2048, 8192. */
  readonly inputClasses?: readonly number[];
  /** Largest output tokens of each class but the last. Default 128, 512. */
  readonly outputClasses?: readonly number[];
  /** Unit of times that are numbers. Default `s`. */
  readonly timeUnit?: 's' | 'ms';
}

/** One query type in one window, as `demandColumns` has it. */
export interface DemandRow {
  readonly start: number;
  readonly hours: number;
  readonly queryType: string;
  /** Queries per hour. */
  readonly rate: number;
  /** Means of the window; null without queries. */
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
}

export const demandColumns = ['start', 'hours', 'queryType', 'rate', 'inputTokens', 'outputTokens'] as const;

export interface Demand {
  readonly rows: readonly DemandRow[];
  /** Each class at its busiest window, with the mean lengths of all its queries. */
  readonly queryTypes: readonly {
    readonly name: string;
    readonly rate: number;
    readonly inputTokens: number;
    readonly outputTokens: number;
  }[];
  readonly requests: number;
}

/** Names that traces have for the three columns, in lower case without signs. */
const timeNames = ['timestamp', 'time', 'arrivaltime', 'arrivedat', 'arrival', 'starttime'];
const inputNames = [
  'inputtokens',
  'contexttokens',
  'requesttokens',
  'prompttokens',
  'inputlength',
  'promptlength',
  'numprefilltokens',
  'promptlen',
  'inputlen',
];
const outputNames = [
  'outputtokens',
  'generatedtokens',
  'responsetokens',
  'completiontokens',
  'outputlength',
  'numdecodetokens',
  'outputlen',
];

/** Windows beyond which times are probably of another unit. */
const mostWindows = 100_000;
const classes = rule(
  'an array of whole numbers >= 1, each larger than the one before (tokens)',
  (value) =>
    Array.isArray(value) && value.every((each, at) => Number.isSafeInteger(each) && each > (value[at - 1] ?? 0)),
);
const demandRules: { readonly [Name in keyof DemandOptions]-?: OptionRule } = {
  window: fieldRule(aboveZero('h'), true),
  inputClasses: classes,
  outputClasses: classes,
  timeUnit: fieldRule(choice(['s', 'ms'], 'unit of times')),
};

interface Request {
  /** Hours. */
  readonly time: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Rejects with InputError. Windows begin with the first request; the last one counts as a whole one. */
export async function demandOfTrace(text: string, options: DemandOptions): Promise<Demand> {
  checkOptions(options, demandRules);
  const requests = requestsOf(await readCsv(text), options);
  const { window, inputClasses = demandDefaults.inputClasses, outputClasses = demandDefaults.outputClasses } = options;
  const first = requests.reduce((least, { time }) => Math.min(least, time), Number.POSITIVE_INFINITY);
  const windowOf = ({ time }: Request) => Math.floor((time - first) / window + 1e-9);
  const windows = 1 + requests.reduce((most, request) => Math.max(most, windowOf(request)), 0);
  if (windows > mostWindows) {
    refuse([
      {
        path: 'window',
        value: `${windows} windows`,
        expected: `at most ${mostWindows}; are times in ms (--time-unit ms)?`,
      },
    ]);
  }
  const classes = new Map<string, { readonly order: number; readonly requests: Request[] }>();
  for (const request of requests) {
    const [i, o] = [classOf(request.inputTokens, inputClasses), classOf(request.outputTokens, outputClasses)];
    const name = `in-${boundName(i, inputClasses)} out-${boundName(o, outputClasses)}`;
    const known = classes.get(name) ?? { order: i * (outputClasses.length + 1) + o, requests: [] };
    known.requests.push(request);
    classes.set(name, known);
  }
  const sorted = [...classes].sort(([, a], [, b]) => a.order - b.order);
  const rows: DemandRow[] = [];
  const peaks = new Map<string, number>();
  const byWindow = sorted.map(([name, { requests: own }]) => {
    const sums = Array.from({ length: windows }, () => ({ count: 0, input: 0, output: 0 }));
    for (const request of own) {
      const sum = sums[windowOf(request)];
      sum.count++;
      sum.input += request.inputTokens;
      sum.output += request.outputTokens;
    }
    return { name, sums };
  });
  for (let w = 0; w < windows; w++) {
    for (const { name, sums } of byWindow) {
      const { count, input, output } = sums[w];
      const rate = count / window;
      peaks.set(name, Math.max(peaks.get(name) ?? 0, rate));
      const [inputTokens, outputTokens] = count === 0 ? [null, null] : [input / count, output / count];
      rows.push({ start: w * window, hours: window, queryType: name, rate, inputTokens, outputTokens });
    }
  }
  const mean = (own: readonly Request[], of: (request: Request) => number) =>
    own.reduce((sum, request) => sum + of(request), 0) / own.length;
  const queryTypes = sorted.map(([name, { requests: own }]) => ({
    name,
    rate: peaks.get(name)!,
    inputTokens: mean(own, ({ inputTokens }) => inputTokens),
    outputTokens: mean(own, ({ outputTokens }) => outputTokens),
  }));
  return { rows, queryTypes, requests: requests.length };
}

function classOf(tokens: number, bounds: readonly number[]): number {
  const found = bounds.findIndex((bound) => tokens <= bound);
  return found < 0 ? bounds.length : found;
}

/** `512` for up to 512, `8192+` for more than the last bound. */
function boundName(position: number, bounds: readonly number[]): string {
  if (bounds.length === 0) return 'any';
  return position < bounds.length ? String(bounds[position]) : `${bounds.at(-1)}+`;
}

function requestsOf(table: CsvTable, { timeUnit = 's' }: DemandOptions): Request[] {
  const plain = (column: string) => column.toLowerCase().replace(/[^a-z]/g, '');
  const issues: InputIssue[] = [];
  const columnOf = (names: readonly string[], what: string) => {
    const column = table.columns.find((candidate) => names.includes(plain(candidate)));
    if (column === undefined) {
      const expected = `a column with the ${what}, such as ${names.slice(0, 3).join(', ')}`;
      issues.push({ path: 'line 1', value: `columns ${table.columns.join(', ')}`, expected });
    }
    return column ?? '';
  };
  const columns = {
    time: columnOf(timeNames, 'time of arrival'),
    input: columnOf(inputNames, 'input tokens'),
    output: columnOf(outputNames, 'output tokens'),
  };
  refuse(issues);
  const requests = table.rows.flatMap(({ line, fields }): Request[] => {
    const time = hoursOf(fields[columns.time], timeUnit);
    const [inputTokens, outputTokens] = [fields[columns.input], fields[columns.output]].map(tokensOf);
    if (time !== null && inputTokens !== null && outputTokens !== null) return [{ time, inputTokens, outputTokens }];
    if (issues.length < mostFaults) {
      const fault = (column: string, value: unknown, expected: string) =>
        value === null ? [{ path: `line ${line}, ${column}`, value: showValue(fields[column]), expected }] : [];
      issues.push(
        ...fault(columns.time, time, `a number (${timeUnit}) or a date and time`),
        ...fault(columns.input, inputTokens, 'a number >= 0 (tokens)'),
        ...fault(columns.output, outputTokens, 'a number >= 0 (tokens)'),
      );
    }
    return [];
  });
  if (requests.length === 0 && issues.length === 0) {
    issues.push({ path: '', value: 'no requests', expected: 'one request or more' });
  }
  refuse(issues);
  return requests;
}

const secondsPerHour = 3600;

/** Hours since some moment; a date without a zone is taken as UTC. */
function hoursOf(text: string, unit: 's' | 'ms'): number | null {
  if (text === '') return null;
  const number = Number(text);
  if (Number.isFinite(number)) return number / (unit === 's' ? secondsPerHour : 1000 * secondsPerHour);
  const match = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})(\.\d+)?\s*(Z|[+-]\d{2}:?\d{2})?$/.exec(text);
  if (match === null) return null;
  const [, day, time, fraction = '', zone = 'Z'] = match;
  const milliseconds = Date.parse(`${day}T${time}${zone.replace(/^([+-]\d{2})(\d{2})$/, '$1:$2')}`);
  return Number.isNaN(milliseconds)
    ? null
    : milliseconds / 1000 / secondsPerHour + Number(`0${fraction}`) / secondsPerHour;
}

function tokensOf(text: string): number | null {
  const value = Number(text);
  return text !== '' && Number.isFinite(value) && value >= 0 ? value : null;
}

/**
 * Windows of a table with `start`, `hours` (h), `queryType` and `rate` (queries per hour, or with a unit), in the order
 * of time. Other columns are not read. Rejects with InputError.
 */
export async function readDemand(text: string): Promise<DemandWindow[]> {
  const { columns, rows } = await readCsv(text);
  refuse(
    (['start', 'hours', 'queryType', 'rate'] as const).flatMap((column) =>
      columns.includes(column)
        ? []
        : [
            {
              path: 'line 1',
              value: `columns ${columns.join(', ')}`,
              expected: `a column ${column} (rolla demand writes such tables)`,
            },
          ],
    ),
  );
  const issues: InputIssue[] = [];
  const windows = new Map<number, { hours: number; rates: Record<string, number> }>();
  for (const { line, fields } of rows) {
    const read = (column: string, kind: 'hours' | 'rate') => {
      const text = fields[column];
      const plain = Number(text);
      const value = text === '' ? null : Number.isFinite(plain) ? plain : readQuantity(text, kind);
      if (value !== null && value >= 0) return value;
      const expected =
        kind === 'hours' ? 'a time >= 0 (h)' : 'a rate >= 0 (queries per hour, or a number with /s, /min, /h)';
      issues.push({ path: `line ${line}, ${column}`, value: showValue(fields[column]), expected });
      return Number.NaN;
    };
    const [start, hours, rate] = [read('start', 'hours'), read('hours', 'hours'), read('rate', 'rate')];
    const window = windows.get(start) ?? { hours, rates: {} };
    if (window.hours !== hours && !Number.isNaN(hours)) {
      issues.push({
        path: `line ${line}, hours`,
        value: showValue(hours),
        expected: `${window.hours}, as the window has above`,
      });
    }
    const { queryType } = fields;
    if (Object.hasOwn(window.rates, queryType)) {
      issues.push({
        path: `line ${line}, queryType`,
        value: showValue(queryType),
        expected: 'each query type once in a window',
      });
    }
    Object.defineProperty(window.rates, queryType, {
      value: rate,
      enumerable: true,
      configurable: true,
      writable: true,
    });
    windows.set(start, window);
    if (issues.length >= mostFaults) break;
  }
  refuse(issues);
  return [...windows].sort(([a], [b]) => a - b).map(([start, window]) => ({ start, ...window }));
}
