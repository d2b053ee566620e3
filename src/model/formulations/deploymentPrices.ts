/**
 * What a deployment costs at prices of the LP without placements, under split placement. With a dual y_r for each row
 * that ties pairs together, and c' = c - y A over these rows alone, every plan costs at least
 *   sum_r y_r b_r + sum over pairs of min(0, min_d L_d),   L_d = c'_w + min of sum_i c'_v v_i,
 * over 0 <= v_i <= fraction_i within the memory and the compute of d (Lagrange; all other rows of a pair are left out).
 * A plan that rents d costs more by L_d - min(0, ...) of its pair, and where that is beyond the incumbent w_d is 0. The
 * LP's own reduced cost of w_d says less: for deployments that it does not rent, its duals of their rows are any.
 */
import type { MixedIntegerProgram, SparseRow } from '../../lp/linearProgram.ts';
import type { PlanningProblem } from '../compiled/planningProblem.ts';
import type { StrengthenedFormulation } from './formulation.ts';

/** Bounds are lowered by this, relatively: rounding of the sums. */
const margin = 1e-7;
/** Reduced costs below this, relative to the bound, are rounding: of columns that have no bound on that side. */
const zeroCost = 1e-9;
/** Steps of the search for the price of memory that bounds a deployment best; any price gives a bound. */
const priceSteps = 24;

export interface DeploymentPrices {
  /** No plan costs less. */
  readonly bound: number;
  /** (d): no plan that rents it costs less; Infinity where it cannot be rented. */
  readonly leastWith: Float64Array;
}

/** `rows` stand in the LP after those of the program; `duals` are of all. */
export function deploymentPrices(
  formulation: StrengthenedFormulation,
  program: MixedIntegerProgram,
  rows: readonly SparseRow[],
  duals: Float64Array,
): DeploymentPrices {
  const { deploymentsOfPair, numPairs, deployments } = formulation.problem;
  const { constant, own } = deploymentCosts(formulation, program, rows, duals);
  let bound = constant;
  const least = new Float64Array(numPairs);
  for (let at = 0; at < numPairs; at++) {
    for (const d of deploymentsOfPair[at]) least[at] = Math.min(least[at], own[d]);
    bound += least[at];
  }
  const safe = bound - margin * Math.abs(bound);
  return { bound: safe, leastWith: own.map((value, d) => safe - least[deployments.pair[d]] + value) };
}

/** What every plan costs at least: `constant`, and `own` for each deployment that it rents. */
export interface DeploymentCosts {
  readonly constant: number;
  /** (d): L_d; Infinity where it cannot be rented. */
  readonly own: Float64Array;
}

/** As above, before the least of each pair is taken. */
export function deploymentCosts(
  { problem, columns }: StrengthenedFormulation,
  program: MixedIntegerProgram,
  rows: readonly SparseRow[],
  duals: Float64Array,
): DeploymentCosts {
  const { deployments, numQueryTypes } = problem;
  const { count, pair } = deployments;
  const pairOf = new Int32Array(program.numColumns).fill(-1);
  for (let d = 0; d < count; d++) {
    if (columns.w[d] >= 0) pairOf[columns.w[d]] = pair[d];
    for (let i = 0; i < numQueryTypes; i++) {
      const v = columns.v[i * count + d];
      if (v >= 0) pairOf[v] = pair[d];
    }
  }
  const prices = couplingDuals(program, pairOf, duals);
  const reduced = program.cost.slice();
  let constant = program.offset;
  for (let column = 0; column < program.numColumns; column++)
    for (let at = program.columnStarts[column]; at < program.columnStarts[column + 1]; at++)
      reduced[column] -= prices[program.rowIndices[at]] * program.values[at];
  prices.forEach((price, row) => {
    if (price !== 0) constant += price * (price > 0 ? program.rowLower[row] : program.rowUpper[row]);
  });
  rows.forEach(({ lower, upper, indices, values }, t) => {
    const price = onItsSide(duals[program.numRows + t], lower, upper);
    if (price === 0) return;
    constant += price * (price > 0 ? lower : upper);
    for (let at = 0; at < indices.length; at++) reduced[indices[at]] -= price * values[at];
  });
  const negligible = zeroCost * Math.max(1, Math.abs(constant));
  for (let column = 0; column < program.numColumns; column++) {
    if (pairOf[column] >= 0 || reduced[column] === 0) continue;
    const side = reduced[column] > 0 ? program.columnLower[column] : program.columnUpper[column];
    if (Math.abs(side) < Infinity) constant += reduced[column] * side;
    else if (Math.abs(reduced[column]) > negligible) constant = -Infinity;
  }
  const own = new Float64Array(count).fill(Infinity);
  for (let d = 0; d < count; d++)
    if (columns.w[d] >= 0) own[d] = reduced[columns.w[d]] + leastServing(problem, d, columns.v, program, reduced);
  return { constant, own };
}

/** Deployments that no plan cheaper than `cost` rents. */
export function ruledOut({ leastWith }: DeploymentPrices, cost: number): number[] {
  return [...leastWith.keys()].filter((d) => leastWith[d] > cost);
}

/** (row): its dual where the row ties pairs together, or a pair and other columns; else 0. */
function couplingDuals(program: MixedIntegerProgram, pairOf: Int32Array, duals: Float64Array): Float64Array {
  const none = -2;
  const pairOfRow = new Int32Array(program.numRows).fill(none);
  const ties = new Uint8Array(program.numRows);
  for (let column = 0; column < program.numColumns; column++) {
    for (let at = program.columnStarts[column]; at < program.columnStarts[column + 1]; at++) {
      const row = program.rowIndices[at];
      if (pairOf[column] < 0 || (pairOfRow[row] !== none && pairOfRow[row] !== pairOf[column])) ties[row] = 1;
      pairOfRow[row] = pairOf[column];
    }
  }
  return Float64Array.from({ length: program.numRows }, (_, row) =>
    ties[row] === 1 ? onItsSide(duals[row], program.rowLower[row], program.rowUpper[row]) : 0,
  );
}

/** On a side that there is not a dual is rounding. */
function onItsSide(dual: number, lower: number, upper: number): number {
  return Math.abs(dual > 0 ? lower : upper) < Infinity ? dual : 0;
}

/**
 * A lower bound on sum c'_v v of a deployment: at a price of memory, what is left is a knapsack in fractions, filled in
 * the order of gain for each unit of compute. The price is searched for where that bound is best. (`FractionKnapsack`
 * has the value of a point, which is none on the side that is asked for here.)
 */
function leastServing(
  { deployments, numQueryTypes, loadUse, cacheUse }: PlanningProblem,
  d: number,
  v: Int32Array,
  { columnUpper }: MixedIntegerProgram,
  reduced: Float64Array,
): number {
  const items: { readonly cost: number; readonly load: number; readonly memory: number; readonly most: number }[] = [];
  for (let i = 0; i < numQueryTypes; i++) {
    const at = i * deployments.count + d;
    if (v[at] < 0 || reduced[v[at]] >= 0) continue;
    const memory = cacheUse[at] / deployments.gpus[d];
    items.push({ cost: reduced[v[at]], load: loadUse[at], memory, most: columnUpper[v[at]] });
  }
  const room = deployments.memoryRoom[d];
  const at = (price: number) => {
    const priced = items
      .map(({ cost, memory, load, most }) => ({ cost: cost + price * memory, load, memory, most }))
      .filter(({ cost }) => cost < 0)
      .sort((a, b) => a.cost * b.load - b.cost * a.load);
    let value = -price * room;
    let left = deployments.loadCapacity[d];
    let memory = 0;
    for (const item of priced) {
      const served = item.load > 0 ? Math.min(item.most, left / item.load) : item.most;
      if (served <= 0) break;
      value += item.cost * served;
      left -= item.load * served;
      memory += item.memory * served;
    }
    return { value, memory };
  };
  const free = at(0);
  if (free.memory <= room) return free.value;
  let best = free.value;
  let low = 0;
  let high = Math.max(0, ...items.map(({ cost, memory }) => (memory > 0 ? -cost / memory : 0)));
  for (let step = 0; step < priceSteps; step++) {
    const price = (low + high) / 2;
    const { value, memory } = at(price);
    best = Math.max(best, value);
    if (memory > room) low = price;
    else high = price;
  }
  return best;
}
