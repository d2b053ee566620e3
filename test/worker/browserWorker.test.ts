/**
 * The worker for browsers, without one: its two sides are bundled as for a page, and the thread runs in a worker of
 * Node that has the few globals of a dedicated worker. The bundler fails on anything that a browser does not have.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateInstance, generateReference, optimize } from '../../src/index.ts';
import type { BrowserWorker, solveInWorker as SolveInWorker } from '../../src/worker/browser.ts';
import { timeless } from '../timeless.ts';

const folder = mkdtempSync(join(tmpdir(), 'rolla-browser-'));
const large = generateInstance({ seed: 1, queryTypes: 48, models: 12, tiers: 20, unmetCap: 1 });
let solveInWorker: typeof SolveInWorker;

const globalsOfWorker = `import { parentPort } from 'node:worker_threads';
globalThis.postMessage = (data) => parentPort.postMessage(data);
globalThis.addEventListener = (type, listener) => parentPort.on(type, (data) => listener({ data }));`;

async function bundle(name: string, banner = ''): Promise<string> {
  const outfile = join(folder, `${name}.mjs`);
  const entry = fileURLToPath(new URL(`../../src/worker/${name}.ts`, import.meta.url));
  await build({
    entryPoints: [entry],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    outfile,
    banner: { js: banner },
    logLevel: 'silent',
  });
  return outfile;
}

beforeAll(async () => {
  await bundle('browserThread', globalsOfWorker);
  ({ solveInWorker } = await import(pathToFileURL(await bundle('browser')).href));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A worker of Node behind the face of a browser's. */
function workerOf(file: string): BrowserWorker {
  const worker = new Worker(file);
  return {
    postMessage: (message) => worker.postMessage(message),
    terminate: () => void worker.terminate(),
    addEventListener: (type, listener) => {
      if (type === 'message') worker.on('message', (data) => listener({ data }));
      if (type === 'error') worker.on('error', ({ message }) => listener({ message }));
    },
  };
}
const createWorker = () => workerOf(join(folder, 'browserThread.mjs'));

describe('solveInWorker of a browser', () => {
  it('gives the result of optimize, and its events', async () => {
    const kinds: string[] = [];
    const options = { preset: 'reference' } as const;
    const onProgress = ({ kind }: { readonly kind: string }) => kinds.push(kind);
    const result = await solveInWorker(generateReference(), options, { createWorker, onProgress });
    expect(timeless(result)).toEqual(timeless(optimize(generateReference(), { preset: 'reference' })));
    expect(kinds).toContain('root');
    expect(kinds.at(-1)).toBe('end');
  });

  it('rejects bad options with every issue of optimize', async () => {
    const solve = solveInWorker(generateReference(), { placement: 'both' as never }, { createWorker });
    await expect(solve).rejects.toMatchObject({ name: 'InputError', issues: [{ path: 'placement', value: '"both"' }] });
  });

  it('is stopped by a signal, with the best plan so far', async () => {
    const controller = new AbortController();
    const onProgress = ({ kind }: { readonly kind: string }) => kind === 'incumbent' && controller.abort();
    const control = { createWorker, signal: controller.signal, onProgress, gracePeriod: 600_000 };
    const result = await solveInWorker(large, { preset: 'paper' }, control);
    expect(result).toMatchObject({ status: 'interrupted', plan: { format: 'rolla-plan/1' } });
  });

  it('ends a worker that does not answer an abort', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    const solve = solveInWorker(large, { preset: 'paper' }, { createWorker, signal, gracePeriod: 0 });
    await expect(solve).rejects.toThrow('enough');
  });

  it('fails where the worker cannot be started, and where the solve throws', async () => {
    const missing = { createWorker: () => workerOf(join(folder, 'missing.mjs')) };
    await expect(solveInWorker(generateReference(), {}, missing)).rejects.toThrow(/missing\.mjs/);
    const broken = { ...generateReference(), queryTypes: null as never };
    await expect(solveInWorker(broken, {}, { createWorker })).rejects.toThrow(/queryTypes|null/);
  });
});
