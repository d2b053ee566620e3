/**
 * The contract of relaxations for the linear and the shrinking one, on random programs and on knapsacks that cuts do
 * not settle at the root, all solved by enumeration.
 */
import fc from 'fast-check';
import { generalCuts } from '../../../src/bnb/cuts/generalCuts.ts';
import { costOfFeasible } from '../../../src/bnb/linear/costOfFeasible.ts';
import type { LinearDecision, LinearWarmStart } from '../../../src/bnb/linear/linearDecision.ts';
import { LinearRelaxation } from '../../../src/bnb/linear/linearRelaxation.ts';
import { ShrinkingRelaxation } from '../../../src/bnb/linear/shrinkingRelaxation.ts';
import { type MixedIntegerProgram, MixedIntegerProgramBuilder } from '../../../src/lp/linearProgram.ts';
import { SimplexSolver } from '../../../src/lp/simplex/simplexSolver.ts';
import { hardKnapsack } from '../knapsackRelaxation.ts';
import { forEachAssignment, randomPrograms } from '../randomPrograms.ts';
import { type ConformanceCase, conformsToRelaxation } from '../relaxationConformance.ts';

type LinearCase = ConformanceCase<LinearDecision, Float64Array, LinearWarmStart>;

/** The best points that differ in integer columns, the cheapest first. */
function pointsOf(program: MixedIntegerProgram): Float64Array[] {
  const points: Float64Array[] = [];
  forEachAssignment(program, (values) => {
    const columnLower = program.columnLower.map((lower, column) => values.get(column) ?? lower);
    const columnUpper = program.columnUpper.map((upper, column) => values.get(column) ?? upper);
    const solver = new SimplexSolver({ ...program, columnLower, columnUpper });
    if (solver.solve() === 'optimal') points.push(solver.primal.slice(0, program.numColumns));
  });
  const costOf = (point: Float64Array) => costOfFeasible(program, point) ?? Infinity;
  return points.sort((a, b) => costOf(a) - costOf(b)).slice(0, 30);
}

function knapsackProgram(seed: number): MixedIntegerProgram {
  const { profits, weights, capacity } = hardKnapsack(8, seed);
  const builder = new MixedIntegerProgramBuilder();
  const columns = profits.map((profit) => builder.addColumn({ cost: -profit, upper: 1, integer: true }));
  builder.addRow({ upper: capacity, indices: columns, values: weights });
  return builder.build(`knapsack ${seed}`);
}

const programs = [...fc.sample(randomPrograms(2), { seed: 13, numRuns: 20 }), ...[1, 2].map(knapsackProgram)];
const casesOf = (make: (program: MixedIntegerProgram) => ReturnType<LinearCase['make']>): LinearCase[] =>
  solved.map(({ program, points, optimum }, at) => ({
    name: `${program.name} (${at})`,
    make: () => make(program),
    door: (point) => {
      const cost = costOfFeasible(program, point);
      return cost === null ? null : { cost, solution: point };
    },
    known: points,
    optimum,
  }));
const satisfies = (point: Float64Array, { bounds }: LinearDecision) =>
  bounds.every(({ column, lower, upper }) => point[column] >= lower - 1e-9 && point[column] <= upper + 1e-9);

const solved = programs.map((program) => {
  const points = pointsOf(program);
  const optimum = points.reduce((least, point) => Math.min(least, costOfFeasible(program, point)!), Infinity);
  return { program, points, optimum };
});

for (const separators of [[], generalCuts]) {
  const kind = separators.length === 0 ? '' : ', with cuts';
  const options = { decode: (point: Float64Array) => point, separators };
  conformsToRelaxation(
    `linear${kind}`,
    casesOf((program) => new LinearRelaxation<Float64Array>({ ...options, program })).map((one) => ({
      ...one,
      satisfies,
    })),
  );
  // Its decisions are in columns of the smaller program.
  conformsToRelaxation(
    `shrinking${kind}`,
    casesOf((program) => new ShrinkingRelaxation<Float64Array>({ ...options, program })),
  );
}
