/** Chooses the relaxation that bounds a planning problem, and says why. */
import type { Heuristic, Relaxation } from '../../bnb/relaxation.ts';
import type { IndexedPlan } from '../../model/compiled/indexedPlan.ts';
import { refuse } from '../../model/inputError.ts';
import type { ReducibleProblem } from '../../model/reductions/reducibleProblem.ts';
import { DeferredPatternRelaxation } from '../../patterns/deferredPatternRelaxation.ts';
import { PatternRelaxation } from '../../patterns/patternRelaxation.ts';
import { supportsPatterns } from '../../patterns/supportsPatterns.ts';
import type { ResolvedOptions } from '../resolvedSolve.ts';
import { searchHeuristics } from '../searchHeuristics.ts';
import type { SolveStatistics } from '../solveResult.ts';
import { compactRelaxation } from './compactRelaxation.ts';
import { rentedSetRelaxation } from './rentedSetRelaxation.ts';

export interface ChosenRelaxation {
  readonly relaxation: Relaxation<unknown, IndexedPlan>;
  readonly heuristics: readonly Heuristic<IndexedPlan>[];
  readonly choice: SolveStatistics['relaxation'];
}

/**
 * The relaxation that the settings ask for; under `auto` patterns wherever they can serve
 * (docs/strategies.md).
 */
export function chooseRelaxation(problem: ReducibleProblem, resolved: ResolvedOptions): ChosenRelaxation {
  const { relaxation, choice } = relaxationFor(problem, resolved);
  const constructionEffort = relaxation instanceof DeferredPatternRelaxation ? 0 : 1;
  return {
    relaxation,
    choice,
    heuristics: searchHeuristics(problem, { seed: resolved.settings.seed, constructionEffort }),
  };
}

function relaxationFor(problem: ReducibleProblem, resolved: ResolvedOptions): Omit<ChosenRelaxation, 'heuristics'> {
  const { settings, team } = resolved;
  const asked = settings.relaxation;
  const support = supportsPatterns(problem.compiled, () => problem.reduced);
  if (asked === 'patterns' && !support.supported) {
    refuse([{ path: 'relaxation', value: '"patterns"', expected: `compact or auto: ${support.reason}` }]);
  }
  if (asked === 'compact' || !support.supported) {
    const compact = rentedSetRelaxation(problem.reduced, settings) ?? compactRelaxation(problem.reduced, settings);
    const relaxation = compact as unknown as Relaxation<unknown, IndexedPlan>;
    const reason = support.supported || asked === 'compact' ? 'asked for' : support.reason;
    return { relaxation, choice: { name: relaxation.name, reason } };
  }
  const { cuts, heuristics, reducedCostFixing, enumeration } = settings.strategy;
  const helpers = { cuts, heuristics, reducedCostFixing, enumeration, team };
  const relaxation = new DeferredPatternRelaxation(() => new PatternRelaxation(problem.reduced, helpers));
  return {
    relaxation: relaxation as unknown as Relaxation<unknown, IndexedPlan>,
    choice: { name: relaxation.name, reason: asked === 'patterns' ? 'asked for' : 'single placement' },
  };
}
