/** Small scenarios for tests: a family of three query types, a grid over it, and what a run of it is compared by. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll } from 'vitest';
import { parseVary } from '../../src/analysis/grids.ts';
import { solveScenario } from '../../src/analysis/scenario.ts';
import type { ScenarioSolver, Sweep } from '../../src/analysis/sweep.ts';
import type { SweepRow } from '../../src/analysis/sweepRow.ts';
import { generateInstance } from '../../src/generator/generateInstance.ts';
import type { InputError } from '../../src/input/inputError.ts';
import { parseInstance } from '../../src/model/validateInstance.ts';
import { type InstanceReader, readScenarioChains, type ScenarioChain } from '../../src/scenarios/scenarioFile.ts';

export const smallInstance = generateInstance({ queryTypes: 3, models: 2, tiers: 3, seed: 5 });

export function smallSweep(vary = ['price=0.5,1,1.5', 'rate=0.5,1']): Sweep {
  return {
    instance: smallInstance,
    grid: { name: 'own', title: 'Own', axes: vary.map(parseVary) },
    options: { nodeLimit: 40 },
  };
}

export const everyCell = { draws: null, drawSeed: 1, seeds: 1 };

export const readInstanceFile: InstanceReader = async (path) => parseInstance(readFileSync(path, 'utf8'));

export const solveHere: ScenarioSolver = async (task) => solveScenario(task);

/** A folder of one test file; `write` gives the path of a file with these lines. */
export function scenarioFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'rolla-scenarios-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return {
    at: (name: string) => join(folder, name),
    write: (name: string, lines: Iterable<string>) => {
      const path = join(folder, name);
      writeFileSync(path, [...lines].join(''));
      return path;
    },
  };
}

export async function chainsOf(path: string): Promise<ScenarioChain[]> {
  const chains: ScenarioChain[] = [];
  for await (const chain of readScenarioChains(path, readInstanceFile)) chains.push(chain);
  return chains;
}

/** A row but for its time. */
export function timeless({ solve_time: _time, ...row }: SweepRow): SweepRow {
  return row;
}

/** Rows of a report but for their times. */
export function timelessCsvRows(path: string): Record<string, string>[] {
  const rows = parse(readFileSync(path), { columns: true }) as Record<string, string>[];
  return rows.map(({ solve_time: _time, ...row }) => row);
}

/** What an InputError says; fails if there is none. */
export async function complaintOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
  } catch (error) {
    if ((error as Error).name === 'InputError') return (error as InputError).message;
    throw error;
  }
  throw new Error('nothing was refused');
}
