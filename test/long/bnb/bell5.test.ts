/** The one of the ten programs of known optimum that takes a minute: 146,000 nodes. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { solveMixedIntegerProgram } from '../../../src/bnb/solveMixedIntegerProgram.ts';
import { readMps } from '../../../src/lp/files/mpsReader.ts';

it('bell5 is proven', () => {
  const data = new URL('../../data/', import.meta.url);
  const line = readFileSync(new URL('lp-index.csv', data), 'utf8')
    .split('\n')
    .find((text) => text.startsWith('mip/bell5.mps'))!;
  const optimum = Number(line.split(',').at(-1));
  const result = solveMixedIntegerProgram(readMps(readFileSync(new URL('mip/bell5.mps', data), 'utf8')));
  expect(result.status).toBe('optimal');
  expect(Math.abs(result.cost! - optimum)).toBeLessThanOrEqual(1e-6 * Math.abs(optimum));
});
