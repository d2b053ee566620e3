/** The short search of a smaller program that heuristics ask for (RINS, local branching), by the default strategy. */
import type { MixedIntegerProgram } from '../../lp/linearProgram.ts';
import { generalCuts } from '../cuts/generalCuts.ts';
import { costOfFeasible } from '../linear/costOfFeasible.ts';
import { ShrinkingRelaxation } from '../linear/shrinkingRelaxation.ts';
import { strategyPresets } from '../strategy.ts';
import { TreeSearch } from '../treeSearch.ts';

interface NearbyLimits {
  readonly nodeLimit: number;
  /** Only points that cost less are wanted. */
  readonly cutoff: number;
  readonly isInterrupted: () => boolean;
}

/** The best point found, or null. */
export function searchNearby(program: MixedIntegerProgram, limits: NearbyLimits): Float64Array | null {
  const strategy = strategyPresets.default;
  const { propagation, reducedCostFixing, parameters } = strategy;
  const relaxation = new ShrinkingRelaxation<Float64Array>({
    program,
    decode: (point) => point.slice(),
    separators: generalCuts,
    propagation,
    reducedCostFixing,
    parameters,
  });
  const search = new TreeSearch(relaxation, {
    ...limits,
    strategy,
    resumable: false,
    door: (point) => {
      const cost = costOfFeasible(program, point, parameters.tolerances.integrality);
      return cost === null ? null : { cost, solution: point };
    },
  });
  return search.run().solution;
}
