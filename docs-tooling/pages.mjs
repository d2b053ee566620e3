/**
 * Typedoc plugin: pages are called by their headings and stand in the sections of pages.json, in that order; modules
 * are called as they are imported.
 */
import { readFileSync } from 'node:fs';
import { Converter, ReflectionKind } from 'typedoc';
import { entries } from './entries.mjs';

const sections = JSON.parse(readFileSync(new URL('./pages.json', import.meta.url), 'utf8'));

/** @param {string} path from the folder of the pages, without its ending */
function sectionOf(path) {
  const found = Object.entries(sections).find(([, pages]) =>
    pages.some((page) => page === path || (page.endsWith('/*') && path.startsWith(page.slice(0, -1)))),
  );
  if (found === undefined) throw new Error(`docs/${path}.md is in no section of pages.json`);
  return found[0];
}

/** @param {import('typedoc').Application} app */
export function load(app) {
  app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_, page) => {
    const file = page.project.files.getReflectionPath(page);
    page.frontmatter.group = sectionOf(file.replace(/^.*\/docs\//, '').replace(/\.md$/, ''));
    const heading = /^# (.+)$/m.exec(readFileSync(file, 'utf8'));
    if (heading !== null) page.name = heading[1].replaceAll('`', '');
  });
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const module of project.getReflectionsByKind(ReflectionKind.Module)) {
      const entry = entries.find((each) => each.module === module.name);
      if (entry === undefined) throw new Error(`the module ${module.name} is no entry of the package`);
      module.name = entry.name;
    }
  });
}
