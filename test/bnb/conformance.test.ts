/** The contract of relaxations for those that the tests of the tree use, and for what is made when it is needed. */
import { DeferredRelaxation } from '../../src/bnb/deferredRelaxation.ts';
import {
  type Fixing,
  hardKnapsack,
  type Knapsack,
  knapsackDoor,
  knapsackOptimum,
  knapsackRelaxation,
  type Packing,
} from './knapsackRelaxation.ts';
import { type ConformanceCase, conformsToRelaxation } from './relaxationConformance.ts';

/** Packings that take every item that still fits, from each item on. */
function packingsOf({ weights, capacity }: Knapsack): Packing[] {
  return weights.map((_, first) => {
    let room = capacity;
    const order = weights.map((_weight, step) => (first + step) % weights.length);
    return order.filter((item) => {
      const fits = weights[item] <= room;
      if (fits) room -= weights[item];
      return fits;
    });
  });
}

const knapsacks = [1, 2, 3, 4].map((seed): ConformanceCase<Fixing, Packing, null> => {
  const knapsack = hardKnapsack(9, seed);
  return {
    name: `knapsack ${seed}`,
    make: () => knapsackRelaxation(knapsack),
    door: knapsackDoor(knapsack),
    known: packingsOf(knapsack),
    optimum: knapsackOptimum(knapsack),
    satisfies: (packing, { item, taken }) => packing.includes(item) === taken,
  };
});

conformsToRelaxation('fractional knapsack', knapsacks);

conformsToRelaxation(
  'deferred',
  knapsacks.map((one) => ({
    ...one,
    make: () =>
      new DeferredRelaxation<Fixing, Packing, null>(one.make(), function* () {
        yield;
        return one.make();
      }),
  })),
);
