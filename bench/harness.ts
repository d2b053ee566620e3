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
          if (!child?.isAlive || plan.fresh) {
            await child?.close();
            child = new SolverProcess();
            processes.set(solver, child);
            if (!plan.fresh) coldSeconds[solver] ??= (await child.run(warmUp(task))).wallSeconds;
          }
          const answer = await child.run(task);
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

class SolverProcess {
  readonly #child: ChildProcess = fork(new URL('./solverProcess.ts', import.meta.url));

  get isAlive(): boolean {
    const { exitCode, signalCode, killed } = this.#child;
    return exitCode === null && signalCode === null && !killed;
  }

  /** Never rejects: a process that dies or overruns has failed, and is not alive afterwards. */
  run(task: SolverTask): Promise<SolverAnswer> {
    const child = this.#child;
    if (!this.isAlive) return Promise.resolve(lostAnswer('its process died', 0));
    return new Promise((resolve) => {
      const limit = task.timeLimit * overrunFactor + overrunSeconds;
      const finish = (answer: SolverAnswer) => {
        clearTimeout(timer);
        child.off('message', finish);
        child.off('exit', onExit);
        resolve(answer);
      };
      const onExit = () => finish(lostAnswer('its process died', limit));
      const timer = setTimeout(() => {
        child.off('exit', onExit);
        child.kill('SIGKILL');
        finish(lostAnswer('overran its time limit and was ended', limit));
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

function lostAnswer(message: string, seconds: number): SolverAnswer {
  return {
    status: 'failed',
    cost: null,
    bound: null,
    nodes: null,
    simplexIterations: null,
    wallSeconds: seconds,
    cpuSeconds: seconds,
    peakMegabytes: 0,
    rootBound: null,
    trace: [],
    message,
  };
}

/** Room for two proven answers to differ beyond their gaps: tolerances of the solvers' limits, relative. */
const agreementTolerance = 1e-5;

/**
 * Compares the proven answers of each case with each other, with every plan that verifies (proven or not), with every bound, and with
 * what is known. Costs in the records are the verifier's, so a plan at hand is a fact whoever found it.
 */
export function disagreements(cases: readonly BenchCase[], records: readonly RunRecord[]): Disagreement[] {
  const found: Disagreement[] = [];
  for (const benchCase of cases) {
    const { name, gap, known } = benchCase;
    const own = records.filter((record) => record.case === name);
    const costs = own.flatMap(({ cost, solver, status }) => (cost === null ? [] : [{ cost, solver, status }]));
    const best = costs.reduce<(typeof costs)[number] | null>((a, b) => (a === null || b.cost < a.cost ? b : a), null);
    const slack = (cost: number) => (gap + agreementTolerance) * Math.max(1, Math.abs(cost));
    const report = (text: string) => found.push({ case: name, text });
    for (const { solver } of own.filter(({ status }) => status === 'infeasible')) {
      if (best !== null) report(`${solver} says infeasible, ${best.solver} has a plan of ${best.cost}`);
      if (typeof known === 'number') report(`${solver} says infeasible, known: ${known}`);
    }
    for (const { cost, solver, status } of costs) {
      if (known === 'infeasible') report(`${solver} has ${cost}, known to be infeasible`);
      if (typeof known === 'number' && cost < known - slack(known)) report(`${solver} has ${cost}, known: ${known}`);
      if (status !== 'optimal') continue;
      if (cost > best!.cost + slack(cost)) report(`${solver} has ${cost}, ${best!.solver} ${best!.cost}`);
      if (typeof known === 'number' && cost > known + slack(cost)) report(`${solver} has ${cost}, known: ${known}`);
    }
    for (const { solver, bound } of own) {
      if (best !== null && bound !== null && bound > best.cost + slack(best.cost)) {
        report(`${solver} claims the bound ${bound}, but a plan of ${best.cost} verifies`);
      }
    }
  }
  return found;
}
