/**
 * Prices of the rows that deployments share (one place for each query type, budget, storage, GPUs), at the optimum of
 * the pattern LP: the Dantzig-Wolfe master in which every deployment with what it serves is a block
 * (src/model/patterns). Its Lagrangian bound L holds for every plan, and what a deployment or a placement adds to L
 * rules it out where that passes an incumbent's cost.
 *
 * Computed once, from the problem alone, so that a resumed search finds the same. Single placement only, as patterns
 * are.
 */

import type { BoundChange } from '../../bnb/linear/linearDecision.ts';
import type { Steps } from '../../lp/steps.ts';
import type { StrengthenedFormulation } from '../../model/formulations/formulation.ts';
import type { BoundCertificate } from '../../patterns/master/dualPrices.ts';
import { priceDuals } from '../../patterns/master/dualPrices.ts';
import { entryAt, type NodeRestrictions, restrictionsOf } from '../../patterns/master/patternDecision.ts';
import { generateColumns } from '../../patterns/master/pricedColumns.ts';
import { fixByReducedCost } from '../../patterns/master/reducedCostFixing.ts';
import { RestrictedMaster } from '../../patterns/master/restrictedMaster.ts';
import { PatternPricer } from '../../patterns/pricing/patternPricer.ts';
import { buildPatternTable, type PatternTable } from '../../patterns/pricing/patternTable.ts';
import { supportsPatterns } from '../../patterns/supportsPatterns.ts';
import { type CompactParameters, defaultCompactParameters } from '../parameters.ts';

export class BlockPrices {
  readonly #formulation: StrengthenedFormulation;
  readonly #table: PatternTable;
  readonly #pricer: PatternPricer;
  readonly #master: RestrictedMaster;
  readonly #restrictions: NodeRestrictions;
  readonly #tolerance: number;
  #certificate: BoundCertificate | null = null;

  constructor(formulation: StrengthenedFormulation, { priceTolerance } = defaultCompactParameters.blocks) {
    const { problem, columns } = formulation;
    this.#formulation = formulation;
    this.#tolerance = priceTolerance;
    this.#table = buildPatternTable(problem);
    this.#pricer = new PatternPricer(this.#table);
    this.#master = new RestrictedMaster(this.#table);
    const { queryType, numDeployments } = this.#table;
    this.#restrictions = restrictionsOf(this.#table, [], {
      blocked: new Uint8Array(queryType.length),
      closed: Uint8Array.from({ length: numDeployments }, (_, d) => (columns.w[d] >= 0 ? 0 : 1)),
    });
  }

  /** The formulation's prices, or null where its problem has no patterns. */
  static of(formulation: StrengthenedFormulation, blocks?: CompactParameters['blocks']): BlockPrices | null {
    return supportsPatterns(formulation.problem).supported ? new BlockPrices(formulation, blocks) : null;
  }

  /** The pattern LP's Lagrangian bound; -Infinity before `solve` and where that was stopped too early. */
  get bound(): number {
    return this.#certificate?.bound ?? -Infinity;
  }

  get simplexIterations(): number {
    return this.#master.solver.iterations;
  }

  /** Generates patterns until the prices are the best ones; yields between rounds. */
  *solve(shouldStop: () => boolean): Steps<void> {
    this.#master.restrict(this.#restrictions);
    const limits = { cutoff: Infinity, tolerance: this.#tolerance, shouldStop };
    const { certificate } = yield* generateColumns(this.#master, this.#pricer, this.#restrictions, limits);
    this.#certificate = certificate;
  }

  /** (column): what it costs after its share of the rows that deployments share; null while the prices are unknown. */
  get columnPrices(): Float64Array | null {
    if (this.#certificate === null) return null;
    const table = this.#table;
    const { columns, problem, program } = this.#formulation;
    const { prices } = priceDuals(this.#master, this.#restrictions, this.#certificate.duals, 2);
    const { rental, placementCost, cover, rateFactor, extraRate } = prices;
    const column = new Float64Array(program.numColumns);
    for (let d = 0; d < table.numDeployments; d++) {
      if (columns.w[d] < 0) continue;
      // From the last line of it: any is as good.
      const most = table.mostReplicas[d];
      if (most > 1 && columns.m[d] !== columns.w[d]) column[columns.m[d]] = rental(d, most) - rental(d, most - 1);
      for (let e = table.start[d]; e < table.start[d + 1]; e++) {
        const at = table.queryType[e] * problem.deployments.count + d;
        column[columns.z[at]] = placementCost[table.pair[d]] - cover[table.queryType[e]];
        column[columns.v[at]] = rateFactor * table.rate[e] + (extraRate === null ? 0 : extraRate[table.at[e]]);
      }
    }
    return column;
  }

  /** Fixes the columns that no plan cheaper than `cutoff` uses. */
  tighten(cutoff: number): BoundChange[] {
    if (this.#certificate === null || cutoff === Infinity) return [];
    const table = this.#table;
    const { problem, columns } = this.#formulation;
    const { closed, blocked } = this.#restrictions;
    const closedBelow = closed.slice();
    const blockedBelow = blocked.slice();
    fixByReducedCost(
      this.#master,
      this.#pricer,
      this.#restrictions,
      this.#certificate,
      cutoff,
      closedBelow,
      blockedBelow,
    );
    const changes: BoundChange[] = [];
    const close = (column: number, upper: number) => {
      if (column >= 0) changes.push({ column, lower: -Infinity, upper });
    };
    const { count } = problem.deployments;
    for (let d = 0; d < count; d++) {
      if (columns.w[d] < 0) continue;
      if (closedBelow[d] === 1) {
        close(columns.m[d], 0);
        close(columns.w[d], 0);
      } else close(columns.m[d], table.mostReplicas[d]);
      for (let i = 0; i < problem.numQueryTypes; i++) {
        const entry = closedBelow[d] === 1 ? -1 : entryAt(table, d, i);
        const isOpen = entry >= 0 && blockedBelow[entry] === 0;
        if (isOpen) continue;
        close(columns.z[i * count + d], 0);
        close(columns.v[i * count + d], 0);
      }
    }
    return changes;
  }
}
