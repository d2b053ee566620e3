/**
 * Linear programs whose numbers reach over many decades, each drawn around a point that keeps every row by a
 * thousandth of its largest term (equations only where the point meets them without rounding): never infeasible.
 */
import { type MixedIntegerProgram, MixedIntegerProgramBuilder } from '../../src/lp/linearProgram.ts';
import { solveLinearProgram } from '../../src/lp/solveLinearProgram.ts';
import { provesUnbounded } from './certificates.ts';
import { drawFrom } from './randomLinearPrograms.ts';

/** Share of the largest term by which the point keeps a row. */
const margin = 1e-3;
/** Sums of whole numbers below this are exact. */
const exactBelow = 1e6;

interface PlantedProgram {
  readonly program: MixedIntegerProgram;
  readonly point: readonly number[];
}

/** Sizes up to 10^decades: of half of all numbers, of one entry, of one row or of one column. */
export function hugeProgram(seed: number, decades: number): PlantedProgram {
  const { fraction, integer } = drawFrom(seed);
  const sign = (): number => (fraction() < 0.5 ? -1 : 1);
  const huge = (): number => sign() * 10 ** (fraction() * decades);
  const small = (): number => sign() * integer(1, 9);
  const place = (['anywhere', 'entry', 'row', 'column'] as const)[integer(0, 3)];
  const numRows = integer(1, 6);
  const numColumns = integer(1, 7);
  const hugeRow = integer(0, numRows - 1);
  const hugeColumn = integer(0, numColumns - 1);
  const builder = new MixedIntegerProgramBuilder();
  const point: number[] = [];
  for (let column = 0; column < numColumns; column++) {
    const mayBeHuge = place === 'anywhere' ? fraction() < 0.5 : place === 'column' && column === hugeColumn;
    const number = (): number => (mayBeHuge && fraction() < 0.5 ? huge() : small());
    const value = fraction() < 0.4 ? 0 : number();
    const width = (): number => (fraction() < 0.5 ? 0 : Math.abs(number()));
    const lower = fraction() < 0.5 ? -Infinity : value - width();
    const upper = fraction() < 0.5 ? Infinity : value + width();
    builder.addColumn({ cost: fraction() < 0.3 ? 0 : number(), lower, upper });
    point.push(value);
  }
  for (let row = 0; row < numRows; row++) {
    const indices: number[] = [];
    const values: number[] = [];
    let activity = 0;
    let size = 1;
    let isExact = true;
    for (let column = 0; column < numColumns; column++) {
      if (fraction() < 0.4) continue;
      const isHuge = {
        anywhere: fraction() < 0.4,
        entry: row === hugeRow && column === hugeColumn,
        row: row === hugeRow,
        column: column === hugeColumn,
      }[place];
      const value = isHuge ? huge() : small();
      const term = value * point[column];
      indices.push(column);
      values.push(value);
      activity += term;
      size = Math.max(size, Math.abs(term), Math.abs(value));
      isExact &&= Number.isInteger(value) && Number.isInteger(point[column]) && Math.abs(term) < exactBelow;
    }
    const room = isExact && fraction() < 0.5 ? 0 : margin * size;
    const lower = fraction() < 0.3 ? -Infinity : activity - room;
    const upper = fraction() < 0.3 ? Infinity : activity + room;
    builder.addRow({ indices, values, ...(Number.isFinite(activity) && room < Infinity ? { lower, upper } : {}) });
  }
  return { program: builder.build(), point };
}

/** What is wrong with the words said of such a program, and how many were said of how many. */
export function judgeHuge({ program, point }: PlantedProgram): { faults: string[]; troubles: number; solves: number } {
  const faults: string[] = [];
  let troubles = 0;
  let solves = 0;
  const cost = point.reduce((sum, value, column) => sum + program.cost[column] * value, program.offset);
  for (const scale of [true, false])
    for (const presolve of [true, false]) {
      const way = `scale ${scale}, presolve ${presolve}`;
      const answer = solveLinearProgram(program, { scale, presolve, iterationLimit: 2000 });
      solves++;
      if (answer.status === 'infeasible') faults.push(`${way}: infeasible, a point is known`);
      else if (answer.status === 'unbounded') {
        if (!provesUnbounded(program, answer.unboundedRay)) faults.push(`${way}: unbounded by no ray`);
      } else if (answer.status === 'optimal') {
        // Costs that cancel leave their rounding.
        const size = point.reduce((sum, value, column) => sum + Math.abs(program.cost[column] * value), 1);
        const allowed = 0.002 * (size + Math.abs(answer.objective));
        if (answer.objective > cost + allowed)
          faults.push(`${way}: optimal at ${answer.objective}, a point has ${cost}`);
      } else troubles++;
    }
  return { faults, troubles, solves };
}
