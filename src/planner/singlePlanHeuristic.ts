/**
 * Under split placement with replicas: the best plan that places each query type once. Such a plan is a split plan too,
 * but where deployments have hundreds of replicas the search over rented sets may come to it late; this keeps a split
 * plan from costing more than the single one. After the root, whose plans are mostly cheaper already: then the bound of
 * the search says so at once.
 */
import type { Heuristic, Relaxation } from '../bnb/relaxation.ts';
import { TreeSearch } from '../bnb/treeSearch.ts';
import { pausing } from '../lp/steps.ts';
import { compileProblem } from '../model/compiled/compileProblem.ts';
import type { IndexedPlan } from '../model/compiled/indexedPlan.ts';
import { withoutDeployments } from '../model/compiled/restrictedProblem.ts';
import { ReducibleProblem } from '../model/reductions/reducibleProblem.ts';
import { incumbentDoor } from './incumbentDoor.ts';
import type { ResolvedOptions } from './resolvedSolve.ts';

interface Search {
  readonly relaxation: Relaxation<unknown, IndexedPlan>;
  readonly heuristics: readonly Heuristic<IndexedPlan>[];
}

/** Null where plans place query types once anyway, or where a deployment has one replica at most. */
export function singlePlanHeuristic(
  { compiled }: ReducibleProblem,
  resolved: ResolvedOptions,
  choose: (problem: ReducibleProblem, resolved: ResolvedOptions) => Search,
): Heuristic<IndexedPlan> | null {
  const hasReplicas = compiled.deployments.maxReplicas.some((most) => most > 1);
  if (compiled.placement.isSingle || !hasReplicas) return null;
  return {
    name: 'single placement',
    letter: 'S',
    wants: ({ nodes }) => nodes === 1,
    *run({ incumbentCost, shouldStop }) {
      const planning = { ...compiled.options, placement: 'single' } as const;
      const settings = { ...resolved.settings, relaxation: 'auto', formulation: 'strengthened', robust: null } as const;
      const problem = withoutDeployments(compileProblem(compiled.instance, planning), resolved.without);
      const reducible = new ReducibleProblem(problem, settings.reductions);
      const { relaxation, heuristics } = choose(reducible, { ...resolved, planning, settings });
      const search = new TreeSearch(relaxation, {
        door: incumbentDoor(problem),
        heuristics,
        ...(incumbentCost < Infinity ? { cutoff: incumbentCost } : {}),
        relativeGap: settings.gap,
        nodeLimit: settings.parameters.compact.singlePlan.nodes,
        resumable: false,
        strategy: settings.strategy,
        isInterrupted: shouldStop,
      });
      const { solution } = yield* pausing(search.runInSteps());
      if (solution !== null) yield { ...solution, routing: solution.routing.filter(({ fraction }) => fraction > 0) };
    },
  };
}
