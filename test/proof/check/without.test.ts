/** Configurations left out (`without`), on the worked example of docs/proofs.md, whose only plans cost $2. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/input/inputError.ts';
import { checkProof } from '../../../src/proof/check/checkProof.ts';
import { disagreements, hasPython } from '../secondChecker.ts';

const page = readFileSync('docs/proofs.md', 'utf8');
const [instance, example] = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(
  ([, text]) => JSON.parse(text!) as object,
);

const small = { kind: 'prices', place: [1, 1] };
/** With degree 1 rented a pattern costs 1 - 5 - 9 or more, with degree 2 at least 2 - 10: 5 + 5 + 9 - 13 = 6. */
const none = { kind: 'prices', place: [5, 5], some: [9], least: { '0': -13 } };
const { some: _, ...unpriced } = none;
const without = (configurations: object, first: object, second: object) => ({
  ...example,
  tree: { kind: 'without', configurations, children: [first, second] },
});

const sound = [
  without({ '0': [0] }, small, none),
  without({ '0': [0] }, small, { ...small, some: [0] }),
  without({ '0': [0] }, small, small),
  // Nothing is left in the first child, everything in the second, and the other way round.
  without({ '0': [0, 1] }, small, small),
  without({}, small, { ...small, some: [100] }),
  without({ '0': [] }, small, { kind: 'prices', cost: 0, some: [1] }),
  // What prices do not show covers do.
  without({ '0': [0] }, small, unpriced),
];

const unsound = [
  // Degree 2 costs 2, whatever is said of degree 1.
  { ...without({ '0': [0] }, small, none), bound: '3' },
  { ...without({ '0': [0, 1] }, small, none), bound: '3' },
  { ...without({ '0': [1] }, small, none), bound: '3' },
  // That is what a pattern costs without the price of being rented.
  without({ '0': [0] }, small, { ...none, least: { '0': -4 } }),
  without({ '0': [0] }, small, { ...none, least: { '0': -12.9 } }),
  // The price is that of the second child alone, one for each such split above.
  without({ '0': [0] }, none, none),
  without({ '0': [0] }, { ...small, some: [1] }, none),
  without({ '0': [0] }, small, { ...none, some: [9, 9] }),
  without({ '0': [0] }, small, { ...none, some: [] }),
  { ...without({ '0': [0] }, small, unpriced), bound: '2.01' },
  { ...example, tree: { ...small, some: [1] } },
  // Places that there are not.
  without({ '1': [0] }, small, small),
  without({ '0': [2] }, small, small),
];

const malformed = [
  without({ '0': [0.5] }, small, small),
  without({ '0': [-1] }, small, small),
  without({ '0': 0 }, small, small),
  without({ '0': { '0': 0.5 } }, small, small),
  without({ '00': [0] }, small, small),
  without([[0]], small, small),
  without({ '0': [0] }, small, { ...none, some: [-9] }),
  without({ '0': [0] }, small, { ...none, some: { '0': 9 } }),
  { ...example, tree: { kind: 'without', configurations: { '0': [0] }, most: 0, children: [small, small] } },
  { ...example, tree: { kind: 'without', configurations: { '0': [0] }, children: [small] } },
];

describe('configurations left out', () => {
  it.each(sound.map((proof) => [JSON.stringify(proof.tree), proof]))('are accepted: %s', (_text, proof) => {
    expect(checkProof(instance, proof)).toMatchObject({ ok: true, gap: 0 });
  });

  it.each(unsound.map((proof) => [JSON.stringify(proof.tree), proof]))('are refused: %s', (_text, proof) => {
    expect(checkProof(instance, proof)).toMatchObject({ ok: false });
  });

  it.each(malformed.map((proof) => [JSON.stringify(proof.tree), proof]))('are no proof: %s', (_text, proof) => {
    expect(() => checkProof(instance, proof)).toThrow(InputError);
  });

  it.skipIf(!hasPython)('are the same to the second checker', () => {
    const cases = [...sound, ...unsound].map((proof) => ({ instance, proof }));
    expect(disagreements(cases)).toEqual({ count: cases.length, accepted: sound.length, different: [] });
  });
});
