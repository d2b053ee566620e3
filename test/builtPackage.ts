/**
 * The package as users have it, for tests that start programs and threads: compiled once for each state of `src` and
 * kept in `out`, since a loader would compile all of it anew in every process and thread.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const repository = fileURLToPath(new URL('..', import.meta.url));
const shelf = join(repository, 'out', 'built');

/** The folder of the compiled files of `src`, laid out as `src` is. */
export function builtPackage(): string {
  const folder = join(shelf, fingerprintOfSources());
  if (!existsSync(folder)) build(folder);
  return folder;
}

/** The built command line, to be run by `process.execPath`. */
export const builtCli = (): string => join(builtPackage(), 'cli', 'main.js');

/** A module of the built package; `path` as in `src`, ending in .js. */
export const importBuilt = (path: string): Promise<unknown> => import(pathToFileURL(join(builtPackage(), path)).href);

function fingerprintOfSources(): string {
  const hash = createHash('sha256');
  const files = readdirSync(join(repository, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const others = ['tsconfig.json', 'tsconfig.build.json', 'tools/bundleCli.ts'].map((name) => join(repository, name));
  for (const file of [...files, ...others]) hash.update(file).update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}

/** Whole or not at all: other processes may build the same at the same time. */
function build(folder: string): void {
  mkdirSync(shelf, { recursive: true });
  const former = readdirSync(shelf).filter((name) => !name.startsWith('new-'));
  const fresh = mkdtempSync(join(shelf, 'new-'));
  const compiler = join(repository, 'node_modules/typescript-7/bin/tsc');
  execFileSync(process.execPath, [compiler, '-p', join(repository, 'tsconfig.build.json'), '--outDir', fresh]);
  execFileSync(process.execPath, ['--import', 'tsx', join(repository, 'tools', 'bundleCli.ts'), fresh]);
  try {
    renameSync(fresh, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
    rmSync(fresh, { recursive: true });
  }
  for (const name of former) rmSync(join(shelf, name), { recursive: true, force: true });
}
