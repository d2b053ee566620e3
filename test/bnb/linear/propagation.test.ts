import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BoundPropagator } from '../../../src/bnb/linear/propagation.ts';
import { defaultSearchParameters } from '../../../src/bnb/parameters.ts';
import { MixedIntegerProgramBuilder } from '../../../src/lp/linearProgram.ts';
import { forEachAssignment, leastOverContinuous, randomPrograms } from '../randomPrograms.ts';

describe('bound propagation', () => {
  it('loses no feasible point, and calls infeasible only what is', () => {
    fc.assert(
      fc.property(randomPrograms(0), fc.nat(4), fc.boolean(), (program, picked, up) => {
        const column = picked % program.numColumns;
        const middle = Math.floor((program.columnLower[column] + program.columnUpper[column]) / 2);
        const propagator = new BoundPropagator(program, program.integrality, defaultSearchParameters);
        propagator.queueAllRows();
        const isOpen =
          propagator.tighten(column, up ? middle + 1 : -Infinity, up ? Infinity : middle) && propagator.propagate();
        forEachAssignment(program, (values) => {
          const isOnSide = up ? values.get(column)! > middle : values.get(column)! <= middle;
          if (!isOnSide || leastOverContinuous(program, values) === null) return;
          expect(isOpen).toBe(true);
          for (const [at, value] of values) {
            expect(value).toBeGreaterThanOrEqual(propagator.lower[at]);
            expect(value).toBeLessThanOrEqual(propagator.upper[at]);
          }
        });
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it('carries a choice through a chain of rows', () => {
    const builder = new MixedIntegerProgramBuilder();
    const columns = Array.from({ length: 6 }, () => builder.addColumn({ upper: 1, integer: true }));
    for (let at = 0; at + 1 < columns.length; at++)
      builder.addRow({ upper: 0, indices: [columns[at], columns[at + 1]], values: [1, -1] });
    const program = builder.build();
    const propagator = new BoundPropagator(program, program.integrality, defaultSearchParameters);
    expect(propagator.tighten(0, 1, 1) && propagator.propagate()).toBe(true);
    expect([...propagator.lower]).toEqual([1, 1, 1, 1, 1, 1]);
  });

  it('finds rows that cannot hold', () => {
    const builder = new MixedIntegerProgramBuilder();
    const columns = Array.from({ length: 3 }, () => builder.addColumn({ upper: 1, integer: true }));
    builder.addRow({ lower: 2, indices: columns, values: [1, 1, 1] });
    const program = builder.build();
    const propagator = new BoundPropagator(program, program.integrality, defaultSearchParameters);
    propagator.tighten(0, 0, 0);
    expect(propagator.propagate()).toBe(true);
    expect([...propagator.lower]).toEqual([0, 1, 1]);
    propagator.start(program.columnLower, program.columnUpper);
    propagator.tighten(0, 0, 0);
    propagator.tighten(1, 0, 0);
    expect(propagator.propagate()).toBe(false);
  });

  it('handles one unbounded column in a row', () => {
    const builder = new MixedIntegerProgramBuilder();
    const x = builder.addColumn({ lower: -Infinity, upper: Infinity, integer: true });
    const y = builder.addColumn({ lower: 2, upper: 5, integer: true });
    builder.addRow({ upper: 10, indices: [x, y], values: [2, 1] });
    const program = builder.build();
    const propagator = new BoundPropagator(program, program.integrality, defaultSearchParameters);
    propagator.queueAllRows();
    expect(propagator.propagate()).toBe(true);
    expect(propagator.upper[x]).toBe(4);
    expect(propagator.lower[x]).toBe(-Infinity);
  });
});
