/**
 * Writes the tree of a proof of single placement: over the pattern relaxation of the whole problem, without reductions,
 * pools or heuristics, whose cutoff is the cost to be proven. Each node is solved by column generation; where the
 * checker's own bound at the node's prices, in short numbers, is enough, it is a leaf, else it is split.
 */
import type { BranchingCandidate } from '../../bnb/relaxation.ts';
import type { Steps } from '../../lp/steps.ts';
import { fromPlan } from '../../model/compiled/indexedPlan.ts';
import type { Plan } from '../../model/instance.ts';
import { withoutIdlePatterns } from '../../patterns/master/masterAgeing.ts';
import { type MasterPoint, readPoint } from '../../patterns/master/masterPoint.ts';
import { candidatesAt, lastDegreeCandidate } from '../../patterns/master/patternBranching.ts';
import { type NodeRestrictions, type PatternDecision, restrictionsOf } from '../../patterns/master/patternDecision.ts';
import { generateColumns, priceAll } from '../../patterns/master/pricedColumns.ts';
import { RestrictedMaster } from '../../patterns/master/restrictedMaster.ts';
import { addPooledRows } from '../../patterns/master/violatedRows.ts';
import { PatternPricer } from '../../patterns/pricing/patternPricer.ts';
import { buildPatternTable, type PatternTable, stretchedTable } from '../../patterns/pricing/patternTable.ts';
import { patternsOfPlan } from '../../patterns/pricing/planPatterns.ts';
import { supportsPatterns } from '../../patterns/supportsPatterns.ts';
import type { Facts } from '../check/facts.ts';
import type { ProofNode, Split } from '../check/proofFormat.ts';
import { childOf, type Region, wholeRegion } from '../check/region.ts';
import { MasterPrices } from './masterPrices.ts';
import type { ProofGoal } from './proofGoal.ts';
import { TreeProgress } from './treeProgress.ts';
import { ProofNotWritten, type WriteOptions } from './writeOptions.ts';

type Candidate = BranchingCandidate<PatternDecision>;

/** Candidates of each class whose children are weighed by the columns at hand. */
const probes = 10;
/** Gains below this, relative to the cost, are none. */
const leastGain = 1e-6;
/** Covers are tried again once the gap is so much of one at which they did not close a node. */
const coverShare = 0.5;

export class PatternTreeWriter {
  readonly #facts: Facts;
  readonly #goal: ProofGoal;
  readonly #table: PatternTable;
  readonly #prices: MasterPrices;
  readonly #pricings = new Map<number, { readonly table: PatternTable; readonly pricer: PatternPricer }>();
  #master: RestrictedMaster;
  readonly #progress: TreeProgress;
  #uselessGap = Infinity;

  constructor(goal: ProofGoal, plan: Plan | null, options: WriteOptions) {
    const { searched, rounded, scale, step } = goal;
    const { problem } = searched;
    this.#facts = rounded.facts;
    this.#goal = goal;
    this.#progress = new TreeProgress(options);
    const support = supportsPatterns(problem);
    if (!support.supported) throw new ProofNotWritten(support.reason);
    this.#table = buildPatternTable(problem);
    this.#prices = new MasterPrices(rounded, scale, step);
    this.#master = new RestrictedMaster(this.#table);
    if (plan !== null) this.#master.add(patternsOfPlan(this.#table, fromPlan(problem, plan)));
  }

  /** Throws ProofNotWritten where a limit strikes or a node does not close. */
  write(): Steps<ProofNode> {
    return this.#prove([], wholeRegion(this.#facts));
  }

  *#prove(decisions: readonly PatternDecision[], region: Region): Steps<ProofNode> {
    yield;
    this.#progress.enter();
    const { shouldStop } = this.#progress;
    const { cutoff } = this.#goal;
    const { table, pricer } = this.#pricingFor(decisions);
    const nothing = { blocked: new Uint8Array(table.queryType.length), closed: this.#shut(table) };
    const restrictions = restrictionsOf(table, decisions, nothing);
    this.#master = withoutIdlePatterns(this.#master);
    this.#master.restrict(restrictions);
    const depth = decisions.length;
    const last = this.#goal.searched.problem.delayRule.stretchingPair >= 0 ? lastDegreeCandidate(restrictions) : null;
    let point: MasterPoint | null = null;
    while (!restrictions.contradicts) {
      const end = yield* generateColumns(this.#master, pricer, restrictions, { cutoff, shouldStop });
      this.#progress.check();
      const isEmpty = end.status === 'infeasible';
      if (end.status === 'converged') {
        point = readPoint(this.#master);
        if (end.bound < this.#goal.hopeful && addPooledRows(this.#master, point)) continue;
      }
      const duals = isEmpty ? yield* this.#firstPhaseDuals(pricer, restrictions) : (end.certificate?.duals ?? null);
      const gap = isEmpty ? 0 : this.#goal.hopeful - end.bound;
      // Until the last degree is known limits are relaxed, and what is cheap need not be feasible.
      if (duals !== null && (gap <= 0 || (last === null && gap < coverShare * this.#uselessGap))) {
        const leaf = yield* this.#leaf(restrictions, region, duals, isEmpty ? 1 : 2);
        if (leaf !== null) return this.#closed(leaf, depth);
        if (gap > 0) this.#uselessGap = gap;
      }
      // The bound that ended the generation was rounded away.
      if (end.status === 'cutoff') point = readPoint(this.#master);
      if (point === null || !addPooledRows(this.#master, point)) break;
    }
    if (restrictions.contradicts) return this.#closed(contradiction(this.#facts, region), depth);
    point ??= readPoint(this.#master);
    const candidates = last === null ? this.#candidates(restrictions, point) : [last];
    return yield* this.#split(decisions, region, restrictions, candidates);
  }

  #closed(leaf: ProofNode, depth: number): ProofNode {
    this.#progress.leaf(depth);
    return leaf;
  }

  *#leaf(restrictions: NodeRestrictions, region: Region, duals: Float64Array, phase: 1 | 2): Steps<ProofNode | null> {
    const prices = this.#prices.pricesOf({ master: this.#master, restrictions, region }, duals, phase);
    return yield* this.#goal.leaves.write(region, prices);
  }

  *#split(
    decisions: readonly PatternDecision[],
    region: Region,
    restrictions: NodeRestrictions,
    candidates: readonly Candidate[],
  ): Steps<ProofNode> {
    if (candidates.length === 0)
      throw new ProofNotWritten(`a node at depth ${decisions.length} has nothing to split and does not close`);
    const best = this.#chosen(decisions, restrictions, candidates);
    const { split, first, second } = this.#asSplit(best.down, best.up);
    this.#progress.split();
    const child = (decision: PatternDecision, at: 0 | 1) =>
      this.#prove([...decisions, decision], childOf(region, { ...split, children: noChildren }, at, 'tree'));
    return { ...split, children: [yield* child(first, 0), yield* child(second, 1)] } as ProofNode;
  }

  /** Of what is rented and of what is placed: the search, which has many more nodes, looks at one of them. */
  #candidates(restrictions: NodeRestrictions, point: MasterPoint): Candidate[] {
    const found = [true, false].flatMap((budgetBinds) =>
      candidatesAt(this.#master, restrictions, { ...point, budgetBinds }),
    );
    return [...new Map(found.map((candidate) => [candidate.key, candidate])).values()];
  }

  /** The candidate whose children gain most, as far as the columns at hand say. */
  #chosen(
    decisions: readonly PatternDecision[],
    { table, blocked, closed }: NodeRestrictions,
    candidates: readonly Candidate[],
  ): Candidate {
    const distance = ({ value }: Candidate) => Math.abs(value - Math.floor(value) - 0.5);
    const nearest = ['w', 'z', 'y'].flatMap((name) =>
      candidates
        .filter(({ branchingClass }) => branchingClass === name)
        .sort((a, b) => distance(a) - distance(b))
        .slice(0, probes),
    );
    if (nearest.length === 1) return nearest[0];
    const master = this.#master;
    master.setPhase(2);
    if (master.solve() !== 'optimal') return nearest[0];
    const before = master.solver.objective;
    const least = leastGain * Math.abs(before);
    const gainOf = (decision: PatternDecision) => {
      const child = restrictionsOf(table, [...decisions, decision], { blocked, closed });
      if (child.contradicts) return Math.abs(before);
      master.restrict(child);
      return master.solve() === 'optimal' ? Math.max(least, master.solver.objective - before) : Math.abs(before);
    };
    const scored = nearest.map((candidate) => ({ candidate, score: gainOf(candidate.down) * gainOf(candidate.up) }));
    return scored.reduce((best, each) => (each.score > best.score ? each : best)).candidate;
  }

  /** The split that a candidate of the search is, and which of its children comes first. */
  #asSplit(down: PatternDecision, up: PatternDecision) {
    const inOrder = { first: down, second: up };
    // Counts of pairs alone: this table merges nothing.
    if (down.kind === 'count') {
      const split = { kind: 'count', pairs: down.pairs, most: down.most } as const;
      return { ...inOrder, split };
    }
    if (down.kind === 'replicas') {
      const { pair, configuration } = this.#configuration(down.deployment);
      return { ...inOrder, split: { kind: 'replicas', pair, configuration, most: down.most } as const };
    }
    if (down.kind === 'deployments') {
      const { pair, allowed, none } = down;
      const configurations = allowed.map((d) => this.#configuration(d).configuration);
      return { ...inOrder, split: { kind: 'configuration', pair, configurations, none } as const };
    }
    const { queryType, pairs } = down;
    return { first: up, second: down, split: { kind: 'place', queryType, pairs } as const };
  }

  #configuration(deployment: number) {
    const { deployments } = this.#goal.searched.problem;
    const pair = deployments.pair[deployment];
    const configuration = this.#facts.pairs[pair].configurations.findIndex(
      ({ tpDegree, pipelineDegree }) =>
        tpDegree === deployments.tpDegree[deployment] && pipelineDegree === deployments.pipelineDegree[deployment],
    );
    return { pair, configuration };
  }

  /** Duals of the first phase whose bound is above 0, or null. */
  *#firstPhaseDuals(pricer: PatternPricer, restrictions: NodeRestrictions): Steps<Float64Array | null> {
    const { roundLimit, infeasibilityTolerance } = this.#table.parameters.generation;
    this.#master.setPhase(1);
    for (let round = 0; round < roundLimit; round++) {
      yield;
      this.#progress.check();
      if (this.#master.solve() !== 'optimal') return null;
      const duals = this.#master.solver.duals.slice(0, this.#master.solver.numRows);
      const { bound, patterns } = priceAll(this.#master, pricer, restrictions, duals, infeasibilityTolerance / 10);
      if (bound > infeasibilityTolerance) return duals;
      if (this.#master.add(patterns) === 0) return null;
    }
    return null;
  }

  #shut({ mostReplicas, leastReplicas }: PatternTable): Uint8Array {
    return Uint8Array.from(mostReplicas, (most, d) => (most < leastReplicas[d] ? 1 : 0));
  }

  /** Table and pricing at the largest degree that the decisions leave to the last pair, if that matters. */
  #pricingFor(decisions: readonly PatternDecision[]) {
    const { delayRule, deployments } = this.#goal.searched.problem;
    const last = delayRule.stretchingPair;
    let stretch = Infinity;
    if (last >= 0) {
      stretch = 0;
      for (const d of this.#table.deploymentsOfPair[last]) {
        const isOpen =
          this.#shut(this.#table)[d] === 0 &&
          decisions.every(
            (decision) => decision.kind !== 'deployments' || decision.pair !== last || decision.allowed.includes(d),
          );
        if (isOpen) stretch = Math.max(stretch, deployments.tpDegree[d]);
      }
    }
    const known = this.#pricings.get(stretch);
    if (known !== undefined) return known;
    const table = stretchedTable(this.#table, stretch);
    const pricing = { table, pricer: new PatternPricer(table) };
    this.#pricings.set(stretch, pricing);
    return pricing;
  }
}

const noChildren = [{ kind: 'prices' }, { kind: 'prices' }] as const satisfies Split['children'];

/** Of decisions that contradict each other: counts, or a budget below what commitments cost. */
function contradiction({ tiers }: Facts, { counts }: Region): ProofNode {
  const committed = Object.fromEntries(tiers.flatMap((tier, k) => (tier.committed > 0n ? [[k, 0] as const] : [])));
  for (const [t, upper] of counts.entries()) {
    const isSame = (pairs: ReadonlySet<number>) => [...pairs].join() === [...upper.pairs].join();
    const lower = counts.findIndex((count) => !count.isMost && isSame(count.pairs) && count.limit > upper.limit);
    if (!upper.isMost || lower < 0) continue;
    return { kind: 'prices', cost: 0, counts: counts.map((_, at) => (at === t || at === lower ? 1 : 0)) };
  }
  return { kind: 'prices', cost: 0, ...(Object.keys(committed).length > 0 ? { budget: 1, committed } : {}) };
}
