/**
 * Columns priced on demand: a search for every deployment in every round. While generation is rough, searches are
 * cut short and looked at by their relaxations' bounds; when rough rounds stall, searches are exact. Duals are smoothed
 * (dualSmoothing.ts).
 */
import type { Steps } from '../../lp/steps.ts';
import type { Pattern } from '../pricing/pattern.ts';
import type { PatternPricer } from '../pricing/patternPricer.ts';
import { neverStop } from '../stopQuestion.ts';
import {
  type ColumnSource,
  columnsPerRound,
  type GenerationEnd,
  type GenerationLimits,
  type GenerationStatus,
  runGeneration,
} from './columnGeneration.ts';
import { type BoundCertificate, priceDuals, withPairs } from './dualPrices.ts';
import { DualSmoothing } from './dualSmoothing.ts';
import type { NodeRestrictions } from './patternDecision.ts';
import type { RestrictedMaster } from './restrictedMaster.ts';

export interface GenerationOutcome extends GenerationEnd {
  /** Duals of the best bound and the lower bounds on reduced costs by deployment at them; null when there is none. */
  readonly certificate: BoundCertificate | null;
}

interface PricingRound {
  readonly bound: number;
  readonly patterns: readonly Pattern[];
  readonly reducedCost: Float64Array;
  readonly pairLeast: Float64Array;
}

/** Prices all deployments at `duals`. Where `shouldStop` ends it before the last one, the bound is -Infinity. */
export function priceAll(
  master: RestrictedMaster,
  pricer: PatternPricer,
  restrictions: NodeRestrictions,
  duals: Float64Array,
  tolerance: number,
  shouldStop: () => boolean = neverStop,
): PricingRound {
  const { table } = restrictions;
  const { prices, base } = priceDuals(master, restrictions, duals);
  const reducedCost = new Float64Array(table.numDeployments).fill(Infinity);
  const pairLeast = new Float64Array(table.problem.numPairs).fill(Infinity);
  const improving: { pattern: Pattern; value: number }[] = [];
  let isStopped = false;
  for (let d = 0; d < table.numDeployments; d++) {
    if (restrictions.closed[d] === 1) continue;
    let least = pricer.quickBound(d, prices, restrictions);
    if (least < -tolerance) {
      if (shouldStop()) {
        isStopped = true;
        break;
      }
      least = pricer.search(d, prices, restrictions, -tolerance, shouldStop);
      pricer.found.forEach((pattern, t) => {
        improving.push({ pattern, value: pricer.foundValues[t] });
      });
    }
    reducedCost[d] = least;
    const pair = table.pair[d];
    if (least < pairLeast[pair]) pairLeast[pair] = least;
  }
  const bound = isStopped ? -Infinity : withPairs(base, restrictions, pairLeast);
  const most = columnsPerRound(master);
  if (improving.length > most) {
    improving.sort((one, other) => one.value - other.value);
    improving.length = most;
  }
  return { bound, patterns: improving.map(({ pattern }) => pattern), reducedCost, pairLeast };
}

/** Generates columns until master and bound meet. Yields after every round. */
export function* generateColumns(
  master: RestrictedMaster,
  pricer: PatternPricer,
  restrictions: NodeRestrictions,
  limits: GenerationLimits,
): Steps<GenerationOutcome> {
  const { roundLimit } = master.table.parameters.generation;
  const source = new PricedColumns(master, pricer, restrictions, limits);
  const end = yield* runGeneration(master, source, { rounds: roundLimit, ...limits });
  return { ...end, certificate: source.certificate };
}

class PricedColumns implements ColumnSource {
  /** Of the best bound so far. */
  certificate: BoundCertificate | null = null;
  readonly #master: RestrictedMaster;
  readonly #pricer: PatternPricer;
  readonly #restrictions: NodeRestrictions;
  readonly #limits: GenerationLimits;
  readonly #smoothing: DualSmoothing;
  readonly #parameters: RestrictedMaster['table']['parameters']['generation'];
  /** Searches are cut short until they no longer help. */
  #isRough = true;
  /** Whether the phase was rough when the round began. */
  #wasRough = true;
  /** Price to the last digit: the loose threshold found nothing. */
  #isThorough = false;
  /** Objectives since the rough phase began. */
  #objectives: number[] = [];
  #lastObjective = Infinity;
  /** Rounds in a row that did not move the master. */
  #misses = 0;
  /* The round in hand. */
  #objective = 0;
  #duals: Float64Array = new Float64Array(0);
  #isSmoothed = false;
  #isToTolerance = false;
  #best = -Infinity;
  #priced: PricingRound | null = null;
  #added = 0;

  constructor(
    master: RestrictedMaster,
    pricer: PatternPricer,
    restrictions: NodeRestrictions,
    limits: GenerationLimits,
  ) {
    this.#master = master;
    this.#pricer = pricer;
    this.#restrictions = restrictions;
    this.#limits = limits;
    this.#parameters = master.table.parameters.generation;
    this.#smoothing = new DualSmoothing(this.#parameters.smoothing);
  }

  get #scale(): number {
    return Math.max(1, Math.abs(this.#objective));
  }

  get #isCovered(): boolean {
    return this.#master.artificialValue() <= this.#parameters.artificialTolerance;
  }

  turnsPhase(): boolean {
    const { stallTolerance, artificialTolerance } = this.#parameters;
    const master = this.#master;
    const { objective } = master.solver;
    this.#objective = objective;
    if (this.#lastObjective - objective <= stallTolerance * this.#scale) this.#misses++;
    else this.#misses = 0;
    this.#lastObjective = objective;
    this.#wasRough = this.#isRough;
    this.#objectives.push(objective);
    if (this.#isRough && this.#isStalling()) {
      if (this.#chargesArtificials()) return true;
      this.#isRough = false;
    }
    if (master.phase === 1 && objective <= artificialTolerance) {
      master.setPhase(2);
      this.#beginAtNewCosts();
      return true;
    }
    return false;
  }

  price(bound: number): number {
    const { improvementTolerance, presumedGap, unsearchedShare, unprovenShare, roughNodeLimit, exactNodeLimit } =
      this.#parameters;
    const { solver, table } = this.#master;
    const suspended = this.#misses > 0 || this.#isThorough;
    this.#isSmoothed = !this.#smoothing.isOff(suspended);
    const gap = bound > -Infinity ? this.#objective - bound : presumedGap * this.#scale;
    const pairs = Math.max(1, Math.min(table.problem.numQueryTypes, solver.numRows));
    const tolerance = improvementTolerance * this.#scale;
    const isExact = this.#isThorough && !this.#isRough;
    const threshold = isExact ? tolerance : Math.max(tolerance, (unsearchedShare * gap) / pairs);
    this.#isToTolerance = threshold === tolerance;
    this.#duals = this.#smoothing.at(solver.duals.slice(0, solver.numRows), suspended);
    this.#pricer.relativeSlack = unprovenShare;
    this.#pricer.nodeLimit = this.#isRough ? roughNodeLimit : exactNodeLimit;
    const { shouldStop } = this.#limits;
    this.#priced = priceAll(this.#master, this.#pricer, this.#restrictions, this.#duals, threshold, shouldStop);
    this.#best = bound;
    return this.#priced.bound;
  }

  note(bound: number): void {
    const priced = this.#priced;
    if (priced === null) return;
    if (this.#master.phase === 1) this.#smoothing.moveTo(this.#duals);
    else if (bound > this.#best) {
      this.#smoothing.moveTo(this.#duals);
      this.certificate = {
        bound,
        duals: this.#duals,
        reducedCost: priced.reducedCost,
        pairLeast: priced.pairLeast,
        muA: this.#pricer.muA.slice(),
        muB: this.#pricer.muB.slice(),
      };
    }
    this.#added = this.#master.add(priced.patterns);
  }

  proceed(bound: number): GenerationStatus | 'solve' | 'go on' {
    const master = this.#master;
    const { phase } = master;
    const tolerance = this.#limits.tolerance ?? this.#parameters.convergenceTolerance;
    const isCovered = this.#isCovered;
    const { cutoff, cutoffShare = 0 } = this.#limits;
    const below = cutoff < Infinity ? cutoff - this.#objective : 0;
    const met = phase === 2 && this.#objective - bound <= Math.max(tolerance * this.#scale, cutoffShare * below);
    this.#isThorough = !this.#isSmoothed && this.#added === 0;
    const isExhausted = this.#isThorough && this.#isToTolerance && !this.#isRough;
    if (this.#added === 0) this.#isRough = false;
    if (!this.#isRough && this.#wasRough && this.#chargesArtificials()) {
      this.#isRough = true;
      return 'solve';
    }
    if ((met || isExhausted) && isCovered && phase === 2) return 'converged';
    if (!isExhausted && !(met && !isCovered)) return 'go on';
    // Artificial columns are too cheap, or nothing can take their place.
    if (phase === 1) return 'numerical-trouble';
    if (!master.raiseSurcharges()) master.setPhase(1);
    this.#beginAtNewCosts();
    return 'solve';
  }

  /** Whether the last rounds together gained little. */
  #isStalling(): boolean {
    const { roughPatience, roughGain } = this.#parameters;
    const past = this.#objectives[this.#objectives.length - 1 - roughPatience];
    return past !== undefined && past - this.#objective < roughGain * this.#scale;
  }

  /**
   * What artificial columns still cover at the end of a rough phase is their price's fault: raised, there is no need to
   * prove it first.
   */
  #chargesArtificials(): boolean {
    const master = this.#master;
    if (master.phase === 1 || this.#isCovered || !master.raiseSurcharges()) return false;
    this.#objectives = [];
    this.#beginAtNewCosts();
    return true;
  }

  #beginAtNewCosts(): void {
    this.#smoothing.forget();
    this.#lastObjective = Infinity;
  }
}
