/**
 * What the pattern relaxation has learnt, as plain data. The master is saved as the steps that made its rows and columns: done again
 * on a new master they give the same rows and columns in the same places, so that its basis and duals still fit.
 */
import type { Basis } from '../../lp/simplexTypes.ts';
import type { BoundCertificate } from './columnGeneration.ts';
import type { Pattern } from './pattern.ts';
import type { CountBounds, NodeRestrictions } from './patternDecision.ts';
import type { SavedPool } from './patternPool.ts';
import type { PatternTable } from './patternTable.ts';
import type { SubsetTriple } from './restrictedMaster.ts';

/** One addition of rows or columns to the master. */
export type MasterStep =
  | { readonly kind: 'patterns'; readonly patterns: readonly Pattern[] }
  | { readonly kind: 'pairs'; readonly pairs: readonly number[] }
  | { readonly kind: 'count'; readonly key: string; readonly pairs: readonly number[] }
  | { readonly kind: 'pooled'; readonly queryType: number }
  | { readonly kind: 'subsets'; readonly triples: readonly SubsetTriple[] };

export interface SavedMaster {
  readonly steps: readonly MasterStep[];
  /** (t): surcharge of the t-th artificial column. */
  readonly surcharges: readonly number[];
  readonly basis: Basis;
}

export interface SavedPricing {
  /** Factor on the delay limits that the pricing is for; Infinity: none. */
  readonly stretch: number;
  readonly blocked: Uint8Array;
  /** (option): multipliers of pricing, which decide what is skipped. */
  readonly muA: Float64Array;
  readonly muB: Float64Array;
}

export interface SavedRestrictions extends Omit<NodeRestrictions, 'table' | 'counts'> {
  readonly counts: readonly (readonly [string, CountBounds])[];
}

export interface SavedPatternState {
  readonly master: SavedMaster;
  readonly closed: Uint8Array;
  readonly pricings: readonly SavedPricing[];
  readonly rootCertificate: {
    readonly stretch: number;
    readonly restrictions: SavedRestrictions;
    readonly certificate: BoundCertificate;
  } | null;
  /** Null until there is one. */
  readonly pool: SavedPool | null;
  readonly hopelessGap: number;
  readonly solvedNodes: number;
  readonly dives: number;
}

export function saveRestrictions({ table: _table, counts, ...rest }: NodeRestrictions): SavedRestrictions {
  return { ...rest, counts: [...counts] };
}

export function restoreRestrictions(table: PatternTable, { counts, ...rest }: SavedRestrictions): NodeRestrictions {
  return { ...rest, table, counts: new Map(counts) };
}
