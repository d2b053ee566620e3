/** Records for tests: a run of one second that proved a cost of 100, and what a test changes in it. */
import type { RunRecord } from '../../bench/runRecord.ts';

export function record(changes: Partial<RunRecord> = {}): RunRecord {
  return {
    suite: 'test',
    case: 'a',
    size: 10,
    solver: 'ours',
    repeat: 0,
    timeLimit: 60,
    status: 'optimal',
    cost: 100,
    bound: 100,
    nodes: 1,
    simplexIterations: 1,
    wallSeconds: 1,
    cpuSeconds: 1,
    peakMegabytes: 10,
    firstRootBound: null,
    rootBound: null,
    trace: [],
    message: '',
    ...changes,
  };
}
