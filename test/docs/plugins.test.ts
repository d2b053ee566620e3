/** The module of docs/plugins.md does what it says on the command line; the programs there run from the package. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { runCaptured, temporaryFolder } from '../cli/capturedCli.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const page = readFileSync(`${repository}docs/plugins.md`, 'utf8');
const file = temporaryFolder();
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map((match) => match[1]);

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
