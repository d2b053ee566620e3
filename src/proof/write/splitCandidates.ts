/**
 * What a fractional point of split placement can be split by: what is rented and how many pairs there are, replicas,
 * placements.
 */
import type { BranchingCandidate } from '../../bnb/relaxation.ts';
import type { Split } from '../check/proofFormat.ts';
import type { Region } from '../check/region.ts';
import type { RoundedFacts } from '../check/roundedFacts.ts';
import type { SplitPoint } from './splitRows.ts';

type WithoutChildren<T> = T extends unknown ? Omit<T, 'children'> : never;
export type PlainSplit = WithoutChildren<Split>;

/** A child of a split. */
export interface SplitSide {
  readonly split: PlainSplit;
  readonly child: 0 | 1;
}

/** In the order in which they are decided: with replicas whole hardly anything is rented in parts. */
export const splitClasses = ['replicas', 'rented', 'placed'] as const;

/** Values this near a whole number are whole. */
const integrality = 1e-6;

/** Sums that a plan makes whole. */
export function splitCandidates(
  { pairs, facts }: RoundedFacts,
  region: Region,
  point: SplitPoint,
): BranchingCandidate<SplitSide>[] {
  const found: BranchingCandidate<SplitSide>[] = [];
  /** `whole`: the child in which the value is the larger. */
  const add = (branchingClass: string, key: string, value: number, split: PlainSplit, whole: 0 | 1) => {
    if (Math.abs(value - Math.round(value)) <= integrality) return;
    const down = { split, child: whole === 0 ? 1 : 0 } as const;
    found.push({ branchingClass, key, value, down, up: { split, child: whole } });
  };
  const rented = new Map<number, number>();
  const placed = new Map<string, number>();
  for (const { pair, configuration, rented: part, replicas, isSingle, served } of point) {
    rented.set(pair, (rented.get(pair) ?? 0) + part);
    const configurations = [configuration];
    add('rented', `${pair} ${configuration}`, part, { kind: 'configuration', pair, configurations, none: false }, 0);
    const most = Math.floor(replicas);
    if (!isSingle)
      add('replicas', `m ${pair} ${configuration}`, replicas, { kind: 'replicas', pair, configuration, most }, 1);
    for (const { queryType, part: of } of served) {
      const key = `${queryType} ${pair}`;
      placed.set(key, (placed.get(key) ?? 0) + of);
    }
  }
  let total = 0;
  for (const [pair, part] of rented) {
    total += part;
    add('rented', `${pair}`, part, { kind: 'configuration', pair, configurations: [], none: true }, 1);
  }
  const all = facts.pairs.flatMap(({ configurations }, pair) => (configurations.length > 0 ? [pair] : []));
  add('rented', 'count', total, { kind: 'count', pairs: all, most: Math.floor(total) }, 1);
  if (facts.options.weightStorage === 'per-placement') {
    for (const [key, part] of placed) {
      const [queryType, pair] = key.split(' ').map(Number);
      if (region.mustPlace[queryType][pair] || pairs[pair].weights === 0n) continue;
      const elsewhere = pairs.flatMap((_, at) => (at !== pair && region.mayPlace[queryType][at] ? [at] : []));
      add('placed', `z ${key}`, Math.min(1, part), { kind: 'place', queryType, pairs: elsewhere }, 1);
    }
  }
  return found;
}

/**
 * A split of what the region leaves open, for a point that says nothing: what the linear program does not know may be
 * what the bound hangs on. Null: all is decided.
 */
export function undecided({ configurations, mayBeEmpty }: Region): PlainSplit | null {
  for (const [pair, bounds] of configurations.entries()) {
    const open = bounds.flatMap((bound, at) => (bound === null ? [] : [at]));
    if (open.length + (mayBeEmpty[pair] ? 1 : 0) > 1)
      return { kind: 'configuration', pair, configurations: [open[0]], none: false };
  }
  for (const [pair, bounds] of configurations.entries()) {
    for (const [configuration, bound] of bounds.entries())
      if (bound !== null && (bound.most === null || bound.least < bound.most))
        return { kind: 'replicas', pair, configuration, most: Number(bound.least) };
  }
  return null;
}
