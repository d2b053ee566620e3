/**
 * Prices the patterns of split placement at duals of `SplitMaster`: the search for the least reduced cost of single
 * placement serves, with least fractions of 0.
 */
import type { PlanningProblem } from '../../model/compiled/planningProblem.ts';
import { PatternPricer, type PatternPrices } from '../../patterns/pricing/patternPricer.ts';
import { buildPatternTable, type PatternTable } from '../../patterns/pricing/patternTable.ts';
import type { Region } from '../check/region.ts';
import type { RoundedFacts } from '../check/roundedFacts.ts';
import { isAllowed, type SplitPattern } from './splitPatterns.ts';
import type { BoundedRow, SplitRows } from './splitRows.ts';

/** Replicas beyond the useful ones that are looked at where nothing limits them. */
const idleReplicas = 16;
/** What a query type that must be in gains by it in a search, beyond the size of all costs. */
const bonusShare = 4;

export interface SplitPrices {
  /** Lagrangian bound, in the rows' unit of money. */
  readonly bound: number;
  readonly patterns: readonly SplitPattern[];
}

export class SplitPricing {
  readonly #rows: SplitRows;
  readonly #numPairs: number;
  readonly #table: PatternTable;
  readonly #pricer: PatternPricer;
  /** (d): configuration of its pair as the checker counts; -1 where it knows none. */
  readonly #configuration: Int32Array;

  constructor(facts: RoundedFacts, rows: SplitRows, problem: PlanningProblem) {
    this.#rows = rows;
    this.#numPairs = facts.pairs.length;
    const { pair, tpDegree, pipelineDegree, count } = problem.deployments;
    this.#configuration = Int32Array.from({ length: count }, (_, d) =>
      facts.facts.pairs[pair[d]].configurations.findIndex(
        (each) => each.tpDegree === tpDegree[d] && each.pipelineDegree === pipelineDegree[d],
      ),
    );
    // The search's own limits on replicas say what is of use; a count of GPUs from below can make idle ones pay.
    const maxReplicas = problem.deployments.maxReplicas.map((most, d) => {
      const known = facts.facts.pairs[pair[d]].configurations[this.#configuration[d]]?.mostReplicas;
      return known === undefined ? 0 : Number(known ?? idleReplicas + 2 * most);
    });
    this.#table = buildPatternTable({
      ...problem,
      deployments: { ...problem.deployments, maxReplicas },
      unmetCap: problem.unmetCap.map(() => 1),
    });
    this.#pricer = new PatternPricer(this.#table);
  }

  /** Patterns of the region that cost less than their pair's dual by the tolerance, the best first. */
  price(region: Region, duals: Float64Array, phase: 1 | 2, tolerance: number, most: number): SplitPrices {
    const table = this.#table;
    const rows = this.#rows;
    const priced = rows.list.flatMap((row, at): { row: BoundedRow; dual: number }[] => {
      const dual = duals[at];
      // On a side that there is not a dual is rounding.
      const isReal = Math.abs(dual > 0 ? row.lower : row.upper) < Infinity;
      return dual !== 0 && isReal && rows.pairOf(at) < 0 ? [{ row, dual }] : [];
    });
    const costs = phase === 1 ? 0 : 1;
    let bound = costs * rows.offset;
    for (const { row, dual } of priced) bound += dual * (dual > 0 ? row.lower : row.upper);
    const range = this.#rangeOf(region);
    const { numQueryTypes } = table.problem;
    const extraRate = new Float64Array(numQueryTypes * table.numDeployments);
    for (let d = 0; d < table.numDeployments; d++) {
      if (range.mostReplicas[d] < range.leastReplicas[d]) continue;
      for (let e = table.start[d]; e < table.start[d + 1]; e++) {
        const i = table.queryType[e];
        let rate = costs * rows.cost.fraction(i, table.pair[d], this.#configuration[d]);
        for (const { row, dual } of priced) rate -= dual * row.fraction(i, table.pair[d], this.#configuration[d]);
        extraRate[table.at[e]] = rate;
      }
    }
    const bonus = bonusShare * (Math.abs(bound) + Math.abs(rows.offset));
    const cover = new Float64Array(numQueryTypes);
    const prices: PatternPrices = {
      cover,
      rental: (d, replicas) => {
        const c = this.#configuration[d];
        let cost = costs * rows.cost.pattern(table.pair[d], c, replicas);
        for (const { row, dual } of priced) cost -= dual * row.pattern(table.pair[d], c, replicas);
        return cost;
      },
      placementCost: Float64Array.from({ length: this.#numPairs }, (_, pair) => {
        let cost = costs * rows.cost.placed(0, pair);
        for (const { row, dual } of priced) cost -= dual * row.placed(0, pair);
        return cost;
      }),
      rateFactor: 0,
      extraRate,
      subsets: [],
    };
    const found: { pattern: SplitPattern; gain: number }[] = [];
    table.deploymentsOfPair.forEach((deployments, pair) => {
      const dual = duals[rows.pairRow(pair)];
      let promised = 0;
      region.mustPlace.forEach((row, i) => {
        cover[i] = row[pair] ? bonus : 0;
        promised += cover[i];
      });
      const mayBeEmpty = region.mayBeEmpty[pair];
      let least = mayBeEmpty ? 0 : Infinity;
      const worthy = (mayBeEmpty ? Math.min(0, dual) : dual) - tolerance;
      for (const d of deployments) {
        if (this.#configuration[d] < 0 || range.mostReplicas[d] < range.leastReplicas[d]) continue;
        if (this.#pricer.quickBound(d, prices, range) + promised >= worthy) {
          least = Math.min(least, Math.max(worthy, this.#pricer.quickBound(d, prices, range) + promised));
          continue;
        }
        least = Math.min(least, this.#pricer.search(d, prices, range, worthy - promised) + promised);
        this.#pricer.found.forEach(({ replicas, queryTypes, fractions }, at) => {
          const items = [...queryTypes].map((queryType, t) => ({ queryType, fraction: fractions[t] }));
          const pattern = { pair, configuration: this.#configuration[d], replicas, items };
          if (isAllowed(region, pattern))
            found.push({ pattern, gain: worthy - promised - this.#pricer.foundValues[at] });
        });
      }
      if (least < Infinity) bound += least;
    });
    found.sort((a, b) => b.gain - a.gain);
    return { bound, patterns: found.slice(0, most).map(({ pattern }) => pattern) };
  }

  #rangeOf(region: Region) {
    const table = this.#table;
    const blocked = Uint8Array.from(table.queryType, () => 0);
    const leastReplicas = new Int32Array(table.numDeployments);
    const mostReplicas = new Int32Array(table.numDeployments);
    for (let d = 0; d < table.numDeployments; d++) {
      const pair = table.pair[d];
      const bounds = this.#configuration[d] < 0 ? null : region.configurations[pair][this.#configuration[d]];
      leastReplicas[d] = Math.max(table.leastReplicas[d], Number(bounds?.least ?? 1));
      mostReplicas[d] = bounds === null ? 0 : Math.min(table.mostReplicas[d], Number(bounds.most ?? Infinity));
      for (let e = table.start[d]; e < table.start[d + 1]; e++)
        if (!region.mayPlace[table.queryType[e]][pair]) blocked[e] = 1;
    }
    return { blocked, leastReplicas, mostReplicas };
  }
}
