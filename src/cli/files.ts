/**
 * Files of the command line: `-` is a standard stream, nothing is overwritten unless `--force` is given, and a file
 * appears whole or not at all (written under a temporary name beside it, then renamed).
 */
import {
  accessSync,
  constants,
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
import { dirname, resolve } from 'node:path';
import { instanceFromText } from '../exchange/instanceText.ts';
import { attempt, fault, InputError, type InputIssue, refuse, showValue } from '../input/inputError.ts';
import { ProgramFileError } from '../lp/files/programFile.ts';
import type { Instance } from '../model/instance.ts';
import { longestText } from '../model/jsonText.ts';
import { shortened, visible } from '../model/visibleText.ts';
import type { Terminal } from './terminal.ts';
import { type Encoding, textOfBytes, tooLong } from './textOfBytes.ts';

function readBytes(path: string): Uint8Array {
  try {
    // Before it is in memory.
    if (statSync(path).size > longestText) throw tooLong(path);
    return readFileSync(path);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw fault(path, systemReason(error), 'a readable file');
  }
}

const nameOf = (path: string) => (path === '-' ? 'stdin' : path);

/** Runs `read` on the text of a file, or of stdin for `-`; its errors as `saidOf` says them. Throws InputError. */
export async function readFileAs<T>(
  path: string,
  terminal: Terminal,
  read: (text: string) => T | Promise<T>,
  encoding: Encoding = {},
): Promise<T> {
  const bytes = path === '-' ? await terminal.readStdin() : readBytes(path);
  const text = textOfBytes(bytes, nameOf(path), encoding);
  return saidOf(path, () => read(text));
}

/** Runs `work` on what a file holds; its InputErrors and ProgramFileErrors get the file's name in front. */
export async function saidOf<T>(path: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const name = nameOf(path);
    if (error instanceof InputError) refuse(error.issues.map((issue) => ({ ...issue, path: pathIn(name, issue) })));
    if (error instanceof ProgramFileError)
      throw fault(`${name}: ${error.format} line ${error.line}`, showValue(error.found), error.expected);
    throw error;
  }
}

const pathIn = (file: string, { path }: InputIssue) => `${file}: ${path === '' ? 'input' : path}`;

/** An instance, or a fleet (YAML or JSON) compiled to one. Throws InputError. */
export function readInstance(path: string, terminal: Terminal): Promise<Instance> {
  return readFileAs(path, terminal, instanceFromText);
}

export interface OutputOptions {
  /** Whether a file that exists may be replaced. */
  readonly force?: boolean | undefined;
}

/**
 * Throws InputError if `path` cannot be written or exists and may not be replaced: asked before long work, so that its
 * result is not lost.
 */
function checkWritable(path: string, { force }: OutputOptions): void {
  if (path === '-') return;
  if (existsSync(path)) {
    if (statSync(path).isDirectory()) throw fault(path, 'a directory', 'the name of a file');
    if (!force && isRegularFile(path)) throw fault(path, 'a file that exists', 'a new name, or --force to replace it');
  }
  try {
    // A device or a pipe is written to where it is; a file is replaced by one beside it.
    if (existsSync(path) && !isRegularFile(path)) accessSync(path, constants.W_OK);
    else checkFolder(dirname(existsSync(path) ? realpathSync(path) : path));
  } catch (error) {
    const reason = systemReason(error);
    throw fault(path, reason === 'nothing' ? 'no such folder' : reason, 'a place to write');
  }
}

/** Throws the system's error unless files can be made in it. */
function checkFolder(folder: string): void {
  // With a dot behind it, a file is no folder.
  accessSync(`${folder}/.`, constants.W_OK | constants.X_OK);
}

/** As `checkWritable` for each path that is given; no two may be the same file. */
export function checkOutputs(paths: readonly (string | undefined)[], options: OutputOptions): void {
  const issues: InputIssue[] = [];
  const seen = new Set<string>();
  for (const path of paths) {
    if (path === undefined) continue;
    if (path !== '-' && seen.has(resolve(path)))
      issues.push({ path, value: 'two outputs of this name', expected: 'a file for each' });
    else attempt(() => checkWritable(path, options), issues);
    seen.add(resolve(path));
  }
  refuse(issues);
}

/** Makes a folder and those above it, unless it exists. Throws InputError. */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw fault(path, systemReason(error), 'a folder or a place for one');
  }
}

/** Opens a file for writing line by line, emptying it; the caller closes it. Throws InputError. */
export function openForLines(path: string): number {
  try {
    return openSync(path, 'w');
  } catch (error) {
    throw fault(path, systemReason(error), 'a place to write');
  }
}

/**
 * Writes results of work, each whole, `-` being stdout, and says so unless they are listed otherwise. Text that cannot
 * be written to its file after all goes to stdout, so that nothing is lost.
 */
export class OutputFiles {
  readonly #terminal: Terminal;
  readonly #options: OutputOptions;
  readonly #says: boolean;
  #isComplete = true;

  constructor(terminal: Terminal, options: OutputOptions, { says = true }: { readonly says?: boolean } = {}) {
    this.#terminal = terminal;
    this.#options = options;
    this.#says = says;
  }

  /** Whether every file has been written. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** Returns whether the content is where it should be; `about` is said with the file's name. */
  write(path: string, content: string | Uint8Array, about = ''): boolean {
    if (path === '-') {
      this.#terminal.out(content.toString());
      return true;
    }
    try {
      writeFile(path, content, this.#options);
      if (this.#says) this.#terminal.err(`${visible(path)} written${about}\n`);
      return true;
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      this.#isComplete = false;
      const isText = typeof content === 'string';
      const rescue = isText ? '; it goes to standard output' : '';
      this.#terminal.err(`rolla: ${shortened(visible(error.message))}${rescue}\n`);
      if (isText) this.#terminal.out(content);
      return false;
    }
  }
}

/** Writes a whole file, or to stdout for `-`. Throws InputError. */
export function writeText(path: string, text: string, terminal: Terminal, options: OutputOptions): void {
  if (path === '-') terminal.out(text);
  else writeFile(path, text, options);
}

/** Writes a whole file of text or bytes. Throws InputError. */
function writeFile(path: string, content: string | Uint8Array, options: OutputOptions): void {
  checkWritable(path, options);
  try {
    // A device or a pipe cannot be replaced by a file; it is written to.
    if (existsSync(path) && !isRegularFile(path)) writeFileSync(path, content);
    else replaceFile(path, content, options.force ?? false);
  } catch (error) {
    throw fault(path, systemReason(error), 'a place to write');
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

export function systemReason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return 'nothing';
  if (code === 'EISDIR') return 'a directory';
  if (code === 'EEXIST') return 'a file';
  if (code === 'ENOTDIR') return 'a file in place of a folder';
  if (code === 'EACCES' || code === 'EPERM') return 'no permission';
  if (code === 'EROFS') return 'a read-only disk';
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'no space left';
  if (code === 'ENAMETOOLONG') return 'a name too long for the disk';
  return code ?? String(error);
}
