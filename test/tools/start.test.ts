/** Which command line `npm start` runs: the built one only where nothing of `src` is as new. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'rolla-start-'));
const source = join(folder, 'src', 'cli', 'main.ts');
const other = join(folder, 'src', 'other.ts');
const built = join(folder, 'dist', 'cli', 'main.js');

beforeAll(() => {
  for (const path of ['tools', 'src/cli', 'dist/cli']) mkdirSync(join(folder, path), { recursive: true });
  cpSync(join(repository, 'tools', 'start.mjs'), join(folder, 'tools', 'start.mjs'));
  symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  writeFileSync(
    source,
    "const words: string[] = ['source', ...process.argv.slice(2)];\nconsole.log(words.join(' '));\n",
  );
  writeFileSync(other, 'export {};\n');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What is printed where the files were last changed at these seconds; null: no build. */
function started(sourceAt: number, otherAt: number, builtAt: number | null): string {
  rmSync(built, { force: true });
  if (builtAt !== null) {
    writeFileSync(built, "console.log(['built', ...process.argv.slice(2)].join(' '));\n");
    utimesSync(built, builtAt, builtAt);
  }
  // A folder changes when a file goes.
  for (const path of [source, join(source, '..'), join(source, '..', '..')]) utimesSync(path, sourceAt, sourceAt);
  utimesSync(other, otherAt, otherAt);
  return execFileSync(process.execPath, [join(folder, 'tools', 'start.mjs'), 'solve'], { encoding: 'utf8' }).trim();
}

it('runs the build where it is newer than all of the sources', () => {
  expect(started(1000, 2000, 3000)).toBe('built solve');
});

it('runs the sources where one of them is newer, or nothing is built', () => {
  expect(started(1000, 3000, 2000)).toBe('source solve');
  expect(started(1000, 1000, null)).toBe('source solve');
});
