/**
 * Writes the tree of a proof of split placement: each node is solved by column generation over patterns
 * (`SplitMaster`); where the checker's own bound at its prices, in short numbers, is enough, it is a leaf, else it is
 * split: by how many pairs are rented, by what a pair is, its replicas, what is placed there.
 */
import type { Steps } from '../../lp/steps.ts';
import type { ProofNode } from '../check/proofFormat.ts';
import { childOf, type Region, wholeRegion } from '../check/region.ts';
import type { ProofGoal } from './proofGoal.ts';
import { type PlainSplit, splitCandidates, undecided } from './splitCandidates.ts';
import { SplitMaster } from './splitMaster.ts';
import type { SplitPattern, SplitPoint } from './splitPatterns.ts';
import { splitPrices } from './splitPrices.ts';
import { SplitPricing } from './splitPricing.ts';
import { SplitRows } from './splitRows.ts';
import { TreeProgress } from './treeProgress.ts';
import { ProofNotWritten, type WriteOptions } from './writeOptions.ts';

/** Reduced costs above minus this, relative to the objective, are not worth a column. */
const improvement = 1e-9;
/** Master and bound closer than this, relatively, have met. */
const convergence = 1e-8;
/** Bound of the first phase, in artificial units, above which nothing is feasible. */
const infeasibility = 1e-6;
/** Columns that a round adds at most, and so many more for each query type. */
const columnsPerRound = 40;
const columnsPerQueryType = 5;
const mostRounds = 2000;
/** Gains below this, relative to the cost, are none. */
const leastGain = 1e-6;
/** Simplex iterations for each child that is weighed. */
const probeIterations = 30;

export class SplitTreeWriter {
  readonly #goal: ProofGoal;
  readonly #progress: TreeProgress;
  readonly #rows: SplitRows;
  readonly #master: SplitMaster;
  readonly #pricing: SplitPricing;

  constructor(goal: ProofGoal, known: readonly SplitPattern[], options: WriteOptions) {
    const { rounded, searched } = goal;
    this.#goal = goal;
    this.#progress = new TreeProgress(options);
    this.#rows = new SplitRows(rounded, goal.scale);
    this.#master = new SplitMaster(this.#rows);
    this.#pricing = new SplitPricing(rounded, this.#rows, searched.problem);
    this.#master.add(known);
  }

  /** Throws ProofNotWritten where a limit strikes or a node does not close. */
  write(): Steps<ProofNode> {
    return this.#prove(wholeRegion(this.#goal.rounded.facts), 0);
  }

  *#prove(region: Region, depth: number): Steps<ProofNode> {
    this.#progress.enter();
    this.#master.restrict(region);
    const outcome = yield* this.#generate(region);
    if ('leaf' in outcome) {
      this.#progress.leaf(depth);
      return outcome.leaf;
    }
    const split = this.#chosen(region, outcome.point) ?? undecided(region);
    if (split === null) throw new ProofNotWritten(`a node at depth ${depth} has nothing to split and does not close`);
    this.#progress.split();
    const child = (at: 0 | 1) =>
      this.#prove(childOf(region, { ...split, children: noChildren }, at, 'tree'), depth + 1);
    return { ...split, children: [yield* child(0), yield* child(1)] };
  }

  /** A leaf, or the point that master and bound met at. */
  *#generate(region: Region): Steps<{ readonly leaf: ProofNode } | { readonly point: SplitPoint }> {
    const master = this.#master;
    const { solver } = master;
    const { cutoff, hopeful, target } = this.#goal;
    let best: { bound: number; duals: Float64Array } = { bound: -Infinity, duals: new Float64Array(0) };
    master.setPhase(2);
    for (let round = 0; round < mostRounds; round++) {
      yield;
      this.#progress.check();
      const status = master.solve();
      if (status === 'infeasible' && master.phase === 2) {
        master.setPhase(1);
        continue;
      }
      if (status !== 'optimal') throw new ProofNotWritten(`a relaxation ended as ${status}`);
      const { objective } = master;
      if (master.phase === 1 && objective <= infeasibility / 100) {
        master.setPhase(2);
        continue;
      }
      if (master.phase === 2 && master.addScenarios(master.point()) > 0) continue;
      const duals = solver.duals.slice(0, solver.numRows);
      const size = master.phase === 1 ? 1 : Math.max(1e-6, Math.abs(objective));
      const most = columnsPerRound + columnsPerQueryType * this.#goal.rounded.queryTypes.length;
      const { bound, patterns } = this.#pricing.price(region, duals, master.phase, improvement * size, most);
      if (master.phase === 1) {
        if (bound > infeasibility) {
          const leaf = yield* this.#leaf(region, duals, 1);
          if (leaf !== null) return { leaf };
        }
        if (master.add(patterns) === 0) throw new ProofNotWritten('a node is infeasible by less than can be shown');
        continue;
      }
      if (bound > best.bound) best = { bound, duals };
      if (target !== null && bound >= cutoff) {
        const leaf = yield* this.#leaf(region, duals, 2);
        if (leaf !== null) return { leaf };
      }
      const hasMet = objective - best.bound <= convergence * size;
      if (!hasMet && master.add(patterns) > 0) continue;
      if (target !== null && best.bound >= hopeful) {
        const leaf = yield* this.#leaf(region, best.duals, 2);
        if (leaf !== null) return { leaf };
      }
      return { point: master.point() };
    }
    throw new ProofNotWritten('a node does not converge');
  }

  *#leaf(region: Region, duals: Float64Array, phase: 1 | 2): Steps<ProofNode | null> {
    const { rounded, scale, step, target, leaves } = this.#goal;
    const prices = splitPrices(rounded, this.#rows, region, duals, phase, { scale, step });
    const written = yield* leaves.write(region, prices, []);
    if (written === null) return null;
    const { leaf, bound } = written;
    if (bound === null || (phase === 1 && bound > 0n)) return leaf;
    return phase === 2 && target !== null && bound >= target ? leaf : null;
  }

  /** The candidate whose children gain most, as far as the columns at hand say. */
  #chosen(region: Region, point: SplitPoint): PlainSplit | null {
    const candidates = splitCandidates(this.#goal.rounded.facts, region, point);
    if (candidates.length < 2) return candidates[0] ?? null;
    const master = this.#master;
    const before = master.objective;
    const basis = master.solver.saveBasis();
    const least = leastGain * Math.abs(before);
    let best: { split: PlainSplit | null; score: number } = { split: null, score: -1 };
    for (const split of candidates) {
      const gains = ([0, 1] as const).map((at) => {
        master.restrict(childOf(region, { ...split, children: noChildren }, at, 'tree'));
        master.solver.loadBasis(basis);
        // What the columns at hand do not reach counts as much as all the cost.
        const status = master.solver.solve({ iterationLimit: probeIterations });
        const isBound = status === 'optimal' || status === 'iteration-limit';
        return Math.max(least, isBound ? master.objective - before : Math.abs(before));
      });
      const score = gains[0] * gains[1];
      if (score > best.score) best = { split, score };
    }
    return best.split;
  }
}

const noChildren = [{ kind: 'prices' }, { kind: 'prices' }] as const;
