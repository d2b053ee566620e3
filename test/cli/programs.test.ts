import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import highsModule, { type Highs } from 'highs';
import { describe, expect, it } from 'vitest';
import { checkVipr } from '../oracle/viprChecker.ts';
import { runCaptured, temporaryFolder } from './capturedCli.ts';

const file = temporaryFolder();
/** The package's types describe its module object, not the function that it is. */
const loadHighs = highsModule as unknown as () => Promise<Highs>;
const data = (name: string) => fileURLToPath(new URL(`../data/${name}`, import.meta.url));

describe('rolla lp', () => {
  // Optima of test/data/lp-index.csv.
  it.each([
    ['lp/afiro.mps', -464.75314286],
    ['lp/share2b.mps', -415.73224074],
    ['mip/p0033.mps', 3089],
    ['mip/rgn.mps', 82.19999924],
  ])('solves %s', async (name, optimum) => {
    const { exitCode, out } = await runCaptured(['lp', data(name), '--json']);
    expect(exitCode).toBe(0);
    const answer = JSON.parse(out);
    expect(answer).toMatchObject({ format: 'rolla-lp-result/1', status: 'optimal' });
    expect(Math.abs(answer.objective - optimum)).toBeLessThan(2e-6 * Math.abs(optimum));
  });

  it('exits with 3 for an infeasible program', async () => {
    const { exitCode, out } = await runCaptured(['lp', data('infeasible/box1.mps')]);
    expect(exitCode).toBe(3);
    expect(out).toMatch(/Status +infeasible\nObjective +-\n/);
  });

  it('reads gzipped files, and relaxes integer columns on demand', async () => {
    const path = file('p0033.mps.gz');
    writeFileSync(path, gzipSync(readFileSync(data('mip/p0033.mps'))));
    const objective = async (...flags: string[]) =>
      JSON.parse((await runCaptured(['lp', path, '--json', ...flags])).out).objective;
    // The linear relaxation as MIPLIB lists it.
    expect(await objective('--relax')).toBeCloseTo(2520.57, 1);
    expect(await objective('--relax', '--no-presolve')).toBeCloseTo(2520.57, 1);
  });

  it('answers a maximisation in its own sense, with the columns that are not zero', async () => {
    const text = 'NAME T\nOBJSENSE\n MAX\nROWS\n N z\n L a\nCOLUMNS\n x z 3 a 1\n y z 1 a 1\nRHS\n RHS a 4\nENDATA\n';
    const { out } = await runCaptured(['lp', '-', '--json'], text);
    expect(JSON.parse(out)).toMatchObject({ status: 'optimal', objective: 12, columns: { x: 4 } });
  });

  it('proves its answer, as a proof that check holds against the file and as a VIPR certificate', async () => {
    const program = data('mip/p0033.mps');
    const [proof, certificate] = [file('p0033.proof.json'), file('p0033.vipr')];
    expect(await runCaptured(['lp', program, '--proof', proof, '--vipr', certificate])).toMatchObject({ exitCode: 0 });
    const { exitCode, out } = await runCaptured(['check', program, proof]);
    expect(out).toMatch(/^Point +is feasible \(every row exactly\) and costs 3089\.0/m);
    expect(out).toMatch(/^Bound +no point has less than 3089\.0/m);
    expect(exitCode).toBe(0);
    expect(checkVipr(readFileSync(certificate, 'utf8'))).toEqual({ bound: 3089, cost: 3089 });
    const wrong = file('wrong.proof.json');
    writeFileSync(wrong, readFileSync(proof, 'utf8').replace('"bound":"3089"', '"bound":"3090"'));
    expect(await runCaptured(['check', program, wrong])).toMatchObject({ exitCode: 7 });
    expect(await runCaptured(['check', data('mip/rgn.mps'), proof])).toMatchObject({ exitCode: 7 });
    expect(await runCaptured(['lp', program, '--relax', '--proof', file('relaxed.json')])).toMatchObject({
      exitCode: 2,
    });
  });

  it('proves a linear program and an infeasible one, and says a maximisation in its own sense', async () => {
    const text = 'max\n z: 3 x + y\nst\n a: x + 3 y <= 4\n b: x - y <= 2\nend\n';
    writeFileSync(file('max.lp'), text);
    await runCaptured(['lp', file('max.lp'), '--proof', file('max.json')]);
    const { out } = await runCaptured(['check', file('max.lp'), file('max.json')]);
    // x = 2.5, y = 0.5 by hand.
    expect(out).toMatch(/^Point .* costs 8\.0+$/m);
    expect(out).toMatch(/^Bound +no point has more than 8\.00000/m);
    const box = data('infeasible/box1.mps');
    await runCaptured(['lp', box, '--proof', file('box1.json')]);
    expect(await runCaptured(['check', box, file('box1.json')])).toMatchObject({ exitCode: 0 });
  });

  const dual = 'max\n z: 3 x + y\nst\n a: x + y <= 4\n b: x - y <= 2\nend\n';

  it('reads CPLEX-LP, prints the solution and gives duals, reduced costs and activities in the sense of the file', async () => {
    const printed = await runCaptured(['lp', '-', '--log'], dual);
    expect(printed.out).toMatch(/Objective +10\n[\s\S]*\n {2}x {2}3\n {2}y {2}1\n$/);
    expect(printed.err).toMatch(/read +2 rows, 2 columns, 4 non-zeros\n[\s\S]*simplex/);
    // By hand: at (3, 1) the prices 2 and 1 of the rows make up 3 and 1.
    expect(JSON.parse((await runCaptured(['lp', '-', '--json'], dual)).out)).toMatchObject({
      objective: 10,
      columns: { x: 3, y: 1 },
      duals: { a: 2, b: 1 },
      reducedCosts: {},
      activities: { a: 4, b: 2 },
      farkasRay: null,
    });
  });

  it('gives the ray of an infeasible and of an unbounded program', async () => {
    const infeasible = 'min\n x\nst\n a: x + y >= 3\n b: x + y <= 1\nend\n';
    const { farkasRay } = JSON.parse((await runCaptured(['lp', '-', '--json'], infeasible)).out);
    expect(farkasRay.a).toBeGreaterThan(0);
    expect(farkasRay.b).toBeCloseTo(-farkasRay.a, 12);
    const unbounded = 'max\n x\nst\n a: x - y <= 1\nend\n';
    const { unboundedRay } = JSON.parse((await runCaptured(['lp', '-', '--json'], unbounded)).out);
    expect(unboundedRay.x).toBeGreaterThan(0);
    expect(unboundedRay.x).toBeLessThanOrEqual(unboundedRay.y);
  });

  it('writes a .sol file with all columns, or a word', async () => {
    const path = file('x.sol');
    const text = dual.replace('end', 'general\n y\nend').replace('+ y\n', '+ y + 0 w\n');
    await runCaptured(['lp', '-', '-o', path], text);
    expect(readFileSync(path, 'utf8')).toBe('=obj= 10\nx 3\ny 1\nw 0\n');
    await runCaptured(['lp', '-', '-o', path, '--force'], 'min\n x\nst\n x <= -1\nend\n');
    expect(readFileSync(path, 'utf8')).toBe('=infeas=\n');
  });

  it('knows gzip by its first bytes', async () => {
    const path = file('packed.lp');
    writeFileSync(path, gzipSync(dual));
    expect((await runCaptured(['lp', path])).out).toMatch(/Objective +10\n/);
  });

  const knapsack = 'max\n z: 8 a + 11 b + 6 c + 4 d\nst\n w: 5 a + 7 b + 4 c + 3 d <= 14\nbinary\n a b c d\nend\n';

  it('takes a strategy, numbers of it and plugins for programs with integer columns', async () => {
    // 21 = 11 + 6 + 4 by hand.
    const rule = data('plugins/lastColumn.mjs');
    const sent = await runCaptured(
      ['lp', '-', '--json', '--strategy', 'plain', '--plugin', rule, '--set', 'search.branching.lookahead=2'],
      knapsack,
    );
    expect([sent.exitCode, sent.err]).toEqual([0, '']);
    expect(JSON.parse(sent.out)).toMatchObject({ status: 'optimal', objective: 21 });
    const broken = file('broken.mjs');
    writeFileSync(
      broken,
      "export default { kind: 'branching-rule', name: 'broken', choose: () => { throw Error('mine'); } };\n",
    );
    const failing = await runCaptured(['lp', '-', '--strategy', 'plain', '--plugin', broken], knapsack);
    // Its failure shows that it was asked.
    expect([failing.exitCode, failing.err]).toEqual([2, expect.stringMatching(/broken.*mine/)]);
    const wrong = ['--set', 'search.branching.lookahed=2', '--set', 'childOrder=left'];
    const faults = await runCaptured(['lp', '-', ...wrong], knapsack);
    expect(faults.exitCode).toBe(2);
    expect(faults.err).toMatch(/^rolla: --set childOrder: found "left"/m);
    expect(faults.err).toMatch(/^rolla: --set search.branching.lookahed: found/m);
    const twice = await runCaptured(['lp', '-', '--pricing', 'devex', '--set', 'lpPricing=devex'], knapsack);
    expect([twice.exitCode, twice.err]).toEqual([2, expect.stringContaining('none beside --set lpPricing')]);
  });

  it('of a linear program only a pricing rule counts', async () => {
    const pricing = file('pricing.mjs');
    writeFileSync(
      pricing,
      `export default { kind: 'lp-pricing', name: 'plain', usesTau: false, ofChosen: () => 1, updated: () => 1, ofEntering: () => 1 };\n`,
    );
    const own = await runCaptured(['lp', '-', '--json', '--no-presolve', '--plugin', pricing], dual);
    expect([own.exitCode, own.err]).toEqual([0, '']);
    expect(JSON.parse(own.out)).toMatchObject({ status: 'optimal', objective: 10 });
    const flags = ['--strategy', 'plain', '--set', 'cuts=false', '--plugin', data('plugins/lastColumn.mjs')];
    const { exitCode, err } = await runCaptured(['lp', '-', ...flags], dual);
    expect(exitCode).toBe(2);
    expect(err.match(/^rolla: .*there is no tree$/gm)).toHaveLength(4);
    expect(err).toContain('for the branching-rule "last-column"');
  });

  it('says which flags have no effect on a program of this kind', async () => {
    const linear = data('lp/afiro.mps');
    const { exitCode, err } = await runCaptured(['lp', linear, '--gap', '0.1', '--node-limit', '3']);
    expect(exitCode).toBe(0);
    expect(err.match(/^rolla: note: --(gap|node-limit) has no effect: .*$/gm)).toHaveLength(2);
    expect((await runCaptured(['lp', linear, '--no-presolve', '--time-limit', '60'])).err).toBe('');
    const integer = await runCaptured(['lp', data('mip/p0033.mps'), '--no-presolve']);
    expect(integer.err).toMatch(/^rolla: note: --no-presolve has no effect: .*\n$/);
  });

  it('prints ten digits, and the name of the file where it gives none', async () => {
    const path = file('third.lp');
    writeFileSync(path, 'min\n cost: x\nst\n 3 x >= 1\nend\n');
    const { out } = await runCaptured(['lp', path]);
    expect(out).toMatch(/^Program +third\.lp: /);
    expect(out).toMatch(/^Objective +0\.3333333333$/m);
    expect(out).toMatch(/^ {2}x {2}0\.3333333333$/m);
    expect((await runCaptured(['lp', '-'], dual)).out).toMatch(/^Program +stdin: /);
    expect((await runCaptured(['lp', data('mip/p0033.mps')])).out).toMatch(/^Program +P0033: /);
    const answer = JSON.parse((await runCaptured(['lp', path, '--json'])).out);
    expect(answer.program).toBe('third.lp');
    expect(answer.objective).toBeCloseTo(1 / 3, 14);
  });

  it('names file and line of what cannot be read', async () => {
    const { exitCode, err } = await runCaptured(['lp', '-'], 'NAME T\nROWS\n N z\n Q a\n');
    expect(exitCode).toBe(2);
    expect(err).toMatch(/^rolla: stdin: MPS line 4: found .*, expected .*\n$/);
  });
});

describe('rolla export', () => {
  // Optima of the reference instance given with its data, under presets corrected and paper.
  it.each([
    [['--preset', 'corrected', '--format', 'lp'], 633.4639515],
    [['--preset', 'corrected', '--format', 'lp', '--robust', 'dual'], 633.4639515],
    [['--format', 'lp', '--preset', 'paper'], 634.537222],
  ])('writes with %j a program of which HiGHS finds the known optimum', async (flags, optimum) => {
    const path = file('program.lp');
    const { exitCode, err } = await runCaptured(['export', '-o', path, '--force', ...flags]);
    expect(exitCode).toBe(0);
    expect(err).toContain('program.lp written');
    const highs = await loadHighs();
    const solution = highs.solve(readFileSync(path, 'utf8'), { mip_rel_gap: 1e-7 });
    expect(solution.Status).toBe('Optimal');
    expect(Math.abs(solution.ObjectiveValue - optimum)).toBeLessThan(2e-6 * optimum);
  });

  it('writes MPS that rolla lp solves to the same optimum', async () => {
    const { out } = await runCaptured(['export', '--preset', 'corrected']);
    const answer = JSON.parse((await runCaptured(['lp', '-', '--json'], out)).out);
    expect(answer.objective).toBeCloseTo(633.4639515, 4);
  });

  it('writes the published program in fixed form', async () => {
    const { exitCode, out } = await runCaptured(['export', '--formulation', 'published', '--fixed']);
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^NAME {10}published$/m);
    expect(out.endsWith('ENDATA\n')).toBe(true);
  });
});
