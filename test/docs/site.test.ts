/** What the documentation site is built from, without building it (test/long/docs does). */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { methodPictures } from '../../tools/methodPictures.ts';

const at = (path: string) => new URL(`../../${path}`, import.meta.url);
const pagesIn = (folder: string) => readdirSync(at(folder)).filter((name) => name.endsWith('.md'));

describe('the documentation site', () => {
  it('has every page of docs in one section, and no other', () => {
    const sections: Record<string, string[]> = JSON.parse(readFileSync(at('docs-tooling/pages.json'), 'utf8'));
    const listed = Object.values(sections).flat();
    const pages = pagesIn('docs').map((name) => name.replace(/\.md$/, ''));
    expect(pages.length).toBeGreaterThan(15);
    expect(listed.filter((name) => !name.endsWith('/*')).sort()).toEqual(pages.sort());
    for (const name of listed.filter((each) => each.endsWith('/*')))
      expect(pagesIn(`docs/${name.slice(0, -2)}`).length).toBeGreaterThan(0);
  });

  it('documents every entry of the package', async () => {
    const { entries } = await import(at('docs-tooling/entries.mjs').href);
    const { exports } = JSON.parse(readFileSync(at('package.json'), 'utf8'));
    const names = entries.map(({ name }: { name: string }) => name);
    for (const path of Object.keys(exports).filter((each) => !each.includes('*')))
      expect(names).toContain(`rolla${path.slice(1)}`);
    for (const { source } of entries) expect(existsSync(at(`docs-tooling/${source}`))).toBe(true);
  });

  it('has the pictures of the method as the solver draws them today (npm run schema)', () => {
    const pictures = methodPictures();
    expect(readdirSync(at('docs/pictures')).sort()).toEqual(Object.keys(pictures).sort());
    for (const [name, picture] of Object.entries(pictures))
      expect(readFileSync(at(`docs/pictures/${name}`), 'utf8')).toBe(picture);
  });
});
