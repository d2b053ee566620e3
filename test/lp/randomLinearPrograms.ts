/**
 * Small linear programs of nasty shapes from a seed: degenerate vertices, free, boxed, fixed and one-sided columns,
 * ranged, equality and free rows, empty rows and columns, coefficients from 1e-6 to 1e6, infeasible and unbounded ones.
 */
import { type MixedIntegerProgram, MixedIntegerProgramBuilder } from '../../src/lp/linearProgram.ts';

export interface Draw {
  /** Uniform in [0, 1). */
  fraction(): number;
  /** Uniform among the integers from..to. */
  integer(from: number, to: number): number;
}

/** A small reproducible generator (mulberry32). */
export function drawFrom(seed: number): Draw {
  let state = seed >>> 0;
  const fraction = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return { fraction, integer: (from, to) => from + Math.floor(fraction() * (to - from + 1)) };
}

export interface Shape {
  readonly rows: readonly [number, number];
  readonly columns: readonly [number, number];
  /** Whether coefficients spread over 1e-6 .. 1e6 instead of staying near one. */
  readonly wide: boolean;
}

export function randomLinearProgram(seed: number, shape: Shape): MixedIntegerProgram {
  const { fraction, integer } = drawFrom(seed);
  const numRows = integer(...shape.rows);
  const numColumns = integer(...shape.columns);
  const density = 0.1 + fraction() * 0.7;
  const isDegenerate = fraction() < 0.5;
  const isFeasible = fraction() < 0.6;
  const hasCost = fraction() > 0.1;
  const coefficient = (): number => {
    if (shape.wide) return (fraction() < 0.5 ? -1 : 1) * 10 ** (fraction() * 12 - 6);
    return isDegenerate ? integer(-3, 3) : Math.round((fraction() * 20 - 10) * 100) / 100;
  };
  const builder = new MixedIntegerProgramBuilder();
  const point: number[] = [];
  for (let j = 0; j < numColumns; j++) {
    const kind = fraction();
    let lower = 0;
    let upper = Infinity;
    if (kind < 0.15) lower = -Infinity;
    else if (kind < 0.3) [lower, upper] = [-Infinity, integer(-5, 5)];
    else if (kind < 0.45) {
      lower = integer(-5, 3);
      upper = lower + integer(0, 6);
    } else if (kind < 0.5) lower = upper = integer(-3, 3);
    else if (kind < 0.6) lower = integer(-4, 4);
    const cost = hasCost && fraction() > 0.3 ? (shape.wide ? coefficient() : integer(-5, 10)) : 0;
    builder.addColumn({ cost, lower, upper });
    point.push(Math.min(Math.max(integer(-3, 5), lower), upper));
  }
  for (let i = 0; i < numRows; i++) {
    const indices: number[] = [];
    const values: number[] = [];
    let activity = 0;
    if (fraction() > 0.03)
      for (let j = 0; j < numColumns; j++) {
        if (fraction() > density) continue;
        const value = coefficient();
        if (value === 0) continue;
        indices.push(j);
        values.push(value);
        activity += value * point[j];
      }
    const base = isFeasible ? activity : integer(-6, 6);
    const slack = (): number => (isDegenerate && fraction() < 0.6 ? 0 : integer(0, 5));
    const kind = fraction();
    let lower = -Infinity;
    let upper = Infinity;
    if (kind < 0.3) lower = base - slack();
    else if (kind < 0.6) upper = base + slack();
    else if (kind < 0.8) lower = upper = base;
    else if (kind < 0.95) [lower, upper] = [base - slack(), base + slack()];
    builder.addRow({ lower, upper, indices, values });
  }
  return builder.build();
}
