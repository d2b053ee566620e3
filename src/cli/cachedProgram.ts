#!/usr/bin/env node
/**
 * The built `rolla`: runs the bundle of the command line with the bytecode that an earlier solve or sweep left beside
 * it, since compiling is a third of a short one. The bytecode is used where its checksum and V8 say that it is of this
 * very text; where it cannot be written, or NODE_DISABLE_COMPILE_CACHE is set, everything is compiled anew each time.
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';
import { crc32 } from 'node:zlib';

const checksumBytes = 4;

/**
 * `main.ts` with all that it imports, as a function of `require`, the file's own address and `import`, which a script
 * from bytecode does not have (tools/bundleCli.ts).
 */
const program = new URL('./program.js', import.meta.url);
const text = readFileSync(program);

const bytecode = new URL('./program.bytecode', import.meta.url);
const isWanted = process.env.NODE_DISABLE_COMPILE_CACHE === undefined;

const cachedData = isWanted ? readBytecode() : undefined;
const script = new Script(text.toString('latin1'), {
  filename: fileURLToPath(program),
  ...(cachedData && { cachedData }),
});
const isOfUse = cachedData !== undefined && script.cachedDataRejected === false;
// What other commands compile, and help, is little of what they have in common with a solve.
const [, , command, ...others] = process.argv;
const solves =
  (command === 'solve' || command === 'sweep') && !others.some((word) => word === '--help' || word === '-h');
if (isWanted && !isOfUse && solves)
  process.on('exit', (exitCode) => {
    if (exitCode === 0) writeBytecode();
  });
type Run = (require: NodeJS.Require, address: string, importModule: (specifier: string) => Promise<unknown>) => void;
const run: Run = script.runInThisContext();
run(createRequire(program), program.href, (specifier) => import(specifier));

function readBytecode(): Buffer | undefined {
  try {
    const bytes = readFileSync(bytecode);
    const data = bytes.subarray(0, -checksumBytes);
    return bytes.readUInt32LE(data.length) === checksumOf(data) ? data : undefined;
  } catch {
    return undefined;
  }
}

/** Whole or not at all: another run may read it meanwhile. */
function writeBytecode(): void {
  const data = script.createCachedData();
  const checksum = Buffer.alloc(checksumBytes);
  checksum.writeUInt32LE(checksumOf(data));
  const temporary = new URL(`${bytecode.href}.${process.pid}`);
  try {
    writeFileSync(temporary, Buffer.concat([data, checksum]));
    renameSync(temporary, bytecode);
  } catch {
    rmSync(temporary, { force: true });
  }
}

/** Of the text and the bytecode: V8 itself compares no more than the length of the text. */
function checksumOf(data: Buffer): number {
  return crc32(data, crc32(text));
}
