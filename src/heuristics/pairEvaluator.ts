/**
 * The best use of one (model, tier) pair for a set of query types under single placement: configuration, replicas and
 * served fractions, found by trying every configuration, and replicas between what must and what can be served, with
 * the fractions' linear program (fractionKnapsack.ts): its value is concave in the room, so the cost is convex in the
 * replicas. What plans share enters through `SharedLimits`; what couples all fractions enters through parameters held
 * fixed: `stretch`, the factor on every delay limit under the pooled and last-deployment rules; `tau`, the dual of the
 * joint delay cost, for which that cost is Gamma tau + sum_i share_i max(0, a_i x_i - tau); `budgetPrice`, a Lagrange
 * multiplier of the budget row, part of every cost here.
 */
import { fractionTolerance, type PlanningProblem } from '../model/compiled/planningProblem.ts';
import { FractionKnapsack } from './fractionKnapsack.ts';
import { defaultHeuristicParameters, type HeuristicParameters } from './parameters.ts';
import { copyUse, emptyUse, type PairUse, type SharedLimits } from './sharedLimits.ts';

/**
 * `never`: some query type cannot be served its least share on this degree; `too small`: not with these replicas;
 * `full`: more replicas would serve no more; `too dear`: not tried, as it cannot be the best.
 */
type Served = 'never' | 'too small' | 'full' | 'part' | 'too dear';

export class PairEvaluator {
  readonly problem: PlanningProblem;
  readonly limits: SharedLimits;
  /** Factor on the delay limits; read only under the pooled and last-deployment rules. */
  stretch = 1;
  tau = 0;
  budgetPrice = 0;
  /** Sets evaluated so far, the unit of effort. */
  evaluations = 0;
  readonly #fewReplicas: number;
  readonly #knapsack: FractionKnapsack;
  readonly #trial: PairUse = emptyUse();
  readonly #usesStretch: boolean;
  /** Whether costs and uses of a query type differ among the deployments of a pair. */
  readonly #variesInPair: boolean;
  readonly #usesTau: boolean;
  /** (pair): deployments by increasing rental. */
  readonly #byRental: readonly (readonly number[])[];
  readonly #item: Int32Array;
  readonly #profit: Float64Array;
  readonly #memory: Float64Array;
  readonly #load: Float64Array;
  readonly #least: Float64Array;
  readonly #kink: Float64Array;
  readonly #steepProfit: Float64Array;
  #numItems = 0;
  #dropCost = 0;
  /** Of the deployments of a pair in turn: the least value so far, and what serving all of the members would gain. */
  #leastValue = Infinity;
  #mostGain = 0;

  constructor(
    problem: PlanningProblem,
    limits: SharedLimits,
    parameters: HeuristicParameters['fractions'] = defaultHeuristicParameters.fractions,
  ) {
    this.#fewReplicas = parameters.fewReplicas;
    const { numQueryTypes, deployments } = problem;
    this.problem = problem;
    this.limits = limits;
    this.#knapsack = new FractionKnapsack(2 * numQueryTypes, parameters);
    this.#usesStretch = !problem.delayRule.divides;
    this.#variesInPair = problem.instance.profiles !== undefined;
    this.#usesTau = !problem.delayCost.isSeparable;
    this.#byRental = problem.deploymentsOfPair.map((list) =>
      [...list].sort((a, b) => deployments.rental[a] - deployments.rental[b] || a - b),
    );
    this.#item = new Int32Array(numQueryTypes);
    this.#profit = new Float64Array(numQueryTypes);
    this.#memory = new Float64Array(numQueryTypes);
    this.#load = new Float64Array(numQueryTypes);
    this.#least = new Float64Array(numQueryTypes);
    this.#kink = new Float64Array(numQueryTypes);
    this.#steepProfit = new Float64Array(numQueryTypes);
  }

  /**
   * The cheapest use of `pair` for `members` without the query type `without` and with `added` (-1: none). Returns
   * false, `out` untouched, if no TP degree can hold them.
   */
  evaluate(pair: number, members: readonly number[], without: number, added: number, out: PairUse): boolean {
    this.evaluations++;
    const list = this.#byRental[pair];
    if (list.length > 0) this.#layOut(list[0], members, without, added);
    else this.#numItems = members.length + (added >= 0 ? 1 : 0) - (without >= 0 ? 1 : 0);
    const { problem, limits } = this;
    const { deployments, delayRule } = problem;
    const tier = pair % problem.numTiers;
    const isForced = pair === delayRule.stretchingPair;
    let best = Infinity;
    if (this.#numItems === 0 && !(isForced && this.stretch > 0)) {
      copyUse(noUse, out);
      best = limits.penaltyWith(noUse, tier);
      if (best === 0 && problem.currentGpus[pair] === 0) return true;
    }
    for (const d of list) {
      if (isForced && deployments.tpDegree[d] !== this.stretch) continue;
      if (this.#variesInPair) this.#layOut(d, members, without, added);
      best = this.#bestReplicas(d, best, out);
    }
    return best < Infinity;
  }

  /** Tries replicas of d; notes the best use in `out` if its value is below `best`, and returns the least of both. */
  #bestReplicas(d: number, best: number, out: PairUse): number {
    const { problem } = this;
    const { minReplicas, maxReplicas, pair } = problem.deployments;
    this.#leastValue = best;
    this.#mostGain = 0;
    for (let t = 0; t < this.#numItems; t++) this.#mostGain += Math.max(0, this.#profit[t]);
    if (maxReplicas[d] > this.#fewReplicas) {
      this.#searchReplicas(d, out);
      return this.#leastValue;
    }
    for (let replicas = minReplicas[d]; replicas <= maxReplicas[d]; replicas++) {
      const served = this.#tryReplicas(d, replicas, out);
      if (served === 'never' || (served === 'full' && problem.currentGpus[pair[d]] === 0)) break;
    }
    return this.#leastValue;
  }

  /** Notes the use of so many replicas in `out` if it is the best yet. No closure: most of a local search is here. */
  #tryReplicas(d: number, replicas: number, out: PairUse): Served {
    const trial = this.#trial;
    this.#chargeFixed(d, replicas, trial);
    if (trial.cost + this.#dropCost - this.#mostGain >= this.#leastValue) return 'too dear';
    const served = this.#serve(d, replicas, trial, null);
    if (served === 'never' || served === 'too small') return served;
    const value = trial.cost + this.limits.penaltyWith(trial, this.problem.deployments.tier[d]);
    if (value < this.#leastValue) {
      this.#leastValue = value;
      copyUse(trial, out);
    }
    return served;
  }

  /**
   * Among many replicas: from those that serve all down to the fewest that serve what must be, the least of a convex
   * cost by bisection on its slope; and those around the GPUs of the current plan, where more may be kept than serve.
   */
  #searchReplicas(d: number, out: PairUse): void {
    const { deployments, currentGpus } = this.problem;
    const least = deployments.minReplicas[d];
    const most = deployments.maxReplicas[d];
    let low = within(least, most, this.#neededReplicas(d, false));
    let high = Math.max(low, within(least, most, this.#neededReplicas(d, true)));
    const kept = currentGpus[deployments.pair[d]] / deployments.gpus[d];
    if (kept > high) {
      this.#tryReplicas(d, within(least, most, Math.floor(kept)), out);
      this.#tryReplicas(d, within(least, most, Math.ceil(kept)), out);
    }
    this.#tryReplicas(d, high, out);
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (this.#costOf(d, middle) <= this.#costOf(d, middle + 1)) high = middle;
      else low = middle + 1;
    }
    this.#tryReplicas(d, low, out);
  }

  /**
   * The value of d with so many replicas, without a shortcut for what is too dear; Infinity where they do not hold what
   * must be served.
   */
  #costOf(d: number, replicas: number): number {
    const trial = this.#trial;
    this.#chargeFixed(d, replicas, trial);
    const served = this.#serve(d, replicas, trial, null);
    if (served === 'never' || served === 'too small') return Infinity;
    return trial.cost + this.limits.penaltyWith(trial, this.problem.deployments.tier[d]);
  }

  /** Replicas whose memory and load hold all that can be served (`served` true) or must be. */
  #neededReplicas(d: number, served: boolean): number {
    const { memoryRoom, gpus, loadCapacity } = this.problem.deployments;
    let memory = 0;
    let load = 0;
    for (let t = 0; t < this.#numItems; t++) {
      const fraction = served ? this.#mostFraction(this.#item[t], d) : this.#least[t];
      memory += this.#memory[t] * fraction;
      load += this.#load[t] * fraction;
    }
    const needed = Math.max(memory > 0 ? memory / (memoryRoom[d] * gpus[d]) : 0, load > 0 ? load / loadCapacity[d] : 0);
    return Math.ceil(needed * (1 - fractionTolerance));
  }

  /**
   * Fractions of `members` on deployment `d` with `replicas`, written to `fractions` (by query type), and the use they
   * make; false if they do not fit.
   */
  fractionsOn(d: number, replicas: number, members: readonly number[], fractions: Float64Array, out: PairUse): boolean {
    this.#layOut(d, members, -1, -1);
    this.#chargeFixed(d, replicas, out);
    const served = this.#serve(d, replicas, out, fractions);
    return served === 'full' || served === 'part';
  }

  /** Notes the members' profit and use on d; the same on all deployments of a pair but where profiles say otherwise. */
  #layOut(d: number, members: readonly number[], without: number, added: number): void {
    this.#numItems = 0;
    this.#dropCost = 0;
    for (const i of members) if (i !== without) this.#addItem(i, d);
    if (added >= 0) this.#addItem(added, d);
  }

  #addItem(i: number, d: number): void {
    const { problem, tau } = this;
    const t = this.#numItems++;
    const at = i * problem.deployments.count + d;
    this.#item[t] = i;
    this.#profit[t] = problem.unmetCost[i] - problem.servingCost[at] - this.budgetPrice * problem.dataCost[i];
    this.#memory[t] = problem.cacheUse[at];
    this.#load[t] = problem.loadUse[at];
    this.#least[t] = 1 - problem.unmetCap[i];
    this.#dropCost += problem.unmetCost[i];
    if (this.#usesTau) {
      const swing = problem.deviationDelayCost[at];
      this.#kink[t] = swing > 0 ? tau / swing : Infinity;
      this.#steepProfit[t] = this.#profit[t] - problem.delayShare[problem.deployments.pair[d]] * swing;
    }
  }

  /** The largest fraction of i on d at the stretch of the delay limits; below 0: none. */
  #mostFraction(i: number, d: number): number {
    const { deployments, maxFraction, worstDelay, delayLimit, numPairs } = this.problem;
    const most = maxFraction[i * deployments.count + d];
    if (!this.#usesStretch || most <= 0 || delayLimit[i] === Infinity) return most;
    const delay = worstDelay[i * numPairs + deployments.pair[d]];
    const limit = delayLimit[i] * this.stretch;
    return delay * most > limit ? limit / delay : most;
  }

  /** What renting costs before anything is served. */
  #chargeFixed(d: number, replicas: number, out: PairUse): void {
    const { problem } = this;
    const { deployments, currentGpus, switchingAdded, switchingRemoved } = problem;
    const pair = deployments.pair[d];
    const copies = problem.placement.storesPerPlacement ? this.#numItems : 1;
    const gpus = deployments.gpus[d] * replicas;
    const now = currentGpus[pair];
    const switching = switchingAdded * Math.max(0, gpus - now) + switchingRemoved * (Math.max(0, now - gpus) - now);
    out.deployment = d;
    out.replicas = replicas;
    out.gpus = gpus;
    out.tpDegree = deployments.tpDegree[d];
    out.rental = deployments.rental[d] * replicas;
    out.storage = copies * problem.weightCost[pair];
    out.storedWeights = copies * problem.weightSize[pair];
    out.cost =
      out.rental * (1 + this.budgetPrice * problem.rentalBudgetFactor) +
      out.storage * (1 + this.budgetPrice) +
      switching;
  }

  /**
   * Serves as much as pays on `d`, adding its cost and data storage to `out`.
   */
  #serve(d: number, replicas: number, out: PairUse, fractions: Float64Array | null): Served {
    const { deployments, dataCost } = this.problem;
    const knapsack = this.#knapsack;
    let memoryRoom = deployments.memoryRoom[d] * deployments.gpus[d] * replicas;
    let loadRoom = deployments.loadCapacity[d] * replicas;
    const memorySlack = fractionTolerance * memoryRoom;
    const loadSlack = fractionTolerance * loadRoom;
    let count = 0;
    let gain = 0;
    let data = 0;
    for (let t = 0; t < this.#numItems; t++) {
      const i = this.#item[t];
      const most = this.#mostFraction(i, d);
      let least = this.#least[t];
      if (most < 0 || most < least - fractionTolerance) return 'never';
      if (least > most) least = most;
      memoryRoom -= this.#memory[t] * least;
      loadRoom -= this.#load[t] * least;
      gain += this.#profit[t] * least;
      data += dataCost[i] * least;
      if (fractions) fractions[i] = least;
      let from = least;
      if (this.#usesTau) {
        const kink = this.#kink[t];
        if (from > kink) gain += (this.#steepProfit[t] - this.#profit[t]) * (from - kink);
        if (kink > from && this.#profit[t] > 0) {
          const to = Math.min(kink, most);
          if (to > from) this.#pushItem(count++, t, this.#profit[t], to - from);
          from = Math.max(from, to);
        }
        if (from >= kink && most > from && this.#steepProfit[t] > 0) {
          this.#pushItem(count++, t, this.#steepProfit[t], most - from);
        }
      } else if (most > from && this.#profit[t] > 0) {
        this.#pushItem(count++, t, this.#profit[t], most - from);
      }
    }
    if (memoryRoom < -memorySlack || loadRoom < -loadSlack) return 'too small';
    knapsack.count = count;
    gain += knapsack.solve(memoryRoom, loadRoom);
    let full = true;
    for (let s = 0; s < count; s++) {
      const i = this.#itemOf[s];
      data += dataCost[i] * knapsack.value[s];
      if (knapsack.value[s] < knapsack.upper[s]) full = false;
      if (fractions) fractions[i] += knapsack.value[s];
    }
    out.cost += this.#dropCost - gain;
    out.storage += data;
    return full ? 'full' : 'part';
  }

  readonly #itemOf: number[] = [];

  #pushItem(slot: number, t: number, profit: number, upper: number): void {
    const knapsack = this.#knapsack;
    this.#itemOf[slot] = this.#item[t];
    knapsack.profit[slot] = profit;
    knapsack.memory[slot] = this.#memory[t];
    knapsack.load[slot] = this.#load[t];
    knapsack.upper[slot] = upper;
  }
}

const noUse: PairUse = emptyUse();

function within(least: number, most: number, value: number): number {
  return Math.min(most, Math.max(least, value));
}
