/** Texts that differ from a given one by one change, as a bad disk, an editor or an attacker makes it. */
import fc from 'fast-check';

/** A character put in place of another, put in or taken out, a piece cut off, doubled or taken out. */
export function alteration(text: string): fc.Arbitrary<string> {
  const place = fc.nat({ max: text.length - 1 });
  const length = fc.integer({ min: 1, max: Math.min(200, text.length) });
  const character = fc.constantFrom(...'0123456789abcdefABEINZ"{}[],.:-+ \n\\nul');
  return fc
    .oneof(
      fc.tuple(place, character).map(([at, by]) => text.slice(0, at) + by + text.slice(at + 1)),
      fc.tuple(place, character).map(([at, by]) => text.slice(0, at) + by + text.slice(at)),
      fc.tuple(place, length).map(([at, size]) => text.slice(0, at) + text.slice(at + size)),
      fc.tuple(place, length).map(([at, size]) => text.slice(0, at + size) + text.slice(at)),
      place.map((at) => text.slice(0, at)),
    )
    .filter((altered) => altered !== text);
}
