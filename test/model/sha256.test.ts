import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sha256 } from '../../src/model/sha256.ts';

const published = [
  // FIPS 180-2, appendix B; the empty text is from the NIST test vectors.
  ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  [
    'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
    '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
  ],
  ['a'.repeat(1_000_000), 'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0'],
] as const;

it('has the published values', () => {
  for (const [text, digest] of published) expect(sha256(text)).toBe(digest);
});

it("is Node's, whatever the characters, and where they lie across slices", () => {
  const node = (text: string) => createHash('sha256').update(text).digest('hex');
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      expect(sha256(text)).toBe(node(text));
    }),
    { seed: 15 },
  );
  for (let before = 65_530; before < 65_540; before++) {
    const text = `${'x'.repeat(before)}😀é€${'\ud83d'}y`;
    expect(sha256(text)).toBe(node(text));
  }
});
