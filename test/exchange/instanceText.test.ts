import { expect, it } from 'vitest';
import { instanceFromText } from '../../src/exchange/instanceText.ts';
import { InputError } from '../../src/input/inputError.ts';

it.each([
  ['JSON without a format', '{"name": "a"}', 'missing'],
  ['YAML without a format', 'name: a\nprofiles: []\n', 'missing'],
  ['a plan', '{"format": "rolla-plan/1"}', '"rolla-plan/1"'],
])('%s may have been meant as an instance or as a fleet, and the other faults are told too', async (_, text, found) => {
  const error: unknown = await instanceFromText(text).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(InputError);
  const { issues } = error as InputError;
  const [format, ...others] = issues.filter(({ path }) => /^format\b/.test(path));
  expect(format.value).toBe(found);
  expect(format.expected).toBe('"rolla-instance/1" or "rolla-fleet/1"');
  expect(others).toEqual([]);
  expect(issues.some(({ path }) => path.startsWith('queryTypes'))).toBe(true);
});
