/**
 * The best use of one (model, tier) pair for a set of query types under single placement: TP degree, replicas and
 * served fractions, found exactly by trying every degree and replica count with the fractions' linear program
 * (fractionKnapsack.ts). What plans share enters through `SharedLimits`; what couples all fractions enters through
 * parameters held fixed: `stretch`, the factor on every delay limit under the pooled and last-deployment rules; `tau`,
 * the dual of the joint delay cost, for which that cost is Gamma tau + sum_i share_i max(0, a_i x_i - tau);
 * `budgetPrice`, a Lagrange multiplier of the budget row, part of every cost here.
 */
import { fractionTolerance, type PlanningProblem } from '../model/compiled/planningProblem.ts';
import { FractionKnapsack } from './fractionKnapsack.ts';
import { copyUse, emptyUse, type PairUse, type SharedLimits } from './sharedLimits.ts';

export class PairEvaluator {
  readonly problem: PlanningProblem;
  readonly limits: SharedLimits;
  /** Factor on the delay limits; read only under the pooled and last-deployment rules. */
  stretch = 1;
  tau = 0;
  budgetPrice = 0;
  /** Sets evaluated so far, the unit of effort. */
  evaluations = 0;
  readonly #knapsack: FractionKnapsack;
  readonly #trial: PairUse = emptyUse();
  readonly #delayThreshold: Float64Array;
  readonly #usesStretch: boolean;
  readonly #usesTau: boolean;
  /** (pair): deployments by increasing rental. */
  readonly #byRental: readonly (readonly number[])[];
  readonly #item: Int32Array;
  readonly #profit: Float64Array;
  readonly #memory: Float64Array;
  readonly #least: Float64Array;
  readonly #kink: Float64Array;
  readonly #steepProfit: Float64Array;
  #numItems = 0;
  #dropCost = 0;

  constructor(problem: PlanningProblem, limits: SharedLimits) {
    const { numQueryTypes, deployments, options } = problem;
    this.problem = problem;
    this.limits = limits;
    this.#knapsack = new FractionKnapsack(2 * numQueryTypes);
    this.#delayThreshold = Float64Array.from(problem.instance.queryTypes, (query) => query.delayThreshold);
    this.#usesStretch = options.delayRule !== 'per-deployment';
    this.#usesTau = !problem.delayCostIsSeparable;
    this.#byRental = problem.deploymentsOfPair.map((list) =>
      [...list].sort((a, b) => deployments.rental[a] - deployments.rental[b] || a - b),
    );
    this.#item = new Int32Array(numQueryTypes);
    this.#profit = new Float64Array(numQueryTypes);
    this.#memory = new Float64Array(numQueryTypes);
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
    this.#layOut(pair, members, without, added);
    const { problem, limits } = this;
    const { deployments, options, lastPair } = problem;
    const tier = pair % problem.numTiers;
    const forced = options.delayRule === 'last-deployment' && pair === lastPair;
    let best = Infinity;
    if (this.#numItems === 0 && !(forced && this.stretch > 0)) {
      copyUse(noUse, out);
      best = limits.penaltyWith(noUse, tier);
      if (best === 0 && problem.currentGpus[pair] === 0) return true;
    }
    let mostGain = 0;
    for (let t = 0; t < this.#numItems; t++) mostGain += Math.max(0, this.#profit[t]);
    const trial = this.#trial;
    for (const d of this.#byRental[pair]) {
      if (forced && deployments.tpDegree[d] !== this.stretch) continue;
      const most = Math.min(options.maxReplicas, Math.floor(problem.available[tier] / deployments.tpDegree[d]));
      for (let replicas = 1; replicas <= most; replicas++) {
        this.#chargeFixed(pair, d, replicas, trial);
        if (trial.cost + this.#dropCost - mostGain >= best) continue;
        const served = this.#serve(d, replicas, trial, null);
        if (served === 'never') break;
        if (served === 'too small') continue;
        const value = trial.cost + limits.penaltyWith(trial, tier);
        if (value < best) {
          best = value;
          copyUse(trial, out);
        }
        if (served === 'full' && problem.currentGpus[pair] === 0) break;
      }
    }
    return best < Infinity;
  }

  /**
   * Fractions of `members` on deployment `d` with `replicas`, written to `fractions` (by query type), and the use they
   * make; false if they do not fit.
   */
  fractionsOn(d: number, replicas: number, members: readonly number[], fractions: Float64Array, out: PairUse): boolean {
    const pair = this.problem.deployments.pair[d];
    this.#layOut(pair, members, -1, -1);
    this.#chargeFixed(pair, d, replicas, out);
    const served = this.#serve(d, replicas, out, fractions);
    return served === 'full' || served === 'part';
  }

  /** Notes the members' profit and use; independent of the TP degree. */
  #layOut(pair: number, members: readonly number[], without: number, added: number): void {
    this.#numItems = 0;
    this.#dropCost = 0;
    for (const i of members) if (i !== without) this.#addItem(i, pair);
    if (added >= 0) this.#addItem(added, pair);
  }

  #addItem(i: number, pair: number): void {
    const { problem, tau } = this;
    const t = this.#numItems++;
    const at = i * problem.numPairs + pair;
    this.#item[t] = i;
    this.#profit[t] = problem.unmetCost[i] - problem.servingCost[at] - this.budgetPrice * problem.dataCost[i];
    this.#memory[t] = problem.memoryUse[at];
    this.#least[t] = 1 - problem.unmetCap[i];
    this.#dropCost += problem.unmetCost[i];
    if (this.#usesTau) {
      const swing = problem.deviationDelayCost[at];
      this.#kink[t] = swing > 0 ? tau / swing : Infinity;
      this.#steepProfit[t] = this.#profit[t] - problem.delayShare[pair] * swing;
    }
  }

  /** What renting costs before anything is served. */
  #chargeFixed(pair: number, d: number, replicas: number, out: PairUse): void {
    const { problem } = this;
    const { deployments, currentGpus, switchingAdded, switchingRemoved } = problem;
    const model = deployments.model[d];
    const copies = problem.options.weightStorage === 'per-placement' ? this.#numItems : 1;
    const gpus = deployments.tpDegree[d] * replicas;
    const now = currentGpus[pair];
    const switching = switchingAdded * Math.max(0, gpus - now) + switchingRemoved * (Math.max(0, now - gpus) - now);
    out.deployment = d;
    out.replicas = replicas;
    out.gpus = gpus;
    out.tpDegree = deployments.tpDegree[d];
    out.rental = deployments.rental[d] * replicas;
    out.storage = copies * problem.weightCost[model];
    out.storedWeights = copies * problem.weightSize[model];
    out.cost =
      out.rental * (1 + this.budgetPrice * problem.rentalBudgetFactor) +
      out.storage * (1 + this.budgetPrice) +
      switching;
  }

  /**
   * Serves as much as pays on `d`, adding its cost and data storage to `out`. `never`: some query type cannot be served
   * its least share on this degree; `too small`: not with these replicas; `full`: more replicas would serve no more.
   */
  #serve(
    d: number,
    replicas: number,
    out: PairUse,
    fractions: Float64Array | null,
  ): 'never' | 'too small' | 'full' | 'part' {
    const { problem, stretch } = this;
    const { deployments, computeUse, maxFraction, worstDelay, dataCost } = problem;
    const pair = deployments.pair[d];
    const knapsack = this.#knapsack;
    let memoryRoom = deployments.memoryRoom[d] * deployments.tpDegree[d] * replicas;
    let computeRoom = deployments.compute[d] * replicas;
    const memorySlack = fractionTolerance * memoryRoom;
    const computeSlack = fractionTolerance * computeRoom;
    let count = 0;
    let gain = 0;
    let data = 0;
    for (let t = 0; t < this.#numItems; t++) {
      const i = this.#item[t];
      let most = maxFraction[i * deployments.count + d];
      if (this.#usesStretch && most > 0) {
        const delay = worstDelay[i * problem.numPairs + pair];
        if (delay * most > this.#delayThreshold[i] * stretch) most = (this.#delayThreshold[i] * stretch) / delay;
      }
      let least = this.#least[t];
      if (most < 0 || most < least - fractionTolerance) return 'never';
      if (least > most) least = most;
      memoryRoom -= this.#memory[t] * least;
      computeRoom -= computeUse[i] * least;
      gain += this.#profit[t] * least;
      data += dataCost[i] * least;
      if (fractions) fractions[i] = least;
      let from = least;
      if (this.#usesTau) {
        const kink = this.#kink[t];
        if (from > kink) gain += (this.#steepProfit[t] - this.#profit[t]) * (from - kink);
        if (kink > from && this.#profit[t] > 0) {
          const to = Math.min(kink, most);
          if (to > from) this.#pushItem(count++, i, this.#profit[t], this.#memory[t], to - from);
          from = Math.max(from, to);
        }
        if (from >= kink && most > from && this.#steepProfit[t] > 0) {
          this.#pushItem(count++, i, this.#steepProfit[t], this.#memory[t], most - from);
        }
      } else if (most > from && this.#profit[t] > 0) {
        this.#pushItem(count++, i, this.#profit[t], this.#memory[t], most - from);
      }
    }
    if (memoryRoom < -memorySlack || computeRoom < -computeSlack) return 'too small';
    knapsack.count = count;
    gain += knapsack.solve(memoryRoom, computeRoom);
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

  #pushItem(slot: number, i: number, profit: number, memory: number, upper: number): void {
    const knapsack = this.#knapsack;
    this.#itemOf[slot] = i;
    knapsack.profit[slot] = profit;
    knapsack.memory[slot] = memory;
    knapsack.compute[slot] = this.problem.computeUse[i];
    knapsack.upper[slot] = upper;
  }
}

const noUse: PairUse = emptyUse();
