/**
 * Runs the examples that README.md and pages of docs print, in a shell with `rolla` on its path, and compares what they
 * print: in a `console` block lines after `$ ` are commands, the others output; a line `...` stands for any lines.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { builtCli, builtPackage } from '../builtPackage.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const loader = import.meta.resolve('tsx');
const binaries = mkdtempSync(join(tmpdir(), 'rolla-bin-'));
writeFileSync(join(binaries, 'rolla'), `#!/bin/sh\nexec "${process.execPath}" "${builtCli()}" "$@"\n`, { mode: 0o755 });
const folders = [binaries];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rolla-docs-'));
  folders.push(folder);
  return folder;
}

interface Example {
  readonly command: string;
  readonly output: readonly string[];
}

const blocksOf = (text: string, language: string) =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map((match) => match[1]);

function consoleExamples(text: string): Example[] {
  const examples: { command: string; output: string[] }[] = [];
  for (const line of blocksOf(text, 'console').flatMap((block) => block.trimEnd().split('\n'))) {
    if (line.startsWith('$ ')) examples.push({ command: line.slice(2), output: [] });
    else examples.at(-1)!.output.push(line);
  }
  return examples;
}

/** A pattern of the printed output; `...` stands for any number of lines. */
function outputPattern(lines: readonly string[]): RegExp {
  const escaped = lines.map((line) =>
    line === '...' ? '(?:.*\\n)*' : `${line.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\n`,
  );
  return new RegExp(`^${escaped.join('')}$`);
}

function runInShell(command: string, cwd: string): string {
  const env = { ...process.env, PATH: `${binaries}${delimiter}${process.env.PATH}` };
  return spawnSync('sh', ['-c', `exec 2>&1; ${command}`], { cwd, env, encoding: 'utf8' }).stdout;
}

describe.each(['README.md', 'docs/cli.md', 'docs/from-traffic-to-plan.md'])('the examples of %s', (name) => {
  const text = readFileSync(join(repository, name), 'utf8');
  const cwd = newFolder();
  cpSync(join(repository, 'examples'), join(cwd, 'examples'), { recursive: true });
  const examples = consoleExamples(text);

  it('are there, with output', () => {
    expect(examples.length).toBeGreaterThan(2);
    // `...` alone would accept anything.
    expect(examples.filter(({ output }) => output.length === 1 && output[0] === '...')).toEqual([]);
  });

  it.each(examples)('$command', ({ command, output }) => {
    expect(runInShell(command, cwd)).toMatch(outputPattern(output));
  });
});

describe('the library example', () => {
  it.each([
    ['README.md', "'rolla'", 'index.js'],
    ['docs/lp.md', "'rolla/lp'", 'lp/index.js'],
    ['docs/mip.md', "'rolla/mip'", 'bnb/mip.js'],
  ])('of %s prints what it says', (document, name, entry) => {
    const text = readFileSync(join(repository, document), 'utf8');
    const [code] = blocksOf(text, 'ts');
    const [printed] = blocksOf(text, 'text');
    const script = join(newFolder(), 'example.ts');
    const library = JSON.stringify(join(builtPackage(), entry));
    writeFileSync(script, code!.replace(name, library));
    const { stdout, stderr } = spawnSync(process.execPath, ['--import', loader, script], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(stdout).toBe(printed);
  });
});
