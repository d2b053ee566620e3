/** What a fractional point of split placement can be split by: of each class the most promising. */
import type { Facts } from '../check/facts.ts';
import type { Split } from '../check/proofFormat.ts';
import type { Region } from '../check/region.ts';
import type { SplitPoint } from './splitPatterns.ts';

type WithoutChildren<T> = T extends unknown ? Omit<T, 'children'> : never;
export type PlainSplit = WithoutChildren<Split>;

/** Values this near a whole number are whole. */
const integrality = 1e-6;

/**
 * So many of each class: rented pairs and how many there are, configurations, replicas, placements. All classes are
 * weighed against each other: one class before the next takes four times the leaves on the reference instance.
 */
const mostOfClass = [10, 5, 3, 5] as const;

/** Sums that a plan makes whole. */
export function splitCandidates({ pairs }: Facts, region: Region, point: SplitPoint): PlainSplit[] {
  const rented = new Map<number, number>();
  const configured = new Map<string, number>();
  const replicas = new Map<string, number>();
  const placed = new Map<string, number>();
  const add = <Key>(sums: Map<Key, number>, key: Key, amount: number) => sums.set(key, (sums.get(key) ?? 0) + amount);
  for (const { pattern, weight } of point) {
    const { pair, configuration } = pattern;
    add(rented, pair, weight);
    add(configured, `${pair} ${configuration}`, weight);
    add(replicas, `${pair} ${configuration}`, weight * pattern.replicas);
    for (const { queryType } of pattern.items) add(placed, `${queryType} ${pair}`, weight);
  }
  const numbers = (key: string) => key.split(' ').map(Number);
  const classes: { readonly split: PlainSplit; readonly value: number }[][] = [
    [...rented].map(([pair, value]) => ({
      split: { kind: 'configuration', pair, configurations: [], none: true },
      value,
    })),
    [...configured].map(([key, value]) => {
      const [pair, configuration] = numbers(key);
      return { split: { kind: 'configuration', pair, configurations: [configuration], none: false }, value };
    }),
    [...replicas].map(([key, value]) => {
      const [pair, configuration] = numbers(key);
      return { split: { kind: 'replicas', pair, configuration, most: Math.floor(value) }, value };
    }),
    [...placed].map(([key, value]) => {
      const [queryType, pair] = numbers(key);
      const elsewhere = pairs.flatMap((_, at) => (at !== pair && region.mayPlace[queryType][at] ? [at] : []));
      return { split: { kind: 'place', queryType, pairs: elsewhere }, value };
    }),
  ];
  const total = [...rented.values()].reduce((sum, weight) => sum + weight, 0);
  const all = pairs.flatMap(({ configurations }, pair) => (configurations.length > 0 ? [pair] : []));
  classes[0].push({ split: { kind: 'count', pairs: all, most: Math.floor(total) }, value: total });
  const distance = ({ value }: { readonly value: number }) => Math.abs(value - Math.round(value));
  return classes.flatMap((list, at) =>
    list
      .filter((each) => distance(each) > integrality)
      .sort((a, b) => distance(b) - distance(a))
      .slice(0, mostOfClass[at])
      .map(({ split }) => split),
  );
}

/**
 * A split of what the region leaves open, for a point that says nothing: patterns that the pricing does not make (a
 * query type that has to be there, and is not served) may be what the bound hangs on. Null: all is decided.
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
