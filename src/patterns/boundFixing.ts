/**
 * What Lagrangian bounds rule out (master/reducedCostFixing.ts): that of a node in the tree below it, that of the root
 * for good; the root's is kept, to rule more out when better plans come.
 */
import type { BoundCertificate } from './master/dualPrices.ts';
import { type NodeRestrictions, restoreRestrictions, saveRestrictions } from './master/patternDecision.ts';
import { fixByReducedCost } from './master/reducedCostFixing.ts';
import type { RestrictedMaster } from './master/restrictedMaster.ts';
import type { PatternRequest } from './nodeRequest.ts';
import type { PatternWarmStart } from './patternWarmStart.ts';
import type { SavedPatternState } from './savedPatternState.ts';
import type { Pricing, StretchedPricings } from './stretchedPricings.ts';

interface RootBound {
  readonly pricing: Pricing;
  readonly restrictions: NodeRestrictions;
  readonly certificate: BoundCertificate;
}

export class BoundFixing {
  readonly #isOn: boolean;
  #root: RootBound | null = null;

  /** Without `isOn` nothing is ruled out. */
  constructor(isOn: boolean) {
    this.#isOn = isOn;
  }

  /** Null before there is one. */
  get root(): RootBound | null {
    return this.#root;
  }

  /** Rules out what the node's certificate does; returns what that hands down where it is not the root. */
  at(
    { depth, cutoff, incumbentCost }: PatternRequest,
    master: RestrictedMaster,
    pricing: Pricing,
    restrictions: NodeRestrictions,
    certificate: BoundCertificate | null,
  ): PatternWarmStart | null {
    if (!this.#isOn || certificate === null) return null;
    // Not by the cutoff, which lies below the incumbent by the gap: the node's own bound would leave out what is
    // between.
    const limit = incumbentCost < Infinity ? incumbentCost : cutoff;
    const { pricer, fixings } = pricing;
    const isRoot = depth === 0;
    if (isRoot) this.#root = { pricing, restrictions, certificate };
    const closed = isRoot ? fixings.closed : restrictions.closed.slice();
    const blocked = isRoot ? fixings.blocked : restrictions.blocked;
    fixByReducedCost(master, pricer, restrictions, certificate, limit, closed, blocked);
    return isRoot ? null : { kind: 'deployments', closed };
  }

  /** Rules out what the root's certificate does below a new incumbent's cost. */
  below(cost: number, master: RestrictedMaster): void {
    if (this.#root === null) return;
    const { pricing, restrictions, certificate } = this.#root;
    const { closed, blocked } = pricing.fixings;
    fixByReducedCost(master, pricing.pricer, restrictions, certificate, cost, closed, blocked);
  }

  save(): SavedPatternState['rootCertificate'] {
    const root = this.#root;
    return (
      root && {
        stretch: root.pricing.stretch,
        restrictions: saveRestrictions(root.restrictions),
        certificate: root.certificate,
      }
    );
  }

  restore(saved: SavedPatternState['rootCertificate'], pricings: StretchedPricings): void {
    this.#root = null;
    if (saved === null) return;
    const pricing = pricings.at(saved.stretch);
    const restrictions = restoreRestrictions(pricing.table, saved.restrictions);
    this.#root = { pricing, restrictions, certificate: saved.certificate };
  }
}
