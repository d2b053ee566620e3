import { expect, it } from 'vitest';
import { fingerprintOf } from '../../../src/model/fingerprint.ts';
import { presets } from '../../../src/model/options.ts';
import { validateInstance } from '../../../src/model/validateInstance.ts';
import { disagreements, hasPython } from '../secondChecker.ts';

/** Three query types on one tier, of which a GPU holds two; the second model may not be rented. */
const instance = {
  format: 'rolla-instance/1',
  name: 'three by hand',
  queryTypes: ['a', 'b', 'c'].map((name) => ({
    name,
    inputTokens: 1,
    outputTokens: 1,
    arrivalRate: 1,
    computePerToken: 0.2,
  })),
  models: ['m', 'n', 'o'].map((name) => ({ name, weightSize: 1, kvCachePerToken: 0 })),
  tiers: [{ name: 't', memory: 10, compute: 1, price: 1, tpDegrees: [1] }],
  forbidden: [{ model: 'o' }],
  rentalPeriod: 1,
};

const proofOf = (bound: string, leaf: object) => ({
  format: 'rolla-proof/1',
  instance: fingerprintOf(validateInstance(instance)),
  options: { ...presets.corrected, maxReplicas: 1 },
  plan: null,
  bound,
  resolution: 40,
  tree: { kind: 'prices', ...leaf },
});

/** Two of three query types fit on a GPU: prices of a half each show $1.5, covers that it takes two GPUs. */
const halves = { place: [0.5, 0.5, 0.5] };

it.skipIf(!hasPython)('is shown by covers where prices are short, and no more than is so', () => {
  const cases = [
    { bound: '1.5', leaf: halves, ok: true },
    { bound: '2', leaf: halves, ok: true },
    { bound: '2.001', leaf: halves, ok: false },
    // A pair that pays is paid for where it stays empty: {a, b} and {c} leave none empty.
    { bound: '1.999999', leaf: { place: [0.6, 0.6, 0.6], least: { '0': -0.2, '1': -0.2 } }, ok: true },
    { bound: '2.001', leaf: { place: [0.6, 0.6, 0.6], least: { '0': -0.2, '1': -0.2 } }, ok: false },
    // Without what they pay the leaf says too much of them.
    { bound: '1.999999', leaf: { place: [0.6, 0.6, 0.6], least: { '0': -0.2 } }, ok: false },
    // What is said of a pair that cannot be rented costs nothing where it is empty, as it always is.
    { bound: '2.5', leaf: { ...halves, least: { '2': -1000 } }, ok: false },
  ].map(({ bound, leaf, ok }) => ({ instance, proof: proofOf(bound, leaf), ok }));
  const { accepted, count, different } = disagreements(cases);
  expect({ count, different }).toEqual({ count: cases.length, different: [] });
  expect(accepted).toBe(cases.filter(({ ok }) => ok).length);
  for (const { ok, ...each } of cases) expect(disagreements([each]).accepted === 1).toBe(ok);
});

it.skipIf(!hasPython)('is read in full where its region holds no plan', () => {
  /** The second child rents the pair that cannot be rented. */
  const below = (leaf: object) => ({
    ...proofOf('1.5', halves),
    tree: {
      kind: 'configuration',
      pair: 2,
      configurations: [],
      none: true,
      children: [
        { kind: 'prices', ...halves },
        { kind: 'prices', ...leaf },
      ],
    },
  });
  const sound = [{}, { least: { '2': 5 } }];
  const unsound = [
    { least: { '3': 0 } },
    { place: [0] },
    { place: [0, 0, 0, 0] },
    { serve: [] },
    { counts: [1] },
    { some: [1] },
    { gpus: { '0': 1 } },
    { gpus: { '1': 0 } },
    { fleetLimits: { '0': 0 } },
    { committed: { '0': 0 } },
    { budget: 1 },
    { storage: 1 },
    { scenario: [1, 0, 0] },
    { delay: { '0': { price: 1 } } },
    { error: { '3': { price: 0 } } },
    { error: { '0': { price: 0, xi: { '0': 0 } } } },
  ];
  const cases = (leaves: readonly object[]) => leaves.map((leaf) => ({ instance, proof: below(leaf) }));
  const all = { count: sound.length, accepted: sound.length, different: [] };
  expect(disagreements(cases(sound))).toEqual(all);
  expect(disagreements(cases(unsound))).toEqual({ count: unsound.length, accepted: 0, different: [] });
});
