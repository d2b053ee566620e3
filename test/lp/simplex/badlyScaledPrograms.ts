/**
 * Badly scaled linear programs from a seed, each drawn around a point: coefficients, bounds and costs over up to twelve
 * orders of magnitude, rows of very different size, and in some programs right-hand sides that the point does not meet.
 */
import { type MixedIntegerProgram, MixedIntegerProgramBuilder } from '../../../src/lp/linearProgram.ts';
import { drawFrom } from '../randomLinearPrograms.ts';

export function badlyScaledProgram(seed: number): MixedIntegerProgram {
  const { fraction, integer } = drawFrom(seed);
  /** A number of either sign with |log10| up to `exponent`. */
  const spread = (exponent: number): number => (fraction() < 0.5 ? -1 : 1) * 10 ** ((fraction() * 2 - 1) * exponent);
  const numRows = integer(1, 25);
  const numColumns = integer(1, 30);
  const density = 0.1 + 0.5 * fraction();
  const exponent = 2 + 4 * fraction();
  const isMet = fraction() < 0.8;
  const builder = new MixedIntegerProgramBuilder();
  const point: number[] = [];
  for (let column = 0; column < numColumns; column++) {
    const value = fraction() < 0.3 ? 0 : spread(exponent);
    point.push(value);
    const width = fraction() < 0.5 ? 0 : Math.abs(spread(exponent));
    const bounds = [
      { lower: -Infinity, upper: Infinity },
      { lower: value - width, upper: Infinity },
      { lower: value - width, upper: Infinity },
      { lower: -Infinity, upper: value + width },
      { lower: value - fraction() * width, upper: value + width },
      { lower: value - width, upper: value + fraction() * width },
    ][integer(0, 5)];
    builder.addColumn({ cost: fraction() < 0.3 ? 0 : spread(exponent), ...bounds });
  }
  for (let row = 0; row < numRows; row++) {
    const size = 10 ** ((fraction() - 0.5) * exponent);
    const columns: number[] = [];
    const values: number[] = [];
    let activity = 0;
    for (let column = 0; column < numColumns; column++) {
      if (fraction() >= density) continue;
      const value = fraction() < 0.3 ? size : size * spread(exponent / 2);
      columns.push(column);
      values.push(value);
      activity += value * point[column];
    }
    const width = fraction() < 0.5 ? 0 : Math.abs(spread(exponent));
    const missed = !isMet && fraction() < 0.2 ? spread(exponent) : 0;
    const kind = integer(0, 3);
    const lower = kind === 1 ? -Infinity : activity + missed - (kind === 0 ? 0 : width);
    const upper = kind === 2 ? Infinity : activity + missed + (kind === 0 ? 0 : width);
    builder.addRow({ lower, upper, indices: columns, values });
  }
  return builder.build();
}
