/** The one description of options in files: those that are data; a signal and a callback are not. */
import { optional, record } from '../model/schemaFields.ts';
import { optionTable } from './optionTable.ts';

export const optionsSchema = record(
  'options of a solve',
  Object.fromEntries(
    Object.entries(optionTable)
      .filter(([, { group }]) => group !== 'library')
      .map(([name, { field }]) => [name, optional(field)]),
  ),
);
