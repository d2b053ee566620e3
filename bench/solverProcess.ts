/**
 * A process of its own for one solver: answers tasks one after another, so that solvers share no heap, no JIT and no
 * WASM memory.
 */
import { type BenchCase, caseInstance } from './cases.ts';
import { failedAnswer, type SolverAnswer } from './runRecord.ts';
import { solverNamed } from './solvers.ts';

export interface SolverTask {
  readonly solver: string;
  readonly case: BenchCase;
  readonly timeLimit: number;
}

process.on('message', async (task: SolverTask) => {
  process.send!(await answer(task));
});

async function answer({ solver, case: benchCase, timeLimit }: SolverTask): Promise<SolverAnswer> {
  try {
    const { options, gap, seed } = benchCase;
    const request = { instance: caseInstance(benchCase), options, gap, timeLimit };
    return await solverNamed(solver)(seed === undefined ? request : { ...request, seed });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return failedAnswer(message, timeLimit, process.resourceUsage().maxRSS / 1024);
  }
}
