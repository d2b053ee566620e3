/** What a figure depends on: machine, Node, versions, commit. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';

export interface MachineFacts {
  readonly date: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGigabytes: number;
  readonly node: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly commit: string;
}

export function machineFacts(commands: readonly { readonly name: string; readonly version: string }[]): MachineFacts {
  const lock = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8')) as {
    version: string;
    packages: Record<string, { version: string }>;
  };
  const found = Object.fromEntries(commands.map(({ name, version }) => [name, version]));
  return {
    date: new Date().toISOString().slice(0, 10),
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGigabytes: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    versions: { rolla: lock.version, 'highs (WASM)': lock.packages['node_modules/highs'].version, ...found },
    commit: gitCommit(),
  };
}

function gitCommit(): string {
  try {
    const cwd = fileURLToPath(new URL('..', import.meta.url));
    const git = (...words: string[]): string =>
      execFileSync('git', words, { encoding: 'utf8', cwd, stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    const hash = git('rev-parse', '--short', 'HEAD');
    return git(
      'status',
      '--porcelain',
      '--untracked-files=no',
      '--',
      ':/',
      ':!/bench/results',
      ':!/bench/RESULTS.md',
    ) === ''
      ? hash
      : `${hash} with changes`;
  } catch {
    return 'unknown';
  }
}
