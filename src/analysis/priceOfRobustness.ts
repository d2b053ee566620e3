/**
 * The price of robustness (Bertsimas and Sim, Operations Research 52 (2004) 35-53): what protection against Gamma
 * worst-case entries costs over the deterministic plan, and how often each plan's limits break when delays and errors
 * are drawn.
 */

import type { Instance } from '../model/instance.ts';
import { atLeastZero, choice, list } from '../model/schemaFields.ts';
import { optionTable } from '../planner/optionTable.ts';
import { resolveSolve } from '../planner/resolveSolve.ts';
import type { SolveOptions } from '../planner/solveOptions.ts';
import type { SolveResult } from '../planner/solveResult.ts';
import { type Solving, solveAll, solveAllAsync, solved } from '../planner/solving.ts';
import { robustnessDefaults } from './robustnessDefaults.ts';
import { type DrawDistribution, type StressReport, stressFields, stressPlan } from './stress.ts';

export interface PriceOfRobustnessOptions extends Omit<SolveOptions, 'uncertainty' | 'startPlan'> {
  /**
   * Values of Gamma_d = Gamma_e to plan for; the deterministic plan comes first in any case. Default 0, 0.25, 0.5,
   * 0.75, 1, 2.
   */
  readonly gammas?: readonly number[];
  /** `budgeted` (default) or `decision-dependent`. */
  readonly uncertainty?: 'budgeted' | 'decision-dependent';
  /** Default: `uniform` and `heavy-tail`. */
  readonly distributions?: readonly DrawDistribution[];
  /** Draws for each plan and distribution. Default 2000. */
  readonly draws?: number;
  /** Told of each point once it is solved and stressed. */
  readonly onPoint?: (point: RobustnessPoint) => void;
}

export interface RobustnessPoint {
  /** null: the deterministic plan (`uncertainty: 'none'`). */
  readonly gamma: number | null;
  readonly result: SolveResult;
  /** (cost - deterministic cost) / deterministic cost; null where either does not exist or the latter is 0. */
  readonly price: number | null;
  /**
   * One for each distribution; empty without a plan. Plans that use the same (query type, model, tier) meet the same
   * draws of it.
   */
  readonly stress: readonly StressReport[];
}

/**
 * Solves the deterministic instance and one for each Gamma, and stresses every plan. Other options as in `optimize`;
 * `seed` (default 1) is that of the draws too; `signal` ends it with the points so far. Throws InputError with every
 * fault of instance and options.
 */
export function priceOfRobustness(instance: Instance, options: PriceOfRobustnessOptions = {}): RobustnessPoint[] {
  return solveAll(pricing(instance, options));
}

/** As `priceOfRobustness`, letting the event loop run about every 20 ms, so that `options.signal` stops the work. */
export async function priceOfRobustnessAsync(
  instance: Instance,
  options: PriceOfRobustnessOptions = {},
): Promise<RobustnessPoint[]> {
  return solveAllAsync(pricing(instance, options));
}

function* pricing(data: Instance, options: PriceOfRobustnessOptions): Solving<RobustnessPoint[]> {
  const { instance } = resolveSolve(data, options, {
    uncertainty: { field: choice(['budgeted', 'decision-dependent'], 'Uncertainty of the robust plans') },
    gammas: { field: list('values of Gamma', atLeastZero('Gamma')) },
    distributions: { field: list('distributions', stressFields.distribution.field) },
    draws: stressFields.draws,
    onPoint: optionTable.onProgress,
  });
  const {
    gammas = robustnessDefaults.gammas,
    uncertainty = 'budgeted',
    distributions = robustnessDefaults.distributions,
    draws = robustnessDefaults.draws,
    onPoint,
    ...solveOptions
  } = options;
  const points: RobustnessPoint[] = [];
  let deterministicCost: number | null = null;
  for (const gamma of [null, ...gammas]) {
    const data = gamma === null ? instance : { ...instance, uncertaintyBudget: { delay: gamma, error: gamma } };
    const result = yield* solved(data, { ...solveOptions, uncertainty: gamma === null ? 'none' : uncertainty });
    const cost = result.cost?.total ?? null;
    if (gamma === null) deterministicCost = cost;
    const { plan } = result;
    const point: RobustnessPoint = {
      gamma,
      result,
      price: cost === null || !deterministicCost ? null : (cost - deterministicCost) / deterministicCost,
      stress:
        plan === null
          ? []
          : distributions.map((distribution) =>
              stressPlan(instance, result.options, plan, { distribution, draws, seed: options.seed ?? 1 }),
            ),
    };
    points.push(point);
    onPoint?.(point);
    if (options.signal?.aborted) break;
  }
  return points;
}
