import { describe, expect, it } from 'vitest';
import { runCaptured } from './capturedCli.ts';
import { handMadeInstance } from './handMadePlan.ts';

const explain = (instance: unknown, ...flags: string[]) =>
  runCaptured(['explain', '-', '--preset', 'corrected', ...flags], JSON.stringify(instance));

describe('rolla explain', () => {
  it('names what binds a plan and what has room', async () => {
    const { exitCode, out } = await explain({ ...handMadeInstance, budget: 10.4 });
    expect(exitCode).toBe(0);
    // Everything served: rental 10, weights 0.2, data 0.2 (test/cli/handMadePlan.ts), delay 12.
    expect(out).toContain('Status    feasible, best plan $ 22.400000');
    expect(out).toMatch(/Binding\n.*\n +budget +rental and storage +10\.4 +10\.4 /);
    expect(out).toMatch(/compute +Small on Card TP 1 +20 +50 +TFLOPs +40\.0 % +30/);
  });

  it('exits with 3 for an infeasible instance and names the least budget', async () => {
    const { exitCode, out } = await explain({ ...handMadeInstance, budget: 5 });
    expect(exitCode).toBe(3);
    expect(out).toContain('budget of $ 5.00 (budget)');
    // One GPU for 10 $, its weights for 0.2, and the data of at least 90 % for 0.18: $ 10.38.
    expect(out).toMatch(/budget from \$5 to at least \$10\.(38|39|4)/);
  });

  it('prints JSON', async () => {
    const { out } = await explain({ ...handMadeInstance, budget: 5 }, '--json');
    expect(JSON.parse(out)).toMatchObject({ format: 'rolla-explanation/1', status: 'infeasible', isIrreducible: true });
  });

  it('exits with 4 when there is no time', async () => {
    const { exitCode, out } = await explain({ ...handMadeInstance, budget: 5 }, '--total-time-limit', '0');
    expect(exitCode).toBe(4);
    expect(out).toContain('time-limit');
    expect(out).toContain('The limit of 0 s for all solves together was reached.');
  });

  it('ends within a limit by default', async () => {
    const { out } = await explain({ ...handMadeInstance, budget: 5 }, '--json');
    expect(JSON.parse(out)).toMatchObject({ totalTimeLimit: 300, isStoppedByTotalTimeLimit: false });
  });
});
