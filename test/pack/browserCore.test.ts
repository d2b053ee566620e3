import { readFileSync, statSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const sourceFolder = fileURLToPath(new URL('../../src/', import.meta.url));
const repository = dirname(sourceFolder);

/** Specifiers of `import`, `export ... from`, `import()` and `require()`; type-only imports are erased and left out. */
function importsOf(path: string): string[] {
  const code = readFileSync(path, 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
  const found: string[] = [];
  for (const [, typeOnly, specifier] of code.matchAll(
    /^\s*(?:import|export)\s+(type\s)?[^;'"]*?from\s*['"]([^'"]+)['"]/gm,
  )) {
    if (typeOnly === undefined) found.push(specifier!);
  }
  for (const pattern of [/^\s*import\s*['"]([^'"]+)['"]/gm, /\b(?:import|require)\(\s*['"]([^'"]+)['"]\s*\)/g]) {
    for (const [, specifier] of code.matchAll(pattern)) found.push(specifier!);
  }
  return found;
}

/** CommonJS packages leave out the extension. */
function relativeFile(from: string, specifier: string): string {
  const path = join(dirname(from), specifier);
  return [path, `${path}.js`, `${path}.cjs`, join(path, 'index.js')].find(isFile) ?? path;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** Every file that importing `entry` loads, its packages included, with the bare specifiers met on the way. */
function reach(entry: string): { files: Set<string>; builtins: string[]; packages: Set<string> } {
  const files = new Set<string>();
  const builtins: string[] = [];
  const packages = new Set<string>();
  const waiting = [entry];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (files.has(path) || path.endsWith('.json')) continue;
    files.add(path);
    for (const specifier of importsOf(path)) {
      if (specifier.startsWith('node:') || builtinModules.includes(specifier)) builtins.push(`${path}: ${specifier}`);
      else if (specifier.startsWith('.')) waiting.push(relativeFile(path, specifier));
      else {
        packages.add(specifier);
        if (path.startsWith(sourceFolder)) waiting.push(fileURLToPath(import.meta.resolve(specifier)));
      }
    }
  }
  return { files, builtins, packages };
}

describe('the core that runs in browsers', () => {
  const { files, builtins, packages } = reach(join(sourceFolder, 'index.ts'));

  it('reaches no Node built-in, not even through its packages', () => {
    expect(builtins).toEqual([]);
    const relative = [...files].map((path) => path.slice(repository.length + 1));
    // The walk is real: it went through the rooms and into the packages.
    expect(relative).toEqual(
      expect.arrayContaining(['src/planner/optimize.ts', 'src/bnb/treeSearch.ts', 'src/lp/simplex/dualSimplex.ts']),
    );
    expect([...files].some((path) => path.includes('/node_modules/zod/'))).toBe(true);
  });

  it('imports only declared dependencies', () => {
    const { dependencies } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));
    for (const specifier of packages) {
      expect(Object.keys(dependencies)).toContain(specifier.split('/')[0]);
    }
  });

  it('notices a built-in (reading files needs some)', () => {
    expect(reach(join(sourceFolder, 'cli/files.ts')).builtins).not.toEqual([]);
  });
});
