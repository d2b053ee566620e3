import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkPlan } from '../../../src/model/check/verifier.ts';
import { type UncertainTerm, worstCaseGain } from '../../../src/model/check/worstCase.ts';
import { presets } from '../../../src/model/options.ts';
import { tinyInstance, tinyPlan } from '../tinyInstance.ts';

/**
 * max sum deviation * xi over its polytope by its vertices: some terms at their largest share, at most one in between,
 * at what is left of gamma, the others at 0.
 */
function bestVertex(terms: readonly UncertainTerm[], gamma: number): number {
  let best = 0;
  for (let atTop = 0; atTop < 1 << terms.length; atTop++) {
    let used = 0;
    let gain = 0;
    terms.forEach((term, t) => {
      if ((atTop >> t) & 1) {
        used += term.largestShare;
        gain += term.deviation * term.largestShare;
      }
    });
    if (used > gamma + 1e-12) continue;
    best = Math.max(best, gain);
    terms.forEach((term, t) => {
      if ((atTop >> t) & 1) return;
      best = Math.max(best, gain + term.deviation * Math.min(term.largestShare, gamma - used));
    });
  }
  return best;
}

const term = (share: fc.Arbitrary<number>) =>
  fc.record({ deviation: fc.double({ min: 0, max: 10, noNaN: true }), largestShare: share });
const termsWithRelief = fc.array(term(fc.double({ min: 0.01, max: 1, noNaN: true })), { maxLength: 8 });

describe('worstCaseGain', () => {
  it('is the largest sum of Gamma deviations for a whole Gamma', () => {
    const plainTerms = fc.array(term(fc.constant(1)), { maxLength: 9 });
    fc.assert(
      fc.property(plainTerms, fc.integer({ min: 0, max: 10 }), (terms, gamma) => {
        let best = 0;
        for (let subset = 0; subset < 1 << terms.length; subset++) {
          const chosen = terms.filter((_, t) => (subset >> t) & 1);
          if (chosen.length <= gamma)
            best = Math.max(
              best,
              chosen.reduce((sum, { deviation }) => sum + deviation, 0),
            );
        }
        expect(worstCaseGain([...terms], gamma)).toBeCloseTo(best, 9);
      }),
    );
  });

  it('is the best vertex of the polytope for any Gamma and relief', () => {
    fc.assert(
      fc.property(termsWithRelief, fc.double({ min: 0, max: 9, noNaN: true }), (terms, gamma) => {
        expect(worstCaseGain([...terms], gamma)).toBeCloseTo(bestVertex(terms, gamma), 9);
      }),
    );
  });
});

describe('worst cases in the verifier', () => {
  const fraction = fc.double({ min: 0, max: 1, noNaN: true });
  const four = <T>(arbitrary: fc.Arbitrary<T>) => fc.tuple(arbitrary, arbitrary, arbitrary, arbitrary);
  const pairs = [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ] as const;

  it('match enumeration for split plans: cost and rows, with and without relief', () => {
    const gammas = fc.record({
      delay: fc.double({ min: 0, max: 9, noNaN: true }),
      error: fc.double({ min: 0, max: 5, noNaN: true }),
    });
    const relief = four(fc.double({ min: 0, max: 0.9, noNaN: true }));
    const variant = fc.record({
      uncertainty: fc.constantFrom('budgeted' as const, 'decision-dependent' as const),
      delayCostBudget: fc.constantFrom('joint' as const, 'per-query' as const),
    });
    fc.assert(
      fc.property(
        four(fraction),
        four(fraction),
        relief,
        relief,
        gammas,
        variant,
        (chat, code, gamma, eta, budgets, kind) => {
          const instance = tinyInstance();
          instance.uncertaintyBudget = budgets;
          instance.delay.relief = [gamma.slice(0, 2), gamma.slice(2)];
          instance.error.relief = [eta.slice(0, 2), eta.slice(2)];
          const plan = tinyPlan();
          plan.deployments = pairs.map(([j, k]) => ({
            model: instance.models[j].name,
            tier: instance.tiers[k].name,
            tpDegree: 2,
            replicas: 1,
            gpus: 2,
          }));
          const shares = [chat, code];
          plan.routing = shares.flatMap((fractions, i) =>
            pairs.map(([j, k], at) => ({
              queryType: instance.queryTypes[i].name,
              model: instance.models[j].name,
              tier: instance.tiers[k].name,
              fraction: fractions[at],
            })),
          );
          const options = { ...presets.corrected, ...kind, placement: 'split', delayCost: 'deviation' } as const;
          const verification = checkPlan(instance, options, plan);
          const dependent = kind.uncertainty === 'decision-dependent';
          const terms = (i: number, quantity: 'delay' | 'error', weight: number) =>
            pairs.map(([j, k], at) => ({
              deviation: weight * instance[quantity].deviation[i][j][k] * shares[i][at],
              largestShare: dependent ? 1 - instance[quantity].relief![j][k] : 1,
            }));
          const costTerms = [terms(0, 'delay', 2), terms(1, 'delay', 1)]; // rho * lambda * r, see tinyInstance.ts
          const cost =
            kind.delayCostBudget === 'joint'
              ? bestVertex(costTerms.flat(), budgets.delay)
              : bestVertex(costTerms[0], budgets.delay) + bestVertex(costTerms[1], budgets.delay);
          expect(verification.cost.delay).toBeCloseTo(cost, 9);
          instance.queryTypes.forEach((query, i) => {
            const tokens = [100, 200][i];
            const left = (group: 'delay' | 'error') =>
              verification.constraints.find((check) => check.group === group && check.subject === query.name)!.left;
            const nominal = (quantity: 'delay' | 'error', weight: number) =>
              pairs.reduce((sum, [j, k], at) => sum + weight * instance[quantity].nominal[i][j][k] * shares[i][at], 0);
            const delay = nominal('delay', tokens / 2) + bestVertex(terms(i, 'delay', tokens / 2), budgets.delay);
            expect(left('delay')).toBeCloseTo(delay, 8);
            expect(left('error')).toBeCloseTo(
              nominal('error', 1) + bestVertex(terms(i, 'error', 1), budgets.error),
              10,
            );
          });
        },
      ),
    );
  });
});
