/** What both checkers say of files that are almost a proof, made of proofs with every kind of node and every field. */
import { InputError } from '../../src/input/inputError.ts';
import { fingerprintOf } from '../../src/model/fingerprint.ts';
import { parseJson } from '../../src/model/jsonText.ts';
import { presets } from '../../src/model/options.ts';
import { validateInstance } from '../../src/model/validateInstance.ts';
import { checkProof } from '../../src/proof/check/checkProof.ts';
import { hostileForms } from './hostileForms.ts';
import { verdictsOnTexts } from './secondChecker.ts';

/** Of every `period`-th form: where the checkers differ, and how many the first accepts and refuses. */
export function judgedForms(placement: 'single' | 'split', period: number) {
  const { instance, proof } = everyForm(placement);
  const sound = { change: 'none', text: JSON.stringify(proof) };
  const forms = [sound, ...[...hostileForms(proof)].filter((_, n) => n % period === 0)];
  const first = forms.map(({ text }) => firstVerdict(instance, text));
  if (!first[0]) throw new Error('the sound proof is refused');
  const second = verdictsOnTexts(
    'plan',
    forms.map(({ text }) => ({ about: JSON.stringify(instance), proof: text })),
  );
  const accepted = first.filter((isAccepted) => isAccepted).length;
  return {
    differing: forms.filter((_, n) => first[n] !== second[n].ok).map(({ change }) => change),
    accepted,
    refused: first.length - accepted,
  };
}

function firstVerdict(instance: unknown, file: string): boolean {
  try {
    return checkProof(instance, parseJson(file)).ok;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

/**
 * An instance with every kind of limit and proofs that hold every kind of node and every field. What is committed is
 * paid for whatever is rented: that shows the bound, by so much that no rounding to a coarse resolution, which is the
 * first checker's alone, takes it away. Other prices may be small.
 */
function everyForm(placement: 'single' | 'split') {
  const ofEach = (value: number) =>
    Array.from({ length: 3 }, () => [
      [value, value],
      [value, value],
    ]);
  const instance = {
    format: 'rolla-instance/1',
    queryTypes: ['a', 'b', 'c'].map((name) => ({
      name,
      inputTokens: 1,
      outputTokens: 1,
      arrivalRate: 1,
      computePerToken: 0.1,
      delayPenalty: 0.001,
      delayThreshold: 100,
      errorThreshold: 0.5,
    })),
    models: ['m', 'n'].map((name) => ({ name, weightSize: 1, kvCachePerToken: 0.01 })),
    tiers: [
      { name: 's', memory: 10, compute: 2, price: 64, tpDegrees: [1, 2], committed: 1, available: 10 },
      { name: 't', memory: 10, compute: 2, price: 1, tpDegrees: [1, 2] },
    ],
    rentalPeriod: 1,
    budget: 1000,
    storageCapacity: 100,
    fleetLimits: [{ name: 'all', perGpu: { s: 1, t: 1 }, most: 20 }],
    delay: { nominal: ofEach(1), deviation: ofEach(1) },
    error: { nominal: ofEach(0.1), deviation: ofEach(0.1) },
    uncertaintyBudget: { delay: 1, error: 1 },
  };
  const isSplit = placement === 'split';
  const small = 2 ** -20;
  const shares = isSplit ? { xi: { '0': 0.5 } } : {};
  const prices = {
    kind: 'prices',
    ...(isSplit ? {} : { place: [small, 0, small] }),
    serve: [small, 0, -small],
    budget: small / 1024,
    storage: small,
    gpus: { '0': small },
    fleetLimits: { '0': small },
    committed: { '0': 0 },
    scenario: isSplit ? [{ '1': 0.5 }, {}, { '0': 0.25 }] : [0.5, 0, 0.25],
    delay: { '1': { price: small, ...shares } },
    error: { '2': { price: small, ...shares } },
    counts: [small],
    some: [small],
    least: { '0': -0.01, '1': -0.01, '2': -0.01, '3': -0.01 },
  };
  const plain = { kind: 'prices', committed: { '0': 0 } };
  const under = (split: object, child: object) => ({ ...split, children: [child, plain] });
  const splits = under(
    { kind: 'count', pairs: [0, 1], most: 1 },
    under(
      { kind: 'configuration', pair: 0, configurations: [0], none: true },
      under(
        { kind: 'replicas', pair: 1, configuration: 1, most: 1 },
        {
          kind: 'without',
          configurations: { '2': [0, 1], '3': [1] },
          children: [plain, under({ kind: 'place', queryType: 0, pairs: [0, 1, 2] }, prices)],
        },
      ),
    ),
  );
  // One of none is rented: a contradiction.
  const nothing = { kind: 'prices', cost: 0, some: [1] };
  const tree = { kind: 'without', configurations: {}, children: [splits, nothing] };
  const at = { model: 'm', tier: 's' };
  const proof = {
    format: 'rolla-proof/1',
    instance: fingerprintOf(validateInstance(instance)),
    options: { ...presets.corrected, placement },
    plan: {
      deployments: [{ ...at, tpDegree: 1, pipelineDegree: 1, replicas: 1 }],
      routing: ['a', 'b', 'c'].map((queryType, i) => ({ queryType, ...at, fraction: i === 0 ? '1/1' : 1 })),
    },
    bound: '0.5',
    resolution: 60,
    tree,
  };
  return { instance, proof };
}
