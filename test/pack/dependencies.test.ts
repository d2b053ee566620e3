import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

describe('docs/dependencies.md', () => {
  it('gives a reason for every dependency, and for nothing else', () => {
    const { dependencies, devDependencies } = JSON.parse(read('package.json'));
    const listed = [...read('docs/dependencies.md').matchAll(/^\| (`.*?) \|/gm)].flatMap((row) =>
      [...row[1].replace(/\(.*?\)/g, '').matchAll(/`([^`]+)`/g)].map((name) => name[1]),
    );
    const declared = [...Object.keys(dependencies), ...Object.keys(devDependencies)];
    const isTypes = (name: string) => name.startsWith('@types/');
    expect(listed.filter((name) => !isTypes(name)).sort()).toEqual(declared.filter((name) => !isTypes(name)).sort());
  });
});
