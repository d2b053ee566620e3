/** The documentation site, built: typedoc warns of nothing, and every link within the site leads somewhere. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const folder = fileURLToPath(new URL('../../../docs-tooling/', import.meta.url));
const isInstalled = existsSync(`${folder}node_modules/typedoc`);

it.skipIf(!isInstalled)('is built (skipped without npm ci --prefix docs-tooling)', () => {
  const { status, stdout, stderr } = spawnSync('npm', ['run', 'build'], { cwd: folder, encoding: 'utf8' });
  expect(status, `${stdout}\n${stderr}`).toBe(0);
  expect(stdout).toMatch(/[1-9]\d* pages, [1-9]\d* links within the site, 0 broken/);
});
