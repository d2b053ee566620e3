/** What the files that people write may hold beside their data; nothing reads it. */
import { either, list, optional, text, withMeta } from './schemaFields.ts';

const note = text('a note');

export const remarks = {
  $schema: optional(text('address of the JSON schema, for editors')),
  notes: optional(
    withMeta(either('a string or an array of strings (notes)', [note, list('notes', note)]), {
      description: 'Anything worth saying about the data',
    }),
  ),
} as const;
