/**
 * What every `Relaxation` must keep (docs/architecture.md), as checks that the tests of each implementation register.
 * A plain walk through the whole tree stands in for `TreeSearch`: it asks as that does, hides no node, and compares
 * what it is told with an optimum from elsewhere.
 */
import { describe, expect, it } from 'vitest';
import { decodePlain, encodePlain } from '../../src/bnb/plainData.ts';
import type { IncumbentDoor, NodeOutcome, NodeRequest, ProbeOutcome, Relaxation } from '../../src/bnb/relaxation.ts';
import { drain } from '../../src/lp/steps.ts';
import { rootRequest } from './rootRequest.ts';

export interface ConformanceCase<Decision, Solution, WarmStart> {
  readonly name: string;
  /** The relaxation made anew, always from the same data. */
  readonly make: () => Relaxation<Decision, Solution, WarmStart>;
  readonly door: IncumbentDoor<Solution>;
  /** Solutions that the door lets in. */
  readonly known: readonly Solution[];
  /** From another source than the relaxation; Infinity: there is no solution. */
  readonly optimum: number;
  /** Whether a solution satisfies a decision; absent where that cannot be told from the decision alone. */
  readonly satisfies?: (solution: Solution, decision: Decision) => boolean;
}

/** Of bounds and costs, relatively where they are large. */
const tolerance = (value: number) => 1e-6 * Math.max(1, Math.abs(value));
const isAtMost = (value: number, limit: number) => value <= limit || value - limit <= tolerance(limit);
const isSame = (a: number, b: number) => isAtMost(a, b) && isAtMost(b, a);
/** Ends walks that branch in circles; the cases take some dozen nodes. */
const mostNodes = 3000;
const probeIterations = 20;
/** Rounding of LPs stays well below it, and it below the tolerance. */
const relativeGap = 1e-7;

interface OpenNode<Decision, WarmStart> {
  readonly id: number;
  readonly decisions: readonly Decision[];
  readonly warmStart: WarmStart | null;
  readonly bound: number;
  readonly trial: ProbeOutcome<WarmStart> | null;
}

interface WalkState<Decision, Solution, WarmStart> {
  readonly open: readonly OpenNode<Decision, WarmStart>[];
  readonly best: { readonly cost: number; readonly solution: Solution } | null;
  /** Least bound of the nodes that passed the cutoff. */
  readonly prunedBound: number;
  readonly nextId: number;
}

const rootState = {
  open: [{ id: 0, decisions: [], warmStart: null, bound: -Infinity, trial: null }],
  best: null,
  prunedBound: Infinity,
  nextId: 1,
};

/** The oldest open node first, branched on the first candidate, both children tried and both kept. */
class Walk<Decision, Solution, WarmStart> {
  readonly faults: string[] = [];
  /** Every outcome as text, bit for bit. */
  readonly trace: string[] = [];
  /** Question at which `shouldStop` begins to say yes. */
  stopsAt = Infinity;
  questions = 0;
  readonly #case: ConformanceCase<Decision, Solution, WarmStart>;
  readonly #cutoff: number;
  readonly relaxation: Relaxation<Decision, Solution, WarmStart>;
  #state: WalkState<Decision, Solution, WarmStart>;

  constructor(
    conformance: ConformanceCase<Decision, Solution, WarmStart>,
    { cutoff = Infinity, state = rootState as WalkState<Decision, Solution, WarmStart> } = {},
  ) {
    this.#case = conformance;
    this.#cutoff = cutoff;
    this.#state = state;
    this.relaxation = conformance.make();
  }

  get best() {
    return this.#state.best;
  }

  get cutoff(): number {
    const { best } = this.#state;
    return Math.min(
      this.#cutoff,
      best === null ? Infinity : best.cost - relativeGap * Math.max(1, Math.abs(best.cost)),
    );
  }

  /** Below this there is no solution, if all that was told is true. */
  get bound(): number {
    const { open, best, prunedBound } = this.#state;
    return open.reduce((least, { bound }) => Math.min(least, bound), Math.min(prunedBound, best?.cost ?? Infinity));
  }

  offer(solution: Solution): number | null {
    const taken = this.#case.door(solution, 'tree');
    if (taken !== null && taken.cost < Math.min(this.best?.cost ?? Infinity, this.#cutoff)) {
      this.#state = { ...this.#state, best: taken };
      this.relaxation.onIncumbent?.(taken.cost, taken.solution);
    }
    return taken?.cost ?? null;
  }

  /** Solves one node; null where none is open. */
  step(): NodeOutcome<Decision, Solution, WarmStart> | null {
    const [node, ...others] = this.#state.open;
    if (node === undefined) return null;
    const incumbent = () => ({
      cutoff: this.cutoff,
      incumbentCost: this.best?.cost ?? Infinity,
      incumbent: this.best?.solution ?? null,
    });
    let told = incumbent();
    const request: NodeRequest<Decision, Solution, WarmStart> = {
      ...rootRequest,
      ...told,
      relativeGap,
      id: node.id,
      decisions: node.decisions,
      warmStart: node.warmStart,
      parentBound: node.bound,
      depth: node.decisions.length,
      shouldStop: () => ++this.questions >= this.stopsAt,
      offer: (solution) => {
        this.offer(solution);
        told = incumbent();
        return told;
      },
    };
    const outcome = drain(this.relaxation.solveInSteps(request));
    this.trace.push(JSON.stringify(encodePlain(outcome)));
    const costs = outcome.proposals.map(({ solution }) => this.offer(solution));
    if (outcome.solution !== null) costs.push(this.offer(outcome.solution));
    this.#check({ ...request, ...told }, node, outcome, costs.at(-1) ?? null);
    const bound = Math.max(node.bound, outcome.bound);
    if (outcome.status === 'limit') {
      this.#state = { ...this.#state, open: [{ ...node, bound }, ...others] };
      return outcome;
    }
    this.#state = { ...this.#state, open: others };
    const [candidate] = outcome.candidates;
    if (outcome.status === 'cutoff' || (bound >= this.cutoff && bound < Infinity)) {
      this.#state = { ...this.#state, prunedBound: Math.min(this.#state.prunedBound, bound) };
    } else if (candidate !== undefined && outcome.status !== 'infeasible') {
      const from = { ...request, warmStart: outcome.warmStart, parentBound: bound, cutoff: this.cutoff };
      const children = [candidate.down, candidate.up].map((decision, side): OpenNode<Decision, WarmStart> => {
        const isTried = outcome.status === 'solved' && this.stopsAt === Infinity;
        const trial = isTried ? (this.relaxation.probe?.(from, decision, probeIterations) ?? null) : null;
        return {
          id: this.#state.nextId + side,
          decisions: [...node.decisions, decision],
          warmStart: trial?.warmStart ?? outcome.warmStart,
          bound,
          trial,
        };
      });
      this.#state = { ...this.#state, open: [...others, ...children], nextId: this.#state.nextId + 2 };
    } else if (outcome.status === 'solved' && bound < this.cutoff) {
      this.faults.push(`node ${node.id}: a leaf at ${bound} that no accepted solution attains`);
    }
    if (!isAtMost(Math.min(this.bound, this.#cutoff), this.#case.optimum))
      this.faults.push(`after node ${node.id}: nothing open below ${this.bound}, optimum ${this.#case.optimum}`);
    return outcome;
  }

  run(): this {
    for (let nodes = 0; nodes < mostNodes; nodes++) if (this.step() === null) return this;
    this.faults.push(`not at its end after ${mostNodes} nodes`);
    return this;
  }

  /** The walk and what the relaxation has learnt, as text. */
  save(): string {
    return JSON.stringify(encodePlain({ walk: this.#state, relaxation: this.relaxation.saveState?.() }));
  }

  static restore<Decision, Solution, WarmStart>(
    conformance: ConformanceCase<Decision, Solution, WarmStart>,
    text: string,
  ): Walk<Decision, Solution, WarmStart> {
    const { walk: state, relaxation } = decodePlain(JSON.parse(text)) as {
      readonly walk: WalkState<Decision, Solution, WarmStart>;
      readonly relaxation: unknown;
    };
    const walk = new Walk(conformance, { state });
    walk.takeState(relaxation);
    return walk;
  }

  /** As a search does at its checkpoints: goes on from what is saved and nothing else. */
  checkpoint(): string {
    const text = this.save();
    this.takeState(this.relaxation.saveState?.());
    return text;
  }

  takeState(state: unknown): void {
    if (state !== undefined && state !== null) this.relaxation.restoreState?.(state);
    else if (this.best !== null) this.relaxation.onIncumbent?.(this.best.cost, this.best.solution);
  }

  #check(
    request: NodeRequest<Decision, Solution, WarmStart>,
    { id, trial }: OpenNode<Decision, WarmStart>,
    { status, bound, candidates, solution }: NodeOutcome<Decision, Solution, WarmStart>,
    cost: number | null,
  ): void {
    const fault = (text: string) => this.faults.push(`node ${id} (${status}, bound ${bound}): ${text}`);
    if (!isAtMost(request.parentBound, bound)) fault(`below its parent's ${request.parentBound}`);
    if (status === 'infeasible' && bound !== Infinity) fault('infeasible with a bound');
    if (status === 'cutoff' && !isAtMost(request.cutoff, bound)) fault(`below its cutoff ${request.cutoff}`);
    if (status === 'limit' && this.questions < this.stopsAt) fault('stopped unasked');
    if (solution !== null && cost !== null && !isAtMost(bound, cost)) fault(`above its own solution's ${cost}`);
    const isPast = status === 'infeasible' || status === 'cutoff';
    const trialBound = trial?.bound ?? -Infinity;
    if (status === 'solved' && !isAtMost(Math.min(trialBound, request.cutoff), bound))
      fault(`its trial said ${trialBound}`);
    if (!isPast && trialBound === Infinity && request.cutoff === Infinity) fault('its trial said infeasible');
    for (const { branchingClass } of candidates) {
      if (!this.relaxation.branchingClasses.includes(branchingClass)) fault(`unknown class ${branchingClass}`);
    }
    const { satisfies, known, door } = this.#case;
    for (const other of satisfies === undefined && request.depth > 0 ? [] : known) {
      const costOfOther = door(other, 'known')!.cost;
      // Whatever is no better than what has been offered may be lost.
      if (costOfOther >= Math.min(request.cutoff, this.cutoff) - tolerance(costOfOther)) continue;
      if (!request.decisions.every((decision) => satisfies!(other, decision))) continue;
      if (!isAtMost(bound, costOfOther) || status === 'cutoff') fault(`a solution below it costs ${costOfOther}`);
    }
  }
}

/** Registers the checks; each runs through all cases. */
export function conformsToRelaxation<Decision, Solution, WarmStart>(
  name: string,
  cases: readonly ConformanceCase<Decision, Solution, WarmStart>[],
): void {
  type Case = ConformanceCase<Decision, Solution, WarmStart>;
  /** The faults of a whole walk, among them that it missed the optimum. */
  const faultsOf = (walk: Walk<Decision, Solution, WarmStart>, { name: from, optimum }: Case): string[] => {
    const cost = walk.best?.cost ?? Infinity;
    const missed = isSame(cost, optimum) ? [] : [`ended at ${cost}, optimum ${optimum}`];
    return [...walk.faults, ...missed].map((fault) => `${from}: ${fault}`);
  };

  describe(`the contract of relaxations: ${name}`, () => {
    it('bounds every known solution, at each node and over all of them, and comes to the optimum', () => {
      let mostSolved = 0;
      for (const one of cases) {
        const costs = one.known.map((solution) => one.door(solution, 'known')?.cost ?? Number.NaN);
        expect(costs.every((cost) => isAtMost(one.optimum, cost))).toBe(true);
        const walk = new Walk(one).run();
        expect(faultsOf(walk, one)).toEqual([]);
        mostSolved = Math.max(mostSolved, walk.trace.length);
      }
      expect(cases.some(({ optimum }) => optimum < Infinity)).toBe(true);
      // Where nothing is branched on, the checks say little.
      expect(mostSolved).toBeGreaterThan(2);
    });

    it('answers the same questions the same way, bit for bit', () => {
      for (const one of cases) expect(new Walk(one).run().trace).toEqual(new Walk(one).run().trace);
    });

    it('goes on from its saved state as it goes on itself', () => {
      for (const one of cases) {
        for (const nodesBefore of [1, 4]) {
          const walk = new Walk(one);
          for (let node = 0; node < nodesBefore; node++) walk.step();
          const text = walk.checkpoint();
          const before = walk.trace.length;
          const resumed = Walk.restore(one, text).run();
          expect(resumed.trace).toEqual(walk.run().trace.slice(before));
          expect(faultsOf(resumed, one)).toEqual([]);
        }
      }
    });

    it('stops at any question with a bound that holds, and then goes on', () => {
      let stops = 0;
      for (const one of cases) {
        const undisturbed = new Walk(one);
        undisturbed.step();
        for (let at = 1; at <= undisturbed.questions; at *= 2) {
          const walk = new Walk(one);
          walk.stopsAt = at;
          if (walk.step()?.status === 'limit') stops++;
          walk.stopsAt = Infinity;
          const faults = faultsOf(walk.run(), one).map((fault) => `stopped at question ${at}: ${fault}`);
          expect(faults).toEqual([]);
        }
      }
      // Relaxations that never ask are quick enough without.
      expect(stops > 0 || cases.every((one) => new Walk(one).run().questions === 0)).toBe(true);
    });

    it('loses nothing below a cutoff, and claims nothing above it', () => {
      for (const one of cases.filter(({ optimum }) => optimum < Infinity)) {
        const root = new Walk(one);
        root.step();
        const { optimum } = one;
        const above = new Walk(one, { cutoff: optimum + 1e-3 * Math.max(1, Math.abs(optimum)) }).run();
        expect(faultsOf(above, one)).toEqual([]);
        const close = optimum - 10 * tolerance(optimum);
        for (const cutoff of [root.bound - 1, Math.min((root.bound + optimum) / 2, close), close]) {
          const walk = new Walk(one, { cutoff }).run();
          expect(walk.faults).toEqual([]);
          expect(walk.best).toBeNull();
        }
      }
    });

    it('finds what is better than an incumbent that is given', () => {
      for (const one of cases) {
        for (const solution of one.known.slice(0, 3)) {
          const walk = new Walk(one);
          walk.offer(solution);
          expect(faultsOf(walk.run(), one)).toEqual([]);
        }
      }
    });
  });
}
