/**
 * The JSON schemas of the package: up to date, and of one mind with validation about everything that concerns a single
 * field.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { generateInstance } from '../../src/generator/generateInstance.ts';
import { generateReference } from '../../src/generator/generateReference.ts';
import { InputError, type InputIssue } from '../../src/input/inputError.ts';
import { validateInstance } from '../../src/model/validateInstance.ts';
import { validatePlan } from '../../src/model/validatePlan.ts';
import { optimize } from '../../src/planner/optimize.ts';
import { jsonSchemaFiles } from '../../tools/jsonSchemas.ts';
import { tinyInstance, tinyPlan } from './tinyInstance.ts';

const folder = fileURLToPath(new URL('../../schema/', import.meta.url));

it('are what npm run schema writes', () => {
  const files = jsonSchemaFiles();
  expect(readdirSync(folder).sort()).toEqual(Object.keys(files).sort());
  for (const [name, text] of Object.entries(files)) expect(readFileSync(`${folder}${name}`, 'utf8')).toBe(text);
});

function schemaCheck(name: string) {
  const ajv = new Ajv({ allErrors: false, strict: true, allowUnionTypes: true });
  return ajv.compile(JSON.parse(readFileSync(`${folder}${name}.json`, 'utf8')));
}

function issuesOf(act: () => unknown): readonly InputIssue[] {
  try {
    act();
    return [];
  } catch (error) {
    if (error instanceof InputError) return error.issues;
    throw error;
  }
}

/** What ties fields together is beyond a JSON schema: lengths of tensors, names, sums and products. */
const beyondSchema = new RegExp(
  [
    '^an array of \\d+ entries, one for each',
    '^a name of its own',
    '^the name of a .* of the instance',
    'inputTokens \\+ outputTokens > 0',
    '^each combination once',
    'is at most 1e\\+100',
    '^at most 100000',
    'or none of them$',
    'or none anywhere$',
    'belong together$',
    'the GPUs of a node of',
    '^no such limit, or data to check it',
    '^0 or nothing: without unmetPenalty',
  ].join('|'),
);

/** Every optional field is there. */
function fullInstance(): Record<string, unknown> {
  const instance: Record<string, unknown> = { ...tinyInstance() };
  const { delay, error } = tinyInstance();
  const relief = [
    [0, 0.2],
    [0.5, 0.99],
  ];
  return {
    ...instance,
    $schema: 'rolla-instance.json',
    notes: ['after the table of the maker', 'prices of May'],
    queryTypes: tinyInstance().queryTypes.map((query) => ({ ...query, minimumServed: 0.5 })),
    tiers: tinyInstance().tiers.map((tier) => ({ ...tier, precision: 'FP16', available: 8 })),
    delay: { ...delay, relief },
    error: { ...error, relief },
    residency: delay.nominal,
    allowed: [{ model: 'small' }, { queryType: 'code', tier: 'fast' }],
    forbidden: [{ tier: 'fast', model: 'small' }],
    currentPlan: { ...tinyPlan(), notes: 'as it runs' },
    switchingCost: { added: 1, removed: 2 },
  };
}

type Path = readonly (string | number)[];

/** Every place inside `data`, the outside first. */
function placesIn(data: unknown, at: Path = []): Path[] {
  if (typeof data !== 'object' || data === null) return [at];
  const inside = Array.isArray(data) ? data.map((_, position) => position) : Object.keys(data);
  return [at, ...inside.flatMap((key) => placesIn((data as Record<string | number, unknown>)[key], [...at, key]))];
}

const wrong: readonly unknown[] = [
  null, true, '', ' ', 'x', -1, -1e-9, 0, 0.5, 1, 1.5, 2, 1e16, [], {}, [1], [1, 1], [[[]]], { x: 1 }, ['a'], [[[-1]]],
]; // biome-ignore format: a list of values

/** `data` with something else at a place (undefined: nothing), and with a key that no object has. */
function* brokenVersions(data: unknown): Generator<unknown> {
  for (const path of placesIn(data)) {
    for (const value of [...wrong, undefined]) {
      if (path.length === 0) {
        if (value !== undefined) yield value;
        continue;
      }
      const copy = structuredClone(data) as Record<string | number, unknown>;
      const holder = path.slice(0, -1).reduce<Record<string | number, unknown>>((at, key) => at[key] as never, copy);
      const last = path.at(-1)!;
      if (value !== undefined) holder[last] = structuredClone(value);
      else if (Array.isArray(holder)) holder.splice(last as number, 1);
      else delete holder[last];
      yield copy;
    }
  }
  for (const path of placesIn(data)) {
    const copy = structuredClone(data);
    const place = path.reduce<unknown>((at, key) => (at as never)[key], copy);
    if (typeof place !== 'object' || place === null || Array.isArray(place)) continue;
    (place as Record<string, unknown>).stranger = 1;
    yield copy;
  }
}

/**
 * Returns whether validation accepts. (A tensor of a wrong shape is not searched for wrong entries, so a schema may
 * refuse for another reason.)
 */
function expectAgreement(
  check: (data: unknown) => boolean,
  validate: (data: unknown) => unknown,
  data: unknown,
): boolean {
  const issues = issuesOf(() => validate(data));
  const isFaultOfField = issues.some(({ expected }) => !beyondSchema.test(expected));
  const accepted = check(data);
  const contradicts = accepted ? isFaultOfField : issues.length === 0;
  expect(contradicts ? { data, accepted, issues } : null).toBeNull();
  return issues.length === 0;
}

describe('rolla-instance.json', () => {
  const check = schemaCheck('rolla-instance');

  it('accepts instances', () => {
    const instances = [tinyInstance(), fullInstance(), generateReference(), generateReference({ relief: true })];
    for (let seed = 1; seed <= 5; seed++)
      instances.push(generateInstance({ seed, queryTypes: 1 + seed, models: seed, tiers: 2, relief: seed > 2 }));
    for (const instance of instances) expect(expectAgreement(check, validateInstance, instance)).toBe(true);
  });

  it('refuses what validation refuses in any single field', () => {
    let accepted = 0;
    let refused = 0;
    for (const data of brokenVersions(fullInstance())) {
      if (expectAgreement(check, validateInstance, data)) accepted++;
      else refused++;
    }
    // Both kinds are there in numbers.
    expect(accepted).toBeGreaterThan(100);
    expect(refused).toBeGreaterThan(1000);
  });
});

describe('rolla-plan.json', () => {
  const check = schemaCheck('rolla-plan');

  it('accepts plans, and refuses what validation refuses in any single field', () => {
    const validate = (data: unknown) => validatePlan(data, tinyInstance());
    expect(expectAgreement(check, validate, tinyPlan())).toBe(true);
    for (const data of brokenVersions({ ...tinyPlan(), notes: 'by hand' })) expectAgreement(check, validate, data);
  });
});

describe('rolla-result.json', () => {
  const check = schemaCheck('rolla-result');

  it('accepts what a solve returns, whatever it ended with', () => {
    const instance = tinyInstance();
    const results = [
      optimize(instance),
      optimize({ ...instance, switchingCost: { added: 1, removed: 1 }, currentPlan: tinyPlan() }),
      optimize({ ...instance, storageCapacity: 0 }),
      optimize(generateReference(), { nodeLimit: 0 }),
      optimize(generateReference(), { preset: 'reference', relaxation: 'compact', nodeLimit: 1 }),
    ];
    expect(results.map(({ status }) => status).slice(0, 4)).toEqual(['optimal', 'optimal', 'infeasible', 'node-limit']);
    for (const result of results)
      expect({ ok: check(JSON.parse(JSON.stringify(result))), errors: check.errors }).toEqual({
        ok: true,
        errors: null,
      });
  });

  it('refuses a result without its status', () => {
    const { status: _, ...rest } = optimize(tinyInstance());
    expect(check(JSON.parse(JSON.stringify(rest)))).toBe(false);
  });
});
