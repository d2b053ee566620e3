/** Processes measured from their start to their end, with the code in one file as the package has it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Prints the processor time of the whole process when it ends. */
const meter = `data:text/javascript,${encodeURIComponent(
  "process.on('exit', () => { const { user, system } = process.cpuUsage(); process.stderr.write('cpu ' + (user + system) / 1e6 + '\\n'); });",
)}`;

/** CPU seconds of the whole process, and what it printed. */
export function metered(args: readonly string[]): { readonly out: string; readonly seconds: number } {
  const { stdout, stderr, status, error } = spawnSync(process.execPath, ['--import', meter, ...args], {
    encoding: 'utf8',
  });
  const seconds = /^cpu ([\d.]+)$/m.exec(stderr)?.[1];
  if (status !== 0 || seconds === undefined) throw new Error(`a process failed: ${error?.message ?? stderr}`);
  return { out: stdout, seconds: Number(seconds) };
}

/** The command line into `folder`, as the package has it. */
export function bundleCli(folder: string): void {
  const tool = fileURLToPath(new URL('../tools/bundleCli.ts', import.meta.url));
  execFileSync(process.execPath, ['--import', 'tsx', tool, folder]);
}

/** A script of this folder, bundled: a loader would compile all sources in every process. Returns its path. */
export async function bundleScript(name: string, folder: string): Promise<string> {
  const outfile = join(folder, `${name}.js`);
  await build({
    entryPoints: [fileURLToPath(new URL(`./${name}.ts`, import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'warning',
  });
  return outfile;
}
