/** Solvers on the PATH: what we write for them, what we read from them, and what they are not believed. */
import { afterEach, describe, expect, it } from 'vitest';
import { caseInstance, publishedCases, referenceCases } from '../../bench/cases.ts';
import { commandsFound, solveWithCommand } from '../../bench/commandSolvers.ts';
import { type FormulationName, programOf } from '../../bench/planProgram.ts';
import { type FakeAnswer, type FakeName, fakePath } from './fakeSolver.ts';

const names = ['highs', 'cbc', 'glpsol'] as const;
const before = { ...process.env };
let remove = () => {};

function pretend(answer: FakeAnswer): void {
  const fakes = fakePath(names, answer);
  Object.assign(process.env, fakes.environment);
  remove = fakes.remove;
}

afterEach(() => {
  process.env.PATH = before.PATH;
  delete process.env.FAKE_ANSWER;
  remove();
});

const [reference] = referenceCases() as [ReturnType<typeof referenceCases>[number]];

function solve(name: FakeName, formulation: FormulationName, benchCase = reference, timeLimit = 60, grace = 10) {
  const { options, gap } = benchCase;
  const request = { instance: caseInstance(benchCase), options, gap, timeLimit };
  return solveWithCommand(name, request, programOf(request, formulation), grace);
}

describe('solvers on the PATH', () => {
  it('are found with their versions', () => {
    pretend('true');
    expect(commandsFound()).toEqual(expect.arrayContaining(names.map((name) => ({ name, version: '9.8.7' }))));
  });

  it.each(names)('%s reads our program, and its plan is verified at the known optimum', async (name) => {
    pretend('true');
    const answer = await solve(name, 'strengthened');
    // Published optimum of the reference instance; the log of the fake tells it as cost and bound.
    expect(answer).toMatchObject({ status: 'optimal', message: '' });
    expect(answer.cost).toBeCloseTo(reference.known as number, 5);
    expect(answer.bound! / (reference.known as number)).toBeCloseTo(1, 4);
    expect(answer.trace.some(({ cost }) => cost !== null && Math.abs(cost - answer.cost!) < 1e-4)).toBe(true);
    expect(answer.wallSeconds).toBeGreaterThan(0);
  });

  it('gets the published program too', async () => {
    pretend('true');
    const row = publishedCases().find(({ known }) => known === 'infeasible')!;
    expect((await solve('highs', 'published', row)).status).toBe('infeasible');
  });

  it.each(names)('%s is a failure where its plan breaks limits', async (name) => {
    pretend('altered');
    const answer = await solve(name, 'strengthened');
    expect(answer).toMatchObject({ status: 'failed', cost: null });
    expect(answer.message).toMatch(/plan refused/);
    expect(answer.trace.every(({ cost }) => cost === null)).toBe(true);
  });

  it.each(names)('%s saying infeasible is taken at its word, whatever point it leaves', async (name) => {
    pretend('infeasible');
    expect(await solve(name, 'strengthened')).toMatchObject({ status: 'infeasible', cost: null, bound: null });
  });

  it('proves nothing by saying infeasible past the limit, as CBC does when its preprocessing is cut off', async () => {
    pretend('infeasible');
    expect(await solve('cbc', 'strengthened', reference, 0.001)).toMatchObject({ status: 'limit', cost: null });
  });

  it('is ended when it overruns, and told of when it falls over', async () => {
    pretend('hang');
    const hung = await solve('highs', 'strengthened', reference, 0.1, 0.3);
    expect(hung).toMatchObject({ status: 'failed', message: 'overran its time limit and was ended' });
    remove();
    pretend('crash');
    const crashed = await solve('cbc', 'strengthened');
    expect(crashed).toMatchObject({ status: 'failed', message: 'exit code 7: out of luck' });
  });
});
