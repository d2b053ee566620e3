/**
 * The compact relaxation of a planning problem: the LP of the published or strengthened program, branched on single
 * columns of w, then z, then y. General cuts and the plan's own tighten it; points are rounded to plans by local
 * search.
 */

import { generalCuts } from '../../bnb/cuts/generalCuts.ts';
import type { LinearRelaxationOptions } from '../../bnb/linear/linearDecision.ts';
import { ShrinkingRelaxation } from '../../bnb/linear/shrinkingRelaxation.ts';
import { withPluginHooks } from '../../bnb/plugins/linearHooks.ts';
import { roundPoint } from '../../heuristics/index.ts';
import type { HeuristicParameters } from '../../heuristics/parameters.ts';
import type { Steps } from '../../lp/steps.ts';
import type { IndexedPlan } from '../../model/compiled/indexedPlan.ts';
import type { PlanningProblem } from '../../model/compiled/planningProblem.ts';
import { hasColumnsFor } from '../../model/formulations/codeStrengthened.ts';
import type { Formulation, StrengthenedFormulation } from '../../model/formulations/formulation.ts';
import { buildPublished } from '../../model/formulations/published.ts';
import { scenarioToleranceWithin, strengthenedInSteps } from '../../model/formulations/strengthened.ts';
import { withUnitRows } from '../../model/formulations/unitRows.ts';
import { supportsPatterns } from '../../patterns/supportsPatterns.ts';
import { degreeCouplingCuts } from '../cuts/degreeCoupling.ts';
import { planCuts } from '../cuts/planCuts.ts';
import type { SearchSettings } from '../resolvedSolve.ts';
import { BlockPrices } from './blockPrices.ts';
import { DeploymentBlocks } from './deploymentBlock.ts';
import { setBranchingClasses, setCandidates } from './setBranching.ts';

const branchingClasses = ['w', 'z', 'y'] as const;

/** What is known of the relaxation before it is built. */
export function compactRelaxationTraits({ formulation, robust, strategy }: SearchSettings) {
  if (formulation === 'published') return { name: 'published', branchingClasses };
  return {
    name: `strengthened-${robust ?? 'projected'}`,
    branchingClasses: strategy.setBranching ? setBranchingClasses : branchingClasses,
  };
}

/** Builds the relaxation that the settings name: formulation, form of the robust counterpart, strategy. */
export function* compactRelaxation(
  problem: PlanningProblem,
  settings: SearchSettings,
): Steps<ShrinkingRelaxation<IndexedPlan>> {
  const { formulation: kind, strategy, parameters } = settings;
  const robust = settings.robust ?? 'projected';
  const strengthened = kind === 'strengthened' ? yield* strengthenedInSteps(problem, { robust }) : null;
  const published = strengthened === null ? buildPublished(problem.instance, problem.options) : null;
  const formulation: Formulation = strengthened ?? published!;
  const isSingle = strengthened !== null && problem.placement.isSingle;
  const blocks =
    isSingle && strategy.cuts && supportsPatterns(problem).supported
      ? new DeploymentBlocks(strengthened, parameters.compact.blocks)
      : null;
  const modelCuts = strengthened ? planCuts(strengthened) : [degreeCouplingCuts(problem, published!)];
  const sets =
    strengthened !== null && strategy.setBranching
      ? setCandidates(strengthened, strategy.parameters.tolerances.integrality)
      : null;
  const classOf = new Map<number, string>();
  for (const name of branchingClasses) {
    for (const column of formulation.classes[name]) classOf.set(column, name);
  }
  const program = withUnitRows(formulation.program);
  const hooks: LinearRelaxationOptions<IndexedPlan> = {
    ...compactRelaxationTraits(settings),
    program,
    decode: (point) => formulation.decode(point),
    branchingClassOf: (column) => classOf.get(column) ?? 'y',
    ...(sets === null ? {} : { candidates: sets }),
    separators: strategy.cuts ? generalCuts : [],
    ...(strategy.cuts ? { modelCuts: [...(blocks === null ? [] : [blocks]), ...modelCuts] } : {}),
    ...(blocks === null ? {} : { blockOf: blocks.blockOf }),
    propagation: strategy.propagation,
    reducedCostFixing: strategy.reducedCostFixing,
    parameters: strategy.parameters,
    ...(isSingle ? { beforeRoot: blockKnowledge(strengthened, blocks, settings) } : {}),
    ...(strengthened !== null && robust === 'adversarial'
      ? {
          separateLazy: (point: Float64Array, isWhole: boolean) =>
            strengthened.separateScenarios(point, isWhole ? undefined : scenarioToleranceWithin),
        }
      : {}),
    ...(strengthened !== null && strategy.heuristics
      ? { round: rounding(problem, strengthened, parameters.heuristics) }
      : {}),
  };
  return new ShrinkingRelaxation(
    withPluginHooks(hooks, strategy, {
      program,
      decode: hooks.decode,
      // Plans from before the reductions, and start plans, may use what the program does without.
      encode: (plan) => (strengthened !== null && !hasColumnsFor(strengthened, plan) ? null : formulation.encode(plan)),
    }),
  );
}

/**
 * What the pattern LP says before the root: a bound, rows that bring the LP there, and columns that no better plan
 * uses.
 */
function blockKnowledge(
  formulation: StrengthenedFormulation,
  blocks: DeploymentBlocks | null,
  { strategy: { reducedCostFixing: fixes }, parameters }: SearchSettings,
) {
  return function* ({ cutoff, shouldStop }: { readonly cutoff: number; readonly shouldStop: () => boolean }) {
    const blockPrices = BlockPrices.of(formulation, parameters.compact.blocks);
    if (blockPrices === null || (blocks === null && !fixes)) return null;
    yield* blockPrices.solve(shouldStop);
    const { bound, columnPrices, simplexIterations } = blockPrices;
    const changes = fixes ? blockPrices.tighten(cutoff) : [];
    const upper = formulation.program.columnUpper.slice();
    for (const change of changes) upper[change.column] = Math.min(upper[change.column], change.upper);
    const rows = columnPrices === null ? [] : (blocks?.rowsAt(columnPrices, upper) ?? []);
    return { bound, changes, rows, source: 'deployment block', simplexIterations };
  };
}

/** Rounds a node's point: query types go where most of them is placed, local search does the rest. */
function rounding(problem: PlanningProblem, { columns }: StrengthenedFormulation, parameters: HeuristicParameters) {
  const { count } = problem.deployments;
  return ({ point }: { readonly point: Float64Array }) => {
    const valueAt = (column: number) => (column < 0 ? 0 : point[column]);
    const plan = roundPoint(
      problem,
      (i, d) => Math.max(valueAt(columns.z[i * count + d]), valueAt(columns.v[i * count + d])),
      { openness: (d) => valueAt(columns.w[d]), parameters },
    );
    return plan === null ? [] : [{ solution: plan, source: 'rounding' }];
  };
}
