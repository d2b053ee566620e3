/**
 * Files of the command line: `-` is a standard stream, nothing is overwritten unless `--force` is given, and a file
 * appears whole or not at all (written under a temporary name beside it, then renamed).
 */
import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { instanceFromText } from '../exchange/instanceText.ts';
import { ProgramFileError } from '../lp/files/programFile.ts';
import { InputError, issueText } from '../model/inputError.ts';
import type { Instance } from '../model/instance.ts';
import { longestText } from '../model/jsonText.ts';
import { UsageError } from './exitCodes.ts';
import type { Terminal } from './terminal.ts';

/** The text of a file (unpacked if its first bytes are those of gzip), or of stdin for `-`. Throws UsageError. */
async function readText(path: string, terminal: Terminal): Promise<string> {
  if (path === '-') return terminal.readStdin();
  try {
    if (statSync(path).size > longestText) throw tooLong(path);
    const bytes = readFileSync(path);
    return (
      bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes, { maxOutputLength: longestText }) : bytes
    ).toString('utf8');
  } catch (error) {
    if (error instanceof UsageError) throw error;
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLong(path);
    throw new UsageError(`${path}: found ${systemReason(error)}, expected a readable file`);
  }
}

function tooLong(path: string): UsageError {
  return new UsageError(`${path}: found a larger file, expected at most ${longestText} bytes`);
}

/**
 * Runs `read` on the text of a file; its InputErrors and ProgramFileErrors get the file's name in front. Throws
 * UsageError.
 */
export async function readFileAs<T>(
  path: string,
  terminal: Terminal,
  read: (text: string) => T | Promise<T>,
): Promise<T> {
  const text = await readText(path, terminal);
  try {
    return await read(text);
  } catch (error) {
    const name = path === '-' ? 'stdin' : path;
    if (error instanceof InputError)
      throw new UsageError(error.issues.map((issue) => `${name}: ${issueText(issue)}`).join('\n'));
    if (error instanceof ProgramFileError) throw new UsageError(`${name}: ${error.message}`);
    throw error;
  }
}

/** An instance, or a fleet (YAML or JSON) compiled to one. Throws UsageError. */
export function readInstance(path: string, terminal: Terminal): Promise<Instance> {
  return readFileAs(path, terminal, instanceFromText);
}

export interface OutputOptions {
  /** Whether a file that exists may be replaced. */
  readonly force?: boolean | undefined;
}

/**
 * Throws UsageError if `path` exists and may not be replaced: asked before long work, so that its result is not lost.
 */
export function checkWritable(path: string, { force }: OutputOptions): void {
  if (path !== '-' && !force && isRegularFile(path)) {
    throw new UsageError(`${path}: found a file that exists, expected a new name, or --force to replace it`);
  }
}

/** Makes a folder and those above it, unless it exists. Throws UsageError. */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw new UsageError(`${path}: found ${systemReason(error)}, expected a folder or a place for one`);
  }
}

/** Opens a file for writing line by line, emptying it; the caller closes it. Throws UsageError. */
export function openForLines(path: string): number {
  try {
    return openSync(path, 'w');
  } catch (error) {
    throw new UsageError(`${path}: found ${systemReason(error)}, expected a place to write`);
  }
}

/** Writes a whole file, or to stdout for `-`. Throws UsageError. */
export function writeText(path: string, text: string, terminal: Terminal, options: OutputOptions): void {
  if (path === '-') terminal.out(text);
  else writeBytes(path, text, options);
}

/** Writes a whole file of text or bytes. Throws UsageError. */
export function writeBytes(path: string, content: string | Uint8Array, options: OutputOptions): void {
  checkWritable(path, options);
  try {
    // A device or a pipe cannot be replaced by a file; it is written to.
    if (existsSync(path) && !isRegularFile(path)) writeFileSync(path, content);
    else replaceFile(path, content, options.force ?? false);
  } catch (error) {
    throw new UsageError(`${path}: found ${systemReason(error)}, expected a place to write`);
  }
}

function replaceFile(path: string, content: string | Uint8Array, force: boolean): void {
  const target = existsSync(path) ? realpathSync(path) : path;
  const temporary = `${target}.${process.pid}.tmp`;
  // One of a process of the same number that was killed; in containers numbers come again.
  rmSync(temporary, { force: true });
  try {
    writeFileSync(temporary, content, { flag: 'wx', flush: true });
    if (force) renameSync(temporary, target);
    // A link, unlike a renaming, fails if another program made the file meanwhile.
    else linkSync(temporary, target);
  } finally {
    rmSync(temporary, { force: true });
  }
}

function isRegularFile(path: string): boolean {
  if (!existsSync(path)) return false;
  const target = realpathSync(path);
  return lstatSync(target).isFile();
}

function systemReason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return 'nothing';
  if (code === 'EISDIR') return 'a directory';
  if (code === 'EEXIST') return 'a file';
  if (code === 'ENOTDIR') return 'a file in place of a folder';
  if (code === 'EACCES' || code === 'EPERM') return 'no permission';
  return code ?? String(error);
}
