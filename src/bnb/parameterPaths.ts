/**
 * The numbers of a room's record by path (`search.branching.lookahead`), each with the range that it may be set in.
 * Ranges follow from a default and its name, but for those that a room gives itself: a tolerance may grow a
 * hundredfold, as bounds and proofs lean on it; a share stays within (0, 1]; a count is whole.
 */

import { nearestName } from '../input/nearestName.ts';

interface ParameterRange {
  readonly least: number;
  readonly most: number;
  /** Whether `least` itself is out. */
  readonly above?: boolean;
  /** Whether `most` itself is out. */
  readonly below?: boolean;
  readonly whole?: boolean;
}

/** A number, or a list of them. */
export type ParameterValue = number | readonly number[];

/** Values by path: full, or with the groups left out where one name alone fits (`patterns.smoothing`). */
export type ParameterChanges = Readonly<Record<string, ParameterValue>>;

/** A room's record as those see it who read it. */
export type FrozenRecord<Group> = {
  readonly [Name in keyof Group]: Group[Name] extends number | readonly number[]
    ? Group[Name]
    : FrozenRecord<Group[Name]>;
};

/** The record of a room and what its numbers may be. */
export interface ParameterRoom<Parameters extends object = object> {
  readonly name: string;
  readonly defaults: Parameters;
  /** Ranges that the rule below does not give, by path without the room. */
  readonly ranges: Readonly<Record<string, ParameterRange>>;
}

interface Parameter {
  readonly path: string;
  readonly default: ParameterValue;
  readonly range: ParameterRange;
}

export interface ParameterFault {
  readonly path: string;
  readonly found: unknown;
  readonly expected: string;
}

/** Every number of the rooms, in their order. */
export function parametersOf(rooms: readonly ParameterRoom[]): readonly Parameter[] {
  return rooms.flatMap(({ name, defaults, ranges }) =>
    leaves(defaults).map(([path, value]) => ({
      path: `${name}.${path}`,
      default: value,
      range: ranges[path] ?? usualRange(path, value),
    })),
  );
}

/** The room's record with the changes of its own paths. What is wrong with `changes` is for `parameterFaults`. */
export function withChanges<Parameters extends object>(
  room: ParameterRoom<Parameters>,
  changes: ParameterChanges,
): Parameters {
  const given = Object.entries(changes);
  if (given.length === 0) return room.defaults;
  const known = parametersOf([room]);
  const found = given.flatMap(([name, value]) => {
    const fitting = parametersNamed(known, name);
    return fitting.length === 1 ? [[fitting[0].path, value] as const] : [];
  });
  if (found.length === 0) return room.defaults;
  const record = structuredClone(room.defaults);
  for (const [path, value] of found) {
    const steps = path.split('.').slice(1);
    const last = steps.pop()!;
    let group = record as Record<string, unknown>;
    for (const step of steps) group = group[step] as Record<string, unknown>;
    group[last] = value;
  }
  return record;
}

/** What of a record differs from the room's defaults, by full path. */
export function changesOf<Parameters extends object>(
  room: ParameterRoom<Parameters>,
  record: Parameters,
): ParameterChanges {
  if (record === room.defaults) return {};
  const defaults = new Map(leaves(room.defaults));
  const differing = leaves(record).filter(([path, value]) => !isSame(value, defaults.get(path)));
  return Object.fromEntries(differing.map(([path, value]) => [`${room.name}.${path}`, value]));
}

/** Everything wrong with changes to the rooms' numbers, in the order given. */
export function parameterFaults(rooms: readonly ParameterRoom[], changes: unknown): readonly ParameterFault[] {
  if (typeof changes !== 'object' || changes === null || Array.isArray(changes))
    return [
      { path: '', found: changes, expected: 'an object of numbers by path, such as "search.branching.lookahead"' },
    ];
  const known = parametersOf(rooms);
  const seen = new Map<string, string>();
  return Object.entries(changes).flatMap(([given, value]): ParameterFault[] => {
    const fitting = parametersNamed(known, given);
    if (fitting.length === 0) return [{ path: given, found: value, expected: nearestText(known, given) }];
    if (fitting.length > 1)
      return [{ path: given, found: value, expected: `one of ${fitting.map(({ path }) => path).join(', ')}` }];
    const [{ path, range, default: usual }] = fitting;
    const twin = seen.get(path);
    seen.set(path, given);
    if (twin !== undefined) return [{ path: given, found: value, expected: `nothing: ${twin} sets ${path} already` }];
    const isList = Array.isArray(usual);
    const isGood = isList
      ? Array.isArray(value) && value.length > 0 && value.every((entry) => isWithin(entry, range))
      : isWithin(value, range);
    return isGood ? [] : [{ path: given, found: value, expected: rangeText(range, isList) }];
  });
}

/** The range in words. */
export function rangeText(
  { least, most, above = false, below = false, whole = false }: ParameterRange,
  isList = false,
) {
  const lower = least === -Infinity ? '' : ` ${above ? '>' : '>='} ${least}`;
  const upper = most >= Number.MAX_SAFE_INTEGER ? '' : `${lower === '' ? '' : ' and'} ${below ? '<' : '<='} ${most}`;
  const one = `${whole ? 'whole number' : 'number'}${lower}${upper}`;
  return isList ? `a list of numbers${lower}${upper}` : `a ${one}`;
}

function leaves(record: object, prefix = ''): (readonly [string, ParameterValue])[] {
  return Object.entries(record).flatMap(([name, value]: [string, unknown]) =>
    typeof value === 'number' || Array.isArray(value)
      ? [[prefix + name, value as ParameterValue] as const]
      : leaves(value as object, `${prefix}${name}.`),
  );
}

/** The full path of the number that a sound name means. */
export function fullPath(rooms: readonly ParameterRoom[], given: string): string {
  return parametersNamed(parametersOf(rooms), given)[0]?.path ?? given;
}

/** The parameter of this path, or those of its room that end in it. */
function parametersNamed(known: readonly Parameter[], given: string): readonly Parameter[] {
  const exact = known.filter(({ path }) => path === given);
  if (exact.length > 0) return exact;
  const dot = given.indexOf('.');
  if (dot < 0) return [];
  const [room, rest] = [given.slice(0, dot + 1), given.slice(dot)];
  return known.filter(({ path }) => path.startsWith(room) && path.endsWith(rest));
}

/** Names that start with one of these may be 0: none of it. */
const mayBeNone = /(^|\.)(most|rounds|openings|exchanges|lookahead|leastDepth|priceRaises|root|priced|pooled)|Rounds$/;
/** Whole by chance: sizes, prices and times, which need not be. */
const isMeasure = /^largest(Range|Slope|Slack|DerivedBound)$|Interval$|Values$|Multiple$|Shared$|Price$/;
const isGrowth = /Growth$|Factor$|Up$/;
const largestToleranceGrowth = 100;
/** Defaults up to this are tolerances and gains too small to matter. */
const smallDefault = 1e-3;

function usualRange(path: string, value: ParameterValue): ParameterRange {
  const positive = { least: 0, above: true, most: Infinity };
  if (typeof value !== 'number') return positive;
  const name = path.slice(path.lastIndexOf('.') + 1);
  if (isGrowth.test(name)) return { least: 1, above: true, most: Infinity };
  if (value <= smallDefault)
    return { least: 0, above: true, most: Number((value * largestToleranceGrowth).toPrecision(12)) };
  if (value < 1) return { least: 0, above: true, most: 1 };
  if (!Number.isInteger(value) || isMeasure.test(name)) return positive;
  return { least: mayBeNone.test(name) ? 0 : 1, most: Number.MAX_SAFE_INTEGER, whole: true };
}

function isWithin(value: unknown, { least, most, above = false, below = false, whole = false }: ParameterRange) {
  if (typeof value !== 'number' || !Number.isFinite(value)) return false;
  if (whole && !Number.isSafeInteger(value)) return false;
  return (above ? value > least : value >= least) && (below ? value < most : value <= most);
}

function isSame(a: ParameterValue, b: ParameterValue | undefined): boolean {
  return typeof a === 'number' ? a === b : Array.isArray(b) && a.join() === b.join();
}

function nearestText(known: readonly Parameter[], given: string): string {
  const names = new Map<string, string>();
  for (const { path } of known) {
    const parts = path.split('.');
    for (const name of [path, `${parts[0]}.${parts.at(-1)}`]) if (!names.has(name)) names.set(name, path);
  }
  const nearest = names.get(nearestName([...names.keys()], given)) ?? '';
  return `a parameter's path; the nearest is ${nearest} (rolla strategies lists them all)`;
}
