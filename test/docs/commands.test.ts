/** Commands in shell blocks have flags that are there, also commands that are too long, or need a server, to be run. */
import { describe, expect, it } from 'vitest';
import { runCaptured } from '../cli/capturedCli.ts';
import { filesLike, textOf } from './repositoryFiles.ts';

const commands = filesLike('docs/*.md', 'README.md').flatMap((file) =>
  [...textOf(file).matchAll(/^```(?:sh|console)\n([\s\S]*?)^```$/gm)].flatMap(([, block]) =>
    block!.split('\n').flatMap((line) => {
      const [, command] = /^(?:\$ )?(?:npx )?rolla ([^#]+)/.exec(line) ?? [];
      return command === undefined ? [] : [{ file, command: command.trim() }];
    }),
  ),
);

describe('commands in shell blocks', () => {
  it('are found', () => {
    expect(commands.length).toBeGreaterThan(20);
  });

  it.each(commands)('$file: rolla $command', async ({ command }) => {
    const [own] = command.split(/ [|&>;]/);
    const words = own!.split(' ');
    const path = words[0] === 'queue' || words[0] === 'import' ? words.slice(0, 2) : words.slice(0, 1);
    const { out, exitCode } = await runCaptured([...path, '--help']);
    expect(exitCode).toBe(0);
    for (const flag of words.filter((word) => word.startsWith('--'))) expect(out).toContain(` ${flag.split('=')[0]}`);
  });
});
