/**
 * What a person edits: the data of a fleet or an instance as they stand, right or wrong, and options of the solve. A
 * draft is never changed; each edit makes the next one.
 */
import type { LooseRecord } from '../../src/model/looseData.ts';
import { asList, asRecord, valueAt } from '../../src/model/looseData.ts';
import type { SolveOptions } from '../../src/planner/solveOptions.ts';

export interface Draft {
  /** A `rolla-fleet/1` or `rolla-instance/1`, perhaps with faults. */
  readonly data: LooseRecord;
  /** Those that differ from their defaults. */
  readonly options: SolveOptions;
}

export type Path = readonly (string | number)[];

export function isFleet(data: LooseRecord): boolean {
  return typeof data.format === 'string' && data.format.startsWith('rolla-fleet');
}

/** The list of GPU tiers has a name of its own in each format. */
export function tierListOf(data: LooseRecord): 'gpus' | 'tiers' {
  return isFleet(data) ? 'gpus' : 'tiers';
}

/** The names of a list, in its order. */
export function namesOf(data: LooseRecord, list: string): string[] {
  return asList(data[list]).map((entry) => String(asRecord(entry).name ?? ''));
}

/** `data` with another value at `path`; `undefined` takes the key away, and records that become empty with it. */
export function withValue(data: unknown, path: Path, value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (typeof key === 'number') {
    const list = [...asList(data)];
    list[key] = withValue(list[key], rest, value);
    return list;
  }
  const inner = withValue(asRecord(data)[key], rest, value);
  const isGone = inner === undefined || (rest.length > 0 && isEmptyRecord(inner));
  const entries = Object.entries(asRecord(data)).filter(([name]) => name !== key || !isGone);
  const known = entries.some(([name]) => name === key);
  const next = entries.map(([name, old]) => [name, name === key ? inner : old] as const);
  return Object.fromEntries(known || isGone ? next : [...next, [key, inner] as const]);
}

const isEmptyRecord = (value: unknown) =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;

const referenceKeys: Readonly<Record<string, readonly string[]>> = {
  queryTypes: ['queryType'],
  models: ['model'],
  gpus: ['gpu', 'tier'],
  tiers: ['tier'],
};

/** After a rename in one of the lists that others point into: what pointed to the old name points to the new one. */
export function withRenamed(data: LooseRecord, list: string, from: string, to: string): LooseRecord {
  const keys = referenceKeys[list];
  if (keys === undefined || from === '' || namesOf(data, list).includes(from)) return data;
  const isTierList = keys.includes('tier');
  const follow = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(follow);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => {
        if (keys.includes(key) && inner === from) return [key, to];
        if (key === 'perGpu' && isTierList) {
          const amounts = Object.entries(asRecord(inner)).map(([name, amount]) => [name === from ? to : name, amount]);
          return [key, Object.fromEntries(amounts)];
        }
        return [key, follow(inner)];
      }),
    );
  };
  const entries = Object.entries(data).map(([key, value]) => [key, key === list ? value : follow(value)]);
  return Object.fromEntries(entries);
}

/** Arrays of an instance by query type, model and tier; the depth at which each list is their index. */
const tensors: readonly { readonly path: Path; readonly lists: readonly string[] }[] = [
  ...['delay', 'error'].flatMap((name) => [
    { path: [name, 'nominal'], lists: ['queryTypes', 'models', 'tiers'] },
    { path: [name, 'deviation'], lists: ['queryTypes', 'models', 'tiers'] },
    { path: [name, 'relief'], lists: ['models', 'tiers'] },
  ]),
  { path: ['residency'], lists: ['queryTypes', 'models', 'tiers'] },
];

function inTensors(data: LooseRecord, list: string, change: (entries: readonly unknown[]) => unknown[]): LooseRecord {
  let next: unknown = data;
  for (const { path, lists } of tensors) {
    const depth = lists.indexOf(list);
    const tensor = valueAt(data, path);
    if (depth < 0 || !Array.isArray(tensor)) continue;
    const at = (entries: unknown, left: number): unknown =>
      left === 0 ? change(asList(entries)) : asList(entries).map((inner) => at(inner, left - 1));
    next = withValue(next, path, at(tensor, depth));
  }
  return next as LooseRecord;
}

/** A new entry at the end of a list; arrays over the list grow by a copy of their last part. */
export function withRow(data: LooseRecord, list: Path, row: unknown): LooseRecord {
  const grown = withValue(data, list, [...asList(valueAt(data, list)), row]) as LooseRecord;
  const [only] = list;
  return list.length > 1 || isFleet(data)
    ? grown
    : inTensors(grown, String(only), (entries) => [...entries, entries.at(-1)]);
}

/** Without the entry at `path`, and without its part of arrays over the list. */
export function withoutRow(data: LooseRecord, path: Path): LooseRecord {
  const list = path.slice(0, -1);
  const position = path.at(-1) as number;
  const without = (entries: readonly unknown[]) => entries.filter((_, at) => at !== position);
  const left = without(asList(valueAt(data, list)));
  // A list within an entry that has lost its last is as if it had never been there.
  const shorter = withValue(data, list, left.length === 0 && list.length > 1 ? undefined : left) as LooseRecord;
  return list.length > 1 || isFleet(data) ? shorter : inTensors(shorter, String(list[0]), without);
}
