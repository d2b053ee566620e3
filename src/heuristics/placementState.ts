/**
 * A plan under single placement as the local search sees it: a partition of the query types over (model, tier) pairs.
 * TP degree, replicas and fractions of a pair follow from its members (pairEvaluator.ts), so a move only regroups query
 * types. Query types that are nowhere yet are `unplaced`, at a price above any plan's cost (their drop cost where a
 * plan need not place them).
 */
import type { IndexedPlan } from '../model/compiled/indexedPlan.ts';
import { mustBePlaced, type PlanningProblem } from '../model/compiled/planningProblem.ts';
import { PairEvaluator } from './pairEvaluator.ts';
import { defaultHeuristicParameters, type HeuristicParameters } from './parameters.ts';
import { copyUse, emptyUse, type PairUse, SharedLimits } from './sharedLimits.ts';

export interface Snapshot {
  readonly pairOf: Int32Array;
  readonly rented: readonly { readonly pair: number; readonly use: PairUse }[];
  /** $ without priced excess. */
  readonly cost: number;
  /** Excess of shared limits at price 1. */
  readonly excess: number;
}

const nobody: readonly number[] = [];

/** What all query types cost at most, each dropped or served where it is dearest. */
function dearestServing({
  numQueryTypes,
  unmetCost,
  deployments,
  maxFraction,
  servingCost,
  deviationDelayCost,
}: PlanningProblem): number {
  let total = 0;
  for (let i = 0; i < numQueryTypes; i++) {
    let most = unmetCost[i];
    for (let cell = i * deployments.count; cell < (i + 1) * deployments.count; cell++) {
      if (maxFraction[cell] >= 0) most = Math.max(most, servingCost[cell] + deviationDelayCost[cell]);
    }
    total += most;
  }
  return total;
}

/** Valid once `clear` or `load` has been called, after the evaluator's parameters are set. */
export class PlacementState {
  readonly problem: PlanningProblem;
  /** Of everything that works on the state. */
  readonly parameters: HeuristicParameters;
  readonly limits: SharedLimits;
  readonly evaluator: PairEvaluator;
  /** (i): the pair that serves it, or -1. */
  readonly pairOf: Int32Array;
  /** (pair): its query types, ascending. */
  readonly members: number[][];
  readonly uses: PairUse[];
  /** Pairs that are rented, ascending. */
  rented: number[] = [];
  /** (i): $ while unplaced. */
  readonly unplacedCost: Float64Array;
  /** (pair): counts its changes; figures that depend on its members are stale once it moves on. */
  readonly version: Int32Array;
  /** Cost of all pairs, unplaced query types and idle committed GPUs; without Gamma tau and the switching constant. */
  cost = 0;
  /** Excess of shared limits at price 1. */
  excess = 0;

  /* The move being priced: slot s gives `pair` the query types of `list` but `without`, and `added`. */
  #slots = 0;
  readonly #slotPair: number[] = [];
  readonly #slotList: (readonly number[])[] = [];
  readonly #slotWithout: number[] = [];
  readonly #slotAdded: number[] = [];
  readonly #slotUse: PairUse[] = [];
  #unplacedChange = 0;
  readonly #savedGpus: Float64Array;

  constructor(problem: PlanningProblem, parameters: HeuristicParameters = defaultHeuristicParameters) {
    const { numQueryTypes, numPairs, unmetCost, unmetCap, deployments } = problem;
    this.problem = problem;
    this.parameters = parameters;
    this.limits = new SharedLimits(problem, parameters.limits);
    this.evaluator = new PairEvaluator(problem, this.limits, parameters.fractions);
    this.pairOf = new Int32Array(numQueryTypes).fill(-1);
    this.members = Array.from({ length: numPairs }, () => []);
    this.uses = Array.from({ length: numPairs }, emptyUse);
    this.version = new Int32Array(numPairs);
    const mayStayOut = (i: number) => unmetCap[i] >= 1 && (!problem.placement.isSingle || !mustBePlaced(problem, i));
    const dearest = deployments.rental.reduce((most, c, d) => {
      return Math.max(most, c * Math.max(1, deployments.maxReplicas[d]));
    }, 1);
    const prohibitive = 10 * (dearestServing(problem) + dearest);
    this.unplacedCost = Float64Array.from(unmetCost, (c, i) => (mayStayOut(i) ? c : prohibitive));
    this.#savedGpus = new Float64Array(problem.numTiers);
  }

  /** What the search minimises: the cost, and the excess of shared limits at their price. */
  get objective(): number {
    return this.cost + this.limits.price * this.excess;
  }

  objectiveOf(snapshot: Snapshot): number {
    return snapshot.cost + this.limits.price * snapshot.excess;
  }

  /** Takes all query types out and rents only what must be rented. */
  clear(): void {
    this.pairOf.fill(-1);
    for (const list of this.members) list.length = 0;
    this.recompute();
  }

  /** Whether each query type that must be placed fits somewhere by itself. */
  canPlaceAll(): boolean {
    const { unplacedCost, problem, evaluator } = this;
    const use = emptyUse();
    for (let i = 0; i < problem.numQueryTypes; i++) {
      let fits = unplacedCost[i] <= problem.unmetCost[i];
      for (let pair = 0; pair < problem.numPairs && !fits; pair++) {
        fits = problem.deploymentsOfPair[pair].length > 0 && evaluator.evaluate(pair, nobody, -1, i, use);
      }
      if (!fits) return false;
    }
    return true;
  }

  /** Evaluates all pairs afresh, in order; call after a parameter of the evaluator or a price has changed. */
  recompute(): void {
    const { limits, evaluator, uses, members, problem } = this;
    limits.clear();
    for (let pair = 0; pair < problem.numPairs; pair++) {
      const use = uses[pair];
      this.version[pair]++;
      if (!evaluator.evaluate(pair, members[pair], -1, -1, use)) {
        for (const i of members[pair]) this.pairOf[i] = -1;
        members[pair].length = 0;
        if (!evaluator.evaluate(pair, nobody, -1, -1, use)) copyUse(emptyUse(), use);
      }
      limits.charge(use, pair % problem.numTiers, 1);
    }
    this.#refreshTotals();
  }

  /** Whether every query type is placed (or need not be) and no shared limit is exceeded. */
  isFeasible(): boolean {
    if (this.excess > 0) return false;
    for (let i = 0; i < this.pairOf.length; i++) {
      if (this.pairOf[i] < 0 && this.unplacedCost[i] > this.problem.unmetCost[i]) return false;
    }
    return true;
  }

  /** Gives up pairs that are rented without members, whatever that does to shared limits. */
  closeIdle(): void {
    for (const pair of this.rented) {
      if (this.members[pair].length > 0) continue;
      copyUse(emptyUse(), this.uses[pair]);
      this.version[pair]++;
    }
    this.#recharge();
  }

  beginMove(): void {
    this.#slots = 0;
    this.#unplacedChange = 0;
  }

  /** Part of a move: `pair` keeps its members but `without`, and gets `added` (-1: none). */
  changeMembers(pair: number, without: number, added: number): void {
    this.#fillSlot(pair, this.members[pair], without, added);
  }

  /** Part of a move: `pair` gets exactly `list` (ascending). */
  replaceMembers(pair: number, list: readonly number[]): void {
    this.#fillSlot(pair, list, -1, -1);
  }

  #fillSlot(pair: number, list: readonly number[], without: number, added: number): void {
    const s = this.#slots++;
    if (s === this.#slotUse.length) this.#slotUse.push(emptyUse());
    this.#slotPair[s] = pair;
    this.#slotList[s] = list;
    this.#slotWithout[s] = without;
    this.#slotAdded[s] = added;
  }

  /** Part of a move: `i` leaves (1) or joins (-1) the unplaced. */
  changeUnplaced(i: number, sign: number): void {
    this.#unplacedChange += sign * this.unplacedCost[i];
  }

  /** What the objective would change by; Infinity if some pair cannot hold its new members. */
  priceMove(): number {
    const { limits, uses, problem } = this;
    const { budgetUse, storedWeights, totalDegree } = limits;
    const before = limits.penalty();
    if (limits.couples) this.#savedGpus.set(limits.gpus);
    let change = this.#unplacedChange;
    for (let s = 0; s < this.#slots; s++) {
      const pair = this.#slotPair[s];
      change -= uses[pair].cost;
      limits.charge(uses[pair], pair % problem.numTiers, -1);
    }
    for (let s = 0; s < this.#slots; s++) {
      const pair = this.#slotPair[s];
      const use = this.#slotUse[s];
      if (!this.evaluator.evaluate(pair, this.#slotList[s], this.#slotWithout[s], this.#slotAdded[s], use)) {
        change = Infinity;
        break;
      }
      change += use.cost;
      limits.charge(use, pair % problem.numTiers, 1);
    }
    if (change < Infinity) change += limits.penalty() - before;
    limits.budgetUse = budgetUse;
    limits.storedWeights = storedWeights;
    limits.totalDegree = totalDegree;
    if (limits.couples) limits.restoreGpus(this.#savedGpus);
    return change;
  }

  /** Carries out the move just priced. */
  applyMove(): void {
    for (let s = 0; s < this.#slots; s++) {
      const pair = this.#slotPair[s];
      const list = this.#slotList[s].filter((i) => i !== this.#slotWithout[s]);
      if (this.#slotAdded[s] >= 0) list.push(this.#slotAdded[s]);
      list.sort((a, b) => a - b);
      for (const i of this.members[pair]) if (this.pairOf[i] === pair) this.pairOf[i] = -1;
      this.members[pair] = list;
      copyUse(this.#slotUse[s], this.uses[pair]);
      this.version[pair]++;
    }
    for (let s = 0; s < this.#slots; s++) {
      for (const i of this.members[this.#slotPair[s]]) this.pairOf[i] = this.#slotPair[s];
    }
    this.#recharge();
  }

  save(): Snapshot {
    return {
      pairOf: this.pairOf.slice(),
      rented: this.rented.map((pair) => ({ pair, use: { ...this.uses[pair] } })),
      cost: this.cost,
      excess: this.excess,
    };
  }

  /** Back to a snapshot taken under the same parameters of the evaluator. */
  restore(snapshot: Snapshot): void {
    const none = emptyUse();
    for (const pair of this.rented) {
      copyUse(none, this.uses[pair]);
      this.version[pair]++;
    }
    for (const list of this.members) if (list.length > 0) list.length = 0;
    this.pairOf.set(snapshot.pairOf);
    for (let i = 0; i < this.pairOf.length; i++) if (this.pairOf[i] >= 0) this.members[this.pairOf[i]].push(i);
    for (const { pair, use } of snapshot.rented) {
      copyUse(use, this.uses[pair]);
      this.version[pair]++;
    }
    this.#recharge();
  }

  /** Places query types as in `pairOf` (-1: unplaced); those that do not fit stay unplaced. */
  load(pairOf: ArrayLike<number>): void {
    for (const list of this.members) list.length = 0;
    this.pairOf.fill(-1);
    for (let i = 0; i < this.pairOf.length; i++) {
      if (pairOf[i] < 0) continue;
      this.pairOf[i] = pairOf[i];
      this.members[pairOf[i]].push(i);
    }
    this.recompute();
  }

  /** The plan with its best fractions. */
  toPlan(): IndexedPlan {
    const fractions = new Float64Array(this.problem.numQueryTypes);
    const use = emptyUse();
    const routing: { queryType: number; deployment: number; fraction: number }[] = [];
    for (const pair of this.rented) {
      const { deployment, replicas } = this.uses[pair];
      this.evaluator.fractionsOn(deployment, replicas, this.members[pair], fractions, use);
      for (const i of this.members[pair]) routing.push({ queryType: i, deployment, fraction: fractions[i] });
    }
    return {
      deployments: this.rented.map((pair) => {
        const { deployment, replicas } = this.uses[pair];
        return { deployment, replicas };
      }),
      routing,
    };
  }

  #recharge(): void {
    const { limits, uses, problem } = this;
    limits.clear();
    for (let pair = 0; pair < problem.numPairs; pair++) {
      if (uses[pair].deployment >= 0) limits.charge(uses[pair], pair % problem.numTiers, 1);
    }
    this.#refreshTotals();
  }

  #refreshTotals(): void {
    let total = 0;
    this.rented = [];
    for (let pair = 0; pair < this.uses.length; pair++) {
      if (this.uses[pair].deployment < 0) continue;
      this.rented.push(pair);
      total += this.uses[pair].cost;
    }
    for (let i = 0; i < this.pairOf.length; i++) if (this.pairOf[i] < 0) total += this.unplacedCost[i];
    this.cost = total + this.limits.idleCost();
    this.excess = this.limits.excess();
  }
}
