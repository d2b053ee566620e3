/**
 * Local search on a placement state: relocation of one query type, swaps of two, migration of a whole deployment to
 * another (model, tier) or onto another one (consolidation), opening a deployment for a group, and closing one; around
 * it a large-neighbourhood search that takes some query types out and puts them back. TP degrees and replicas follow
 * from the members of a deployment. All is done in steps that yield where the work may pause.
 */
import type { Steps } from '../lp/steps.ts';
import type { Inserter } from './insertion.ts';
import type { HeuristicParameters } from './parameters.ts';
import type { PlacementState, Snapshot } from './placementState.ts';
import type { SeededRandom } from './seededRandom.ts';

export class LocalSearch {
  readonly state: PlacementState;
  readonly inserter: Inserter;
  readonly #shouldStop: () => boolean;
  readonly #parameters: HeuristicParameters['search'];
  readonly #improvementTolerance: number;
  readonly #repairBreadth: number;

  constructor(state: PlacementState, inserter: Inserter, shouldStop: () => boolean) {
    this.state = state;
    this.inserter = inserter;
    this.#shouldStop = shouldStop;
    this.#parameters = state.parameters.search;
    this.#improvementTolerance = state.parameters.insertion.improvementTolerance;
    const { leastRepairBreadth, repairBreadthShared } = this.#parameters;
    this.#repairBreadth = Math.max(leastRepairBreadth, Math.round(repairBreadthShared / state.problem.numQueryTypes));
  }

  /** What an objective must be below to improve on a snapshot. */
  #threshold(snapshot: Snapshot): number {
    const objective = this.state.objectiveOf(snapshot);
    return objective - this.#improvementTolerance * Math.abs(objective);
  }

  /** Carries out the move being described if it helps. */
  #take(): boolean {
    const { state } = this;
    if (!(state.priceMove() < -this.#improvementTolerance * Math.abs(state.objective))) return false;
    state.applyMove();
    return true;
  }

  /** Moves each query type to its best place, over and over until none gains. */
  *relocate(): Steps<boolean> {
    const { state, inserter } = this;
    let improved = false;
    let quiet = 0;
    for (let i = 0; quiet < state.pairOf.length && !this.#shouldStop(); i = (i + 1) % state.pairOf.length) {
      quiet = this.#relocateOne(i, inserter) ? 0 : quiet + 1;
      if (quiet === 0) improved = true;
      if (i % this.#parameters.relocationsPerStep === 0) yield;
    }
    return improved;
  }

  #relocateOne(i: number, inserter: Inserter): boolean {
    const { state } = this;
    const from = state.pairOf[i];
    const tight = state.limits.isTight();
    const tolerance = this.#improvementTolerance * Math.abs(state.objective);
    let best = tight ? -tolerance : inserter.removalGain(i) - tolerance;
    let target = -1;
    const consider = (pair: number) => {
      if (pair === from) return;
      const cost = tight ? this.#priceRelocation(i, from, pair) : inserter.insertionCost(i, pair);
      if (cost < best) {
        best = cost;
        target = pair;
      }
    };
    for (const pair of state.rented) consider(pair);
    const ranking = inserter.alone[i];
    for (let t = 0, taken = 0; t < ranking.length && taken < this.#parameters.relocationBreadth; t++) {
      if (state.uses[ranking[t]].deployment >= 0) continue;
      consider(ranking[t]);
      taken++;
    }
    if (target < 0 || !(this.#priceRelocation(i, from, target) < -tolerance)) return false;
    state.applyMove();
    return true;
  }

  #priceRelocation(i: number, from: number, to: number): number {
    const { state } = this;
    state.beginMove();
    if (from >= 0) state.changeMembers(from, i, -1);
    else state.changeUnplaced(i, -1);
    state.changeMembers(to, -1, i);
    return state.priceMove();
  }

  /**
   * Chooses degree and replicas of each deployment again, the largest saving first: what shared limits leave may have
   * changed. Under the pooled delay rule this rents pairs without members where the degree total needs it.
   */
  *refit(): Steps<boolean> {
    const { state } = this;
    let improved = false;
    while (!this.#shouldStop()) {
      let best = -this.#improvementTolerance * Math.abs(state.objective);
      let target = -1;
      for (let pair = 0; pair < state.members.length; pair++) {
        if (state.problem.deploymentsOfPair[pair].length === 0) continue;
        state.beginMove();
        state.changeMembers(pair, -1, -1);
        const change = state.priceMove();
        if (change < best) {
          best = change;
          target = pair;
        }
      }
      if (target < 0) return improved;
      yield;
      state.beginMove();
      state.changeMembers(target, -1, -1);
      state.priceMove();
      state.applyMove();
      improved = true;
    }
    return improved;
  }

  /** Exchanges two query types of different deployments. */
  *swap(): Steps<boolean> {
    const { state } = this;
    const { pairOf } = state;
    let improved = false;
    for (let i = 0; i < pairOf.length && !this.#shouldStop(); i++) {
      for (let other = i + 1; other < pairOf.length; other++) {
        const a = pairOf[i];
        const b = pairOf[other];
        if (a < 0 || b < 0 || a === b) continue;
        state.beginMove();
        state.changeMembers(a, i, other);
        state.changeMembers(b, other, i);
        if (this.#take()) improved = true;
      }
      yield;
    }
    return improved;
  }

  /** Moves all query types of a deployment to another pair, closed (migration) or rented (consolidation). */
  *migrate(): Steps<boolean> {
    const { state } = this;
    let improved = false;
    for (const from of state.rented) {
      if (this.#shouldStop()) break;
      yield;
      if (state.members[from].length === 0) continue;
      let best = -this.#improvementTolerance * Math.abs(state.objective);
      let target = -1;
      for (let pair = 0; pair < state.members.length; pair++) {
        if (pair === from || state.problem.deploymentsOfPair[pair].length === 0) continue;
        const change = this.#priceMigration(from, pair);
        if (change < best) {
          best = change;
          target = pair;
        }
      }
      if (target < 0) continue;
      this.#priceMigration(from, target);
      state.applyMove();
      improved = true;
    }
    return improved;
  }

  #priceMigration(from: number, to: number): number {
    const { state } = this;
    const there = state.members[to];
    const moved = state.members[from];
    state.beginMove();
    state.replaceMembers(from, []);
    state.replaceMembers(to, there.length === 0 ? moved : [...there, ...moved]);
    return state.priceMove();
  }

  /** Opens a closed pair for the group that gains most by moving there. */
  *open(): Steps<boolean> {
    const { state, inserter } = this;
    const { numQueryTypes, numPairs, deploymentsOfPair } = state.problem;
    const worth = new Float64Array(numQueryTypes);
    const pool = Array.from({ length: numQueryTypes }, (_, i) => i);
    for (const i of pool) worth[i] = inserter.removalGain(i);
    const group: number[] = [];
    let improved = false;
    for (let pair = 0; pair < numPairs && !this.#shouldStop(); pair++) {
      if (state.uses[pair].deployment >= 0 || deploymentsOfPair[pair].length === 0) continue;
      yield;
      const saving = inserter.attract(pair, pool, worth, group);
      if (saving <= this.#improvementTolerance * Math.abs(state.objective)) continue;
      state.beginMove();
      for (const from of new Set(group.map((i) => state.pairOf[i]))) {
        if (from >= 0) {
          state.replaceMembers(
            from,
            state.members[from].filter((i) => !group.includes(i)),
          );
        }
      }
      for (const i of group) if (state.pairOf[i] < 0) state.changeUnplaced(i, -1);
      state.replaceMembers(pair, [...group]);
      if (!this.#take()) continue;
      improved = true;
      for (const i of pool) worth[i] = inserter.removalGain(i);
    }
    return improved;
  }

  /** Takes all query types out of a deployment and inserts them again elsewhere. */
  *close(): Steps<boolean> {
    const { state } = this;
    let improved = false;
    for (const pair of state.rented) {
      if (this.#shouldStop()) break;
      if (state.uses[pair].deployment < 0) continue;
      const before = state.save();
      const removed = [...state.members[pair]];
      this.#remove(removed);
      yield* this.inserter.insertAll(removed, {
        breadth: this.#repairBreadth,
        byDensity: false,
        banned: pair,
        random: null,
      });
      if (state.objective < this.#threshold(before)) improved = true;
      else state.restore(before);
    }
    return improved;
  }

  #needsRefit(): boolean {
    return this.state.limits.requiredDegree > 0 || this.state.limits.isTight();
  }

  /** The cheap moves until none helps. */
  *#settle(): Steps<void> {
    do yield* this.relocate();
    while ((yield* this.swap()) && !this.#shouldStop());
  }

  /** All moves until none helps. */
  *descend(): Steps<void> {
    do {
      yield* this.relocate();
      if (this.#needsRefit()) yield* this.refit();
      if (this.#shouldStop()) return;
    } while ((yield* this.swap()) || (yield* this.migrate()) || (yield* this.open()) || (yield* this.close()));
  }

  #remove(list: readonly number[]): void {
    const { state } = this;
    state.beginMove();
    for (const pair of new Set(list.map((i) => state.pairOf[i]))) {
      if (pair >= 0) {
        state.replaceMembers(
          pair,
          state.members[pair].filter((i) => !list.includes(i)),
        );
      }
    }
    for (const i of list) if (state.pairOf[i] >= 0) state.changeUnplaced(i, 1);
    if (state.priceMove() < Infinity) state.applyMove();
  }

  /**
   * `rounds` removals and repairs from the present plan; ends at the best one met. Where shared limits bind, their
   * price sways so that the search stays near their edge, on both sides; `onBest` is told of each plan that may be a
   * new best.
   */
  *perturb(rounds: number, random: SeededRandom, onBest: () => void): Steps<void> {
    const { state } = this;
    const { limits } = state;
    const lastingPrice = limits.price;
    let best: Snapshot = state.save();
    let current = best;
    for (let round = 0; round < rounds && !this.#shouldStop(); round++) {
      if (
        !(random.below(this.#parameters.replacementOdds) === 0 && (yield* this.#replace(random))) &&
        !(yield* this.#removeAndRepair(random))
      )
        break;
      yield* this.relocate();
      if (limits.requiredDegree > 0) yield* this.refit();
      const slack =
        (this.#parameters.startingTolerance * (1 - round / rounds) * Math.abs(best.cost)) / state.problem.numQueryTypes;
      if (state.objective < this.#threshold(best)) {
        yield* this.#settle();
        if (state.excess === 0 || best.excess > 0) best = state.save();
        current = state.save();
        onBest();
      } else if (state.objective < state.objectiveOf(current) + slack) current = state.save();
      else state.restore(current);
      if (limits.couples && (state.excess > 0 || limits.isTight()))
        limits.price *= state.excess > 0 ? this.#parameters.priceUp : this.#parameters.priceDown;
    }
    limits.price = lastingPrice;
    state.restore(best);
    yield* this.descend();
    if (state.excess > 0 && best.excess === 0) state.restore(best);
  }

  *#removeAndRepair(random: SeededRandom): Steps<boolean> {
    const { state } = this;
    const { list, banned } = this.#chooseRemoval(random);
    if (list.length === 0) return false;
    this.#remove(list);
    if (state.limits.requiredDegree > 0) state.closeIdle();
    const byDensity = random.below(2) === 0;
    yield* this.inserter.insertAll(list, { breadth: this.#repairBreadth, byDensity, banned, random });
    return true;
  }

  /**
   * Opens the best of a few closed pairs for the group that it attracts when every query type is worth its fair share
   * of its deployment's whole cost (as a dual price would be); deployments that lose members to it are dissolved if few
   * are left.
   */
  *#replace(random: SeededRandom): Steps<boolean> {
    const { state, inserter } = this;
    const { numQueryTypes } = state.problem;
    const worth = this.#fairShares();
    const pool = Array.from({ length: numQueryTypes }, (_, i) => i);
    const group: number[] = [];
    let chosen: number[] = [];
    let target = -1;
    let best = -Infinity;
    for (let sample = 0; sample < this.#parameters.replacementSamples; sample++) {
      const ranking = inserter.alone[random.below(numQueryTypes)];
      if (ranking.length === 0) continue;
      const pair = ranking[random.below(Math.min(ranking.length, this.#repairBreadth))];
      if (state.uses[pair].deployment >= 0) continue;
      const saving = inserter.attract(pair, pool, worth, group, random.below(2) === 0, random);
      if (group.length === 0 || saving <= best) continue;
      best = saving;
      target = pair;
      chosen = [...group];
    }
    if (target < 0) return false;
    const left: number[] = [];
    for (const pair of new Set(chosen.map((i) => state.pairOf[i]))) {
      if (pair < 0) continue;
      const rest = state.members[pair].filter((i) => !chosen.includes(i));
      if (2 * rest.length <= state.members[pair].length && left.length + rest.length <= this.#parameters.largestRemoval)
        left.push(...rest);
    }
    this.#remove([...chosen, ...left]);
    state.beginMove();
    state.replaceMembers(target, chosen);
    for (const i of chosen) state.changeUnplaced(i, -1);
    if (state.priceMove() < Infinity) state.applyMove();
    else left.push(...chosen);
    yield* inserter.insertAll(left, { breadth: this.#repairBreadth, byDensity: false, banned: -1, random });
    return true;
  }

  /** (i): removal gain, and the rest of the deployment's cost in proportion to it. */
  #fairShares(): Float64Array {
    const { state, inserter } = this;
    const shares = new Float64Array(state.problem.numQueryTypes);
    for (const i of shares.keys()) shares[i] = inserter.removalGain(i);
    for (const pair of state.rented) {
      const members = state.members[pair];
      const gains = members.reduce((sum, i) => sum + shares[i], 0);
      if (gains > 0) for (const i of members) shares[i] *= state.uses[pair].cost / gains;
      else for (const i of members) shares[i] = state.uses[pair].cost / members.length;
    }
    return shares;
  }

  #chooseRemoval(random: SeededRandom): { readonly list: number[]; readonly banned: number } {
    const { state } = this;
    const { numQueryTypes } = state.problem;
    const busy = state.rented.filter((pair) => state.members[pair].length > 0);
    const chosen = new Set<number>();
    for (let i = 0; i < numQueryTypes; i++) if (state.pairOf[i] < 0) chosen.add(i);
    const kind = random.below(4);
    let banned = -1;
    const most = Math.min(numQueryTypes, this.#parameters.largestRemoval);
    const dissolve = (pair: number) => {
      for (const i of state.members[pair]) if (chosen.size < most) chosen.add(i);
    };
    if (kind < 3 && busy.length > 0) {
      const first = random.below(busy.length);
      dissolve(busy[first]);
      if (random.below(2) === 0) banned = busy[first];
      if (kind > 0 && busy.length > 1) dissolve(busy[(first + 1 + random.below(busy.length - 1)) % busy.length]);
    }
    if (kind > 1) {
      const target = Math.min(most, chosen.size + 2 + random.below(Math.max(1, most - 2)));
      for (let tries = 0; chosen.size < target && tries < 4 * most; tries++) chosen.add(random.below(numQueryTypes));
    }
    return { list: [...chosen].sort((a, b) => a - b), banned };
  }
}
