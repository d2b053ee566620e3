/**
 * One solve: the dual and the primal simplex take turns until neither has work left, and what they agree on is checked
 * in the caller's units; where it does not hold, tolerances are tightened, points refined, scaling given up.
 */
import { workingTolerance } from '../feasibility.ts';
import { isWithinTolerances } from '../optimalityCheck.ts';
import type { LpStatus, SolveLimits } from '../simplexTypes.ts';
import type { Steps } from '../steps.ts';
import {
  acceptedViolation,
  dualFeasibility,
  loosestFeasibility,
  primalFeasibility,
  tightestFeasibility,
  wantedViolation,
} from '../tolerances.ts';
import { removeScaling } from './coreChanges.ts';
import type { DualPricing } from './dualPricing.ts';
import { DualSimplex } from './dualSimplex.ts';
import { LoosenedRows } from './loosenedRows.ts';
import { PrimalSimplex } from './primalSimplex.ts';
import { unscaledDirection, unscaledFarkasRay } from './rays.ts';
import { ResultPoint } from './residuals.ts';
import { RunLimits, type RunOutcome } from './runLimits.ts';
import type { SimplexCore } from './simplexCore.ts';

/** Changes between the methods in one solve after which the solver surrenders. */
const maxRounds = 40;
/** Rounds in which perturbation is allowed; later ones must end without. */
const perturbedRounds = 6;
/** Failures of both methods after which the solver surrenders. */
const maxTroubles = 6;
/** Iterations of one solve per row and column beyond which something must be wrong. */
const runawayFactor = 60;
const runawayBase = 20_000;

/** How a solve ended, with the proof where there is no optimum. */
export interface SolveEnd {
  readonly status: LpStatus;
  readonly farkasRay: Float64Array | null;
  readonly unboundedRay: Float64Array | null;
}

export class MethodTurns {
  /** Where the last run ended; of no meaning after `infeasible` and `unbounded`. */
  readonly point = new ResultPoint();
  readonly #core: SimplexCore;
  readonly #dual: DualSimplex;
  readonly #primal: PrimalSimplex;
  readonly #loosened = new LoosenedRows();
  readonly #mayPerturb: boolean;
  #isScaled: boolean;
  #farkasRay: Float64Array | null = null;
  #unboundedRay: Float64Array | null = null;

  constructor(core: SimplexCore, isScaled: boolean, mayPerturb: boolean, pricing: DualPricing) {
    this.#core = core;
    this.#dual = new DualSimplex(core, pricing);
    this.#primal = new PrimalSimplex(core);
    this.#isScaled = isScaled;
    this.#mayPerturb = mayPerturb;
  }

  /** Leaves perturbed costs and bounds to the caller to restore. */
  *run(limits: SolveLimits): Steps<SolveEnd> {
    this.#farkasRay = null;
    this.#unboundedRay = null;
    this.#core.primalTolerance = primalFeasibility;
    this.#core.dualTolerance = dualFeasibility;
    const status = yield* this.#runWithinTolerance(limits);
    return { status, farkasRay: this.#farkasRay, unboundedRay: this.#unboundedRay };
  }

  /**
   * Where rows had to be loosened, the point must be optimal in the program as it is, in all three ways; if it does not
   * hold there, rows are loosened by their sides alone.
   */
  *#runWithinTolerance(limits: SolveLimits): Steps<LpStatus> {
    const core = this.#core;
    const startIterations = core.iterations;
    const { iterationLimit } = limits;
    for (const withColumns of [true, false]) {
      const spent = core.iterations - startIterations;
      const left = iterationLimit === undefined ? limits : { ...limits, iterationLimit: iterationLimit - spent };
      const status = yield* this.#run(left, withColumns);
      if (this.#loosened.count === 0) return status;
      this.#loosened.restore(core);
      if (status !== 'optimal') return status;
      this.point.weighTerms(core);
      if (isWithinTolerances(this.point.violations)) return status;
    }
    return 'numerical-trouble';
  }

  /** Lets the methods take turns. */
  *#run(limits: SolveLimits, withColumns: boolean): Steps<LpStatus> {
    const core = this.#core;
    const runaway = core.iterations + runawayBase + runawayFactor * core.total;
    const lastIteration = core.iterations + (limits.iterationLimit ?? Infinity);
    const deadline = limits.timeLimit === undefined ? Infinity : performance.now() + 1000 * limits.timeLimit;
    const runLimits = new RunLimits(Math.min(runaway, lastIteration), deadline, limits.shouldStop);
    if (limits.objectiveCutoff !== undefined) runLimits.cutoff = limits.objectiveCutoff - core.program.offset;
    let troubles = 0;
    let preferPrimal = false;
    for (let round = 0; round < maxRounds; round++) {
      if (!core.isFactored) core.refactor();
      if (!core.valuesFit) core.computeBasicValues();
      if (!core.dualsFit) core.computeDuals();
      yield;
      const isPrimalFeasible = core.primalInfeasibility() === 0;
      if (isPrimalFeasible && core.dualInfeasibility(true) === 0) {
        const status = this.#checkOptimal();
        if (status !== null) return status;
        continue;
      }
      const mayPerturb = this.#mayPerturb && round < perturbedRounds && troubles < 3;
      const isBarelyDualInfeasible = core.dualInfeasibility(false) === 0;
      // A first solve that only needs flips is for the dual method; later ones are close to their optimum where they
      // are.
      const isFlipStart = core.iterations === 0 && isBarelyDualInfeasible;
      const usePrimal: boolean = (isPrimalFeasible && !isFlipStart) || preferPrimal;
      let outcome: RunOutcome;
      if (usePrimal) outcome = yield* this.#primal.run(runLimits, mayPerturb);
      else {
        outcome = 'optimal';
        if (!isBarelyDualInfeasible && round === 0) outcome = yield* this.#dual.runPhaseOne(runLimits, mayPerturb);
        if (outcome === 'optimal') outcome = yield* this.#dual.run(runLimits, mayPerturb && !core.costChanged);
      }
      // What the run left in work: the basic values are those of perturbed bounds, the reduced costs of shifted costs.
      const wasPerturbed = core.boundsChanged;
      switch (outcome) {
        case 'optimal':
          preferPrimal = false;
          break;
        case 'infeasible':
          if (this.#loosened.loosenFor(core, core.rowVector.array, withColumns)) {
            // The number of times is bounded there.
            round--;
            break;
          }
          this.#farkasRay = unscaledFarkasRay(core.program, core.rowVector.array);
          return 'infeasible';
        case 'unbounded':
          if (!wasPerturbed) {
            this.#unboundedRay = unscaledDirection(core.program, this.#primal.ray);
            return 'unbounded';
          }
          break;
        case 'cutoff':
          this.point.take(core);
          if (this.point.dualBound >= limits.objectiveCutoff!) return 'cutoff';
          runLimits.cutoff = Infinity;
          break;
        case 'time-limit':
        case 'iteration-limit':
          if (outcome === 'iteration-limit' && core.iterations < lastIteration) return this.#surrender();
          this.#takePoint();
          return outcome;
        case 'trouble':
          troubles++;
          if (troubles > maxTroubles) {
            if (this.#surrender() === 'optimal') return 'optimal';
            if (!this.#isScaled) return 'numerical-trouble';
            this.#removeScaling();
            troubles = 0;
            break;
          }
          preferPrimal = !usePrimal;
          core.primalTolerance = Math.min(loosestFeasibility, 10 * core.primalTolerance);
          core.dualTolerance = Math.min(loosestFeasibility, 10 * core.dualTolerance);
          if (troubles === 3) core.setSlackBasis();
          break;
      }
      core.restoreCost();
      core.restoreBounds();
      core.valuesFit = false;
    }
    return this.#surrender();
  }

  /**
   * No method gets on: the point where they stand may still be good enough, since both aim higher than what is asked.
   */
  #surrender(): LpStatus {
    this.#takePoint();
    return this.#isAccepted() ? 'optimal' : 'numerical-trouble';
  }

  /** Whether the point that was taken is within tolerances, if need be refined and measured in every detail. */
  #isAccepted(): boolean {
    const point = this.point;
    const isGood = () =>
      isWithinTolerances(point.violations) && Math.max(point.excess.primal, point.excess.dual) <= acceptedViolation;
    if (isGood()) return true;
    point.takeRefined(this.#core);
    if (isGood()) return true;
    point.weighTerms(this.#core);
    return isGood() && point.violations.primal <= workingTolerance;
  }

  #takePoint(): void {
    const core = this.#core;
    core.restoreCost();
    core.restoreBounds();
    if (!core.isFactored) core.refactor();
    if (!core.valuesFit) core.computeBasicValues();
    this.point.take(core);
  }

  /** Neither method has work left: is the point good in the caller's units? If not, makes ready for another round. */
  #checkOptimal(): LpStatus | null {
    const core = this.#core;
    const point = this.point;
    point.take(core);
    const { violations, excess } = point;
    const isWanted = Math.max(excess.primal, excess.dual) <= wantedViolation;
    if (isWanted && isWithinTolerances(violations)) return 'optimal';
    if (core.factorization.updates > 0) {
      core.refactor();
      core.valuesFit = false;
      core.dualsFit = false;
      return null;
    }
    // Tighten until the method sees the violation that the caller would see.
    while (
      (excess.primal > wantedViolation && core.primalTolerance > tightestFeasibility) ||
      (excess.dual > wantedViolation && core.dualTolerance > tightestFeasibility)
    ) {
      if (excess.primal > wantedViolation) core.primalTolerance /= 10;
      if (excess.dual > wantedViolation) core.dualTolerance /= 10;
      if (core.primalInfeasibility() > 0 || core.dualInfeasibility(true) > 0) return null;
    }
    if (this.#isAccepted()) return 'optimal';
    if (!this.#isScaled) return 'numerical-trouble';
    this.#removeScaling();
    return null;
  }

  /** Goes on in the caller's units, where no violation can hide behind a factor. */
  #removeScaling(): void {
    const core = this.#core;
    this.#isScaled = false;
    removeScaling(core);
    core.primalTolerance = primalFeasibility;
    core.dualTolerance = dualFeasibility;
  }
}
