/** The subgradient bound: below the optimum in every round, and near the bound of column generation in the end. */
import { describe, expect, it } from 'vitest';
import { kindInstance } from '../../bench/kinds.ts';
import { subgradientBound } from '../../bench/subgradientBound.ts';
import { generateInstance, type Instance, optimize } from '../../src/index.ts';
import { drain } from '../../src/lp/steps.ts';
import { compileProblem } from '../../src/model/compiled/compileProblem.ts';
import { restrictionsOf } from '../../src/patterns/master/patternDecision.ts';
import { generateColumns } from '../../src/patterns/master/pricedColumns.ts';
import { RestrictedMaster } from '../../src/patterns/master/restrictedMaster.ts';
import { PatternPricer } from '../../src/patterns/pricing/patternPricer.ts';
import { buildPatternTable } from '../../src/patterns/pricing/patternTable.ts';
import { resolveOptions } from '../../src/planner/resolveSolve.ts';

const size = { queryTypes: 7, models: 3, tiers: 3, seed: 2 };

/** Master, pricer and restrictions of the root, with nothing generated yet. */
function rootOf(instance: Instance) {
  const table = buildPatternTable(compileProblem(instance, resolveOptions({ preset: 'corrected' })));
  const master = new RestrictedMaster(table);
  const open = { blocked: new Uint8Array(table.queryType.length), closed: new Uint8Array(table.numDeployments) };
  const restrictions = restrictionsOf(table, [], open);
  master.restrict(restrictions);
  return { master, restrictions, pricer: new PatternPricer(table) };
}

describe.each<[string, Instance]>([
  ['that may stay unserved', generateInstance({ ...size, unmetCap: 1 })],
  ['all served', kindInstance({ of: 'plain', ...size })],
  ['alike', kindInstance({ of: 'alike tiers', ...size })],
  ['with little storage', kindInstance({ of: 'storage', ...size })],
  ['with a tight budget', kindInstance({ of: 'tight budget', ...size })],
])('the subgradient bound of query types %s', (_name, instance) => {
  // The compact relaxation shares neither master nor pricing with patterns.
  const optimum = optimize(instance, { preset: 'corrected', relaxation: 'compact', gap: 1e-7 }).cost!.total;

  it('holds in every round, and comes near that of column generation, the same every time', () => {
    const climb = () => {
      const { master, restrictions, pricer } = rootOf(instance);
      const bounds: number[] = [];
      const onRound = (_: number, bound: number) => bounds.push(bound);
      const bound = drain(
        subgradientBound(master, pricer, restrictions, { cost: 1.1 * optimum, rounds: 300, onRound }),
      );
      expect(bound).toBe(bounds.at(-1));
      return bounds;
    };
    const bounds = climb();
    expect(Math.max(...bounds)).toBeLessThanOrEqual(optimum * (1 + 1e-7));
    expect(climb()).toEqual(bounds);
    const { master, restrictions, pricer } = rootOf(instance);
    const generated = drain(
      generateColumns(master, pricer, restrictions, { cutoff: Infinity, shouldStop: () => false }),
    );
    expect(generated.status).toBe('converged');
    const reached = bounds.at(-1)!;
    expect(reached).toBeLessThanOrEqual(generated.bound * (1 + 1e-5));
    expect(reached).toBeGreaterThan(0.97 * generated.bound);
  });
});
