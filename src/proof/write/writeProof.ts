/**
 * Writes the proof of a finished solve: a small tree over the pattern relaxation of the whole problem, without
 * reductions, pools or heuristics, whose cutoff is the cost to be proven. Each node is solved by column generation;
 * where the checker's own bound at the node's prices, in short numbers, is enough, it is a leaf, else it is split.
 */
import { drain } from '../../lp/steps.ts';
import { fromPlan } from '../../model/compiled/indexedPlan.ts';
import { planCost } from '../../model/compiled/indexedPlanCheck.ts';
import { compileForSearch, type SearchProblem } from '../../model/compiled/searchInstance.ts';
import { fingerprintOf } from '../../model/fingerprint.ts';
import type { Instance } from '../../model/instance.ts';
import { validateInstance } from '../../model/validateInstance.ts';
import { withoutIdlePatterns } from '../../patterns/master/masterAgeing.ts';
import { type MasterPoint, readPoint } from '../../patterns/master/masterPoint.ts';
import { candidatesAt, lastDegreeCandidate } from '../../patterns/master/patternBranching.ts';
import { type NodeRestrictions, type PatternDecision, restrictionsOf } from '../../patterns/master/patternDecision.ts';
import { pooledCoefficient } from '../../patterns/master/patternTerms.ts';
import { generateColumns, priceAll } from '../../patterns/master/pricedColumns.ts';
import { RestrictedMaster } from '../../patterns/master/restrictedMaster.ts';
import { separateSubsetRows } from '../../patterns/master/subsetRowCuts.ts';
import { PatternPricer } from '../../patterns/pricing/patternPricer.ts';
import { buildPatternTable, type PatternTable } from '../../patterns/pricing/patternTable.ts';
import { patternsOfPlan } from '../../patterns/pricing/planPatterns.ts';
import { supportsPatterns } from '../../patterns/supportsPatterns.ts';
import type { SolveResult } from '../../planner/solveResult.ts';
import { type Facts, factsOf } from '../check/facts.ts';
import { checkPlanClaim } from '../check/planClaim.ts';
import { type Proof, type ProofNode, readProof, type Split } from '../check/proofFormat.ts';
import { asNumber, readRational, roundedUp } from '../check/rational.ts';
import { childOf, type Region, wholeRegion } from '../check/region.ts';
import { RoundedFacts } from '../check/roundedFacts.ts';
import { LeafWriter } from './leafWriter.ts';
import { targetOf, upwardText } from './target.ts';
import { leastGap, ProofNotWritten, type WriteOptions } from './writeOptions.ts';

/** The text of a proof file as data, safe for JSON. */
export type ProofData = Omit<Proof, 'plan'> & { readonly plan: unknown };

/** Binary digits of money kept below the size of the bound. */
const moneyDigits = 56;

/**
 * The proof (`rolla-proof/1`) of a result of `optimize` for this instance: of its gap where it is optimal, of its bound
 * where a limit struck, or that nothing is feasible. Throws ProofNotWritten, with the reason, where there are no rules
 * for the variant, the result has nothing to prove, or a node does not close.
 */
export function writeProof(given: Instance, result: SolveResult, options: WriteOptions = {}): ProofData {
  const instance = validateInstance(given);
  if (result.options.placement !== 'single')
    throw new ProofNotWritten('proofs of split placement cannot be written yet');
  const facts = factsOf(instance, result.options);
  const plan = result.plan === null ? null : planOf(result.plan);
  if (plan === null && result.status !== 'infeasible')
    throw new ProofNotWritten(`nothing is proven: no plan was found (${result.status})`);
  const head = { format: 'rolla-proof/1', instance: fingerprintOf(instance), options: result.options } as const;
  const cost = plan && checkPlanClaim(facts, claimOf(head, plan)).cost;
  if (cost !== null && result.bound === null) throw new ProofNotWritten('nothing is proven: there is no bound');
  const target = cost && targetOf(cost, result, options);
  const text = target && upwardText(target);
  const writer = new ProofWriter(facts, result, text, options);
  const tree = writer.write();
  const { subsets } = writer;
  return {
    ...head,
    plan,
    bound: text,
    resolution: writer.resolution,
    ...(subsets.length > 0 ? { subsets } : {}),
    tree,
  };
}

function planOf({ deployments, routing }: NonNullable<SolveResult['plan']>) {
  return {
    deployments: deployments.map(({ gpus: _gpus, ...deployment }) => deployment),
    routing: routing.map(({ queryType, model, tier, fraction }) => ({
      queryType,
      model,
      tier,
      fraction: Math.min(1, fraction),
    })),
  };
}

/** The plan as the checker reads it. */
function claimOf(head: object, plan: unknown) {
  return readProof({ ...head, plan, bound: '0', resolution: 0, tree: { kind: 'prices' } }).plan!;
}

class ProofWriter {
  readonly resolution: number;
  subsets: readonly (readonly [number, number, number])[] = [];
  readonly #facts: Facts;
  readonly #searched: SearchProblem;
  readonly #table: PatternTable;
  readonly #rounded: RoundedFacts;
  readonly #leaves: LeafWriter;
  /** In the checker's units; null: nothing is feasible. */
  readonly #target: bigint | null;
  /** In search money. */
  readonly #cutoff: number;
  /** Bounds from which a leaf is tried. */
  readonly #hopeful: number;
  readonly #options: WriteOptions;
  readonly #pricings = new Map<number, { readonly table: PatternTable; readonly pricer: PatternPricer }>();
  #master: RestrictedMaster;
  #nodes = 0;

  constructor(facts: Facts, result: SolveResult, bound: string | null, options: WriteOptions) {
    this.#facts = facts;
    this.#options = options;
    const target = bound === null ? null : readRational(bound)!;
    const searched = compileForSearch(facts.instance, facts.options, (problem) =>
      result.plan === null ? Infinity : planCost(problem, fromPlan(problem, result.plan)),
    );
    const support = supportsPatterns(searched.problem);
    if (!support.supported) throw new ProofNotWritten(support.reason);
    this.#searched = searched;
    this.#table = buildPatternTable(searched.problem);
    const { moneyScale, problem } = searched;
    const unmet = problem.unmetCost.reduce((sum, cost) => sum + cost, 0) / moneyScale;
    const size = target === null ? Math.max(unmet, 1 / moneyScale) : Math.abs(asNumber(target)) || 1;
    this.resolution = moneyDigits - Math.ceil(Math.log2(size));
    this.#rounded = new RoundedFacts(facts, this.resolution);
    const gap = options.gap ?? Math.max(leastGap, result.gap ?? 0);
    const step = 10 ** Math.floor(Math.log10(size * gap * 1e-3));
    this.#leaves = new LeafWriter(this.#rounded, moneyScale, step);
    this.#target = target && roundedUp(target, this.resolution);
    const aim = target === null ? Infinity : asNumber(target) * moneyScale;
    const margin = gap * size * 0.05 * moneyScale;
    this.#cutoff = aim + margin;
    this.#hopeful = aim - margin;
    this.#master = new RestrictedMaster(this.#table);
    if (result.plan !== null) {
      this.#master.add(patternsOfPlan(this.#table, fromPlan(problem, result.plan)));
    }
  }

  write(): ProofNode {
    if (this.#target !== null && this.#target <= 0n) return { kind: 'prices' };
    return this.#prove([], wholeRegion(this.#facts));
  }

  #prove(decisions: readonly PatternDecision[], region: Region): ProofNode {
    this.#nodes++;
    const { nodeLimit = Infinity, shouldStop = () => false } = this.#options;
    if (this.#nodes > nodeLimit || shouldStop())
      throw new ProofNotWritten('a limit struck while the proof was written');
    const { table, pricer } = this.#pricingFor(decisions);
    const nothing = { blocked: new Uint8Array(table.queryType.length), closed: this.#shut(table) };
    const restrictions = restrictionsOf(table, decisions, nothing);
    this.#master = withoutIdlePatterns(this.#master);
    this.#master.restrict(restrictions);
    const depth = decisions.length;
    let point: MasterPoint | null = null;
    for (let round = 0; !restrictions.contradicts; round++) {
      const end = drain(generateColumns(this.#master, pricer, restrictions, { cutoff: this.#cutoff, shouldStop }));
      const phase = end.status === 'infeasible' ? 1 : 2;
      const duals = phase === 1 ? this.#firstPhaseDuals(pricer, restrictions) : (end.certificate?.duals ?? null);
      if (duals !== null && (phase === 1 || end.bound >= this.#hopeful)) {
        const leaf = this.#leaf(restrictions, region, duals, phase);
        if (leaf !== null) return leaf;
      }
      if (end.status !== 'converged' && end.status !== 'cutoff') break;
      point = readPoint(this.#master);
      if (this.#addRows(point, depth, round)) continue;
      break;
    }
    if (restrictions.contradicts) return contradiction(this.#facts, region);
    return this.#split(decisions, region, restrictions, point ?? readPoint(this.#master));
  }

  #leaf(restrictions: NodeRestrictions, region: Region, duals: Float64Array, phase: 1 | 2): ProofNode | null {
    const node = { master: this.#master, restrictions, region, subsets: this.subsets };
    const written = this.#leaves.write(node, duals, phase);
    if (written === null) return null;
    const { leaf, bound } = written;
    if (bound === null || (phase === 1 && bound > 0n)) return leaf;
    return phase === 2 && this.#target !== null && bound >= this.#target ? leaf : null;
  }

  #split(
    decisions: readonly PatternDecision[],
    region: Region,
    restrictions: NodeRestrictions,
    point: MasterPoint,
  ): ProofNode {
    const last = this.#searched.problem.delayRule.stretchingPair >= 0 ? lastDegreeCandidate(restrictions) : null;
    const candidates = last === null ? candidatesAt(this.#master, restrictions, point) : [last];
    if (candidates.length === 0)
      throw new ProofNotWritten(`a node at depth ${decisions.length} has nothing to split and does not close`);
    const distance = ({ value }: { readonly value: number }) => Math.abs(value - Math.floor(value) - 0.5);
    const [best] = [...candidates].sort((a, b) => distance(a) - distance(b));
    const { split, first, second } = this.#asSplit(best.down, best.up);
    const child = (decision: PatternDecision, at: 0 | 1) =>
      this.#prove([...decisions, decision], childOf(region, { ...split, children: noChildren }, at, 'tree'));
    return { ...split, children: [child(first, 0), child(second, 1)] } as ProofNode;
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
    const { deployments } = this.#searched.problem;
    const pair = deployments.pair[deployment];
    const configuration = this.#facts.pairs[pair].configurations.findIndex(
      ({ tpDegree, pipelineDegree }) =>
        tpDegree === deployments.tpDegree[deployment] && pipelineDegree === deployments.pipelineDegree[deployment],
    );
    return { pair, configuration };
  }

  /** Rows that the point violates: pooled delay limits anywhere, subset rows at the root. */
  #addRows(point: MasterPoint, depth: number, round: number): boolean {
    const { problem, parameters } = this.#table;
    let added = false;
    if (problem.delayRule.isPooled) {
      for (let i = 0; i < problem.numQueryTypes; i++) {
        const limit = problem.delayLimit[i];
        if (this.#master.pooledRow[i] >= 0 || limit === Infinity) continue;
        let excess = 0;
        for (const { pattern, weight } of point.patterns)
          excess += weight * pooledCoefficient(this.#master.table, this.#master.patterns[pattern], i);
        if (excess <= parameters.master.pooledDelayTolerance * Math.max(1, limit)) continue;
        this.#master.addPooledRow(i);
        added = true;
      }
    }
    const { pricedRounds, pricedPerRound, pricedPerMember, largestPricedSize } = parameters.cuts;
    if (added || depth > 0 || round >= pricedRounds || problem.numQueryTypes > largestPricedSize) return added;
    const most = Math.ceil(pricedPerRound * problem.numQueryTypes);
    const triples = separateSubsetRows(this.#master, point, most, pricedPerMember);
    this.#master.addSubsetRows(triples);
    this.subsets = this.#master.subsetRows.map(({ triple }) => triple);
    return triples.length > 0;
  }

  /** Duals of the first phase whose bound is above 0, or null. */
  #firstPhaseDuals(pricer: PatternPricer, restrictions: NodeRestrictions): Float64Array | null {
    const { roundLimit, infeasibilityTolerance } = this.#table.parameters.generation;
    this.#master.setPhase(1);
    for (let round = 0; round < roundLimit; round++) {
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
    const { delayRule, deployments } = this.#searched.problem;
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
    const table = stretch === Infinity ? this.#table : buildPatternTable(this.#searched.problem, stretch);
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
