import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/input/inputError.ts';
import { validatePlan } from '../../src/model/validatePlan.ts';
import { tinyInstance, tinyPlan } from './tinyInstance.ts';

// biome-ignore lint/suspicious/noExplicitAny: malformed data has no type
type Anything = any;

describe('validatePlan', () => {
  it('accepts a well-formed plan and keeps its data', () => {
    expect(validatePlan(tinyPlan(), tinyInstance())).toEqual(tinyPlan());
  });

  it('leaves broken limits to the verifier', () => {
    const plan = tinyPlan();
    plan.routing[0].fraction = 7;
    plan.deployments[0].gpus = 3;
    plan.deployments.push({ model: 'small', tier: 'plain', tpDegree: 2, replicas: 1, gpus: 2 });
    expect(validatePlan(plan, tinyInstance())).toEqual(plan);
  });

  const cases: [name: string, change: (plan: Anything) => void, path: string, value: string, expected: string][] = [
    ['no format', (p) => delete p.format, 'format', 'missing', '"rolla-plan/1"'],
    ['an instance', (p) => (p.format = 'rolla-instance/1'), 'format', '"rolla-instance/1"', '"rolla-plan/1"'],
    [
      'an unknown key',
      (p) => (p.cost = 3),
      'cost',
      '3',
      'no such key; known here: format, deployments, routing, unmet',
    ],
    ['no routing', (p) => delete p.routing, 'routing', 'missing', 'an array of routes'],
    [
      'an unknown model',
      (p) => (p.deployments[1].model = 'x'),
      'deployments[1].model',
      '"x"',
      'the name of a model of the instance',
    ],
    [
      'an unknown tier',
      (p) => (p.routing[0].tier = 'x'),
      'routing[0].tier',
      '"x"',
      'the name of a tier of the instance',
    ],
    [
      'an unknown query type',
      (p) => (p.unmet[1].queryType = 'x'),
      'unmet[1].queryType',
      '"x"',
      'the name of a query type of the instance',
    ],
    [
      'TP degree 0',
      (p) => (p.deployments[0].tpDegree = 0),
      'deployments[0].tpDegree',
      '0',
      'a whole number >= 1 (tensor-parallel degree)',
    ],
    [
      'half a replica',
      (p) => (p.deployments[0].replicas = 0.5),
      'deployments[0].replicas',
      '0.5',
      'a whole number >= 1 (replicas)',
    ],
    [
      'a negative fraction',
      (p) => (p.routing[0].fraction = -0.1),
      'routing[0].fraction',
      '-0.1',
      'a finite number >= 0',
    ],
    [
      'a fraction that is no number',
      (p) => (p.unmet[0].fraction = 'all'),
      'unmet[0].fraction',
      '"all"',
      'a finite number >= 0',
    ],
    [
      'the same route twice',
      (p) => p.routing.push(p.routing[0]),
      'routing[2]',
      '["chat", "small", "plain"]',
      'routing[0] names the same',
    ],
    ['the same unmet share twice', (p) => p.unmet.push(p.unmet[1]), 'unmet[2]', '["code"]', 'unmet[1] names the same'],
  ];
  it.each(cases)('refuses %s', (_name, change, path, value, expected) => {
    const plan = tinyPlan();
    change(plan);
    let caught: unknown;
    try {
      validatePlan(plan, tinyInstance());
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(InputError);
    expect(caught).toMatchObject({ path, value, expected: expect.stringContaining(expected) });
  });
});
