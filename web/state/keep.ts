/**
 * Where a draft outlives the page: in the address (packed, so that a link is the whole problem) and in the browser's
 * own storage. Nothing is sent: what stands behind # stays in the browser.
 */

import { parseJson } from '../../src/model/jsonText.ts';
import { asRecord } from '../../src/model/looseData.ts';
import type { Draft } from './draft.ts';

const storageKey = 'rolla draft';
const linkKey = 'draft=';
/** Characters of an address that programs still carry. */
export const longestLink = 60_000;

const draftText = ({ data, options }: Draft) => JSON.stringify({ data, options });

function draftOf(text: string): Draft | null {
  const { data, options } = asRecord(parseJson(text));
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return null;
  return { data: data as Draft['data'], options: asRecord(options) };
}

export function storeDraft(draft: Draft): void {
  try {
    localStorage.setItem(storageKey, draftText(draft));
  } catch {
    // Full, or forbidden, as in a page opened from mail: the page works without.
  }
}

export function storedDraft(): Draft | null {
  try {
    const text = localStorage.getItem(storageKey);
    return text === null ? null : draftOf(text);
  } catch {
    return null;
  }
}

/** The address of this page with the draft in it. */
export async function linkOf(draft: Draft): Promise<string> {
  const packed = await throughStream(new TextEncoder().encode(draftText(draft)), new CompressionStream('deflate-raw'));
  const letters = Array.from(packed, (byte) => String.fromCharCode(byte)).join('');
  const text = btoa(letters).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
  return `${location.href.replace(/#.*$/, '')}#${linkKey}${text}`;
}

/** The draft in an address; null where there is none. Throws where there is one that cannot be read. */
export async function draftInLink(hash: string): Promise<Draft | null> {
  if (!hash.startsWith(`#${linkKey}`)) return null;
  const text = hash
    .slice(linkKey.length + 1)
    .replaceAll('-', '+')
    .replaceAll('_', '/');
  const packed = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const plain = await throughStream(packed, new DecompressionStream('deflate-raw'));
  const draft = draftOf(new TextDecoder().decode(plain));
  if (draft === null) throw new Error('the link holds no problem');
  return draft;
}

async function throughStream(
  bytes: Uint8Array<ArrayBuffer>,
  stream: CompressionStream | DecompressionStream,
): Promise<Uint8Array> {
  const whole = new Blob([bytes]).stream().pipeThrough(stream);
  return new Uint8Array(await new Response(whole).arrayBuffer());
}
