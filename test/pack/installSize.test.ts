/**
 * What installing rolla costs without the optional packages: itself and what the lock file says that it brings along,
 * in bytes of files (disks count about a quarter more, in blocks).
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { builtPackage } from '../builtPackage.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const megabyte = 1024 * 1024;

interface LockEntry {
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly devOptional?: boolean;
  readonly peer?: boolean;
}

/** Bytes of all files; packages nested inside have entries of their own. */
function sizeOf(path: string): number {
  const status = statSync(path);
  if (!status.isDirectory()) return status.size;
  // The bytecode that a solve leaves beside the command line (1.6 MB) is no part of what is installed.
  const names = readdirSync(path).filter((name) => name !== 'node_modules' && name !== 'program.bytecode');
  return names.reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}

it('is less than 15 MB', () => {
  const lock = JSON.parse(readFileSync(join(repository, 'package-lock.json'), 'utf8'));
  const brought = Object.entries<LockEntry>(lock.packages).flatMap(([path, { dev, optional, devOptional, peer }]) =>
    path === '' || dev || optional || devOptional || peer ? [] : path,
  );
  expect(brought).toEqual(expect.arrayContaining(['node_modules/zod', 'node_modules/commander']));
  expect(brought).not.toEqual(expect.arrayContaining(['node_modules/vega']));
  const { files } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));
  const own = (files as string[])
    .filter((name) => name !== 'dist')
    .map((name) => (name.startsWith('!') ? -sizeOf(join(repository, name.slice(1))) : sizeOf(join(repository, name))));
  const sizes = [...brought.map((path) => join(repository, path)), builtPackage()].map(sizeOf).concat(own);
  expect(sizes.reduce((sum, size) => sum + size, 0) / megabyte).toBeLessThan(15);
});
