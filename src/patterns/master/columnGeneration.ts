/**
 * Column generation at one node: solve the restricted master, price every option, add the improving patterns, until
 * none is left or the Lagrangian bound is enough. Duals are smoothed towards those of the best bound so far (Wentges),
 * which halves the rounds; every round's Lagrangian bound is valid at whatever duals it was computed.
 */

import type { Steps } from '../../bnb/steps.ts';
import type { Pattern } from '../pricing/pattern.ts';
import type { PatternPricer } from '../pricing/patternPricer.ts';
import { type BoundCertificate, leastOfPair, priceDuals } from './dualPrices.ts';
import type { NodeRestrictions } from './patternDecision.ts';
import type { RestrictedMaster } from './restrictedMaster.ts';

/**
 * Reduced costs above this times the size of the objective are not worth a column: they cannot move the sixth digit.
 */
const improvementTolerance = 1e-9;
/** Master and Lagrangian bound closer than this, relative, have met. */
const convergenceTolerance = 2e-8;
/** What artificial columns may cover by rounding. */
const artificialTolerance = 1e-7;
/** Phase-1 bound above which no plan exists. */
const infeasibilityTolerance = 1e-6;
/** Weight of the best bound's duals. More stalls near the end, less zigzags. */
const smoothing = 0.6;
/** Share of the gap that the pairs together may leave unsearched in a round. */
const unsearchedShare = 0.1;
/** Share of an option's best reduced cost that its search may leave unproven. */
const unprovenShare = 0.2;
/** Nodes of a search while generation is rough: enough for good patterns, not for proofs. */
const roughNodeLimit = 300;
/** Rough rounds end when this many in a row together gain less than this share of the objective. */
const roughPatience = 4;
const roughGain = 1e-3;
/** Guards the running time of one search: seconds. Hundreds of thousands of nodes are rare. */
const exactNodeLimit = 2_000_000;
/** Rounds after which a node gives up converging; its bound holds. */
const roundLimit = 1000;

export interface GenerationLimits {
  /** Relative distance of master and bound that counts as met. Default 2e-8. */
  readonly tolerance?: number;
  /** Stop once the bound reaches this. */
  readonly cutoff: number;
  readonly shouldStop: () => boolean;
  readonly onRound?: (round: number, bound: number, columns: number) => void;
}

type GenerationStatus = 'converged' | 'cutoff' | 'infeasible' | 'limit' | 'numerical-trouble';

export interface GenerationOutcome {
  readonly status: GenerationStatus;
  readonly bound: number;
  readonly rounds: number;
  /** Duals of the best bound and the lower bounds on reduced costs per option at them; null when there is none. */
  readonly certificate: BoundCertificate | null;
}

interface PricingRound {
  readonly bound: number;
  readonly patterns: readonly Pattern[];
  readonly reducedCost: Float64Array;
  readonly pairLeast: Float64Array;
}

/** Prices all options at `duals`. Where `shouldStop` ends it before the last option, the bound is -Infinity. */
export function priceAll(
  master: RestrictedMaster,
  pricer: PatternPricer,
  restrictions: NodeRestrictions,
  duals: Float64Array,
  tolerance: number,
  shouldStop: () => boolean = () => false,
): PricingRound {
  const { table } = restrictions;
  const { prices, base } = priceDuals(master, restrictions, duals);
  const reducedCost = new Float64Array(table.numOptions).fill(Infinity);
  const pairLeast = new Float64Array(table.problem.numPairs).fill(Infinity);
  const improving: { pattern: Pattern; value: number }[] = [];
  let isStopped = false;
  for (let o = 0; o < table.numOptions; o++) {
    if (restrictions.closed[o] === 1) continue;
    let least = pricer.quickBound(o, prices, restrictions.blocked);
    if (least < -tolerance) {
      if (shouldStop()) {
        isStopped = true;
        break;
      }
      least = pricer.search(o, prices, restrictions.blocked, -tolerance);
      pricer.found.forEach((pattern, t) => {
        improving.push({ pattern, value: pricer.foundValues[t] });
      });
    }
    reducedCost[o] = least;
    const pair = table.pair[o];
    if (least < pairLeast[pair]) pairLeast[pair] = least;
  }
  let bound = isStopped ? -Infinity : base;
  for (let pair = 0; pair < pairLeast.length; pair++) bound += leastOfPair(restrictions, pair, pairLeast);
  const most = columnsPerRound(table.problem.numQueryTypes);
  if (improving.length > most) {
    improving.sort((one, other) => one.value - other.value);
    improving.length = most;
  }
  return { bound, patterns: improving.map(({ pattern }) => pattern), reducedCost, pairLeast };
}

/** Enough to renew the whole basis; more slows the master down. */
function columnsPerRound(numQueryTypes: number): number {
  return 40 + 3 * numQueryTypes;
}

/** Yields after every round, where the work may pause. */
export function* generateColumns(
  master: RestrictedMaster,
  pricer: PatternPricer,
  restrictions: NodeRestrictions,
  limits: GenerationLimits,
): Steps<GenerationOutcome> {
  let bound = -Infinity;
  let certificate: BoundCertificate | null = null;
  let center: Float64Array | null = null;
  let lastObjective = Infinity;
  let misses = 0;
  /** Price to the last digit: the loose threshold found nothing. */
  let exact = false;
  /** Searches are cut short until they no longer help. */
  let rough = true;
  const objectives: number[] = [];
  const result = (status: GenerationStatus, rounds: number): GenerationOutcome => ({
    status,
    bound,
    rounds,
    certificate,
  });
  master.setPhase(2);
  for (let round = 1; round <= roundLimit; round++) {
    const lpStatus = master.solve();
    if (lpStatus !== 'optimal') return result('numerical-trouble', round);
    const { solver } = master;
    const objective = solver.objective;
    const scale = Math.max(1, Math.abs(objective));
    const tolerance = improvementTolerance * scale;
    // A round that did not move the master was mispriced: the next one is priced at its own duals.
    if (lastObjective - objective <= 1e-10 * scale) misses++;
    else misses = 0;
    lastObjective = objective;
    const wasRough = rough;
    objectives.push(objective);
    const past = objectives[objectives.length - 1 - roughPatience];
    if (rough && past !== undefined && past - objective < roughGain * scale) {
      if (master.phase === 2 && master.artificialValue() > artificialTolerance && master.raiseSurcharges()) {
        // What artificial columns still cover is their price's fault: no need to prove it first.
        objectives.length = 0;
        center = null;
        lastObjective = Infinity;
        continue;
      }
      rough = false;
    }
    if (master.phase === 1 && objective <= artificialTolerance) {
      master.setPhase(2);
      center = null;
      lastObjective = Infinity;
      continue;
    }
    const weight: number = center === null || misses > 0 || exact ? 0 : smoothing;
    const gap = bound > -Infinity ? objective - bound : 0.1 * scale;
    const pairs = Math.max(1, Math.min(master.table.problem.numQueryTypes, master.solver.numRows));
    const threshold = exact && !rough ? tolerance : Math.max(tolerance, (unsearchedShare * gap) / pairs);
    const duals = solver.duals.slice(0, solver.numRows);
    if (weight > 0 && center !== null) {
      for (let r = 0; r < duals.length; r++) duals[r] = (1 - weight) * duals[r] + weight * (center[r] ?? 0);
    }
    pricer.relativeSlack = unprovenShare;
    pricer.nodeLimit = rough ? roughNodeLimit : exactNodeLimit;
    const priced = priceAll(master, pricer, restrictions, duals, threshold, limits.shouldStop);
    if (priced.bound === -Infinity) return result('limit', round);
    if (master.phase === 1) {
      if (priced.bound > infeasibilityTolerance) {
        bound = Infinity;
        return result('infeasible', round);
      }
      center = duals;
    } else if (priced.bound > bound) {
      bound = priced.bound;
      center = duals;
      certificate = {
        bound,
        duals,
        reducedCost: priced.reducedCost,
        pairLeast: priced.pairLeast,
        muA: pricer.muA.slice(),
        muB: pricer.muB.slice(),
      };
    }
    const added = master.add(priced.patterns);
    limits.onRound?.(round, bound, master.patterns.length);
    if (bound >= limits.cutoff) return result('cutoff', round);
    const covered = master.artificialValue() <= artificialTolerance;
    const met = master.phase === 2 && objective - bound <= (limits.tolerance ?? convergenceTolerance) * scale;
    const wasExact = threshold === tolerance;
    exact = weight === 0 && added === 0;
    const exhausted = exact && wasExact && !rough;
    if (added === 0) rough = false;
    if (!rough && wasRough && !covered && master.phase === 2 && master.raiseSurcharges()) {
      // What artificial columns still cover is their price's fault: no need to prove it first.
      rough = true;
      objectives.length = 0;
      center = null;
      lastObjective = Infinity;
      continue;
    }
    if ((met || exhausted) && covered && master.phase === 2) return result('converged', round);
    if (exhausted || (met && !covered)) {
      // Artificial columns are too cheap, or nothing can take their place.
      if (master.phase === 1) return result('numerical-trouble', round);
      if (!master.raiseSurcharges()) master.setPhase(1);
      center = null;
      lastObjective = Infinity;
      continue;
    }
    if (limits.shouldStop()) return result('limit', round);
    yield;
  }
  return result('limit', roundLimit);
}
