import { describe, expect, it } from 'vitest';
import { generateReference } from '../../src/generator/generateReference.ts';
import { InputError } from '../../src/input/inputError.ts';
import { optimize } from '../../src/planner/optimize.ts';
import { checkProof } from '../../src/proof/check/checkProof.ts';
import { writeProof } from '../../src/proof/write/writeProof.ts';
import { alterations, type Case } from './mutations.ts';
import { disagreements, hasPython, secondVerdicts } from './secondChecker.ts';

describe.skipIf(!hasPython)('the checker in Python', () => {
  it('accepts what the first accepts of the reference instance', () => {
    const instance = generateReference();
    const proof = writeProof(instance, optimize(instance, { preset: 'reference' }));
    const poor = { ...instance, budget: 1 };
    const infeasible = writeProof(poor, optimize(poor, { preset: 'reference' }));
    const cases = [
      { instance, proof },
      { instance, proof: { ...proof, bound: '600' } },
      { instance: poor, proof: infeasible },
    ];
    expect(disagreements(cases)).toEqual({ count: 3, accepted: 2, different: [] });
  });

  it('says of altered proofs what the first says', () => {
    // Another resolution weakens the bounds of the first alone.
    const isComparable = ({ proof }: Case) => ((proof as { resolution: number }).resolution ?? 0) > 10;
    const cases = [...alterations(15, 2, 12, 7)].filter(isComparable);
    const { count, accepted, different } = disagreements(cases);
    expect(different).toEqual([]);
    expect(Math.min(accepted, count - accepted)).toBeGreaterThan(20);
  });

  it('refuses what is no proof by its form, as the first does', () => {
    const instance = generateReference();
    const proof = JSON.parse(JSON.stringify(writeProof(instance, optimize(instance, { preset: 'reference' }))));
    const under = (node: object) => ({ ...proof, tree: { ...node, children: [proof.tree, proof.tree] } });
    const replicas = { kind: 'replicas', pair: 0, configuration: 0, most: 1 };
    const configuration = { kind: 'configuration', pair: 0, configurations: [0], none: true };
    const count = { kind: 'count', pairs: [0], most: 0 };
    const place = { kind: 'place', queryType: 0, pairs: [0] };
    const sound = [replicas, configuration, count, place].map(under);
    expect(disagreements(sound.map((each) => ({ instance, proof: each }))).different).toEqual([]);
    const [deployment, ...others] = proof.plan.deployments;
    const broken = [
      under({ ...replicas, most: 0.5 }),
      under({ ...replicas, most: true }),
      under({ ...count, most: 0.5 }),
      under({ ...configuration, none: 2 }),
      under({ ...configuration, none: null }),
      under({ ...place, queryType: 0.5 }),
      { ...proof, plan: { ...proof.plan, deployments: [{ ...deployment, replicas: 1.25 }, ...others] } },
      { ...proof, resolution: 40.5 },
      { ...proof, options: { ...proof.options, delayCost: 'nominal' } },
    ];
    for (const each of broken) expect(() => checkProof(instance, each)).toThrow(InputError);
    const verdicts = secondVerdicts(broken.map((each) => ({ instance, proof: each })));
    expect(verdicts.map(({ ok }) => ok)).toEqual(broken.map(() => false));
  });
});
