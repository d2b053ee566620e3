/**
 * Writes the tree of a proof of split placement: each node's linear program (`SplitProgram`) gives prices; where the
 * checker's own bound at them, in short numbers, is enough, the node is a leaf, else it is split by the search's rule:
 * what is rented first, then replicas, then placements. What no plan below the claim rents is left out where that is
 * much, as is all that is not rented before placements are split, so that programs and leaves below are small.
 */
import { branchingRules } from '../../bnb/plugins/branchingRules.ts';
import { PseudoCosts } from '../../bnb/pseudoCosts.ts';
import type { BranchingCandidate } from '../../bnb/relaxation.ts';
import { resolveStrategy } from '../../bnb/strategy.ts';
import type { Basis } from '../../lp/simplexTypes.ts';
import type { Steps } from '../../lp/steps.ts';
import type { ProofNode } from '../check/proofFormat.ts';
import { exactly, roundedUp } from '../check/rational.ts';
import { childOf, type Named, type Region, wholeRegion } from '../check/region.ts';
import type { ProofGoal } from './proofGoal.ts';
import { type PlainSplit, type SplitSide, splitCandidates, splitClasses, undecided } from './splitCandidates.ts';
import { splitPrices } from './splitPrices.ts';
import { SplitProgram } from './splitProgram.ts';
import { type SplitPoint, SplitRows } from './splitRows.ts';
import { TreeProgress } from './treeProgress.ts';
import { ProofNotWritten, type WriteOptions } from './writeOptions.ts';

/** A node whose configurations are this part of those in the program above, or less, has a program of its own. */
const shrinkAt = 0.6;
/** What the bound lacks must have come down to this part before prices are asked again what to leave out. */
const shutAgain = 0.5;
/** They are asked where more is open than this times what is rented, and followed where they leave out this part. */
const roomToShut = 2;
const leastShut = 0.25;

const strategy = resolveStrategy();

/** What a node has from the one above. */
interface Above {
  readonly program: SplitProgram;
  /** Null: none yet. */
  readonly basis: Basis | null;
  /** What the bound lacked when prices were asked last what to leave out. */
  readonly lacked: number;
  /** Of the whole tree, down to this node, for who is told how much is done. */
  readonly halvings: number;
  /** Told the objective, or Infinity where there is no point. */
  readonly onSolved: (objective: number) => void;
}

/** A node that is solved. */
interface Solved {
  readonly region: Region;
  readonly program: SplitProgram;
  readonly depth: number;
  readonly objective: number;
  /** Null: the program has none, and prices did not show it. */
  readonly point: SplitPoint | null;
}

export class SplitTreeWriter {
  readonly #goal: ProofGoal;
  readonly #progress: TreeProgress;
  readonly #rows: SplitRows;
  readonly #pseudoCosts = new PseudoCosts(strategy.parameters.branching);

  constructor(goal: ProofGoal, options: WriteOptions) {
    this.#goal = goal;
    this.#progress = new TreeProgress(options);
    this.#rows = new SplitRows(goal.rounded, goal.scale);
  }

  /** Throws ProofNotWritten where a limit strikes or a node does not close. */
  write(): Steps<ProofNode> {
    const region = wholeRegion(this.#goal.rounded.facts);
    const program = new SplitProgram(this.#goal.rounded, this.#rows, openOf(region));
    return this.#prove(region, 0, { program, basis: null, lacked: Infinity, halvings: 0, onSolved: () => {} });
  }

  *#prove(region: Region, depth: number, above: Above): Steps<ProofNode> {
    yield;
    this.#progress.enter();
    const program = this.#programFor(region, above);
    program.restrict(region);
    const { leaf, objective, point } = yield* this.#settle(region, program);
    above.onSolved(objective);
    if (leaf !== null) {
      this.#progress.leaf(above.halvings);
      return leaf;
    }
    const node = { region, program, depth, objective, point };
    const lacks = this.#goal.cutoff - objective;
    const asks = point !== null && lacks <= above.lacked * shutAgain;
    const lacked = asks ? lacks : above.lacked;
    const basis = program.solver.saveBasis();
    const shut = asks ? yield* this.#ruledOut(node) : null;
    const candidate = shut === null ? this.#chosen(node, basis) : null;
    const split = shut ?? notRented(node, candidate) ?? candidate?.down.split ?? undecided(region);
    if (split === null) throw new ProofNotWritten(`a node at depth ${depth} has nothing to split and does not close`);
    this.#progress.split();
    const children: ProofNode[] = [];
    for (const child of [0, 1] as const) {
      const onSolved = (reached: number) => {
        if (split === candidate?.down.split) this.#learn(candidate, child, reached - objective);
      };
      // What is ruled out is closed at once.
      const halvings = split === shut ? (child === 0 ? above.halvings : Infinity) : above.halvings + 1;
      const below = { program, basis, lacked, halvings, onSolved };
      children.push(yield* this.#prove(sideOf(region, { split, child }), depth + 1, below));
    }
    return { ...split, children: [children[0], children[1]] };
  }

  /** That of the node above, or a smaller one where the region leaves little of it. */
  #programFor(region: Region, { program, basis }: Above): SplitProgram {
    const open = openOf(region);
    if (open.length <= program.size * shrinkAt) return new SplitProgram(this.#goal.rounded, this.#rows, open);
    if (basis !== null) program.solver.loadBasis(basis);
    return program;
  }

  /** A leaf, or what to split at. */
  *#settle(
    region: Region,
    program: SplitProgram,
  ): Steps<Pick<Solved, 'objective' | 'point'> & { leaf: ProofNode | null }> {
    const { solver } = program;
    const { cutoff, hopeful, target } = this.#goal;
    const { shouldStop } = this.#progress;
    for (let round = 0; ; round++) {
      const status = yield* program.solve(shouldStop);
      this.#progress.check();
      if (status === 'infeasible')
        return { leaf: yield* this.#leaf(region, program, 1), objective: Infinity, point: null };
      if (status !== 'optimal') throw new ProofNotWritten(`a relaxation ended as ${status}`);
      const { objective } = solver;
      const point = program.point();
      const isAbove = target !== null && objective >= cutoff;
      const refines = round < strategy.parameters.nodes.mostLazyRounds;
      if (refines && !isAbove && program.addScenarios(point) > 0) continue;
      const leaf = target !== null && objective >= hopeful ? yield* this.#leaf(region, program, 2) : null;
      // Where numbers are to blame, finer rows may help.
      if (refines && leaf === null && isAbove && program.addScenarios(point) > 0) continue;
      return { leaf, objective, point };
    }
  }

  /** At the duals of the program, or in the first phase at its ray, if that is enough. */
  *#leaf(region: Region, program: SplitProgram, phase: 1 | 2): Steps<ProofNode | null> {
    return yield* this.#goal.leaves.write(region, this.#prices(region, program, phase));
  }

  #prices(region: Region, program: SplitProgram, phase: 1 | 2) {
    const { rounded, scale, step } = this.#goal;
    return splitPrices(rounded, this.#rows, region, program.multipliers(phase), phase, { scale, step });
  }

  /** What no plan below the claim rents, as far as these prices say, where it is much. */
  *#ruledOut({ region, program, point }: Solved): Steps<PlainSplit | null> {
    const { rounded, scale, target, cutoff, leaves } = this.#goal;
    const numOpen = openOf(region).length;
    if (target === null || point === null || numOpen <= roomToShut * point.length) return null;
    const aim = roundedUp(exactly(cutoff / scale), rounded.resolution);
    const out = yield* leaves.ruledOut(region, this.#prices(region, program, 2), aim);
    const size = [...out.values()].reduce((sum, configurations) => sum + configurations.size, 0);
    return size >= leastShut * numOpen ? without(out) : null;
  }

  /**
   * By the search's rule, in the first class that has any; where the storage capacity has a price in all at once: whole
   * placements then decide what is rented.
   */
  #chosen({ region, program, depth, objective, point }: Solved, basis: Basis): BranchingCandidate<SplitSide> | null {
    const candidates = point === null ? [] : splitCandidates(this.#goal.rounded, region, point);
    const byClass = splitClasses.map((name) => candidates.filter(({ branchingClass }) => branchingClass === name));
    const storageBinds = point !== null && (this.#prices(region, program, 2).storage ?? 0) > 0;
    const eligible = storageBinds ? candidates : (byClass.find(({ length }) => length > 0) ?? []);
    if (eligible.length === 0) return null;
    const { solver } = program;
    const probe = (side: SplitSide) => {
      program.restrict(sideOf(region, side));
      solver.loadBasis(basis);
      const before = solver.iterations;
      const status = solver.solve({ iterationLimit: strategy.strongIterations });
      const bound = status === 'infeasible' ? Infinity : Math.max(objective, solver.dualBound);
      return { bound, simplexIterations: solver.iterations - before };
    };
    const { cutoff } = this.#goal;
    const context = { strategy, pseudoCosts: this.#pseudoCosts, nodeBound: objective, cutoff, depth, probe };
    return branchingRules.reliability.choose(eligible, context);
  }

  #learn({ key, branchingClass, value, down }: BranchingCandidate<SplitSide>, child: 0 | 1, gain: number): void {
    const direction = down.child === child ? 'down' : 'up';
    const below = value - Math.floor(value);
    const distance = direction === 'down' ? below : 1 - below;
    this.#pseudoCosts.record({ key, branchingClass, direction, distance }, gain);
  }
}

/** Where all that is rented is whole: what is not, so that placements are split among what is. */
function notRented({ region, point }: Solved, candidate: BranchingCandidate<SplitSide> | null): PlainSplit | null {
  if (point === null || (candidate !== null && candidate.branchingClass !== 'placed')) return null;
  const named = new Map<number, Set<number>>();
  for (const { pair, configuration } of openOf(region)) {
    if (point.some((each) => each.pair === pair && each.configuration === configuration)) continue;
    named.set(pair, (named.get(pair) ?? new Set()).add(configuration));
  }
  return named.size === 0 ? null : without(named);
}

function without(named: Named): PlainSplit {
  const entries = [...named].map(([pair, configurations]): [number, number[]] => [pair, [...configurations]]);
  return { kind: 'without', configurations: Object.fromEntries(entries) };
}

function openOf({ configurations }: Region) {
  return configurations.flatMap((list, pair) =>
    list.flatMap((bounds, configuration) => (bounds === null ? [] : [{ pair, configuration }])),
  );
}

const noChildren = [{ kind: 'prices' }, { kind: 'prices' }] as const;

function sideOf(region: Region, { split, child }: SplitSide): Region {
  return childOf(region, { ...split, children: noChildren }, child, 'tree');
}
