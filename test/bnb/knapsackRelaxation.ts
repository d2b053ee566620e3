/**
 * A toy for tests of the tree: 0/1 knapsack as minimisation of -profit, bounded by the fractional knapsack (Dantzig
 * 1957), and the dynamic program over capacities that gives its true optimum. The relaxation keeps no state between
 * nodes.
 */
import type { IncumbentDoor, NodeOutcome, NodeRequest, Relaxation } from '../../src/bnb/relaxation.ts';
import type { Steps } from '../../src/lp/steps.ts';

export interface Knapsack {
  readonly profits: readonly number[];
  readonly weights: readonly number[];
  readonly capacity: number;
}

export interface Fixing {
  readonly item: number;
  readonly taken: boolean;
}

export type Packing = readonly number[];

export interface KnapsackQuirks {
  /** Nodes (by their decisions) whose relaxation shall fail. */
  readonly failsAt?: (request: NodeRequest<Fixing, Packing, null>) => boolean;
  /** Whether failing nodes still offer candidates. */
  readonly failsWithCandidates?: boolean;
}

export function knapsackRelaxation(
  { profits, weights, capacity }: Knapsack,
  quirks: KnapsackQuirks = {},
): Relaxation<Fixing, Packing, null> {
  const order = profits
    .map((_, item) => item)
    .sort((a, b) => profits[b] / weights[b] - profits[a] / weights[a] || a - b);
  const candidate = (item: number, value: number) => ({
    branchingClass: 'item',
    key: String(item),
    value,
    down: { item, taken: false },
    up: { item, taken: true },
  });
  const fill = (decisions: readonly Fixing[]) => {
    const fixed = new Map(decisions.map(({ item, taken }) => [item, taken]));
    const packing: number[] = [];
    let room = capacity;
    let profit = 0;
    let critical: { item: number; value: number } | null = null;
    for (const [item, taken] of fixed) {
      if (!taken) continue;
      packing.push(item);
      room -= weights[item];
      profit += profits[item];
    }
    if (room < 0) return null;
    for (const item of order) {
      if (fixed.has(item)) continue;
      const value = Math.min(1, room / weights[item]);
      if (value <= 0) break;
      room -= value * weights[item];
      profit += value * profits[item];
      if (value === 1) packing.push(item);
      else {
        critical = { item, value };
        break;
      }
    }
    return { bound: -profit, packing, critical, free: order.filter((item) => !fixed.has(item)) };
  };
  return {
    name: 'fractional knapsack',
    branchingClasses: ['item'],
    *solveInSteps(request): Steps<NodeOutcome<Fixing, Packing, null>> {
      yield;
      const found = fill(request.decisions);
      const nothing = { solution: null, proposals: [], candidates: [], warmStart: null, simplexIterations: 1 };
      if (found === null) return { ...nothing, status: 'infeasible', bound: Infinity };
      if (quirks.failsAt?.(request)) {
        const candidates = quirks.failsWithCandidates && found.free.length > 0 ? [candidate(found.free[0], 0.5)] : [];
        return { ...nothing, status: 'numerical-trouble', bound: request.parentBound, candidates };
      }
      if (found.bound >= request.cutoff) return { ...nothing, status: 'cutoff', bound: found.bound };
      const { critical } = found;
      return {
        ...nothing,
        status: 'solved',
        bound: found.bound,
        solution: critical === null ? found.packing : null,
        candidates: critical === null ? [] : [candidate(critical.item, critical.value)],
      };
    },
    probe(request, child) {
      return { bound: fill([...request.decisions, child])?.bound ?? Infinity, simplexIterations: 1 };
    },
  };
}

export function knapsackDoor({ profits, weights, capacity }: Knapsack): IncumbentDoor<Packing> {
  return (packing) => {
    let weight = 0;
    let profit = 0;
    for (const item of packing) {
      weight += weights[item];
      profit += profits[item];
    }
    return weight <= capacity ? { cost: 0 - profit, solution: packing } : null;
  };
}

/** The optimum as a cost (minus the best profit), by dynamic programming over capacities; weights are whole numbers. */
export function knapsackOptimum({ profits, weights, capacity }: Knapsack): number {
  const best = new Float64Array(capacity + 1);
  profits.forEach((profit, item) => {
    for (let room = capacity; room >= weights[item]; room--)
      best[room] = Math.max(best[room], best[room - weights[item]] + profit);
  });
  return -best[capacity];
}

/** A knapsack that takes some hundred nodes: profits close to weights, drawn by a linear congruential rule. */
export function hardKnapsack(items: number, seed: number): Knapsack {
  let state = seed;
  const draw = (range: number) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * range);
  };
  const weights = Array.from({ length: items }, () => 100 + draw(900));
  const profits = weights.map((weight) => weight + 20 + draw(10));
  const capacity = Math.floor(weights.reduce((sum, weight) => sum + weight, 0) / 2);
  return { profits, weights, capacity };
}
