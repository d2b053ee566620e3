/**
 * A relaxation whose root is solved by the dynamic program over sets of query types. What that does not settle, which
 * is rare, goes to the usual relaxation with the bound and the plan that it has.
 */
import { letIn, type NodeOutcome, type NodeRequest, type ProbeOutcome, type Relaxation } from '../../bnb/relaxation.ts';
import type { Steps } from '../../lp/steps.ts';
import type { IndexedPlan } from '../../model/compiled/indexedPlan.ts';
import type { SubsetSearch } from './subsetSearch.ts';

/** As the source of its plans, whose first letter logs show. */
export const subsetSource = 'program over sets';

/** The proven cost summed in another order, relative to it. */
const summingTolerance = 1e-12;

export class SubsetRelaxation<Decision, WarmStart> implements Relaxation<Decision, IndexedPlan, WarmStart> {
  readonly #search: SubsetSearch;
  readonly #usual: Relaxation<Decision, IndexedPlan, WarmStart>;

  constructor(search: SubsetSearch, usual: Relaxation<Decision, IndexedPlan, WarmStart>) {
    this.#search = search;
    this.#usual = usual;
  }

  get name(): string {
    return this.#usual.name;
  }

  get branchingClasses(): readonly string[] {
    return this.#usual.branchingClasses;
  }

  *solveInSteps(
    request: NodeRequest<Decision, IndexedPlan, WarmStart>,
  ): Steps<NodeOutcome<Decision, IndexedPlan, WarmStart>> {
    if (request.depth > 0) return yield* this.#usual.solveInSteps(request);
    const { shouldStop, incumbentCost, incumbent } = request;
    const { plan, bound: found, isSettled } = yield* this.#search.run(shouldStop, incumbentCost, incumbent);
    const told = plan === null ? request : letIn(request, [{ solution: plan, source: subsetSource }]);
    const isAtCost = isSettled && told.incumbentCost - found <= summingTolerance * Math.abs(found);
    const bound = Math.max(request.parentBound, isAtCost ? Math.max(found, told.incumbentCost) : found);
    const nothing = { bound, solution: null, proposals: [], candidates: [], warmStart: null, simplexIterations: 0 };
    if (bound === Infinity) return { ...nothing, status: 'infeasible' };
    if (bound >= told.cutoff) return { ...nothing, status: 'cutoff' };
    if (request.shouldStop()) return { ...nothing, status: 'limit' };
    return yield* this.#usual.solveInSteps({ ...told, parentBound: bound });
  }

  probe(
    request: NodeRequest<Decision, IndexedPlan, WarmStart>,
    child: Decision,
    iterationLimit: number,
  ): ProbeOutcome<WarmStart> | null {
    return this.#usual.probe?.(request, child, iterationLimit) ?? null;
  }

  onIncumbent(cost: number, solution: IndexedPlan): void {
    this.#usual.onIncumbent?.(cost, solution);
  }

  saveState(): unknown {
    return this.#usual.saveState?.() ?? null;
  }

  restoreState(state: unknown): void {
    this.#usual.restoreState?.(state);
  }
}
