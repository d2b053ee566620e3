/** `npm run schema`: writes the JSON schemas that the package ships. */
import { writeFileSync } from 'node:fs';
import { jsonSchemaFiles } from './jsonSchemas.ts';

for (const [name, text] of Object.entries(jsonSchemaFiles())) {
  writeFileSync(new URL(`../schema/${name}`, import.meta.url), text);
}
