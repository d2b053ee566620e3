/** Chooses the relaxation that bounds a planning problem, and says why. */
import { DeferredRelaxation, type MakeRelaxation } from '../../bnb/deferredRelaxation.ts';
import type { Heuristic, Relaxation } from '../../bnb/relaxation.ts';
import { refuse } from '../../input/inputError.ts';
import type { IndexedPlan } from '../../model/compiled/indexedPlan.ts';
import type { ReducibleProblem } from '../../model/reductions/reducibleProblem.ts';
import { patternBranchingClasses } from '../../patterns/master/patternBranching.ts';
import { PatternRelaxation } from '../../patterns/patternRelaxation.ts';
import { SubsetRelaxation } from '../../patterns/subsets/subsetRelaxation.ts';
import { SubsetSearch } from '../../patterns/subsets/subsetSearch.ts';
import { subsetServiceFor } from '../../patterns/subsets/subsetService.ts';
import { supportsPatterns } from '../../patterns/supportsPatterns.ts';
import type { ResolvedOptions } from '../resolvedSolve.ts';
import { beforeOthers, searchHeuristics } from '../searchHeuristics.ts';
import { singlePlanHeuristic } from '../singlePlanHeuristic.ts';
import type { SolveStatistics } from '../solveResult.ts';
import { compactRelaxation, compactRelaxationTraits } from './compactRelaxation.ts';
import { compactRival } from './compactRival.ts';
import { rentedSetsFor, searchesRentedSets } from './rentedSetRelaxation.ts';

export interface ChosenRelaxation {
  readonly relaxation: Relaxation<unknown, IndexedPlan>;
  readonly heuristics: readonly Heuristic<IndexedPlan>[];
  readonly choice: SolveStatistics['relaxation'];
  /** Whether descents from start plans are worth their time. */
  readonly improvesStarts: boolean;
}

/**
 * The relaxation that the settings ask for; under `auto` patterns wherever they can serve, with the compact one as
 * their rival (docs/strategies.md).
 */
export function chooseRelaxation(problem: ReducibleProblem, resolved: ResolvedOptions): ChosenRelaxation {
  return chosen(problem, resolved, resolved.settings.relaxation === 'auto');
}

function chosen(problem: ReducibleProblem, resolved: ResolvedOptions, mayHaveRival: boolean): ChosenRelaxation {
  const { relaxation, choice } = relaxationFor(problem, resolved, mayHaveRival);
  const constructionEffort = relaxation.name === patternTraits.name ? 0 : 1;
  const { seed, parameters } = resolved.settings;
  const heuristics = searchHeuristics(problem, { seed, constructionEffort, parameters: parameters.heuristics });
  // Its search is a short one.
  const single = singlePlanHeuristic(problem, resolved, (placed, asked) => chosen(placed, asked, false));
  const usual = { relaxation, choice, heuristics, improvesStarts: true };
  if (single !== null) return { ...usual, heuristics: [...heuristics, single] };
  const subsets = subsetSearch(problem, resolved);
  if (subsets === null) return usual;
  return {
    relaxation: new SubsetRelaxation(subsets, relaxation),
    choice,
    heuristics: beforeOthers(subsets, heuristics),
    improvesStarts: subsets.needsPlan,
  };
}

/** The dynamic program over sets of query types; null where it cannot serve, or another way is asked for. */
function subsetSearch({ compiled }: ReducibleProblem, { settings }: ResolvedOptions): SubsetSearch | null {
  const { relaxation, strategy, parameters } = settings;
  if (relaxation !== 'auto' || !strategy.dynamicProgram) return null;
  const service = subsetServiceFor(compiled, parameters.patterns);
  return service && new SubsetSearch(compiled, parameters.patterns, service);
}

function relaxationFor(
  problem: ReducibleProblem,
  resolved: ResolvedOptions,
  mayHaveRival: boolean,
): Pick<ChosenRelaxation, 'relaxation' | 'choice'> {
  const { settings } = resolved;
  const asked = settings.relaxation;
  const support = supportsPatterns(problem.compiled, () => problem.reduced, settings.parameters.patterns);
  if (asked === 'patterns' && !support.supported) {
    refuse([{ path: 'relaxation', value: '"patterns"', expected: `compact or auto: ${support.reason}` }]);
  }
  if (asked === 'compact' || !support.supported) {
    const searchesSets = searchesRentedSets(problem.compiled, settings);
    const traits = compactRelaxationTraits(settings);
    const relaxation = deferred<unknown, unknown>(traits, function* (request, saved) {
      const reduced = yield* problem.reducedInSteps();
      const overSets = searchesSets ? yield* rentedSetsFor(reduced, settings, request, saved) : null;
      return overSets ?? (yield* compactRelaxation(reduced, settings));
    });
    const reason = support.supported || asked === 'compact' ? 'asked for' : support.reason;
    return { relaxation, choice: { name: relaxation.name, reason } };
  }
  const { cuts, heuristics, reducedCostFixing, enumeration } = settings.strategy;
  const parameters = { ...settings.parameters.patterns, heuristics: settings.parameters.heuristics };
  const { largestProgram } = parameters.rival;
  const { numQueryTypes, deployments } = problem.compiled;
  const hasRival = mayHaveRival && numQueryTypes * deployments.count <= largestProgram;
  const rival = hasRival ? { rival: compactRival(problem, resolved) } : {};
  const parts = { cuts, heuristics, reducedCostFixing, enumeration, parameters, ...rival };
  const relaxation = deferred(patternTraits, function* () {
    const reduced = yield* problem.reducedInSteps();
    yield;
    return new PatternRelaxation(reduced, parts);
  });
  return {
    relaxation,
    choice: { name: relaxation.name, reason: asked === 'patterns' ? 'asked for' : 'single placement' },
  };
}

const patternTraits = { name: 'patterns', branchingClasses: patternBranchingClasses };

/** To the tree decisions and warm starts are opaque. */
function deferred<Decision, WarmStart>(
  traits: Pick<Relaxation<Decision, IndexedPlan, WarmStart>, 'name' | 'branchingClasses'>,
  make: MakeRelaxation<Decision, IndexedPlan, WarmStart>,
): Relaxation<unknown, IndexedPlan> {
  return new DeferredRelaxation(traits, make) as unknown as Relaxation<unknown, IndexedPlan>;
}
