/** What stands in a cell for a value, and what a text means: numbers where they are numbers, else the text as it is. */
import { asRecord } from '../../src/model/looseData.ts';

/**
 * `text`: as it stands. `amount`: a number, or a text of one with its unit. `degrees`: numbers parted by blanks.
 * `sizes`: one amount, or `FP8: 8 GB, BF16: 16 GB`. `amounts`: the same, always by name.
 */
export type CellKind = 'text' | 'amount' | 'degrees' | 'sizes' | 'amounts';

export function textOfValue(value: unknown, kind: CellKind): string {
  if (value === undefined || value === null) return '';
  if (kind === 'degrees' && Array.isArray(value)) return value.map(String).join(' ');
  if (typeof value === 'object' && !Array.isArray(value)) {
    return Object.entries(asRecord(value))
      .map(([name, amount]) => `${/[",:]|^\s|\s$/.test(name) ? JSON.stringify(name) : name}: ${String(amount)}`)
      .join(', ');
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

export function valueOfText(text: string, kind: CellKind): unknown {
  const plain = text.trim();
  if (plain === '') return undefined;
  if (kind === 'text') return text;
  if (kind === 'degrees') return plain.split(/[\s,;]+/).map(numberOrText);
  if (kind === 'amount' || (kind === 'sizes' && !plain.includes(':'))) return numberOrText(plain);
  return amountsOf(plain) ?? plain;
}

function numberOrText(text: string): number | string {
  const value = Number(text);
  return Number.isFinite(value) ? value : text;
}

/** `name: amount` parted by commas; names with signs of their own in quotes. Null where it is no such list. */
function amountsOf(text: string): Record<string, unknown> | null {
  const entries: [string, unknown][] = [];
  const entry = /\s*(?:("(?:[^"\\]|\\.)*")|([^",:]+?))\s*:\s*([^,]*?)\s*(?:,|$)/y;
  while (entry.lastIndex < text.length) {
    const match = entry.exec(text);
    if (match === null) return null;
    const [, quoted, name, amount] = match;
    try {
      entries.push([quoted === undefined ? name! : (JSON.parse(quoted) as string), numberOrText(amount!)]);
    } catch {
      return null;
    }
  }
  return Object.fromEntries(entries);
}
