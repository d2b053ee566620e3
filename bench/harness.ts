/**
 * Runs cases on solvers by rules of our own: a process for each solver, warmed up on the suite's first case; solvers interleaved
 * case by case and repeat by repeat, their order rotated, so that noise of the machine falls on all; one at a time.
 */
import { type ChildProcess, fork } from 'node:child_process';
import type { BenchCase } from './cases.ts';
import type { RunRecord, SolverAnswer } from './runRecord.ts';
import type { SolverTask } from './solverProcess.ts';

export interface SuitePlan {
  readonly name: string;
  readonly cases: readonly BenchCase[];
  readonly solvers: readonly string[];
  /** Seconds for each run. */
  readonly timeLimit: number;
  readonly repeats: number;
  /** A new process for every run: its peak memory is the run's own; nothing is warm then but what a run warms itself. */
  readonly fresh?: boolean;
}

export interface HarnessEvents {
  readonly onRecord?: (record: RunRecord, done: number, total: number) => void;
}

/** Answers that contradict each other or what is known; the bench ends with an error if there are any. */
export interface Disagreement {
  readonly case: string;
  readonly text: string;
}

export interface SuiteOutcome {
  readonly records: readonly RunRecord[];
  /** First run of each solver in its process: loading, compiling, the JIT's first steps. */
  readonly coldSeconds: Readonly<Record<string, number>>;
}

/** A process that overruns its limit by this factor plus this many seconds is ended and counts as failed. */
const overrunFactor = 1.5;
const overrunSeconds = 20;

export async function runSuite(plan: SuitePlan, { onRecord }: HarnessEvents = {}): Promise<SuiteOutcome> {
  const processes = new Map<string, SolverProcess>();
  const coldSeconds: Record<string, number> = {};
  const records: RunRecord[] = [];
  const total = plan.cases.length * plan.solvers.length * plan.repeats;
  try {
    for (const [at, benchCase] of plan.cases.entries()) {
      for (let repeat = 0; repeat < plan.repeats; repeat++) {
        for (let s = 0; s < plan.solvers.length; s++) {
          const solver = plan.solvers[(s + at + repeat) % plan.solvers.length]!;
          const task: SolverTask = { solver, case: benchCase, timeLimit: plan.timeLimit };
          let child = processes.get(solver);
          if (child === undefined || plan.fresh) {
            await child?.close();
            child = new SolverProcess();
            processes.set(solver, child);
            if (!plan.fresh) coldSeconds[solver] ??= (await child.run(warmUp(task))).wallSeconds;
          }
          const answer = await child.run(task);
          if (answer.message === overrunMessage) processes.delete(solver);
          const record = { suite: plan.name, case: benchCase.name, size: benchCase.size, solver, repeat, ...answer };
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

/** The warm-up is short whatever the limit: long enough to compile what is hot. */
function warmUp(task: SolverTask): SolverTask {
  return { ...task, timeLimit: Math.min(5, task.timeLimit) };
}

const overrunMessage = 'overran its time limit and was ended';

class SolverProcess {
  readonly #child: ChildProcess = fork(new URL('./solverProcess.ts', import.meta.url));

  run(task: SolverTask): Promise<SolverAnswer> {
    const child = this.#child;
    return new Promise((resolve) => {
      const limit = task.timeLimit * overrunFactor + overrunSeconds;
      const finish = (answer: SolverAnswer) => {
        clearTimeout(timer);
        child.off('message', finish);
        child.off('exit', onExit);
        resolve(answer);
      };
      const lost = (message: string): SolverAnswer => ({
        status: 'failed',
        cost: null,
        bound: null,
        nodes: null,
        simplexIterations: null,
        wallSeconds: limit,
        cpuSeconds: limit,
        peakMegabytes: 0,
        rootBound: null,
        trace: [],
        message,
      });
      const onExit = () => finish(lost('its process died'));
      const timer = setTimeout(() => {
        child.off('exit', onExit);
        child.kill('SIGKILL');
        finish(lost(overrunMessage));
      }, limit * 1000);
      child.on('message', finish);
      child.on('exit', onExit);
      child.send(task);
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

/** Room for two proven answers to differ beyond their gaps: tolerances of the solvers' limits, relative. */
const agreementTolerance = 1e-5;

/** Compares all proven answers of a case with each other and with what is known. */
export function disagreements(cases: readonly BenchCase[], records: readonly RunRecord[]): Disagreement[] {
  const found: Disagreement[] = [];
  for (const benchCase of cases) {
    const proven = records.filter(
      (record) => record.case === benchCase.name && (record.status === 'optimal' || record.status === 'infeasible'),
    );
    const infeasible = proven.filter(({ status }) => status === 'infeasible');
    const costs = proven.flatMap(({ cost, solver }) => (cost === null ? [] : [{ cost, solver }]));
    const slack = (cost: number) => (benchCase.gap + agreementTolerance) * Math.max(1, Math.abs(cost));
    const report = (text: string) => found.push({ case: benchCase.name, text });
    if (infeasible.length > 0 && costs.length > 0) {
      report(`${infeasible[0]!.solver} says infeasible, ${costs[0]!.solver} has a plan of ${costs[0]!.cost}`);
    }
    for (const { cost, solver } of costs) {
      const other = costs.find((answer) => Math.abs(answer.cost - cost) > slack(cost));
      if (other !== undefined && other.cost > cost) report(`${solver} has ${cost}, ${other.solver} ${other.cost}`);
      if (benchCase.known === 'infeasible') report(`${solver} has ${cost}, known to be infeasible`);
      if (typeof benchCase.known === 'number' && Math.abs(cost - benchCase.known) > slack(cost)) {
        report(`${solver} has ${cost}, known: ${benchCase.known}`);
      }
    }
    if (typeof benchCase.known === 'number' && infeasible.length > 0) {
      report(`${infeasible[0]!.solver} says infeasible, known: ${benchCase.known}`);
    }
    const best = Math.min(
      ...records.flatMap(({ case: name, cost }) => (name === benchCase.name && cost !== null ? [cost] : [])),
    );
    for (const { solver, bound, case: name } of records) {
      if (name === benchCase.name && bound !== null && bound > best + slack(best)) {
        report(`${solver} claims the bound ${bound}, but a plan of ${best} verifies`);
      }
    }
  }
  return found;
}
