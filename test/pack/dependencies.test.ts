import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

describe('docs/dependencies.md', () => {
  it('gives a reason for every dependency, and for nothing else', () => {
    const { dependencies, devDependencies } = JSON.parse(read('package.json'));
    const tooling = JSON.parse(read('docs-tooling/package.json'));
    const listed = [...read('docs/dependencies.md').matchAll(/^\| (`.*?) \|/gm)].flatMap((row) =>
      [...row[1].replace(/\(.*?\)/g, '').matchAll(/`([^`]+)`/g)].map((name) => name[1]),
    );
    const packages = { ...dependencies, ...devDependencies, ...tooling.devDependencies };
    const declared = Object.keys(packages);
    const isTypes = (name: string) => name.startsWith('@types/');
    expect(listed.filter((name) => !isTypes(name)).sort()).toEqual(declared.filter((name) => !isTypes(name)).sort());
  });
});
