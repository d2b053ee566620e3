/**
 * What installing rolla costs without the optional packages: itself and what the lock file says that it brings along,
 * as disks count it.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { builtPackage } from '../builtPackage.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const block = 4096;
const megabyte = 1024 * 1024;

interface LockEntry {
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly devOptional?: boolean;
  readonly peer?: boolean;
}

/** Bytes in whole blocks, folders included; packages nested inside have entries of their own. */
function sizeOnDisk(path: string): number {
  const status = statSync(path);
  const own = Math.ceil(status.size / block) * block;
  if (!status.isDirectory()) return own;
  const names = readdirSync(path).filter((name) => name !== 'node_modules');
  return names.reduce((sum, name) => sum + sizeOnDisk(join(path, name)), block);
}

it('is less than 15 MB', () => {
  const lock = JSON.parse(readFileSync(join(repository, 'package-lock.json'), 'utf8'));
  const brought = Object.entries<LockEntry>(lock.packages).flatMap(([path, { dev, optional, devOptional, peer }]) =>
    path === '' || dev || optional || devOptional || peer ? [] : path,
  );
  expect(brought).toEqual(expect.arrayContaining(['node_modules/zod', 'node_modules/commander']));
  expect(brought).not.toEqual(expect.arrayContaining(['node_modules/vega']));
  const { files } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));
  const own = (files as string[]).filter((name) => name !== 'dist').map((name) => join(repository, name));
  const sizes = [...brought.map((path) => join(repository, path)), builtPackage(), ...own].map(sizeOnDisk);
  expect(sizes.reduce((sum, size) => sum + size, 0) / megabyte).toBeLessThan(15);
});
