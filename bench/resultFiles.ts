/**
 * Files of bench runs: `<suite>.json` and `.csv`, or `<suite>.<part>.json` and `.csv` where a suite is run in parts.
 * Parts of a suite are read together; what two parts both ran counts as further repeats.
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { toCsv } from '../src/report/csv.ts';
import type { BenchCase } from './cases.ts';
import type { MachineFacts } from './machine.ts';
import type { RunRecord } from './runRecord.ts';
import { bestCosts, groupBy, runMeasures } from './statistics.ts';

/** A suite's run, or a part of it, as it is kept. */
export interface SuiteFile {
  readonly format: 'rolla-bench/2';
  readonly suite: string;
  readonly part: string | null;
  readonly machine: MachineFacts;
  readonly coldSeconds: Readonly<Record<string, number>>;
  readonly cases: readonly BenchCase[];
  readonly records: readonly RunRecord[];
}

/** What a suite with tables of its own (lp, kernels) writes. */
export interface SectionFile {
  readonly format: 'rolla-bench-section/2';
  readonly suite: string;
  readonly machine: MachineFacts;
  readonly section: Section;
}

export interface Section {
  readonly title: string;
  /** Markdown. */
  readonly body: string;
  /** The measurements behind the body, for the CSV. */
  readonly measurements: readonly Readonly<Record<string, string | number | boolean | null>>[];
}

/** All parts of a suite together. */
export interface MergedSuite {
  readonly suite: string;
  readonly machines: readonly MachineFacts[];
  readonly coldSeconds: Readonly<Record<string, number>>;
  readonly cases: readonly BenchCase[];
  readonly records: readonly RunRecord[];
}

const recordColumns = [
  'suite',
  'case',
  'size',
  'solver',
  'repeat',
  'timeLimit',
  'status',
  'cost',
  'bound',
  'gap',
  'nodes',
  'simplexIterations',
  'wallSeconds',
  'cpuSeconds',
  'peakMegabytes',
  'firstRootBound',
  'rootBound',
  'rootGapBefore',
  'rootGapAfter',
  'firstIncumbent',
  'nearIncumbent',
  'bestIncumbent',
  'primalIntegral',
  'primalDualIntegral',
  'message',
];

/** Writes beside and renames, so that a reader never sees half a file. */
export function writeWhole(url: URL, text: string): void {
  const temporary = new URL(`${url.href}.${process.pid}.tmp`);
  writeFileSync(temporary, text);
  renameSync(temporary, url);
}

export function writeResults(folder: URL, file: SuiteFile | SectionFile): void {
  mkdirSync(folder, { recursive: true });
  const name = file.format === 'rolla-bench/2' && file.part !== null ? `${file.suite}.${file.part}` : file.suite;
  writeWhole(new URL(`${name}.json`, folder), jsonText(file));
  writeWhole(
    new URL(`${name}.csv`, folder),
    file.format === 'rolla-bench/2' ? recordsCsv(file.records) : sectionCsv(file),
  );
}

/** A record on each line: indented traces would take ten times the room. */
function jsonText(file: SuiteFile | SectionFile): string {
  if (file.format !== 'rolla-bench/2') return `${JSON.stringify(file, null, 1)}\n`;
  const { records, ...head } = file;
  const lines = records.map((record) => JSON.stringify(record, roundedSeconds));
  return `${JSON.stringify(head).slice(0, -1)},\n"records":[\n${lines.join(',\n')}\n]}\n`;
}

/** Times to the microsecond: further digits are noise. */
function roundedSeconds(key: string, value: unknown): unknown {
  return typeof value === 'number' && /seconds$/i.test(key) ? Math.round(value * 1e6) / 1e6 : value;
}

function recordsCsv(records: readonly RunRecord[]): string {
  const best = bestCosts(records);
  const rows = records.map(({ trace, ...record }) => ({
    ...record,
    ...runMeasures({ trace, ...record }, best.get(record.case) ?? null),
  }));
  return toCsv(recordColumns, rows);
}

function sectionCsv({ section: { measurements } }: SectionFile): string {
  const columns = Object.keys(measurements[0] ?? {});
  return toCsv(
    columns,
    measurements.map((row) =>
      Object.fromEntries(
        columns.map((key) => [key, typeof row[key] === 'boolean' ? String(row[key]) : (row[key] ?? null)]),
      ),
    ),
  );
}

/** Every result file of the folder, parts of a suite together, by name. */
export function readResults(folder: URL): {
  readonly suites: readonly MergedSuite[];
  readonly sections: readonly SectionFile[];
} {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as SuiteFile | SectionFile);
  const parts = files.filter((file) => file.format === 'rolla-bench/2');
  const suites = [...groupBy(parts, ({ suite }) => suite)].map(([suite, own]) => mergedSuite(suite, own));
  return { suites, sections: files.filter((file) => file.format === 'rolla-bench-section/2') };
}

function mergedSuite(suite: string, parts: readonly SuiteFile[]): MergedSuite {
  const cases = new Map(parts.flatMap((part) => part.cases.map((benchCase) => [benchCase.name, benchCase])));
  const repeats = new Map<string, number>();
  const records = parts
    .flatMap((part) => part.records)
    .map((record) => {
      const key = JSON.stringify([record.case, record.solver]);
      const repeat = repeats.get(key) ?? 0;
      repeats.set(key, repeat + 1);
      return { ...record, repeat };
    });
  const machines = new Map(parts.map(({ machine }) => [JSON.stringify(machine), machine]));
  // The slowest first run of all parts: the one that found nothing warm.
  const coldSeconds: Record<string, number> = {};
  for (const part of parts) {
    for (const [solver, seconds] of Object.entries(part.coldSeconds)) {
      coldSeconds[solver] = Math.max(seconds, coldSeconds[solver] ?? 0);
    }
  }
  return { suite, machines: [...machines.values()], coldSeconds, cases: [...cases.values()], records };
}
