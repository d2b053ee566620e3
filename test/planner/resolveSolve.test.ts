import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/input/inputError.ts';
import { presets } from '../../src/model/options.ts';
import { resolveOptions, resolveSolve } from '../../src/planner/resolveSolve.ts';
import type { SolveOptions } from '../../src/planner/solveOptions.ts';
import { tinyInstance } from '../model/tinyInstance.ts';

function refusal(input: unknown): Partial<InputError> {
  try {
    resolveOptions(input as SolveOptions);
  } catch (error) {
    if (error instanceof InputError) return { path: error.path, value: error.value, expected: error.expected };
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('resolveOptions', () => {
  it('starts from the preset, recommended by default', () => {
    expect(resolveOptions()).toEqual(presets.recommended);
    expect(resolveOptions({ preset: 'paper' })).toEqual(presets.paper);
    expect(resolveOptions({ preset: 'reference' })).toEqual(presets.reference);
  });

  it('puts single options on top and leaves search settings out', () => {
    const options = resolveOptions({ preset: 'reference', uncertainty: 'none', maxReplicas: 3, timeLimit: 5, seed: 2 });
    expect(options).toEqual({ ...presets.reference, uncertainty: 'none', maxReplicas: 3 });
  });

  it.each([
    [{ preset: 'papper' }, 'preset', '"papper"', 'one of "recommended", "corrected", "paper", "reference"'],
    [{ preset: 'toString' }, 'preset', '"toString"', 'one of "recommended", "corrected", "paper", "reference"'],
    [{ placement: 'both' }, 'placement', '"both"', 'one of "single", "split"'],
    [{ uncertainty: 1 }, 'uncertainty', '1', 'one of "none", "budgeted", "decision-dependent"'],
    [{ delayRule: 'last' }, 'delayRule', '"last"', 'one of "per-deployment", "pooled", "last-deployment"'],
    [{ delayCost: null }, 'delayCost', 'null', 'one of "total", "deviation"'],
    [{ delayCostBudget: '' }, 'delayCostBudget', '""', 'one of "joint", "per-query"'],
    [{ rentalInBudget: true }, 'rentalInBudget', 'true', 'one of "once", "per-query-type"'],
    [{ weightStorage: 'x' }, 'weightStorage', '"x"', 'one of "per-placement", "per-deployment"'],
    [{ maxReplicas: 0 }, 'maxReplicas', '0', 'a whole number >= 1 (replicas of a deployment), or "none" for no limit'],
    [
      { maxReplicas: 1.5 },
      'maxReplicas',
      '1.5',
      'a whole number >= 1 (replicas of a deployment), or "none" for no limit',
    ],
    [
      { maxReplicas: '2' },
      'maxReplicas',
      '"2"',
      'a whole number >= 1 (replicas of a deployment), or "none" for no limit',
    ],
  ])('refuses %j', (input, path, value, expected) => {
    expect(refusal(input)).toEqual({ path, value, expected });
  });

  it('lists the known names for an unknown one', () => {
    const { path, expected } = refusal({ placment: 'split' });
    expect(path).toBe('placment');
    expect(expected).toMatch(/^no such option; known: preset, placement, .*maxReplicas, timeLimit/);
    expect(refusal({ constructor: 1 }).path).toBe('constructor');
    expect(refusal({ threads: 2 })).toMatchObject({ path: 'threads', expected });
  });

  it.each([
    [{ placement: 'split', relaxation: 'patterns' }, 'relaxation', /placement is "split"/],
    [{ placement: 'split', robust: 'projected' }, 'robust', /placement is "single"/],
    [{ relaxation: 'patterns', formulation: 'published' }, 'formulation', /relaxation is "patterns"/],
    [{ relaxation: 'patterns', robust: 'dual' }, 'robust', /relaxation is "patterns"/],
  ])('refuses the contradiction %j with its reason', (input, path, reason) => {
    expect(refusal(input).path).toBe(path);
    expect(refusal(input).expected).toMatch(reason);
  });
});

describe('resolveSolve', () => {
  const dependent = { ...presets.corrected, uncertainty: 'decision-dependent' } as const;
  const relief = [
    [0.1, 0.2],
    [0.3, 0.4],
  ];

  it('refuses decision-dependent uncertainty without relief data, naming what is missing', () => {
    const instance = tinyInstance();
    expect(() => resolveSolve(instance, dependent)).toThrow(
      /^delay\.relief: found missing, expected J x K .*decision-dependent/,
    );
    instance.delay.relief = relief;
    expect(() => resolveSolve(instance, dependent)).toThrow(/^error\.relief: found missing/);
    instance.error.relief = relief;
    expect(() => resolveSolve(instance, dependent)).not.toThrow();
  });

  it('asks for no relief data otherwise', () => {
    for (const options of Object.values(presets)) expect(() => resolveSolve(tinyInstance(), options)).not.toThrow();
  });
});
