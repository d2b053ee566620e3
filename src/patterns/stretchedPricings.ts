/**
 * Pricing at each stretch of the delay limits that a search has met: the largest TP degree that a node's decisions
 * leave to the pair that stretches them. There is one only, of Infinity, where no single pair does (specification
 * 5).
 */
import type { PlanningProblem } from '../model/compiled/planningProblem.ts';
import type { CountDecision, Fixings, PatternDecision } from './master/patternDecision.ts';
import type { PatternWarmStart } from './patternWarmStart.ts';
import { PatternPricer, type SavedPricing } from './pricing/patternPricer.ts';
import { type PatternTable, stretchedTable } from './pricing/patternTable.ts';

export interface Pricing {
  /** Infinity: the limits are not stretched. */
  readonly stretch: number;
  readonly table: PatternTable;
  readonly pricer: PatternPricer;
  readonly fixings: Fixings;
}

export class StretchedPricings {
  /** (d): 1 where it cannot be rented, or where the root's bound rules it out for good. */
  readonly closed: Uint8Array;
  /** Counts that every plan below the cutoff keeps. */
  readonly counts: CountDecision[] = [];
  readonly #table: PatternTable;
  readonly #problem: PlanningProblem;
  readonly #known = new Map<number, Pricing>();

  /** `table` is that of limits that are not stretched. */
  constructor(table: PatternTable) {
    this.#table = table;
    this.#problem = table.problem;
    this.closed = Uint8Array.from(table.mostReplicas, (most, d) => (most < table.leastReplicas[d] ? 1 : 0));
  }

  at(stretch: number): Pricing {
    return this.#known.get(stretch) ?? this.#make(stretch);
  }

  /** Table and pricing at the largest degree that the decisions leave to the stretching pair, if there is one. */
  forNode(decisions: readonly PatternDecision[], warmStart: PatternWarmStart | null): Pricing {
    const { delayRule, deployments } = this.#problem;
    const pair = delayRule.stretchingPair;
    if (pair < 0) return this.at(Infinity);
    const isOpen = (d: number) =>
      this.closed[d] === 0 &&
      (warmStart?.kind !== 'deployments' || warmStart.closed[d] !== 1) &&
      decisions.every(
        (decision) => decision.kind !== 'deployments' || decision.pair !== pair || decision.allowed.includes(d),
      );
    const open = this.#table.deploymentsOfPair[pair].filter(isOpen);
    return this.at(open.reduce((most, d) => Math.max(most, deployments.tpDegree[d]), 0));
  }

  save(): SavedPricing[] {
    return [...this.#known.values()].map(({ stretch, pricer, fixings }) => ({
      stretch,
      blocked: fixings.blocked.slice(),
      muA: pricer.muA.slice(),
      muB: pricer.muB.slice(),
    }));
  }

  restore(closed: Uint8Array, counts: readonly CountDecision[], pricings: readonly SavedPricing[]): void {
    this.closed.set(closed);
    this.counts.splice(0, Infinity, ...counts);
    for (const { stretch, blocked, muA, muB } of pricings) {
      const { pricer, fixings } = this.#make(stretch);
      fixings.blocked.set(blocked);
      pricer.muA.set(muA);
      pricer.muB.set(muB);
    }
  }

  #make(stretch: number): Pricing {
    const table = this.#known.get(stretch)?.table ?? stretchedTable(this.#table, stretch);
    const blocked = new Uint8Array(table.queryType.length);
    const fixings = { blocked, closed: this.closed, counts: this.counts };
    const pricing = { stretch, table, pricer: new PatternPricer(table), fixings };
    this.#known.set(stretch, pricing);
    return pricing;
  }
}
