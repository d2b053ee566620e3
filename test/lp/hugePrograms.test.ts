/** Numbers of any size: every solve ends, and its word is right or none (`numerical-trouble`, a limit). */
import { describe, expect, it } from 'vitest';
import { hugeProgram, judgeHuge } from './hugePrograms.ts';

describe('programs of huge numbers', () => {
  it.each([6, 12, 20, 40, 100, 200, 300])('up to 1e%d: no wrong word, whatever scaling and presolve', (decades) => {
    const judged = Array.from({ length: 300 }, (_, seed) => ({ seed, ...judgeHuge(hugeProgram(seed, decades)) }));
    expect(judged.filter(({ faults }) => faults.length > 0)).toEqual([]);
    const solves = judged.reduce((sum, each) => sum + each.solves, 0);
    const troubles = judged.reduce((sum, each) => sum + each.troubles, 0);
    expect(troubles).toBeLessThan((decades <= 6 ? 0.01 : 0.5) * solves);
  });
});
