/**
 * Solves in a thread: the same result, progress on the way, and an abort that stops long work at once or ends the
 * thread.
 */
import { describe, expect, it } from 'vitest';
import { generateInstance, generateReference, optimize, optimizeAsync } from '../../src/index.ts';
import { importBuilt } from '../builtPackage.ts';
import { timeless } from '../timeless.ts';

const { solveInWorker } = (await importBuilt('worker/index.js')) as typeof import('../../src/worker/index.ts');
/** Errors of the built package are of its own class. */
const { InputError } = (await importBuilt('index.js')) as typeof import('../../src/index.ts');

const reference = generateReference();
/** Far more than can be solved in the time of a test. */
const large = generateInstance({ seed: 1, queryTypes: 48, models: 12, tiers: 20, unmetCap: 1 });

describe('solveInWorker', () => {
  it('gives the result of optimize, and its events', async () => {
    const kinds: string[] = [];
    const options = { preset: 'reference' } as const;
    const result = await solveInWorker(reference, options, { onProgress: ({ kind }) => kinds.push(kind) });
    expect(timeless(result)).toEqual(timeless(optimize(reference, options)));
    expect(kinds).toContain('root');
    expect(kinds.at(-1)).toBe('end');
  });

  it('rejects bad options with the error of optimize', async () => {
    const solve = solveInWorker(reference, { placement: 'both' as never });
    await expect(solve).rejects.toThrow(InputError);
    await expect(solve).rejects.toThrow(/placement: found "both"/);
    const unknown = solveInWorker(reference, { threads: 2 } as object);
    await expect(unknown).rejects.toThrow(/^threads: found 2, expected no such option; known: preset, /);
  });

  it('is stopped by a signal in the middle of the root, with the best plan so far', async () => {
    const controller = new AbortController();
    const result = await solveInWorker(
      large,
      { preset: 'paper' },
      {
        signal: controller.signal,
        gracePeriod: 60_000,
        onProgress: ({ kind }) => kind === 'incumbent' && controller.abort(),
      },
    );
    expect(result).toMatchObject({ status: 'interrupted', plan: { format: 'rolla-plan/1' } });
  });

  it('ends a worker that does not answer', async () => {
    const controller = new AbortController();
    const solve = solveInWorker(large, { preset: 'paper' }, { signal: controller.signal, gracePeriod: 0 });
    controller.abort(new Error('enough'));
    await expect(solve).rejects.toThrow('enough');
  });
});

describe('optimizeAsync', () => {
  it('is stopped by a signal in the middle of the root of the pattern relaxation', async () => {
    const controller = new AbortController();
    const result = await optimizeAsync(large, {
      relaxation: 'patterns',
      signal: controller.signal,
      onProgress: ({ kind }) => {
        // After the first round of pricing, from a timer as a user's click would come.
        if (kind === 'round') setTimeout(() => controller.abort());
      },
    });
    expect(result).toMatchObject({ status: 'interrupted', nodes: 0, rootBound: null });
    expect(result.plan).not.toBeNull();
  });
});
