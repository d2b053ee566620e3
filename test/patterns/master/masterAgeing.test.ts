/**
 * A master without idle patterns has the same optimum, and searches that drop them end where they should and can be
 * resumed.
 */
import { describe, expect, it } from 'vitest';
import { generateInstance, optimize, resumeSolve, type SavedSolve, Solve } from '../../../src/index.ts';
import { drain } from '../../../src/lp/steps.ts';
import { compileProblem } from '../../../src/model/compiled/compileProblem.ts';
import { presets } from '../../../src/model/options.ts';
import { withoutIdlePatterns } from '../../../src/patterns/master/masterAgeing.ts';
import { restrictionsOf } from '../../../src/patterns/master/patternDecision.ts';
import { generateColumns } from '../../../src/patterns/master/pricedColumns.ts';
import { RestrictedMaster } from '../../../src/patterns/master/restrictedMaster.ts';
import { PatternPricer } from '../../../src/patterns/pricing/patternPricer.ts';
import { buildPatternTable } from '../../../src/patterns/pricing/patternTable.ts';

/** Patterns are priced to the end here, as a pooled limit looks at fractions. */
const options = { ...presets.corrected, delayRule: 'pooled' } as const;
const instance = generateInstance({ queryTypes: 12, models: 6, tiers: 10, seed: 3, unmetCap: 1 });

describe('a master without idle patterns', () => {
  it('is smaller and has the same optimum; before a solve nothing is idle', () => {
    const table = buildPatternTable(compileProblem(instance, options));
    const fixings = { blocked: new Uint8Array(table.queryType.length), closed: new Uint8Array(table.numDeployments) };
    const restrictions = restrictionsOf(table, [], fixings);
    const master = new RestrictedMaster(table);
    master.restrict(restrictions);
    const limits = { cutoff: Infinity, shouldStop: () => false };
    drain(generateColumns(master, new PatternPricer(table), restrictions, limits));
    // Whatever does not fit into the plan is idle.
    const singles = [...table.queryType.keys()].slice(0, 2000).map((entry) => ({
      deployment: table.start.findLastIndex((first) => first <= entry),
      replicas: 1,
      queryTypes: Int32Array.of(table.queryType[entry]),
      fractions: Float64Array.of(table.low[entry]),
    }));
    master.add(singles);
    expect(master.solve()).toBe('optimal');
    const { objective } = master.solver;
    const small = withoutIdlePatterns(master);
    expect(small.patterns.length).toBeLessThan(master.patterns.length / 2);
    expect(withoutIdlePatterns(small)).toBe(small);
    small.restrict(restrictions);
    expect(small.solve()).toBe('optimal');
    expect(small.solver.objective).toBeCloseTo(objective, 6);
    expect(small.solver.iterations).toBe(0);
  });
});

describe('a search that drops idle patterns', () => {
  // Without fixing there is no pool: all patterns are priced.
  const searched = { ...presets.corrected, strategy: { reducedCostFixing: false } } as const;
  const family = generateInstance({ queryTypes: 16, models: 8, tiers: 12, seed: 1, unmetCap: 1 });
  const whole = optimize(family, searched);

  it('ends at the optimum of one that has a pool', () => {
    const { status, cost } = optimize(family, presets.corrected);
    expect(whole.status).toBe(status);
    expect(whole.cost?.total).toBeCloseTo(cost?.total ?? Number.NaN, 2);
  });

  it.each([1, 20, 40])('goes on from JSON as if it had not been stopped (node %d)', (nodeLimit) => {
    const stopped = new Solve(family, { ...searched, nodeLimit });
    expect(stopped.run().nodes).toBe(nodeLimit);
    const saved = JSON.parse(JSON.stringify(stopped.save())) as SavedSolve;
    const resumed = resumeSolve(saved, family).run();
    const { status, cost, bound, nodes, simplexIterations, plan } = whole;
    expect(resumed).toMatchObject({ status, cost, bound, nodes, simplexIterations, plan });
  });
});
