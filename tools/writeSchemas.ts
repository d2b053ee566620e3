/** `npm run schema`: writes the JSON schemas that the package ships, and the table in `docs/options.md`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { jsonSchemaFiles } from './jsonSchemas.ts';
import { withOptionsTable } from './optionsPage.ts';

for (const [name, text] of Object.entries(jsonSchemaFiles())) {
  writeFileSync(new URL(`../schema/${name}`, import.meta.url), text);
}
const page = new URL('../docs/options.md', import.meta.url);
writeFileSync(page, withOptionsTable(readFileSync(page, 'utf8')));
