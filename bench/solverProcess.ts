/** A process of its own for one solver: answers tasks one after another, so that solvers share no heap, no JIT and no WASM memory. */
import { type BenchCase, caseInstance } from './cases.ts';
import type { SolverAnswer } from './runRecord.ts';
import { solverNamed } from './solvers.ts';

export interface SolverTask {
  readonly solver: string;
  readonly case: BenchCase;
  readonly timeLimit: number;
}

process.on('message', async ({ solver, case: benchCase, timeLimit }: SolverTask) => {
  process.send!(await answer(solver, benchCase, timeLimit));
});

async function answer(solver: string, benchCase: BenchCase, timeLimit: number): Promise<SolverAnswer> {
  try {
    const { options, gap } = benchCase;
    return await solverNamed(solver)({ instance: caseInstance(benchCase), options, gap, timeLimit });
  } catch (error) {
    return failedAnswer(error instanceof Error ? error.message : String(error), timeLimit);
  }
}

function failedAnswer(message: string, wallSeconds: number): SolverAnswer {
  return {
    status: 'failed',
    cost: null,
    bound: null,
    nodes: null,
    simplexIterations: null,
    wallSeconds,
    cpuSeconds: wallSeconds,
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
    rootBound: null,
    trace: [],
    message,
  };
}
