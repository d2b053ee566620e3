/** All published grids, and cells of theirs that are not published against HiGHS. */
import { describe, expect, it } from 'vitest';
import { cellValues } from '../../../src/analysis/grids.ts';
import { patchedScenario } from '../../../src/analysis/scenario.ts';
import { cellTask, runSweep } from '../../../src/analysis/sweep.ts';
import { compileProblem } from '../../../src/model/compiled/compileProblem.ts';
import { buildStrengthened } from '../../../src/model/formulations/strengthened.ts';
import { presets } from '../../../src/model/options.ts';
import { publishedGridFaults, publishedSweep } from '../../analysis/publishedGrid.ts';
import { solveWithHighs } from '../../oracle/highs.ts';

describe('the published grids', () => {
  it.each([
    ['cost-budget', 'sensitivity_cost_budget_20251106'],
    ['delay-error', 'sensitivity_delay_error_threshold'],
    ['gpu-cost-error', 'sensitivity_gpu_cost_error'],
    ['memory-error', 'sensitivity_memory_error'],
  ] as const)('%s: every cell proven, every known cell at its optimum, parts adding up', async (name, source) => {
    expect(await publishedGridFaults(name, source)).toEqual([]);
  });

  it.each([
    ['gpu-cost-error', 50],
    ['gpu-cost-error', 91],
    ['memory-error', 21],
    ['memory-error', 45],
  ] as const)('%s, cell %i, which is not published, agrees with HiGHS', async (name, cell) => {
    const sweep = publishedSweep(name);
    const scenario = patchedScenario(cellTask(sweep, cell, null));
    const { program } = buildStrengthened(compileProblem(scenario.instance, presets.reference));
    const oracle = await solveWithHighs(program, { gap: 1e-7 });
    const [axisA, axisB] = sweep.grid.axes;
    const [a, b] = cellValues(sweep.grid, cell);
    const one = { factor: axisA!.factor, values: [a!] };
    const [record] = await runSweep({
      ...sweep,
      grid: { ...sweep.grid, axes: [one, { factor: axisB!.factor, values: [b!] }] },
    });
    const cost = (record!.row.total_cost as number | null) ?? Infinity;
    expect(record!.row.status).toBe(oracle.status);
    expect(oracle.status === 'infeasible' || Math.abs(cost - oracle.objective) < 1e-6 * oracle.objective).toBe(true);
  });
});
