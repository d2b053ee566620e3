/** The instance that a command is about: the file that is named, else the published one. */
import { generateReference } from '../generator/generateReference.ts';
import type { Instance } from '../model/instance.ts';
import { readInstance } from './files.ts';
import type { Terminal } from './terminal.ts';

export const instanceArgument = [
  '[instance]',
  'rolla-instance/1 or rolla-fleet/1 file; - reads stdin; default: the published reference instance',
] as const;

/** Throws InputError. */
export async function instanceOrReference(path: string | undefined, terminal: Terminal): Promise<Instance> {
  return path === undefined ? generateReference() : readInstance(path, terminal);
}
