/** The published grids of the reference instance, cell by cell against what is published. */
import { gridSize, publishedGrids } from '../../src/analysis/grids.ts';
import { runSweep, type Sweep } from '../../src/analysis/sweep.ts';
import type { SweepRow } from '../../src/analysis/sweepRow.ts';
import { generateReference } from '../../src/generator/generateReference.ts';
import { publishedRows as published } from '../oracle/publishedRows.ts';

export function publishedSweep(name: keyof typeof publishedGrids): Sweep {
  return { instance: generateReference(), grid: publishedGrids[name], options: { preset: 'reference' } };
}

/** What is wrong with a cell: parts that do not add up, or an answer other than the published cell's. */
function cellFaults(row: SweepRow, publishedRow: Record<string, string> | undefined): string[] {
  const number = (column: string) => row[column] as number;
  const faults: string[] = [];
  const check = (fault: string, holds: boolean) => holds || faults.push(`${fault}: ${JSON.stringify(row)}`);
  check('not proven', row.status === 'optimal' || row.status === 'infeasible');
  const cost = number('total_cost');
  if (row.status === 'optimal') {
    const parts = ['C1_rental', 'C2_storage', 'C3_robust_delay', 'C4_unmet'].map(number);
    check('parts of the cost', Math.abs(parts.reduce((sum, part) => sum + part, 0) - cost) < 1e-8);
    check('parts of the storage', Math.abs(number('C2_model') + number('C2_data') - number('C2_storage')) < 1e-10);
  }
  if (publishedRow === undefined) return faults;
  const { status, optimum, publishedCost } = publishedRow;
  check('status', row.status === status!.toLowerCase());
  if (status !== 'OPTIMAL') return faults;
  check('optimum', Math.abs(cost - Number(optimum)) <= 1e-6 * Number(optimum));
  const relative = Number(publishedCost) / Number(optimum);
  check('published cost', publishedCost === '' || (relative >= 1 - 1e-4 && relative <= 1.01));
  return faults;
}

/** What is wrong with the grid's sweep: cells that are not there, and those that are not as they should be. */
export async function publishedGridFaults(name: keyof typeof publishedGrids, source: string): Promise<string[]> {
  const records = await runSweep(publishedSweep(name));
  const known = new Map(published.filter((row) => row.source!.startsWith(source)).map((row) => [Number(row.row), row]));
  const missing = [...Array(gridSize(publishedGrids[name])).keys()].filter((cell) => records[cell]?.cell !== cell);
  const unknown = [...known.keys()].filter((cell) => !(cell < records.length));
  const faults = records.flatMap(({ cell, row }) => cellFaults(row, known.get(cell)));
  return [...missing.map((cell) => `no cell ${cell}`), ...unknown.map((cell) => `published: ${cell}`), ...faults];
}
