/**
 * A user's own plan heuristics as heuristics of the search: they see and give plans by names, in the instance's money,
 * and what they give goes through the one door as every plan does.
 */
import { calling, each, type Plugin, PluginError } from '../bnb/plugins/plugin.ts';
import type { Heuristic } from '../bnb/relaxation.ts';
import { InputError } from '../input/inputError.ts';
import { fromPlan, type IndexedPlan, toPlan } from '../model/compiled/indexedPlan.ts';
import type { SearchProblem } from '../model/compiled/searchInstance.ts';
import type { Instance, Plan } from '../model/instance.ts';
import { validatePlan } from '../model/validatePlan.ts';
import type { ResolvedSolve } from './resolvedSolve.ts';
import type { PlanHeuristic } from './solveOptions.ts';

export function pluginHeuristics(
  { problem, moneyScale }: SearchProblem,
  { instance, planning, settings }: ResolvedSolve,
): readonly Heuristic<IndexedPlan>[] {
  return settings.strategy.plugins.filter(isPlanHeuristic).map(
    (plugin): Heuristic<IndexedPlan> => ({
      name: plugin.name,
      letter: plugin.letter ?? 'P',
      isPlugin: true,
      wants: (moment) =>
        plugin.wants === undefined
          ? moment.nodes === 0 || moment.isNewIncumbent
          : calling(plugin, () => plugin.wants!({ ...moment, incumbentCost: moment.incumbentCost / moneyScale })),
      *run({ incumbent, incumbentCost, shouldStop }) {
        const state = {
          instance,
          options: planning,
          incumbent: incumbent === null ? null : toPlan(problem, incumbent),
          incumbentCost: incumbentCost / moneyScale,
          shouldStop,
        };
        for (const plan of each(plugin, () => plugin.run(state)))
          yield plan === null ? null : fromPlan(problem, checkedPlan(plugin, plan, instance));
      },
    }),
  );
}

function isPlanHeuristic(plugin: Plugin): plugin is PlanHeuristic {
  return plugin.kind === 'heuristic' && plugin.for === 'plan';
}

function checkedPlan(plugin: PlanHeuristic, plan: Plan, instance: Instance): Plan {
  try {
    return validatePlan(plan, instance);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new PluginError(plugin, `run gave what is no plan: ${error.message}`, { cause: error });
  }
}
