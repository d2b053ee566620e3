/**
 * The command line as one file: `rolla` then reads that instead of a few hundred, which is nearly half of the time of a
 * short solve. What a command imports when it needs it runs only then, though it is in the file. It is a script rather
 * than a module, since V8 keeps the bytecode of scripts alone (`src/cli/cachedProgram.ts`, which is `main.js`). The
 * library's modules are not touched; names stay, so that stacks can be read; threads and processes that solve scenarios
 * have files of their own beside it.
 */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type BuildOptions, build, type Metafile } from 'esbuild';

const repository = fileURLToPath(new URL('..', import.meta.url));
const { engines, peerDependencies } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));

/** Optional packages are the user's; piscina starts threads from files of its own. */
const notBundled = [...Object.keys(peerDependencies), 'piscina'];

/** commander and others of CommonJS ask for Node's own modules by `require`. */
const banner = "import { createRequire as r } from 'node:module'; const require = r(import.meta.url);";

/** Replaces the compiled files of `src/cli` in the folder `dist` by the bundles. */
export async function bundleCli(dist: string): Promise<void> {
  const outdir = join(dist, 'cli');
  rmSync(outdir, { recursive: true, force: true });
  const common = {
    absWorkingDir: repository,
    outdir,
    bundle: true,
    platform: 'node' as const,
    target: `node${engines.node.replace('>=', '')}`,
    mainFields: ['module', 'main'],
    external: notBundled,
    legalComments: 'none' as const,
    minifyWhitespace: true,
    minifySyntax: true,
    metafile: true as const,
    logLevel: 'warning' as const,
  } satisfies BuildOptions;
  const program = await build({
    ...common,
    entryPoints: { program: 'src/cli/main.ts' },
    format: 'cjs',
    define: { 'import.meta.url': '__address' },
    banner: { js: '(function (require, __address, __import) {' },
    footer: { js: '})' },
  });
  // What is imported at run time: optional packages, and plugins of the user. No name in the sources is like these.
  const file = join(outdir, 'program.js');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/(?<![\w$.])import\(/g, '__import('));
  const others = await build({
    ...common,
    entryPoints: {
      main: 'src/cli/cachedProgram.ts',
      scenarioWorker: 'src/runs/scenarioWorker.ts',
      queueProcessor: 'src/scenarios/queue/queueProcessor.ts',
    },
    format: 'esm',
    // What threads and processes share, most of the library, is a file beside them, not in each.
    splitting: true,
    chunkNames: 'shared-[hash]',
    banner: { js: banner },
  });
  writeFileSync(join(outdir, 'LICENSES.txt'), licencesOf([program.metafile, others.metafile]));
}

/** The licences of the packages in the bundle, which ask to go along with copies. */
function licencesOf(metafiles: readonly Metafile[]): string {
  const outputs = metafiles.flatMap((metafile) => Object.values(metafile.outputs));
  const inputs = outputs.flatMap((output) => Object.keys(output.inputs));
  const folders = inputs.flatMap((path) => path.match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+/) ?? []);
  const texts = [...new Set(folders)].sort().map((folder) => {
    const { name, version } = JSON.parse(readFileSync(join(repository, folder, 'package.json'), 'utf8'));
    const files = readdirSync(join(repository, folder));
    // A package without a file of its own has its licence in the readme.
    const file = files.find((entry) => /^licen[cs]e/i.test(entry)) ?? files.find((entry) => /^readme/i.test(entry));
    if (file === undefined) throw new Error(`${name} has no licence`);
    return `${name} ${version}\n\n${readFileSync(join(repository, folder, file), 'utf8').trim()}\n`;
  });
  return `The command line contains these packages:\n\n${texts.join(`\n${'-'.repeat(80)}\n\n`)}`;
}

const [, script, folder = join(repository, 'dist')] = process.argv;
if (script !== undefined && existsSync(script) && import.meta.url === pathToFileURL(script).href)
  await bundleCli(folder);
