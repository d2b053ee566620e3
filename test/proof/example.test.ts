/** The worked example of docs/proofs.md is what the checker accepts. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { checkProof } from '../../src/proof/check/checkProof.ts';

const page = readFileSync('docs/proofs.md', 'utf8');
const [instance, proof] = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text]) => JSON.parse(text!) as object);

it('is proven exactly', () => {
  expect(checkProof(instance, proof)).toMatchObject({
    ok: true,
    claims: ['plan', 'bound'],
    cost: '2.000000000000',
    bound: '2.000000000000',
    gap: 0,
    largestViolation: 0,
    leaves: 1,
  });
});

it('is proven by covers where prices are short of it', () => {
  expect(checkProof(instance, { ...proof, tree: { kind: 'prices', place: [1, 0.9] } })).toMatchObject({ ok: true });
});

it('proves no more than the cost, and nothing of other prices or another instance', () => {
  const refused = (change: object) =>
    expect(checkProof(instance, { ...proof, ...change })).toMatchObject({ ok: false });
  refused({ bound: '2.01' });
  refused({ bound: '2.01', tree: { kind: 'prices', place: [1, 0.9] } });
  refused({ tree: { kind: 'prices', place: [1.1, 1.1] } });
  refused({ bound: null, plan: null });
  expect(checkProof({ ...instance, rentalPeriod: 2 }, proof)).toMatchObject({ ok: false, path: 'instance' });
});
