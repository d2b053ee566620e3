import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const repository = fileURLToPath(new URL('../../', import.meta.url));

interface Cruise {
  readonly modules: readonly { readonly source: string }[];
  readonly summary: { readonly violations: readonly unknown[] };
}

test('the rules of the house are checked on every file of src, and hold', () => {
  const args = ['depcruise', '--config', '.dependency-cruiser.mjs', '--output-type', 'json', 'src'];
  const cruise: Cruise = JSON.parse(
    execFileSync('npx', args, { cwd: repository, encoding: 'utf8', maxBuffer: 1e8, stdio: ['ignore', 'pipe', 'pipe'] }),
  );
  // A compiler that it cannot use makes dependency-cruiser see a handful of modules and find nothing wrong.
  const read = cruise.modules.map(({ source }) => source).filter((source) => /^src\/.*\.ts$/.test(source));
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', 'src/*.ts'], {
    cwd: repository,
    encoding: 'utf8',
  });
  expect(read.length).toBe(files.trim().split('\n').length);
  expect(cruise.summary.violations).toEqual([]);
});
