/**
 * `npm run schema`: writes the JSON schemas that the package ships, the table in `docs/options.md` and what `rolla
 * strategies` says of each number.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { jsonSchemaFiles } from './jsonSchemas.ts';
import { withOptionsTable } from './optionsPage.ts';
import { parameterNotesModule } from './parameterNotes.ts';

for (const [name, text] of Object.entries(jsonSchemaFiles())) {
  writeFileSync(new URL(`../schema/${name}`, import.meta.url), text);
}
const page = new URL('../docs/options.md', import.meta.url);
writeFileSync(page, withOptionsTable(readFileSync(page, 'utf8')));
writeFileSync(new URL('../src/report/parameterNotes.ts', import.meta.url), parameterNotesModule());
