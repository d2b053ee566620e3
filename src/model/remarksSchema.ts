/** What the files that people write may hold beside their data; nothing reads it. */
import { either, list, text } from './schemaFields.ts';

const note = text('a note');

export const remarks = {
  $schema: text('address of the JSON schema, for editors').optional(),
  notes: either('a string or an array of strings (notes)', [note, list('notes', note)])
    .meta({ description: 'Anything worth saying about the data' })
    .optional(),
} as const;
