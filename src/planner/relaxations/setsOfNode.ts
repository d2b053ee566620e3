/**
 * What comes of the sets of deployments that a node's points rent whole: the best plan of each is found on its own
 * (rentedSet.ts), which settles it, or its search is cut short and it becomes a node (setNodes.ts). Made for each node.
 */
import { cutoffWithin } from '../../bnb/progress.ts';
import type { NodeRequest } from '../../bnb/relaxation.ts';
import type { SearchStrategy } from '../../bnb/strategy.ts';
import type { IndexedPlan } from '../../model/compiled/indexedPlan.ts';
import { planCost, planIsFeasible } from '../../model/compiled/indexedPlanCheck.ts';
import type { StrengthenedFormulation } from '../../model/formulations/formulation.ts';
import type { CompactParameters } from '../parameters.ts';
import { bestPlanOfSet, type RentedSetOptions, type RentedSetResult } from './rentedSet.ts';
import { again, besideSets, noPoint, type OpenSet, type SetOutcome } from './setNodes.ts';

type Request = Pick<
  NodeRequest<unknown, IndexedPlan, unknown>,
  'incumbentCost' | 'parentBound' | 'relativeGap' | 'shouldStop'
>;

export interface SetSearchSettings {
  readonly strategy: SearchStrategy;
  readonly parameters: CompactParameters['sets'];
  /** Whether a set may be rented in several numbers of replicas. */
  readonly hasReplicas: boolean;
}

/** Name of the source of its plans. */
const source = 'tree';

export class SetsOfNode {
  /** What plans must cost less than. */
  cutoff: number;
  simplexIterations = 0;
  readonly #formulation: StrengthenedFormulation;
  readonly #settings: SetSearchSettings;
  readonly #request: Request;
  readonly #proposals: SetOutcome['proposals'][number][] = [];
  readonly #openSets: OpenSet[] = [];
  #wasStopped = false;
  #givenUp = Infinity;

  constructor(formulation: StrengthenedFormulation, settings: SetSearchSettings, request: Request) {
    this.#formulation = formulation;
    this.#settings = settings;
    this.#request = request;
    this.cutoff = request.incumbentCost;
  }

  get shouldStop(): () => boolean {
    return this.#request.shouldStop;
  }

  bestPlanOf(
    rented: ReadonlySet<number>,
    cutoff: number,
    effort: Pick<RentedSetOptions, 'nodeLimit' | 'isThorough'>,
  ): RentedSetResult {
    const { strategy, parameters } = this.#settings;
    const { relativeGap, shouldStop } = this.#request;
    const settings = { cutoff, relativeGap, shouldStop, strategy, parameters, ...effort };
    const result = bestPlanOfSet(this.#formulation.problem, rented, settings);
    this.simplexIterations += result.simplexIterations;
    return result;
  }

  /**
   * Whether the set that the whole point rents is done with at this node: settled, or a node of its own. `leastCost` is
   * known of its plans; -Infinity: nothing.
   */
  settle(rented: ReadonlySet<number>, point: Float64Array, leastCost: number): boolean {
    if (leastCost >= cutoffWithin(this.cutoff, this.#request.relativeGap)) {
      this.#givenUp = Math.min(this.#givenUp, leastCost);
      return true;
    }
    this.#offerPlacedWhereServed(point);
    const { firstNodes: nodeLimit, nodeGrowth } = this.#settings.parameters;
    let found = this.bestPlanOf(rented, this.cutoff, { nodeLimit });
    // A node below this one would have its bound, which says nothing of other numbers of replicas than it allows.
    if (found.wasCutShort && this.#settings.hasReplicas && found.bound < this.#request.parentBound)
      found = this.bestPlanOf(rented, this.cutoff, { isThorough: true });
    const { plan, cost, isProven, wasCutShort, bound } = found;
    if (plan !== null && cost !== null) {
      this.#proposals.push({ solution: plan, source });
      this.cutoff = Math.min(this.cutoff, cost);
    }
    if (isProven) this.#givenUp = Math.min(this.#givenUp, bound);
    else if (wasCutShort)
      this.#openSets.push({ deployments: [...rented], leastCost: bound, nodes: nodeLimit * nodeGrowth });
    else this.#wasStopped ||= this.#request.shouldStop();
    return isProven || wasCutShort;
  }

  /** The node's outcome with what came of its sets; `solved` is that of its program. */
  outcome(solved: SetOutcome): SetOutcome {
    const { parentBound } = this.#request;
    const outcome = {
      ...solved,
      proposals: [...solved.proposals, ...this.#proposals],
      ...(this.#givenUp < Infinity ? { givenUp: this.#givenUp } : {}),
      simplexIterations: solved.simplexIterations + this.simplexIterations,
    };
    // Excluded from the program already: stopped or not, they must not be lost.
    if (this.#openSets.length > 0) return besideSets(outcome, this.#openSets, parentBound);
    if (!this.#wasStopped) return outcome;
    return { ...outcome, status: 'limit', bound: parentBound, solution: null, candidates: [], warmStart: null };
  }

  /** The outcome of the node that is one set. */
  searchedOn(set: OpenSet): SetOutcome {
    const { parentBound, shouldStop } = this.#request;
    const { nodeGrowth } = this.#settings.parameters;
    const effort = { nodeLimit: set.nodes, isThorough: true };
    const { plan, isProven, wasCutShort, bound } = this.bestPlanOf(new Set(set.deployments), this.cutoff, effort);
    const leastCost = Math.max(parentBound, bound);
    const proposals = plan === null ? [] : [{ solution: plan, source }];
    const found = { proposals, simplexIterations: this.simplexIterations };
    if (isProven) return { ...noPoint, ...found, status: 'infeasible', bound: Infinity, givenUp: leastCost };
    if (wasCutShort) return { ...again({ ...set, leastCost, nodes: set.nodes * nodeGrowth }), ...found };
    const status = shouldStop() ? 'limit' : 'numerical-trouble';
    return { ...noPoint, ...found, status, bound: leastCost };
  }

  /** What the point serves with the placements that it takes: mostly within half a percent of the set's best plan. */
  #offerPlacedWhereServed(point: Float64Array): void {
    const { problem } = this.#formulation;
    const plan = this.#formulation.decode(placedWhereServed(this.#formulation, point));
    const cost = planCost(problem, plan);
    if (!(cost < this.cutoff) || !planIsFeasible(problem, plan)) return;
    this.#proposals.push({ solution: plan, source: 'rounding' });
    this.cutoff = cost;
  }
}

/** The point with z = 1 wherever something is served. */
export function placedWhereServed({ columns }: StrengthenedFormulation, point: Float64Array): Float64Array {
  const placed = point.slice();
  columns.z.forEach((column, at) => {
    if (column >= 0) placed[column] = point[columns.v[at]] > 0 ? 1 : 0;
  });
  return placed;
}
