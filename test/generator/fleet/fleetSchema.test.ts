/** The shipped JSON schema of fleets: it accepts what validation accepts, and knows units and keys. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parseYaml } from '../../../src/exchange/yamlText.ts';
import { starterFleet } from '../../../src/generator/fleet/starterFleet.ts';
import { quantityKinds, quantityPattern, readQuantity } from '../../../src/generator/fleet/units.ts';
import { validateFleet } from '../../../src/generator/fleet/validateFleet.ts';
import { InputError } from '../../../src/input/inputError.ts';

const repository = new URL('../../../', import.meta.url);
const schema = JSON.parse(readFileSync(new URL('schema/rolla-fleet.json', repository), 'utf8'));
const check = new Ajv({ strict: true, allowUnionTypes: true }).compile(schema);

const example = readFileSync(fileURLToPath(new URL('examples/assistant.yaml', repository)), 'utf8');

describe.each([
  ['the starter file', starterFleet()],
  ['examples/assistant.yaml', example],
])('%s', (_, text) => {
  it('is a fleet, by validation and by the JSON schema', () => {
    const data = parseYaml(text);
    expect(validateFleet(data)).toEqual(data);
    expect({ ok: check(data), errors: check.errors }).toEqual({ ok: true, errors: null });
  });
});

it.each([
  ['period', '24 GB'],
  ['period', -1],
  ['utilization', '75 h'],
  ['queryTypes', []],
  ['colour', 'red'],
  ['gpus', [{ name: 'x', price: '2 $' }]],
  ['models', [{ name: 'x', weights: { FP8: '8 h' } }]],
])('the JSON schema refuses %s: %o, as validation does', (key, value) => {
  const data = { ...(parseYaml(example) as object), [key]: value };
  expect(check(data)).toBe(false);
  expect(() => validateFleet(data)).toThrow(InputError);
});

it('patterns of quantities are of one mind with the reader, from 0 on', () => {
  const texts = Object.values(quantityKinds).flatMap(({ units }) =>
    Object.keys(units).flatMap((unit) => [
      `3 ${unit}`,
      `0.5${unit}`,
      ` 1e3  ${unit} `,
      `${unit} 3`,
      `$3${unit.slice(1)}`,
      `3 ${unit} ${unit}`,
    ]),
  );
  for (const kind of Object.keys(quantityKinds) as (keyof typeof quantityKinds)[]) {
    const pattern = new RegExp(quantityPattern(kind), 'u');
    for (const text of [...texts, '3', '$3', '.5', '3.', '', 'x', '3 h h']) {
      expect([kind, text, pattern.test(text)]).toEqual([kind, text, readQuantity(text, kind) !== null]);
    }
  }
});
