/**
 * Dantzig-Wolfe block cuts. For any prices a_i of a placement and b_i of a served fraction, let g be the least of sum
 * over S of (a_i + b_i x_i) over the patterns of deployment d: the sets S with fractions x that its memory and compute
 * hold, also the empty one. Then
 *
 *   sum_i (a_i z_id + b_i v_id) >= g w_d
 *
 * Valid: with w_d = 1 the (z, v) of d are a pattern; with w_d = 0 both sides are 0. Where g varies with the replicas m,
 * so does the right side: alpha w_d + beta m_d with alpha + beta m <= g(m) for each m. Query types that pay nothing at
 * the prices (a_i + b_i x >= 0 for all x) are left out, which makes the row stronger: a pattern without them is a
 * pattern.
 *
 * At the best prices of the pattern LP (blockPrices.ts) the rows of all deployments together lift the LP bound to the
 * pattern LP's: the objective is a priced sum of their left sides (Chen, Günlük, Lodi, "Recovering Dantzig-Wolfe bounds
 * by cutting planes", 2023). Later, and below the root, the LP's own duals give prices: what a block pays after the
 * rows that it shares with others.
 *
 * Single placement only, where at least 1 - zeta is served of what is placed. Under the `pooled` and `last-deployment`
 * rules, and for a joint delay cost, a pattern knows only what binds its deployment alone: a relaxation, so that the
 * rows stay valid.
 */
import type { ModelSeparation, ModelSeparator } from '../../bnb/linear/modelSeparator.ts';
import type { SparseRow } from '../../lp/linearProgram.ts';
import type { StrengthenedFormulation } from '../../model/formulations/formulation.ts';
import { PatternPricer, type PatternPrices, type PricingRange } from '../../patterns/pricing/patternPricer.ts';
import { buildPatternTable, type PatternTable } from '../../patterns/pricing/patternTable.ts';
import { RowBuilder } from '../cuts/modelCut.ts';
import { defaultCompactParameters } from '../parameters.ts';

/** Terms below this part of the row's largest coefficient are moved onto w: the pool refuses rows of a large range. */
const negligiblePart = 1e-6;
/**
 * Loosening of each row, relative to its largest coefficient: pays for what pricing leaves open (1e-9) and for rounding
 * in the sums.
 */
const safetySlack = 2e-9;
/** Prices below this share of the program's largest cost are what rounding leaves of prices that cancelled. */
const priceNoise = 1e-11;
/** Deployments rented less than this at the point have nothing to cut off. */
const leastRented = 1e-6;

export class DeploymentBlocks implements ModelSeparator {
  readonly name = 'deployment block';
  readonly belowRoot = true;
  /** (column): the deployment whose block it belongs to, or -1. */
  readonly blockOf: Int32Array;
  readonly #formulation: StrengthenedFormulation;
  readonly #table: PatternTable;
  readonly #pricer: PatternPricer;
  /** (d): 1 where it can be rented. */
  readonly #isOpen: Uint8Array;
  /** What the pricer reads, filled anew for each deployment. */
  readonly #prices: PatternPrices & { readonly extraRate: Float64Array };
  readonly #range: PricingRange;
  /** What one more replica costs in the row in hand. */
  #replicaPrice = 0;
  /** Prices up to this are noise. */
  readonly #noise: number;

  constructor(formulation: StrengthenedFormulation, { searchNodes } = defaultCompactParameters.blocks) {
    const { problem, columns, program } = formulation;
    const { deployments, numQueryTypes, numPairs } = problem;
    const table = buildPatternTable(problem);
    this.#formulation = formulation;
    this.#table = table;
    this.#noise = priceNoise * program.cost.reduce((most, cost) => Math.max(most, Math.abs(cost)), 0);
    this.#pricer = new PatternPricer(table);
    this.#pricer.nodeLimit = searchNodes;
    this.#isOpen = Uint8Array.from({ length: deployments.count }, (_, d) =>
      columns.w[d] >= 0 && table.mostReplicas[d] > 0 ? 1 : 0,
    );
    this.#prices = {
      cover: new Float64Array(numQueryTypes),
      rental: (_, replicas) => this.#replicaPrice * replicas,
      placementCost: new Float64Array(numPairs),
      rateFactor: 0,
      extraRate: new Float64Array(numQueryTypes * deployments.count),
      subsets: [],
    };
    const blocked = new Uint8Array(table.queryType.length);
    this.#range = { ...table, blocked };
    this.blockOf = new Int32Array(program.numColumns).fill(-1);
    for (let d = 0; d < deployments.count; d++) {
      if (columns.w[d] < 0) continue;
      this.blockOf[columns.w[d]] = d;
      this.blockOf[columns.m[d]] = d;
      for (let at = d; at < columns.z.length; at += deployments.count) {
        if (columns.z[at] >= 0) this.blockOf[columns.z[at]] = d;
        if (columns.v[at] >= 0) this.blockOf[columns.v[at]] = d;
      }
    }
  }

  *separate(point: Float64Array, { blockPrices, upper }: ModelSeparation): Generator<SparseRow, void, void> {
    const { w } = this.#formulation.columns;
    for (let d = 0; d < this.#isOpen.length; d++) {
      if (this.#isOpen[d] === 0 || point[w[d]] < leastRented) continue;
      const cut = this.#rowOf(d, blockPrices, upper)?.atMost(0, point);
      if (cut) yield cut;
    }
  }

  /** The rows of all deployments at the given prices of the columns, for columns within `upper`. */
  rowsAt(prices: Float64Array, upper: Float64Array): SparseRow[] {
    return Array.from(this.#isOpen).flatMap((isOpen, d) => {
      const row = isOpen === 0 ? null : this.#rowOf(d, prices, upper);
      return row === null ? [] : [{ lower: -Infinity, upper: 0, indices: row.indices, values: row.values }];
    });
  }

  /** alpha w + beta m - sum (a z + b v) <= 0; null where nothing pays. */
  #rowOf(d: number, prices: Float64Array, upper: Float64Array): RowBuilder | null {
    const { columns, problem } = this.#formulation;
    const { deployments, numQueryTypes } = problem;
    const table = this.#table;
    const { cover, extraRate } = this.#prices;
    const pays = new Uint8Array(numQueryTypes);
    let largest = 0;
    for (let e = table.start[d]; e < table.start[d + 1]; e++) {
      const i = table.queryType[e];
      const at = i * deployments.count + d;
      const a = prices[columns.z[at]];
      const b = prices[columns.v[at]];
      cover[i] = -a;
      extraRate[table.at[e]] = b;
      if (upper[columns.z[at]] === 0 || (a + b * table.low[e] >= 0 && a + b * table.high[e] >= 0)) continue;
      pays[i] = 1;
      largest = Math.max(largest, Math.abs(a), Math.abs(b));
    }
    if (largest <= this.#noise) return null;
    // The row is made in units of its largest price: pricing works to absolute tolerances.
    const unit = 1 / largest;
    for (let e = table.start[d]; e < table.start[d + 1]; e++) {
      cover[table.queryType[e]] *= unit;
      extraRate[table.at[e]] *= unit;
    }
    const row = new RowBuilder();
    let allowance = safetySlack;
    const add = (column: number) => {
      const value = prices[column] * unit;
      if (Math.abs(value) > negligiblePart) row.add(column, -value);
      else allowance += Math.max(0, value);
    };
    for (let i = 0; i < numQueryTypes; i++) {
      if (pays[i] === 0) continue;
      add(columns.z[i * deployments.count + d]);
      add(columns.v[i * deployments.count + d]);
    }
    // Never positive: the table knows no more replicas than are of use, the row must hold with any.
    const slope = columns.m[d] === columns.w[d] ? 0 : Math.min(0, -prices[columns.m[d]] * unit);
    for (let e = table.start[d]; e < table.start[d + 1]; e++) this.#range.blocked[e] = 1 - pays[table.queryType[e]];
    this.#replicaPrice = -slope;
    // The empty pattern is worth that of its replicas, so that something is below.
    const above = 1 - slope * table.mostReplicas[d];
    const constant = this.#pricer.search(d, this.#prices, this.#range, above) - allowance;
    row.add(columns.w[d], constant);
    row.add(columns.m[d], slope);
    return row;
  }
}
