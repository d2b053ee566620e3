/** Runs the command line in this process, with strings for streams. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { runCli } from '../../src/cli/runCli.ts';

export interface CapturedRun {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

export async function runCaptured(args: readonly string[], stdin: string | Uint8Array = ''): Promise<CapturedRun> {
  let out = '';
  let err = '';
  const exitCode = await runCli(args, {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    readStdin: () => Promise.resolve(Buffer.from(stdin)),
    errIsTerminal: false,
  });
  return { exitCode, out, err };
}

/** A folder for the files of one test file, removed at its end; gives the path of a name in it. */
export function temporaryFolder(): (name: string) => string {
  const folder = mkdtempSync(join(tmpdir(), 'rolla-cli-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return (name) => join(folder, name);
}
