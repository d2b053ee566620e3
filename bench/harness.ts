/**
 * Runs cases on solvers by rules of our own: a process for each solver, warmed up before anything counts; solvers
 * interleaved case by case and repeat by repeat, their order rotated, so that noise of the machine falls on all; one at
 * a time.
 */
import { type ChildProcess, fork } from 'node:child_process';
import type { BenchCase } from './cases.ts';
import { failedAnswer, type RunRecord, type SolverAnswer } from './runRecord.ts';
import type { SolverTask } from './solverProcess.ts';

/** One case with the solvers that take part in it and the seconds that each may take. */
export interface SuiteRun {
  readonly case: BenchCase;
  readonly solvers: readonly string[];
  readonly timeLimit: number;
}

export interface SuitePlan {
  readonly name: string;
  readonly runs: readonly SuiteRun[];
  readonly repeats: number;
  /** Solved first, and not counted, by every new process, for some seconds. */
  readonly warmUp: BenchCase;
  /** A new process for every run: its peak memory is the run's own (or the warm-up's). */
  readonly fresh?: boolean;
}

export interface HarnessEvents {
  readonly onRecord?: (record: RunRecord, done: number, total: number) => void;
}

export interface SuiteOutcome {
  readonly records: readonly RunRecord[];
  /** First run of each solver, on the warm-up case: loading, compiling, the JIT's first steps. */
  readonly coldSeconds: Readonly<Record<string, number>>;
}

/** A process that overruns its limit by this factor plus this many seconds is ended and counts as failed. */
const overrunFactor = 1.5;
const overrunSeconds = 20;
/**
 * The warm-up case is solved again and again for so long, by every solver: a compiler at run time has seen what is hot
 * by then.
 */
const warmUpSeconds = 4;

export function numberOfRuns({ runs, repeats }: SuitePlan): number {
  return repeats * runs.reduce((sum, { solvers }) => sum + solvers.length, 0);
}

export async function runSuite(plan: SuitePlan, { onRecord }: HarnessEvents = {}): Promise<SuiteOutcome> {
  const processes = new Map<string, SolverProcess>();
  const coldSeconds: Record<string, number> = {};
  const records: RunRecord[] = [];
  const total = numberOfRuns(plan);
  const warmed = async (solver: string, timeLimit: number): Promise<SolverProcess> => {
    const child = new SolverProcess();
    processes.set(solver, child);
    const task = { solver, case: plan.warmUp, timeLimit: Math.min(warmUpSeconds, timeLimit) };
    const began = performance.now();
    const first = await child.run(task);
    coldSeconds[solver] ??= first.wallSeconds;
    while (child.isAlive && performance.now() - began < 1000 * warmUpSeconds) await child.run(task);
    if (child.isAlive) return child;
    // A solver that did not survive its warm-up gets its chance all the same.
    const next = new SolverProcess();
    processes.set(solver, next);
    return next;
  };
  try {
    for (const [at, { case: benchCase, solvers, timeLimit }] of plan.runs.entries()) {
      for (let repeat = 0; repeat < plan.repeats; repeat++) {
        for (let s = 0; s < solvers.length; s++) {
          const solver = solvers[(s + at + repeat) % solvers.length];
          let child = processes.get(solver);
          if (!child?.isAlive || plan.fresh) {
            await child?.close();
            child = await warmed(solver, timeLimit);
          }
          const answer = await child.run({ solver, case: benchCase, timeLimit });
          const { name, size } = benchCase;
          const record = { suite: plan.name, case: name, size, solver, repeat, timeLimit, ...answer };
          records.push(record);
          onRecord?.(record, records.length, total);
        }
      }
    }
  } finally {
    await Promise.all([...processes.values()].map((child) => child.close()));
  }
  return { records, coldSeconds };
}

class SolverProcess {
  readonly #child: ChildProcess = fork(new URL('./solverProcess.ts', import.meta.url));

  get isAlive(): boolean {
    const { exitCode, signalCode, killed } = this.#child;
    return exitCode === null && signalCode === null && !killed;
  }

  /** Never rejects: a process that dies or overruns has failed, and is not alive afterwards. */
  run(task: SolverTask): Promise<SolverAnswer> {
    const child = this.#child;
    if (!this.isAlive) return Promise.resolve(failedAnswer('its process died', 0));
    return new Promise((resolve) => {
      const limit = task.timeLimit * overrunFactor + overrunSeconds;
      const finish = (answer: SolverAnswer) => {
        clearTimeout(timer);
        child.off('message', finish);
        child.off('exit', onExit);
        resolve(answer);
      };
      const onExit = () => finish(failedAnswer('its process died', limit));
      const timer = setTimeout(() => {
        child.off('exit', onExit);
        child.kill('SIGKILL');
        finish(failedAnswer('overran its time limit and was ended', limit));
      }, limit * 1000);
      child.on('message', finish);
      child.on('exit', onExit);
      // Without a callback a channel that has just closed would end the bench.
      child.send(task, (error) => error !== null && onExit());
    });
  }

  close(): Promise<void> {
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
    return new Promise((resolve) => {
      child.once('exit', () => resolve());
      child.kill();
    });
  }
}
