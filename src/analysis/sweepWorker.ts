/** The thread side of `sweepPool.ts`: rebuilds the sweep from plain data and solves the cells that it is handed. */
import { workerData } from 'node:worker_threads';
import { findFactor } from './factors.ts';
import { type Sweep, type SweepRecord, solveSweepCell } from './sweep.ts';
import type { CellTask, SerializedSweep } from './sweepPool.ts';

const serialized = workerData as SerializedSweep;
const sweep: Sweep = {
  instance: serialized.instance,
  options: serialized.options,
  grid: {
    name: serialized.name,
    title: serialized.title,
    axes: serialized.axes.map(({ factor, values }) => ({ factor: findFactor(factor), values })),
    ...(serialized.unmetCapPerRate === null ? {} : { unmetCapPerRate: serialized.unmetCapPerRate }),
  },
};

export default function solveCellTask({ cell, startPlan }: CellTask): SweepRecord {
  return solveSweepCell(sweep, cell, startPlan);
}
