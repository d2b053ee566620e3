/**
 * `npm run schema`: writes the JSON schemas that the package ships, the table in `docs/options.md`, what `rolla
 * strategies` says of each number, and the pictures of the method.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { jsonSchemaFiles } from './jsonSchemas.ts';
import { methodPictures } from './methodPictures.ts';
import { withOptionsTable } from './optionsPage.ts';
import { parameterNotesModule } from './parameterNotes.ts';

for (const [name, text] of Object.entries(jsonSchemaFiles())) {
  writeFileSync(new URL(`../schema/${name}`, import.meta.url), text);
}
const page = new URL('../docs/options.md', import.meta.url);
writeFileSync(page, withOptionsTable(readFileSync(page, 'utf8')));
writeFileSync(new URL('../src/report/parameterNotes.ts', import.meta.url), parameterNotesModule());
for (const [name, picture] of Object.entries(methodPictures()))
  writeFileSync(new URL(`../docs/pictures/${name}`, import.meta.url), picture);
