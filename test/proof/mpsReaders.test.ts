/** The two readers of MPS, in TypeScript and in Python: the same program, or both refuse. */
import { expect, it } from 'vitest';
import { MpsError, readMps } from '../../src/lp/files/mpsReader.ts';
import { fingerprintOfProgram } from '../../src/proof/check/programProof.ts';
import { draws } from '../arbitrary/draws.ts';
import { hostilePrograms } from './hostilePrograms.ts';
import { hasPython, secondFingerprints } from './secondChecker.ts';

function firstFingerprint(text: string): string | null {
  try {
    return fingerprintOfProgram(readMps(text));
  } catch (error) {
    if (error instanceof MpsError) return null;
    throw error;
  }
}

it.skipIf(!hasPython)('both read hostile texts as the same program, or both refuse them', () => {
  const texts = [...hostilePrograms(draws(12_000), 3)];
  const first = texts.map(firstFingerprint);
  const second = secondFingerprints(texts);
  expect(texts.filter((_, n) => first[n] !== second[n]).slice(0, 3)).toEqual([]);
  const accepted = first.filter((fingerprint) => fingerprint !== null);
  expect(new Set(accepted).size).toBeGreaterThan(texts.length / 4);
  expect(texts.length - accepted.length).toBeGreaterThan(texts.length / 4);
});
