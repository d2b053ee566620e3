/** A new process that solves one planning case once; what that took goes to standard output as JSON. */
import { type BenchCase, caseInstance } from './cases.ts';
import { solverNamed } from './solvers.ts';

const {
  solver,
  case: benchCase,
  timeLimit,
} = JSON.parse(process.argv[2]) as {
  readonly solver: string;
  readonly case: BenchCase;
  readonly timeLimit: number;
};
const { options, gap } = benchCase;
const { status, cost, cpuSeconds, wallSeconds } = await solverNamed(solver)({
  instance: caseInstance(benchCase),
  options,
  gap,
  timeLimit,
});
console.log(JSON.stringify({ status, cost, cpuSeconds, wallSeconds }));
