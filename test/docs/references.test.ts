/**
 * Every reference to a section of the specification, every link between pages and every path that a page names leads
 * somewhere. `specification 4.2` is the form in which code and pages cite a section.
 */
import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesLike, repository, textOf } from './repositoryFiles.ts';

const pages = filesLike('*.md');
const code = filesLike('src/*.ts', 'src/*.mjs', 'test/*.ts', 'bench/*.ts', 'tools/*.ts', 'web/*.ts', '*.mjs');
const thisFile = 'test/docs/references.test.ts';

/** Headings of a page without those inside fenced code. */
function headings(page: string): string[] {
  return [...withoutFences(textOf(page)).matchAll(/^#{1,6} +(.+)$/gm)].map(([, title]) => title!.trim());
}

function withoutFences(text: string): string {
  return text.replace(/^( *)(```|~~~)[\s\S]*?^\1\2/gm, '');
}

/** As GitHub makes anchors of headings. */
function anchorOf(heading: string): string {
  const plain = heading.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '');
  return plain.replace(/\s/g, '-');
}

/** Text with the line breaks of wrapped comments and paragraphs taken out, so that a reference may be broken. */
function unwrapped(text: string): string {
  return text.replace(/\s*\n\s*(\*(?!\/)|\/\/)?\s*/g, ' ');
}

const sections = new Set(
  headings('docs/specification.md').flatMap((title) => /^(\d+(\.\d+)?)\.? /.exec(title)?.[1] ?? []),
);

const number = String.raw`\d+(?:\.\d+)?`;
const numbers = `(${number}(?:(?:-|, | and | to |, and )${number})*)`;

/** The sections that `3-5`, `4.8, 4.9` or `1 and 8` mean. */
function sectionsIn(list: string): string[] {
  return list.split(/, and |, | and /).flatMap((item) => {
    const [first, last] = item.split(/-| to /);
    if (last === undefined) return [first!];
    const between = Array.from({ length: Number(last) - Number(first) + 1 }, (_, step) => String(Number(first) + step));
    return [first!, last, ...between];
  });
}

function unresolved(file: string, pattern: RegExp): string[] {
  return [...unwrapped(textOf(file)).matchAll(pattern)].flatMap(([reference, list]) =>
    sectionsIn(list!).every((section) => sections.has(section)) ? [] : [`${file}: ${reference}`],
  );
}

describe('references', () => {
  it('to a section of the specification name one that exists, in code and on pages', () => {
    expect(sections.size).toBeGreaterThan(40);
    const cite = new RegExp(String.raw`\bspecification ${numbers}`, 'gi');
    const files = [...code, ...pages].filter((file) => file !== thisFile);
    const cited = files.filter((file) => unwrapped(textOf(file)).match(cite) !== null);
    expect(cited.length).toBeGreaterThan(30);
    expect(files.flatMap((file) => unresolved(file, cite))).toEqual([]);
  });

  it('inside the specification do too', () => {
    const cite = new RegExp(String.raw`\b(?:[Ss]ections?|rows?) ${numbers}`, 'g');
    expect(unresolved('docs/specification.md', cite)).toEqual([]);
  });

  it('tell a section that does not exist', () => {
    expect(sectionsIn('3-5')).toEqual(expect.arrayContaining(['3', '4', '5']));
    expect(sectionsIn('4.8, 4.9 and 5')).toEqual(['4.8', '4.9', '5']);
    expect(['4.11', '20', '0'].some((section) => sections.has(section))).toBe(false);
    expect(['4.10', '19', '1'].every((section) => sections.has(section))).toBe(true);
  });

  it('to a page, from code, name one that exists', () => {
    const missing = code.flatMap((file) =>
      // Pages named in comments; a file name in quotes is data of the code.
      [...textOf(file).matchAll(/(?<![\w./'"`{}-])((?:[\w-]+\/)*[\w-]+\.md)\b/g)]
        .map(([, page]) => page!)
        .filter((page) => [page, join(dirname(file), page)].every((path) => !existsSync(join(repository, path))))
        .map((page) => `${file}: ${page}`),
    );
    expect(missing).toEqual([]);
  });
});

it('invariants that code cites are in the numbered list', () => {
  const [, list] = textOf('docs/architecture.md').split('## Invariants\n');
  const numbered = new Set([...list!.split('\n## ')[0].matchAll(/^(\d+)\. /gm)].map(([, invariant]) => invariant!));
  const cited = code.flatMap((file) =>
    [...unwrapped(textOf(file)).matchAll(/invariant (\d+) of docs\/architecture\.md/g)].map((match) => match[1]),
  );
  expect(cited.length).toBeGreaterThan(0);
  expect(cited.filter((invariant) => !numbered.has(invariant))).toEqual([]);
});

describe('links', () => {
  const links = pages.flatMap((page) =>
    [...withoutFences(textOf(page)).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target]) => ({ page, target: target! }))
      .filter(({ target }) => !/^[a-z]+:/.test(target)),
  );

  it('between pages lead to files, and anchors to headings', () => {
    expect(links.length).toBeGreaterThan(30);
    const broken = links.flatMap(({ page, target }) => {
      const [path, anchor] = target.split('#') as [string, string?];
      const file = path === '' ? page : normalize(join(dirname(page), path));
      if (!existsSync(join(repository, file))) return [`${page}: ${target}`];
      if (anchor === undefined || headings(file).some((heading) => anchorOf(heading) === anchor)) return [];
      return [`${page}: ${target} (no such heading)`];
    });
    expect(broken).toEqual([]);
  });

  it('every page of docs is reached from the README', () => {
    const reached = new Set(['README.md']);
    for (const page of reached) {
      for (const link of links) {
        if (link.page !== page) continue;
        const [path] = link.target.split('#') as [string];
        if (path.endsWith('.md')) reached.add(normalize(join(dirname(page), path)));
      }
    }
    expect(filesLike('docs/*.md').filter((page) => !reached.has(page))).toEqual([]);
  });
});

it('paths in the code face of a page exist', () => {
  const missing = pages.flatMap((page) =>
    [...withoutFences(textOf(page)).matchAll(/`((?:src|test|bench|docs|web|tools|schema)\/[\w./-]*[\w/])`/g)]
      .map(([, path]) => path!)
      .filter((path) => !existsSync(join(repository, path)))
      .map((path) => `${page}: ${path}`),
  );
  expect(missing).toEqual([]);
});
