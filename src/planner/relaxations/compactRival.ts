/**
 * The compact relaxation as the rival of patterns (src/patterns/rivalry.ts): a search of its own over the reduced
 * problem, begun anew at each turn and ended after so many simplex iterations.
 */
import { TreeSearch } from '../../bnb/treeSearch.ts';
import type { ReducibleProblem } from '../../model/reductions/reducibleProblem.ts';
import type { Rival } from '../../patterns/rivalry.ts';
import { incumbentDoor } from '../incumbentDoor.ts';
import type { ResolvedOptions } from '../resolvedSolve.ts';
import { searchHeuristics } from '../searchHeuristics.ts';
import { compactRelaxation } from './compactRelaxation.ts';

export function compactRival(problem: ReducibleProblem, resolved: ResolvedOptions): Rival {
  // Under `auto` these are given for where patterns cannot serve; separators and heuristics for programs have no effect
  // where they do, as the result says.
  const { strategy } = resolved.settings;
  const plugins = strategy.plugins.filter(({ kind }) => kind !== 'separator' && kind !== 'heuristic');
  const settings = {
    ...resolved.settings,
    formulation: 'strengthened',
    robust: null,
    strategy: { ...strategy, plugins },
  } as const;
  return function* ({ bound, incumbent, iterations, iterationsAhead, patternBound, shouldStop }) {
    const relaxation = yield* compactRelaxation(problem.reduced, settings);
    const search = new TreeSearch(relaxation, {
      door: incumbentDoor(problem.compiled),
      heuristics: searchHeuristics(problem, { seed: settings.seed, parameters: settings.parameters.heuristics }),
      // Slightly closer, since the door of the search that asks may see costs by other sums.
      relativeGap: settings.gap * (1 - 1e-3),
      absoluteGap: 0,
      ...(bound > -Infinity ? { knownBound: bound } : {}),
      initialSolutions: incumbent === null ? [] : [{ solution: incumbent, source: 'patterns' }],
      resumable: false,
      strategy: settings.strategy,
      isInterrupted: shouldStop,
    });
    for (const _ of search.runInSteps()) {
      // At a pause, not by a limit of the search: what is left standing there is the same each time.
      if (shouldStop() || relaxation.iterations >= iterationsAhead) break;
      if (relaxation.iterations >= iterations && !((search.result().bound ?? -Infinity) > patternBound)) break;
      yield;
    }
    const found = search.result();
    return {
      bound: found.status === 'infeasible' ? Infinity : (found.bound ?? -Infinity),
      solution: found.solution,
      simplexIterations: relaxation.iterations,
    };
  };
}
