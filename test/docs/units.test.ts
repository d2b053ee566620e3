import { expect, it } from 'vitest';
import { quantityKinds } from '../../src/generator/fleet/units.ts';
import { textOf } from './repositoryFiles.ts';

it('docs/units.md lists every kind of quantity with its units', () => {
  const [, table] = textOf('docs/units.md').split('|---|---|---|\n');
  const rows = table!.split('\n\n')[0].trim().split('\n');
  const listed = rows.map((row) => {
    const [, , units, plain] = row.split('|').map((cell) => cell.trim());
    return [[...units!.matchAll(/`([^`]+)`/g)].map((match) => match[1]), plain];
  });
  expect(listed).toEqual(Object.values(quantityKinds).map(({ units, plain }) => [Object.keys(units), plain]));
});
