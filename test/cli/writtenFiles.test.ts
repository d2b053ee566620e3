/** What is said of files once they are written: each by its name, a proof with the gap that it is of. */
import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runCaptured, temporaryFolder } from './capturedCli.ts';
import { handMadeInstance } from './handMadePlan.ts';

const file = temporaryFolder();
const instance = file('instance.json');
writeFileSync(instance, JSON.stringify(handMadeInstance));
const solve = (...flags: readonly string[]) => runCaptured(['solve', instance, ...flags]);

describe('files of rolla solve', () => {
  it('are named, what goes to standard output is not', async () => {
    const [result, page, picture] = [file('r.json'), file('r.html'), file('r.svg')];
    const { exitCode, err } = await solve('-o', result, '--html', page, '--svg', picture);
    expect(exitCode).toBe(0);
    expect(err.trimEnd().split('\n').sort()).toEqual([result, page, picture].map((path) => `${path} written`).sort());
    expect((await solve('-o', '-')).err).toBe('');
  });

  it('of alternatives and of other commands as well', async () => {
    expect((await solve('--alternatives', '1', '--quiet', '-o', file('a.json'))).err).toBe(
      `${file('a.json')} written\n`,
    );
    const { err } = await runCaptured(['explain', instance, '-o', file('why.json')]);
    expect(err).toBe(`${file('why.json')} written\n`);
  });

  it.each([
    ['1e-6', '0.0001 %'],
    ['0.05', '5.0 %'],
  ])('a proof at --gap %s is of that gap, and check says it in the same unit', async (gap, percent) => {
    const proof = file(`proof-${gap}.json`);
    const { err } = await solve('--gap', gap, '--proof', proof);
    expect(err).toBe(`${proof} written: a proof of a gap of ${percent} (--gap)\n`);
    const checked = await runCaptured(['check', instance, proof]);
    expect(checked.exitCode).toBe(0);
    expect(checked.out).toMatch(new RegExp(`^Gap +${percent} between this bound and this cost$`, 'm'));
  });

  it('a proof of a wider gap than --gap asks for is not said to be of that', async () => {
    const proof = file('proof-0.json');
    const { err } = await solve('--gap', '0', '--proof', proof);
    expect(err).toBe(`${proof} written: a proof of a gap of 0.0001 %\n`);
  });
});

it('a proof of rolla lp is of the gap that it is asked for', async () => {
  // 0-1 knapsack by hand: 21 = 11 + 6 + 4; its relaxation has no less than 21.
  const program = file('knapsack.lp');
  writeFileSync(
    program,
    'max\n z: 8.5 a + 11.5 b + 6.5 c + 4.5 d\nst\n w: 5 a + 7 b + 4 c + 3 d <= 14\nbinary\n a b c d\nend\n',
  );
  const proof = file('knapsack.proof.json');
  const { err } = await runCaptured(['lp', program, '--gap', '0.5', '--proof', proof]);
  expect(err).toBe(`${proof} written\n`);
  const { exitCode, out } = await runCaptured(['check', program, proof, '--json']);
  expect(exitCode).toBe(0);
  const { gap } = JSON.parse(out);
  expect(gap).toBeGreaterThan(0.01);
  expect(gap).toBeLessThanOrEqual(0.5);
});
