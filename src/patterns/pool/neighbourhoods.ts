/**
 * Large neighbourhoods of a plan: all but a few of its deployments stay, and what those few serve is covered anew. At a
 * Lagrangian bound L each pattern of a plan costs it an *excess*, what the pattern's floor lies above L. What the kept
 * ones leave of the gap is little, so that the patterns that a cheaper plan may hold in place of the others can be
 * enumerated, and the best of their covers is found as at the root of a pool. Which deployments go together is read
 * from the fractional point: those whose query types its patterns mix.
 */
import { cutoffWithin } from '../../bnb/progress.ts';
import { planCost, planIsFeasible } from '../../heuristics/index.ts';
import type { Steps } from '../../lp/steps.ts';
import type { IndexedPlan } from '../../model/compiled/indexedPlan.ts';
import { type BoundCertificate, leastOfPair, priceDuals } from '../master/dualPrices.ts';
import type { MasterPoint } from '../master/masterPoint.ts';
import { entryAt, type NodeRestrictions } from '../master/patternDecision.ts';
import type { RestrictedMaster } from '../master/restrictedMaster.ts';
import type { Pattern } from '../pricing/pattern.ts';
import { patternsOfPlan } from '../pricing/planPatterns.ts';
import { maybePooled, PatternPool } from './patternPool.ts';
import { solvePoolNode } from './poolNode.ts';

/** A root that is solved by pricing, and what it proved. */
export interface NeighbourhoodRoot {
  readonly master: RestrictedMaster;
  readonly point: MasterPoint;
  readonly restrictions: NodeRestrictions;
  readonly certificate: BoundCertificate;
}

export interface NeighbourhoodLimits {
  /** Plans that are cheaper by less, relative to the cost, are not looked for. */
  readonly relativeGap: number;
  readonly shouldStop: () => boolean;
}

/** The best plan that is found from `plan`: `plan` itself where none is. */
export function* improveByNeighbourhoods(
  root: NeighbourhoodRoot,
  plan: IndexedPlan,
  limits: NeighbourhoodLimits,
): Steps<{ readonly plan: IndexedPlan; readonly simplexIterations: number }> {
  const { table } = root.master;
  const none = { plan, simplexIterations: 0 };
  if (table.isMerged || !maybePooled(table.problem, planCost(table.problem, plan))) return none;
  const isKnown = ({ deployment, queryTypes }: Pattern) => queryTypes.every((i) => entryAt(table, deployment, i) >= 0);
  const patterns = patternsOfPlan(table, plan);
  if (patterns.length < plan.deployments.length || !patterns.every(isKnown)) return none;
  const search = new NeighbourhoodSearch(root, plan, limits);
  yield* search.run();
  return search;
}

class NeighbourhoodSearch {
  plan: IndexedPlan;
  simplexIterations = 0;
  readonly #root: NeighbourhoodRoot;
  readonly #limits: NeighbourhoodLimits;
  readonly #prices: ReturnType<typeof priceDuals>['prices'];
  /** What was searched, by the patterns that were given up: kept ones hardly change what can come in their place. */
  readonly #tried = new Set<string>();
  #sets = 0;
  #cost: number;
  /** (place in the plan): its patterns, their excesses; (place, place): how much the point mixes them. */
  #patterns: readonly Pattern[] = [];
  #excess: readonly number[] = [];
  #mixed: readonly Float64Array[] = [];

  constructor(root: NeighbourhoodRoot, plan: IndexedPlan, limits: NeighbourhoodLimits) {
    const { master, restrictions, certificate } = root;
    this.#root = root;
    this.#limits = limits;
    this.#prices = priceDuals(master, restrictions, certificate.duals, 2).prices;
    this.plan = plan;
    this.#cost = planCost(master.table.problem, plan);
    this.#readPlan();
  }

  get #isOver(): boolean {
    const { iterations, sets } = this.#root.master.table.parameters.neighbourhoods;
    return this.simplexIterations >= iterations || this.#sets >= sets || this.#limits.shouldStop();
  }

  /** From small neighbourhoods to larger ones, from each deployment in turn, the largest excess first. */
  *run(): Steps<void> {
    const { leastDeployments, mostDeployments, secondChoices } = this.#root.master.table.parameters.neighbourhoods;
    for (let size = leastDeployments; size <= mostDeployments; ) {
      let isCheaper = false;
      const order = [...this.#patterns.keys()].sort((one, other) => this.#excess[other] - this.#excess[one]);
      for (const first of order) {
        for (let rank = 0; rank < secondChoices && !isCheaper; rank++) {
          if (this.#isOver) return;
          isCheaper = yield* this.#coverAnew(this.#neighbourhood(first, rank, size));
        }
        if (isCheaper) break;
      }
      if (!isCheaper) size++;
    }
  }

  #readPlan(): void {
    const { master, point } = this.#root;
    this.#patterns = patternsOfPlan(master.table, this.plan);
    this.#excess = this.#patterns.map((pattern) => this.#excessOf(pattern));
    const placeOf = new Int32Array(master.table.problem.numQueryTypes).fill(-1);
    this.#patterns.forEach(({ queryTypes }, place) => {
      for (const i of queryTypes) placeOf[i] = place;
    });
    const mixed = this.#patterns.map(() => new Float64Array(this.#patterns.length));
    for (const { pattern, weight } of point.patterns) {
      const { queryTypes } = master.patterns[pattern];
      for (const i of queryTypes) {
        for (const other of queryTypes) {
          if (placeOf[i] >= 0 && placeOf[other] >= 0) mixed[placeOf[i]][placeOf[other]] += weight / queryTypes.length;
        }
      }
    }
    this.#mixed = mixed;
  }

  #excessOf({ deployment, replicas, queryTypes, fractions }: Pattern): number {
    const { master, restrictions, certificate } = this.#root;
    const { table } = master;
    const { rental, placementCost, rateFactor, extraRate, cover } = this.#prices;
    const pair = table.pair[deployment];
    let value = rental(deployment, replicas) + placementCost[pair] * queryTypes.length;
    queryTypes.forEach((i, t) => {
      const e = entryAt(table, deployment, i);
      value += (rateFactor * table.rate[e] + (extraRate?.[table.at[e]] ?? 0)) * fractions[t] - cover[i];
    });
    return Math.max(0, value - leastOfPair(restrictions, pair, certificate.pairLeast));
  }

  /** `first` and those that the point mixes most with it: as second of them that of the `rank`. */
  #neighbourhood(first: number, rank: number, size: number): Set<number> {
    const chosen = new Set([first]);
    while (chosen.size < Math.min(size, this.#patterns.length)) {
      const mixedWith = (place: number) => [...chosen].reduce((sum, one) => sum + this.#mixed[one][place], 0);
      const others = [...this.#patterns.keys()]
        .filter((place) => !chosen.has(place))
        .map((place) => ({ place, mixed: mixedWith(place) }))
        .sort((one, other) => other.mixed - one.mixed || this.#excess[other.place] - this.#excess[one.place]);
      const skipped = chosen.size === 1 ? Math.min(rank, others.length - 1) : 0;
      chosen.add(others[skipped].place);
    }
    return chosen;
  }

  /** Whether a cheaper plan with other patterns at these places has been found, and taken. */
  *#coverAnew(places: ReadonlySet<number>): Steps<boolean> {
    const { table } = this.#root.master;
    const key = [...places].map((place) => `${this.#patterns[place].deployment}:${this.#patterns[place].queryTypes}`);
    const name = key.sort().join(';');
    if (this.#tried.has(name)) return false;
    this.#tried.add(name);
    const kept = this.#patterns.filter((_, place) => !places.has(place));
    const pool = this.#enumerate(places, kept);
    if (pool === null) return false;
    const { restrictions, certificate } = this.#root;
    const { closed, blocked } = restrictions;
    // The pool says what may be used.
    const open = {
      ...restrictions,
      closed: new Uint8Array(closed.length),
      blocked: new Uint8Array(blocked.length),
    };
    const { relativeGap, shouldStop } = this.#limits;
    const cutoff = cutoffWithin(this.#cost, relativeGap);
    const request = { id: 0, depth: 0, parentBound: certificate.bound, cutoff, shouldStop };
    const { coverEffort } = table.parameters.neighbourhoods;
    const settings = { cuts: true, enumeration: true, heuristics: false, coverEffort };
    const outcome = yield* solvePoolNode(pool, request, open, null, [], settings);
    this.simplexIterations += outcome.simplexIterations;
    const plans = outcome.proposals.map(({ solution }) => solution);
    if (outcome.solution !== null) plans.push(outcome.solution);
    for (const plan of plans) {
      const cost = planCost(table.problem, plan);
      if (!(cost < cutoff) || !planIsFeasible(table.problem, plan)) continue;
      this.plan = plan;
      this.#cost = cost;
      this.#readPlan();
      return true;
    }
    return false;
  }

  /**
   * What a cheaper plan may hold at the places, with the kept patterns; where that is too much, what plans may hold
   * whose patterns share their excess more evenly.
   */
  #enumerate(places: ReadonlySet<number>, kept: readonly Pattern[]): PatternPool | null {
    const { master, restrictions, certificate } = this.#root;
    const { table } = master;
    const { effort, columns, shareStep, leastShare } = table.parameters.neighbourhoods;
    const closed = restrictions.closed.slice();
    for (const { deployment } of kept) for (const d of table.deploymentsOfPair[table.pair[deployment]]) closed[d] = 1;
    const isFree = new Uint8Array(table.problem.numQueryTypes);
    for (const place of places) for (const i of this.#patterns[place].queryTypes) isFree[i] = 1;
    const blocked = restrictions.blocked.map((value, e) => (isFree[table.queryType[e]] === 1 ? value : 1));
    const within = { ...restrictions, closed, blocked };
    const { shouldStop } = this.#limits;
    const limits = { effort, columns, cheapestOnly: true, shouldStop };
    const { bound } = certificate;
    const floors = kept.map((pattern) => bound + this.#excessOf(pattern));
    const room = this.#cost - bound - floors.reduce((sum, floor) => sum + floor - bound, 0);
    for (let share = 1; room > 0 && share >= leastShare && !shouldStop(); share *= shareStep) {
      const pool = PatternPool.enumerate(master, within, certificate, bound + share * room, limits);
      this.#sets += pool?.sets ?? effort;
      if (pool !== null) return withPatterns(pool, kept, floors, this.#cost);
    }
    return null;
  }
}

/** The pool with more patterns. */
function withPatterns(
  pool: PatternPool,
  patterns: readonly Pattern[],
  floors: readonly number[],
  cutoff: number,
): PatternPool {
  const { table } = pool;
  const saved = pool.save();
  const start: number[] = [];
  const entry: number[] = [];
  for (const { deployment, queryTypes } of patterns) {
    for (const i of queryTypes) entry.push(entryAt(table, deployment, i));
    start.push(saved.entry.length + entry.length);
  }
  const fractions = patterns.flatMap((pattern) => [...pattern.fractions]);
  const deployments = patterns.map(({ deployment }) => deployment);
  const replicas = patterns.map((pattern) => pattern.replicas);
  const firstSet = (saved.set.at(-1) ?? -1) + 1;
  const sets = patterns.map((_, k) => firstSet + k);
  return new PatternPool(table, {
    cutoff,
    set: Int32Array.from([...saved.set, ...sets]),
    deployment: Int32Array.from([...saved.deployment, ...deployments]),
    replicas: Int32Array.from([...saved.replicas, ...replicas]),
    start: Int32Array.from([...saved.start, ...start]),
    entry: Int32Array.from([...saved.entry, ...entry]),
    fraction: Float64Array.from([...saved.fraction, ...fractions]),
    floor: Float64Array.from([...saved.floor, ...floors]),
  });
}
