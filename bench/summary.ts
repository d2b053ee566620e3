/** Tables of one suite's records: solvers, cases, first plans, growth with size, spread over orders and seeds. */
import type { RunRecord } from './runRecord.ts';
import {
  type CaseResult,
  caseResults,
  commonCases,
  groupBy,
  growthOf,
  median,
  nearShare,
  type SolverSummary,
  solverSummary,
  virtualBest,
} from './statistics.ts';
import { numberText, percentText, secondsText, type Table } from './tables.ts';

export interface SuiteSummary {
  readonly name: string;
  /** Solvers that ran, in the order of the records. */
  readonly names: readonly string[];
  /** The solver that all others are compared with. */
  readonly base: string;
  readonly results: readonly CaseResult[];
}

/** As if one had known which solver to take: of all, and of HiGHS's runs on the two programs. */
const virtualBestOfAll = 'virtual best';
const virtualBestOfHighs = 'best of HiGHS';

export function summarize(name: string, records: readonly RunRecord[]): SuiteSummary {
  const names = [...new Set(records.map(({ solver }) => solver))];
  const base = names.includes('rolla')
    ? 'rolla'
    : (names.find((solver) => solver.startsWith('rolla')) ?? names[0] ?? '');
  return { name, names, base, results: caseResults(records) };
}

/** The results with those of the virtual solvers. */
function withVirtual({ names, results }: SuiteSummary): { names: readonly string[]; results: readonly CaseResult[] } {
  const highs = names.filter((name) => name.startsWith('highs'));
  const more = [
    ...(highs.length > 1 ? [{ name: virtualBestOfHighs, among: highs }] : []),
    ...(names.length > 1 ? [{ name: virtualBestOfAll, among: names }] : []),
  ];
  return {
    names: [...names, ...more.map(({ name }) => name)],
    results: [...results, ...more.flatMap(({ name, among }) => virtualBest(results, among, name))],
  };
}

export function solverTable(summary: SuiteSummary): Table {
  const { names, results } = withVirtual(summary);
  const row = (s: SolverSummary) => [
    s.solver,
    `${s.solved}/${s.cases}`,
    ...[s.geometricMean, s.fineGeometricMean, s.median, s.largest, s.par10, s.cpuGeometricMean].map(secondsText),
    ...[s.primalIntegral, s.primalDualIntegral].map(secondsText),
  ];
  return {
    head: [
      'solver',
      'solved',
      'shifted geo. mean (1 s)',
      'shifted geo. mean (10 ms)',
      'median',
      'largest',
      'PAR10',
      'CPU, shifted geo. mean (10 ms)',
      'primal integral',
      'primal-dual integral',
    ],
    rows: names.map((name) => row(solverSummary(name, results))),
  };
}

/** How many times slower each solver is than the base, by shifted means over the cases that both took part in. */
export function ratioTable(summary: SuiteSummary): Table | null {
  const { names, results } = withVirtual(summary);
  const { base } = summary;
  const others = names.filter((name) => name !== base && name !== virtualBestOfAll);
  if (others.length === 0) return null;
  return {
    head: ['solver', 'cases', 'by mean (1 s)', 'by mean (10 ms)', 'by CPU (10 ms)'],
    rows: others.map((name) => {
      const common = commonCases(results, [base, name]);
      const [own, other] = [solverSummary(base, common), solverSummary(name, common)];
      return [
        name,
        String(own.cases),
        numberText(other.geometricMean / own.geometricMean, 3),
        numberText(other.fineGeometricMean / own.fineGeometricMean, 3),
        numberText(other.cpuGeometricMean / own.cpuGeometricMean, 3),
      ];
    }),
  };
}

/** Cases grouped, the largest losses of the base against the best other solver first. */
export function caseTable({ results, base }: SuiteSummary): Table {
  const groups = groupBy(results, (result) => result.case);
  const loss = (group: readonly CaseResult[]): number => {
    const fastest = (isOwn: boolean) =>
      Math.min(...group.filter(({ solver }) => (solver === base) === isOwn).map(({ seconds }) => seconds));
    return fastest(true) / fastest(false);
  };
  const row = (r: CaseResult) => [
    r.case,
    r.solver,
    r.solved ? secondsText(r.seconds) : r.messages.length > 0 ? 'failed' : `> ${secondsText(r.seconds)}`,
    r.repeats > 1 ? secondsText(r.spread) : '-',
    secondsText(r.cpuSeconds),
    numberText(r.cost, 8),
    percentText(r.gap),
    numberText(r.nodes),
    numberText(r.simplexIterations),
    percentText(r.rootGapBefore),
    percentText(r.rootGapAfter),
    secondsText(r.firstIncumbent),
    secondsText(r.bestIncumbent),
    secondsText(r.primalIntegral),
    secondsText(r.primalDualIntegral),
    numberText(r.peakMegabytes === null ? null : Math.round(r.peakMegabytes)),
  ];
  return {
    head: [
      'case',
      'solver',
      'time',
      'spread',
      'CPU',
      'cost',
      'gap',
      'nodes',
      'LP iterations',
      'root gap before cuts',
      'after',
      'first plan',
      'best plan',
      'primal integral',
      'primal-dual',
      'peak MB',
    ],
    rows: [...groups.values()].sort((a, b) => loss(b) - loss(a)).flatMap((group) => group.map(row)),
  };
}

/** What failed, with the reasons, by solver and case. */
export function failureTable({ results }: SuiteSummary): Table | null {
  const rows = results
    .filter(({ messages }) => messages.length > 0)
    .map((r) => [r.case, r.solver, r.messages.join('; ')]);
  return rows.length === 0 ? null : { head: ['case', 'solver', 'why it failed'], rows };
}

/** The share of HiGHS's time to any plan within which ours shall be near the optimum. */
const firstPlanShare = 0.1;

/** Our time to a plan near the best cost beside HiGHS's time to any plan; the worst first. Null without both. */
export function firstPlanTable({
  results,
  base,
}: SuiteSummary): { readonly table: Table; readonly text: string } | null {
  const pairs = [...groupBy(results, (result) => result.case)].flatMap(([name, group]) => {
    const own = group.find(({ solver }) => solver === base);
    const others = group.flatMap(({ solver, firstIncumbent }) =>
      solver.startsWith('highs') && firstIncumbent !== null ? [firstIncumbent] : [],
    );
    const attempted = group.some(({ solver }) => solver.startsWith('highs'));
    if (own?.cost == null || !attempted) return [];
    const highs = others.length === 0 ? null : Math.min(...others);
    const ratio = own.nearIncumbent === null ? Infinity : highs === null ? 0 : own.nearIncumbent / highs;
    return [{ name, near: own.nearIncumbent, highs, ratio }];
  });
  if (pairs.length === 0) return null;
  const within = pairs.filter(({ ratio }) => ratio <= firstPlanShare).length;
  const before = pairs.filter(({ ratio }) => ratio <= 1).length;
  return {
    table: {
      head: ['case', `${base}: first plan within ${percentText(nearShare)}`, 'HiGHS: first plan of any cost', 'ratio'],
      rows: pairs
        .sort((a, b) => b.ratio - a.ratio)
        .map(({ name, near, highs, ratio }) => [
          name,
          secondsText(near),
          highs === null ? 'none' : secondsText(highs),
          highs === null || near === null ? '-' : numberText(ratio, 3),
        ]),
    },
    text:
      `First plan of \`${base}\` within ${percentText(nearShare)} of the best cost known, against the time of the fastest HiGHS to any ` +
      `plan: within a tenth of it on ${within} of ${pairs.length} cases, within all of it on ${before}; ` +
      `median ratio ${numberText(median(pairs.map(({ ratio }) => ratio)), 3)}.`,
  };
}

/** How many times slower than the base, by shifted means (10 ms) over the cases of this size that both took part in. */
function slowness(own: readonly CaseResult[], solver: string, base: string): string {
  if (solver === base) return '1';
  const common = commonCases(own, [base, solver]);
  if (common.length === 0) return '-';
  const ratio = solverSummary(solver, common).fineGeometricMean / solverSummary(base, common).fineGeometricMean;
  return numberText(ratio, 3);
}

/** Time, gap and memory by size for each solver, over cases of a series of growing sizes. */
export function growthTable({ results, names, base }: SuiteSummary, cases: ReadonlySet<string>): Table {
  const own = results.filter((result) => cases.has(result.case));
  const sizes = [...new Set(own.map(({ size }) => size))].sort((a, b) => a - b);
  const rows = names.flatMap((solver) =>
    sizes.flatMap((size) => {
      const group = own.filter((result) => result.solver === solver && result.size === size);
      if (group.length === 0) return [];
      const seconds = group.map((result) => result.seconds);
      const gaps = group.map(({ gap }) => gap ?? Infinity);
      const peaks = group.flatMap(({ peakMegabytes }) => peakMegabytes ?? []);
      return [
        [
          solver,
          String(size),
          `${group.filter(({ solved }) => solved).length}/${group.length}`,
          secondsText(group[0].timeLimit),
          secondsText(median(seconds)),
          secondsText(Math.max(...seconds)),
          slowness(
            own.filter((result) => result.size === size),
            solver,
            base,
          ),
          gapText(median(gaps)),
          gapText(Math.max(...gaps)),
          numberText(peaks.length === 0 ? null : Math.round(Math.max(...peaks))),
        ],
      ];
    }),
  );
  return {
    head: [
      'solver',
      'I x J x K',
      'proven',
      'limit',
      'median time',
      'largest',
      `time / ${base}'s`,
      'median gap',
      'largest',
      'peak MB',
    ],
    rows,
  };
}

/** Infinite: a run that has no plan, or no bound. */
const gapText = (gap: number): string => (Number.isFinite(gap) ? percentText(gap) : 'none');

/** The exponent of growth of each solver, in words. */
export function growthTexts({ results, names }: SuiteSummary, cases: ReadonlySet<string>): string[] {
  return names.flatMap((name) => {
    const growth = growthOf(results.filter((result) => result.solver === name && cases.has(result.case)));
    if (growth === null) return [];
    return [
      `Time of \`${name}\` grows as (I x J x K)^${numberText(growth.exponent, 3)} over its ${growth.cases} proven cases.`,
    ];
  });
}

/**
 * Spread of one instance over orders and solver seeds. `instanceOf` gives the instance's name of a case; null: no such
 * thing.
 */
export function spreadTable({ results }: SuiteSummary, instanceOf: (name: string) => string | null): Table | null {
  const told = results.flatMap((result) => {
    const instance = instanceOf(result.case);
    return instance === null ? [] : [{ instance, result }];
  });
  const groups = groupBy(told, ({ instance, result }) => JSON.stringify([instance, result.solver]));
  if (groups.size === 0) return null;
  const rows = [...groups.values()].map((members) => {
    const group = members.map(({ result }) => result);
    const seconds = group.map((result) => result.seconds);
    const nodes = group.flatMap((result) => result.nodes ?? []);
    const costs = group.flatMap((result) => result.cost ?? []);
    const [least, most] = [Math.min(...seconds), Math.max(...seconds)];
    return [
      members[0].instance,
      group[0].solver,
      `${group.filter(({ solved }) => solved).length}/${group.length}`,
      ...[least, median(seconds), most].map(secondsText),
      numberText(most / least, 3),
      nodes.length === 0 ? '-' : `${Math.min(...nodes)} - ${Math.max(...nodes)}`,
      costs.length === 0 ? '-' : percentText((Math.max(...costs) - Math.min(...costs)) / Math.abs(Math.min(...costs))),
    ];
  });
  return {
    head: [
      'instance',
      'solver',
      'proven',
      'least time',
      'median',
      'largest',
      'largest / least',
      'nodes',
      'spread of cost',
    ],
    rows,
  };
}
