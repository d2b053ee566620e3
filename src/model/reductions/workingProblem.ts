/**
 * A problem while reductions work on it: which deployments are left and how much of each query type they can serve.
 * Every change goes through here and is recorded with its reason.
 */
import { stretchesLimits } from '../compiled/delayRule.ts';
import { fractionTolerance, mustBePlaced, type PlanningProblem } from '../compiled/planningProblem.ts';

/** Six significant digits for reasons. */
export function amount(value: number): string {
  return String(Number(value.toPrecision(6)));
}

/** What was taken out: a deployment, or one query type at a deployment. */
export interface Removal {
  readonly reduction: string;
  readonly deployment: number;
  /** Absent: the whole deployment. */
  readonly queryType?: number;
  readonly reason: string;
}

/** A largest fraction that was lowered. */
export interface Tightening {
  readonly reduction: string;
  readonly deployment: number;
  readonly queryType: number;
  readonly from: number;
  readonly to: number;
}

/** Relative slack given to a limit before it removes anything: sums of limits carry rounding. */
const limitTolerance = 1e-9;
/** A fraction that shrinks by less is left alone: no bound gains from it, and rounds of reductions would not end. */
const leastTightening = 1e-6;

export class WorkingProblem {
  readonly base: PlanningProblem;
  readonly maxFraction: Float64Array;
  readonly removals: Removal[] = [];
  readonly tightenings: Tightening[] = [];
  readonly #isAlive: Uint8Array;

  constructor(base: PlanningProblem) {
    this.base = base;
    this.maxFraction = base.maxFraction.slice();
    this.#isAlive = new Uint8Array(base.deployments.count);
    for (const list of base.deploymentsOfPair) for (const d of list) this.#isAlive[d] = 1;
  }

  isAlive(deployment: number): boolean {
    return this.#isAlive[deployment] === 1;
  }

  /** All deployments left, in order. */
  alive(): number[] {
    const alive: number[] = [];
    for (let d = 0; d < this.base.deployments.count; d++) if (this.isAlive(d)) alive.push(d);
    return alive;
  }

  /** Deployments of a pair that are left. */
  aliveOfPair(pair: number): number[] {
    return this.base.deploymentsOfPair[pair].filter((d) => this.isAlive(d));
  }

  /** Largest fraction of query type i at d; below 0: impossible. */
  fraction(i: number, d: number): number {
    return this.isAlive(d) ? this.maxFraction[i * this.base.deployments.count + d] : -1;
  }

  canServe(i: number, d: number): boolean {
    return this.fraction(i, d) >= 0;
  }

  /** Query types that can be placed on d. */
  servableAt(d: number): number[] {
    const servable: number[] = [];
    for (let i = 0; i < this.base.numQueryTypes; i++) if (this.canServe(i, d)) servable.push(i);
    return servable;
  }

  /** Deployments on which query type i can be placed. */
  candidatesOf(i: number): number[] {
    return this.alive().filter((d) => this.canServe(i, d));
  }

  /** The least share of query type i that every plan serves. */
  leastServed(i: number): number {
    return Math.max(0, 1 - this.base.unmetCap[i]);
  }

  /** Whether query type i is placed in every plan (single placement). */
  mustBePlaced(i: number): boolean {
    return this.base.placement.isSingle && mustBePlaced(this.base, i);
  }

  removeDeployment(reduction: string, deployment: number, reason: string): void {
    if (!this.isAlive(deployment)) return;
    this.#isAlive[deployment] = 0;
    const { numQueryTypes, deployments } = this.base;
    for (let i = 0; i < numQueryTypes; i++) this.maxFraction[i * deployments.count + deployment] = -1;
    this.removals.push({ reduction, deployment, reason });
  }

  removeTriple(reduction: string, queryType: number, deployment: number, reason: string): void {
    if (!this.canServe(queryType, deployment)) return;
    this.maxFraction[queryType * this.base.deployments.count + deployment] = -1;
    this.removals.push({ reduction, queryType, deployment, reason });
  }

  /**
   * Lowers the largest fraction (`reason` is asked only when needed); removes the triple if a plan could not serve as
   * much as it must (or nothing, under split).
   */
  tighten(reduction: string, queryType: number, deployment: number, limit: number, reason: () => string): void {
    const now = this.fraction(queryType, deployment);
    if (now < 0 || limit >= now) return;
    const mayStandEmpty = this.mustBePlaced(queryType);
    const tooSmall = mayStandEmpty ? limit < this.leastServed(queryType) - fractionTolerance : limit <= 0;
    if (tooSmall) {
      this.removeTriple(reduction, queryType, deployment, reason());
    } else if (limit < now - leastTightening) {
      this.maxFraction[queryType * this.base.deployments.count + deployment] = Math.max(0, limit);
      this.tightenings.push({ reduction, queryType, deployment, from: now, to: limit });
    }
  }

  /** Whether `left` breaks `limit` by more than rounding. */
  exceeds(left: number, limit: number): boolean {
    return left > limit + limitTolerance * Math.max(1, Math.abs(limit));
  }

  /** Whether renting d with nothing placed there can pay: it stretches delay limits, or giving GPUs up costs. */
  canPayIdle(d: number): boolean {
    const { deployments, delayRule, currentGpus, switchingRemoved } = this.base;
    const pair = deployments.pair[d];
    return stretchesLimits(delayRule, pair) || (switchingRemoved > 0 && currentGpus[pair] > 0);
  }

  /** `small on plain TP 2`, with the pipeline degree where it is not 1. */
  describe(d: number): string {
    const { instance, deployments } = this.base;
    const model = instance.models[deployments.model[d]].name;
    const pipeline = deployments.pipelineDegree[d] === 1 ? '' : ` PP ${deployments.pipelineDegree[d]}`;
    return `${model} on ${instance.tiers[deployments.tier[d]].name} TP ${deployments.tpDegree[d]}${pipeline}`;
  }

  nameOf(queryType: number): string {
    return this.base.instance.queryTypes[queryType].name;
  }

  /**
   * The reduced problem: same indices, removed deployments gone from `deploymentsOfPair`, fractions of what is gone -1.
   */
  result(): PlanningProblem {
    const { base } = this;
    const servableCount = new Int32Array(base.deployments.count);
    for (const d of this.alive()) servableCount[d] = this.servableAt(d).length;
    return {
      ...base,
      deploymentsOfPair: base.deploymentsOfPair.map((_, pair) => this.aliveOfPair(pair)),
      maxFraction: this.maxFraction.slice(),
      servableCount,
    };
  }
}
