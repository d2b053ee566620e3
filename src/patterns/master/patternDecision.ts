/**
 * Branching decisions of the pattern relaxation, as plain data, and the restrictions that a node's decisions add up to:
 * which options and placements may be used, which pairs must be rented, and bounds on counts of rented pairs.
 */
import type { PatternTable } from '../pricing/patternTable.ts';

/** Of the options of `pair` only `allowed` may be used; without `none` one of them must be. Classes w and y. */
interface OptionDecision {
  readonly kind: 'options';
  readonly pair: number;
  readonly allowed: readonly number[];
  readonly none: boolean;
}

/** The query type is placed on one of `pairs` (`inside`) or on none of them. Class z. */
interface PlacementDecision {
  readonly kind: 'placement';
  readonly queryType: number;
  readonly pairs: readonly number[];
  readonly inside: boolean;
}

/** The number of rented pairs among `pairs` is within bounds. Class w. */
interface CountDecision {
  readonly kind: 'count';
  readonly pairs: readonly number[];
  readonly least: number;
  readonly most: number;
}

export type PatternDecision = OptionDecision | PlacementDecision | CountDecision;

interface CountBounds {
  readonly pairs: readonly number[];
  least: number;
  most: number;
}

export interface NodeRestrictions {
  readonly table: PatternTable;
  /** (entry of the table): 1 where the placement is ruled out. */
  readonly blocked: Uint8Array;
  /** (option): 1 where the option is ruled out. */
  readonly closed: Uint8Array;
  /** (pair): 1 where one option must be rented. */
  readonly required: Uint8Array;
  readonly counts: ReadonlyMap<string, CountBounds>;
  /** The decisions contradict each other. */
  readonly contradicts: boolean;
}

export interface SavedRestrictions extends Omit<NodeRestrictions, 'table' | 'counts'> {
  readonly counts: readonly (readonly [string, CountBounds])[];
}

/** What is known to be useless anywhere below the root: same layout as `NodeRestrictions`. */
export interface Fixings {
  readonly blocked: Uint8Array;
  readonly closed: Uint8Array;
}

/** Adds up the decisions, on top of `fixings`. */
export function restrictionsOf(
  table: PatternTable,
  decisions: readonly PatternDecision[],
  fixings: Fixings,
): NodeRestrictions {
  const blocked = fixings.blocked.slice();
  const closed = fixings.closed.slice();
  const required = new Uint8Array(table.optionsOfPair.length);
  const counts = new Map<string, CountBounds>();
  let contradicts = false;
  for (const decision of decisions) {
    if (decision.kind === 'options') {
      for (const o of table.optionsOfPair[decision.pair]) {
        if (!decision.allowed.includes(o)) closed[o] = 1;
      }
      if (!decision.none) required[decision.pair] = 1;
    } else if (decision.kind === 'placement') {
      const named = new Set(decision.pairs);
      for (let o = 0; o < table.numOptions; o++) {
        if (named.has(table.pair[o]) === decision.inside) continue;
        const entry = entryAt(table, o, decision.queryType);
        if (entry >= 0) blocked[entry] = 1;
      }
    } else {
      const key = decision.pairs.join();
      const bounds = counts.get(key) ?? { pairs: decision.pairs, least: 0, most: Infinity };
      bounds.least = Math.max(bounds.least, decision.least);
      bounds.most = Math.min(bounds.most, decision.most);
      if (bounds.least > bounds.most) contradicts = true;
      counts.set(key, bounds);
    }
  }
  table.optionsOfPair.forEach((options, pair) => {
    if (required[pair] === 1 && options.every((o) => closed[o] === 1)) contradicts = true;
  });
  return { table, blocked, closed, required, counts, contradicts };
}

/** The entry of (option, query type), or -1. */
export function entryAt(table: PatternTable, option: number, queryType: number): number {
  let low = table.start[option];
  let high = table.start[option + 1] - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (table.queryType[middle] === queryType) return middle;
    if (table.queryType[middle] < queryType) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

export function saveRestrictions({ table: _table, counts, ...rest }: NodeRestrictions): SavedRestrictions {
  return { ...rest, counts: [...counts] };
}

export function restoreRestrictions(table: PatternTable, { counts, ...rest }: SavedRestrictions): NodeRestrictions {
  return { ...rest, table, counts: new Map(counts) };
}
