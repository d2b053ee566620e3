/** Linear systems that contradict themselves by a chosen amount, for tests of what counts as feasible. */
import { type MixedIntegerProgram, MixedIntegerProgramBuilder } from '../../src/lp/linearProgram.ts';
import { drawFrom } from './randomLinearPrograms.ts';

/**
 * A square system with one row more, the sum of the others with weights, whose right-hand side is off by `error` times
 * its largest term; the solution has a whole number in column 0.
 */
export function redundantSystem(seed: number, error: number, scale: number): MixedIntegerProgram {
  const random = drawFrom(seed).fraction;
  const size = 3 + Math.floor(4 * random());
  const point = Array.from({ length: size }, (_, j) => (j === 0 ? 7 : 1 + 9 * random()));
  const builder = new MixedIntegerProgramBuilder();
  for (let j = 0; j < size; j++) builder.addColumn({ cost: random(), lower: 0, upper: j % 2 === 0 ? 20 : Infinity });
  const indices = point.map((_, j) => j);
  const total = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    const values = indices.map((j) => scale * ((i === j ? 3 : 0) + random()));
    const weight = 0.5 + random();
    values.forEach((value, j) => {
      total[j] += weight * value;
    });
    const side = values.reduce((sum, value, j) => sum + value * point[j], 0);
    builder.addRow({ lower: side, upper: side, indices, values });
  }
  const side = total.reduce((sum, value, j) => sum + value * point[j], 0);
  const off = side * (1 + (seed % 2 === 0 ? error : -error));
  builder.addRow({ lower: off, upper: off, indices, values: total });
  return builder.build();
}
