/**
 * What a browser loads: the core in one minified file stays within its budget, and neither it nor the other browser
 * doors need Node or optional packages.
 */
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { type BuildOptions, build } from 'esbuild';
import { describe, expect, it } from 'vitest';

const source = fileURLToPath(new URL('../../src', import.meta.url));

/** Fails on anything that a browser does not have, such as a Node built-in. */
async function bundle(contents: string, options: BuildOptions = {}) {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: source, loader: 'ts' },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    write: false,
    metafile: true,
    logLevel: 'silent',
    ...options,
  });
  const [{ inputs }] = Object.values(metafile!.outputs);
  // What was read and left out again has no bytes.
  const kept = Object.keys(inputs).filter((path) => inputs[path].bytesInOutput > 0);
  return { code: outputFiles![0].contents, inputs: kept };
}

const packagesOf = (inputs: readonly string[]) =>
  new Set(inputs.flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []));

const kilobyte = 1024;
/**
 * Of the core in one file. What it grows by is worth a look at what it reaches: code that few calls need, a whole
 * package.
 */
const budget = { minified: 516 * kilobyte, packed: 177 * kilobyte };

describe('the bundle of optimize', () => {
  it('keeps its budget', async () => {
    const { code } = await bundle(`import { optimize } from './index.ts'; console.log(optimize);`);
    expect(code.length).toBeLessThanOrEqual(budget.minified);
    expect(gzipSync(code, { level: 9 }).length).toBeLessThanOrEqual(budget.packed);
  });

  it('holds neither the reference factorisation nor YAML, and of zod the small edition', async () => {
    const core = await bundle(`import { optimize } from './index.ts'; console.log(optimize);`);
    expect(packagesOf(core.inputs)).not.toContain('ml-matrix');
    expect(packagesOf(core.inputs)).not.toContain('yaml');
    expect(core.inputs.filter((path) => path.includes('/zod/v4/mini/'))).not.toEqual([]);
    expect(core.inputs.filter((path) => /\/zod\/v4\/(?:classic|locales)\//.test(path))).toEqual([]);
    const dense = await bundle(`export * from './lp/basis/denseFactorization.ts';`);
    expect(packagesOf(dense.inputs)).toContain('ml-matrix');
  });
});

describe('what else browsers may import', () => {
  it.each([
    ['rolla', 'index.ts'],
    ['rolla/lp', 'lp/index.ts'],
    ['rolla/fleet', 'exchange/fleet.ts'],
    ['rolla/exchange', 'exchange/index.ts'],
    ['rolla/analysis', 'analysis/index.ts'],
    ['rolla/worker', 'worker/browser.ts'],
    ['rolla/worker/thread', 'worker/browserThread.ts'],
  ])('%s is bundled for a browser', async (_, entry) => {
    const { code } = await bundle(`import * as all from './${entry}'; console.log(all);`);
    expect(code.length).toBeGreaterThan(kilobyte);
  });

  it('rolla/report is bundled without the packages that draw charts', async () => {
    const drawing = ['vega', 'vega-lite', '@napi-rs/canvas'];
    const pictures = await bundle(
      `import { planPicture, planReport, solvePage, solveReport, toCsv } from './report/index.ts';
       console.log(planPicture, planReport, solvePage, solveReport, toCsv);`,
      { external: drawing },
    );
    for (const name of drawing) expect(new TextDecoder().decode(pictures.code)).not.toContain(name);
    const charts = await bundle(`export { renderSvg } from './report/index.ts';`, { external: drawing });
    expect(new TextDecoder().decode(charts.code)).toContain('vega-lite');
  });
});
