/** The programs of docs/plugins.md do what it says: typed and run from TypeScript, as a module on the command line. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { runCaptured, temporaryFolder } from '../cli/capturedCli.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const page = readFileSync(`${repository}docs/plugins.md`, 'utf8');
const file = temporaryFolder();
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map((match) => match[1]);

it('the tutorial runs as it is written', () => {
  const [, tutorial] = blocks('ts');
  const path = file('tutorial.ts');
  const source = pathToFileURL(`${repository}src/bnb/mip.ts`).href;
  writeFileSync(path, tutorial.replace("'rolla/mip'", JSON.stringify(source)));
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', import.meta.resolve('tsx'), path], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  // By hand: weights 5 + 3 + 8 of 16 are worth 8 + 4 + 12 = 24; 4 + 3 + 8 leave 1 and give 22; 7 + 4 + 5 give 25.
  expect(stdout).toBe('optimal -25\n');
});

it('rule.mjs is a module that the command line takes', async () => {
  const [rule] = blocks('js');
  const path = file('rule.mjs');
  writeFileSync(path, rule);
  const program = 'max\n z: 8 a + 11 b + 6 c + 4 d\nst\n w: 5 a + 7 b + 4 c + 3 d <= 14\nbinary\n a b c d\nend\n';
  const { exitCode, out, err } = await runCaptured(['lp', '-', '--strategy', 'plain', '--plugin', path], program);
  expect([exitCode, err]).toEqual([0, '']);
  // 11 + 6 + 4 by hand.
  expect(out).toMatch(/^Objective +21$/m);
});
