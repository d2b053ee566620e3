/** The two-row fractional knapsack against HiGHS, and against what its optimum must satisfy. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { FractionKnapsack } from '../../src/heuristics/fractionKnapsack.ts';
import { MixedIntegerProgramBuilder } from '../../src/lp/linearProgram.ts';
import { type HighsOracle, loadHighsOracle } from '../lp/highsOracle.ts';

let oracle: HighsOracle;
beforeAll(async () => {
  oracle = await loadHighsOracle();
});

const item = fc.record({
  profit: fc.integer({ min: 1, max: 50 }),
  memory: fc.integer({ min: 0, max: 20 }),
  compute: fc.integer({ min: 0, max: 20 }),
  upper: fc.constantFrom(1, 1, 0.3, 0.75, 0.01),
});

describe('FractionKnapsack', () => {
  it('attains the optimum of its linear program within its rows', () => {
    let bothBind = 0;
    fc.assert(
      fc.property(
        fc.array(item, { minLength: 2, maxLength: 9 }),
        fc.integer({ min: 0, max: 40 }),
        fc.integer({ min: 0, max: 40 }),
        (items, memoryRoom, computeRoom) => {
          const knapsack = new FractionKnapsack(9);
          const builder = new MixedIntegerProgramBuilder();
          knapsack.count = items.length;
          items.forEach(({ profit, memory, compute, upper }, t) => {
            knapsack.profit[t] = profit;
            knapsack.memory[t] = memory;
            knapsack.load[t] = compute;
            knapsack.upper[t] = upper;
            builder.addColumn({ cost: -profit, upper });
          });
          const columns = items.map((_, t) => t);
          builder.addRow({ upper: memoryRoom, indices: columns, values: items.map((one) => one.memory) });
          builder.addRow({ upper: computeRoom, indices: columns, values: items.map((one) => one.compute) });
          const profit = knapsack.solve(memoryRoom, computeRoom);
          let memory = 0;
          let compute = 0;
          let gained = 0;
          items.forEach((one, t) => {
            expect(knapsack.value[t]).toBeGreaterThanOrEqual(0);
            expect(knapsack.value[t]).toBeLessThanOrEqual(one.upper);
            memory += one.memory * knapsack.value[t];
            compute += one.compute * knapsack.value[t];
            gained += one.profit * knapsack.value[t];
          });
          if (memory > memoryRoom - 1e-9 && compute > computeRoom - 1e-9) bothBind++;
          expect(memory).toBeLessThanOrEqual(memoryRoom + 1e-9);
          expect(compute).toBeLessThanOrEqual(computeRoom + 1e-9);
          expect(gained).toBeCloseTo(profit, 8);
          const best = items.length === 0 ? 0 : -oracle.solve(builder.build()).objective;
          expect(profit).toBeCloseTo(best, 6);
        },
      ),
      { numRuns: 1000, seed: 3 },
    );
    expect(bothBind).toBeGreaterThan(50);
  });
});
