/** Single files that a person takes along. */
import { type Draft, isFleet } from './draft.ts';
import type { NamedFile } from './zip.ts';

export function download(name: string, content: string | Uint8Array<ArrayBuffer>): void {
  const address = URL.createObjectURL(new Blob([content]));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

export const jsonText = (data: unknown) => `${JSON.stringify(data, null, 1)}\n`;

/** The problem as it is edited, and its name. */
export function problemFile({ data }: Draft): NamedFile {
  return { name: isFleet(data) ? 'fleet.json' : 'instance.json', text: jsonText(data) };
}
