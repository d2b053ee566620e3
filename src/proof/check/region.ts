/**
 * The plans that the splits above a node leave: which configurations with how many replicas, which placements, whether
 * a pair may stay empty, and counts. Each split is exhaustive by its form: what one child allows the other forbids.
 */
import type { Facts } from './facts.ts';
import { ProofError, type Split } from './proofFormat.ts';

/** Configurations by pair. */
export type Named = ReadonlyMap<number, ReadonlySet<number>>;

export interface Region {
  readonly isSplit: boolean;
  /** (pair, configuration): bounds on its replicas; null where it is shut. `most` null: no limit. */
  readonly configurations: readonly (readonly ({ readonly least: bigint; readonly most: bigint | null } | null)[])[];
  /** (pair): whether it may stay without any. */
  readonly mayBeEmpty: readonly boolean[];
  /** (i, pair): whether the query type may be placed there. */
  readonly mayPlace: readonly (readonly boolean[])[];
  /** (i, pair): whether it has to be, under split placement. */
  readonly mustPlace: readonly (readonly boolean[])[];
  /** (i): whether it may be placed nowhere. */
  readonly mayStayOut: readonly boolean[];
  /** From the root down: at most (`isMost`) or at least so many of the pairs are rented. */
  readonly counts: readonly { readonly pairs: ReadonlySet<number>; readonly isMost: boolean; readonly limit: bigint }[];
  /** From the root down: configurations, by pair, of which at least one is rented. */
  readonly some: readonly Named[];
}

export function wholeRegion({ pairs, queryTypes, isSplit }: Facts): Region {
  return {
    isSplit,
    configurations: pairs.map(({ configurations }) =>
      configurations.map(({ leastReplicas, mostReplicas }) => bounded(leastReplicas, mostReplicas)),
    ),
    mayBeEmpty: pairs.map(() => true),
    mayPlace: queryTypes.map(() => pairs.map(() => true)),
    mustPlace: queryTypes.map(() => pairs.map(() => false)),
    mayStayOut: queryTypes.map(({ mayStayOut }) => mayStayOut),
    counts: [],
    some: [],
  };
}

/** What is left of the region below one child of the split. Throws ProofError where it names what there is not. */
export function childOf(region: Region, split: Split, child: 0 | 1, path: string): Region {
  const isFirst = child === 0;
  const { configurations, mayPlace, mayBeEmpty, mayStayOut, counts } = region;
  const check = (positions: readonly number[], list: readonly unknown[], of: string) => {
    if (positions.some((at) => at >= list.length)) throw new ProofError(path, `names a ${of} that there is not`);
  };
  if (split.kind === 'count') {
    check(split.pairs, mayBeEmpty, 'pair');
    const limit = BigInt(split.most) + (isFirst ? 0n : 1n);
    return { ...region, counts: [...counts, { pairs: new Set(split.pairs), isMost: isFirst, limit }] };
  }
  if (split.kind === 'without') {
    const named: Named = new Map(
      Object.entries(split.configurations).map(([pair, list]) => {
        check([Number(pair)], mayBeEmpty, 'pair');
        check(list, configurations[Number(pair)], 'configuration');
        return [Number(pair), new Set(list)];
      }),
    );
    if (!isFirst) return { ...region, some: [...region.some, named] };
    const isLeft = (pair: number, c: number) => named.get(pair)?.has(c) !== true;
    return {
      ...region,
      configurations: configurations.map((bounds, pair) => bounds.map((bound, c) => (isLeft(pair, c) ? bound : null))),
    };
  }
  if (split.kind === 'place') {
    const { queryType, pairs } = split;
    check([queryType], mayPlace, 'query type');
    check(pairs, mayBeEmpty, 'pair');
    const named = new Set(pairs);
    if (region.isSplit && !isFirst) return elsewhereToo(region, queryType, named);
    return {
      ...region,
      mayPlace: replaced(mayPlace, queryType, (row) => row.map((may, pair) => may && named.has(pair) === isFirst)),
      mayStayOut: replaced(mayStayOut, queryType, (may) => may && !isFirst),
    };
  }
  check([split.pair], mayBeEmpty, 'pair');
  const ofPair = configurations[split.pair];
  if (split.kind === 'configuration') {
    check(split.configurations, ofPair, 'configuration');
    const named = new Set(split.configurations);
    return {
      ...region,
      configurations: replaced(configurations, split.pair, (bounds) =>
        bounds.map((bound, c) => (named.has(c) === isFirst ? bound : null)),
      ),
      mayBeEmpty: replaced(mayBeEmpty, split.pair, (may) => may && split.none === isFirst),
    };
  }
  check([split.configuration], ofPair, 'configuration');
  const most = BigInt(split.most);
  const atMost = ({ least, most: before }: Bounds) => bounded(least, before === null || before > most ? most : before);
  const above = ({ least, most: before }: Bounds) => bounded(least > most ? least : most + 1n, before);
  return {
    ...region,
    configurations: replaced(configurations, split.pair, (bounds) =>
      bounds.map((bound, c) => {
        if (c !== split.configuration) return isFirst ? bound : null;
        return bound && (isFirst ? atMost : above)(bound);
      }),
    ),
    mayBeEmpty: replaced(mayBeEmpty, split.pair, (may) => may && isFirst),
  };
}

/** Placed on some pair beside the named ones, perhaps on these as well: says something where one is left. */
function elsewhereToo(region: Region, queryType: number, named: ReadonlySet<number>): Region {
  const others = region.mayPlace[queryType].flatMap((may, pair) => (may && !named.has(pair) ? [pair] : []));
  if (others.length !== 1) return region;
  const [only] = others;
  return {
    ...region,
    mustPlace: replaced(region.mustPlace, queryType, (row) => row.map((must, pair) => must || pair === only)),
    mayBeEmpty: replaced(region.mayBeEmpty, only, () => false),
  };
}

type Bounds = { readonly least: bigint; readonly most: bigint | null };

function bounded(least: bigint, most: bigint | null): Bounds | null {
  return most !== null && least > most ? null : { least, most };
}

function replaced<T>(list: readonly T[], at: number, change: (value: T) => T): readonly T[] {
  return list.map((value, position) => (position === at ? change(value) : value));
}
