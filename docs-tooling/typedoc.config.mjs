import { readFileSync } from 'node:fs';
import { entries } from './entries.mjs';

const sections = Object.keys(JSON.parse(readFileSync(new URL('./pages.json', import.meta.url), 'utf8')));

/** @type {Partial<import('typedoc').TypeDocOptions>} */
export default {
  name: 'rolla',
  tsconfig: 'tsconfig.json',
  entryPoints: entries.map(({ source }) => source),
  readme: '../README.md',
  projectDocuments: ['../docs/*.md', '../docs/decisions/*.md'],
  out: '../out/site',
  plugin: ['typedoc-plugin-missing-exports', './pages.mjs'],
  placeInternalsInOwningModule: true,
  treatWarningsAsErrors: true,
  disableSources: true,
  includeHierarchySummary: false,
  includeVersion: true,
  categorizeByGroup: false,
  groupOrder: [...sections, 'Modules', '*'],
  navigation: { includeGroups: true, includeCategories: false },
};
