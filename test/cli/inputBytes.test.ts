/** What the bytes of an input are taken for, and whose fault a fault is said to be. */
import { readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { runCaptured, temporaryFolder } from './capturedCli.ts';

const file = temporaryFolder();
const reference = file('reference.json');
let text = '';

const costOf = async (path: string, stdin?: Uint8Array) => {
  const { out, err } = await runCaptured(['solve', path, '--preset', 'reference', '--json'], stdin);
  expect(err).toBe('');
  return JSON.parse(out).cost.total;
};

beforeAll(async () => {
  await runCaptured(['generate', '-o', reference]);
  text = readFileSync(reference, 'utf8');
});

describe('an input', () => {
  // The optimum of the published instance.
  const optimum = 553.4433449;
  const utf16 = (content: string) => Buffer.from(`\uFEFF${content}`, 'utf16le');

  it('is UTF-8, UTF-16 by its mark in either order of bytes, or either of them in gzip; from stdin too', async () => {
    const encodings = {
      marked: Buffer.from(`\uFEFF${text}`),
      little: utf16(text),
      big: utf16(text).swap16(),
      packed: gzipSync(text),
      both: gzipSync(utf16(text)),
    };
    for (const [name, bytes] of Object.entries(encodings)) {
      writeFileSync(file(`${name}.json`), bytes);
      expect(await costOf(file(`${name}.json`))).toBeCloseTo(optimum, 6);
      expect(await costOf('-', bytes)).toBeCloseTo(optimum, 6);
    }
  });

  it('of other bytes is refused with its line: names that differ would look the same', async () => {
    const latin = Buffer.from(text.replace('"Summarization"', '"R\u00e9sum\u00e9"'), 'latin1');
    writeFileSync(file('latin.json'), latin);
    const line = text.slice(0, text.indexOf('"Summarization"')).split('\n').length;
    expect(await runCaptured(['solve', file('latin.json')])).toEqual({
      exitCode: 2,
      out: '',
      err: `rolla: ${file('latin.json')}: line ${line}: found bytes that are no UTF-8, expected text in UTF-8\n`,
    });
  });

  it('that is a program keeps names of other bytes apart', async () => {
    const columns = ' caf\u00e9 c -1 r 1\n caf\u00e8 c -2 r 1\n';
    const program = `* \u00e9\nNAME t\nROWS\n N c\n L r\nCOLUMNS\n${columns}RHS\n R r 4\nENDATA\n`;
    writeFileSync(file('latin.mps'), Buffer.from(program, 'latin1'));
    const { out, exitCode } = await runCaptured(['lp', file('latin.mps'), '--json']);
    expect(exitCode).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ objective: -8, columns: { 'caf\u00e8': 4 } });
  });

  it('from stdin is one: a second one is told so', async () => {
    for (const args of [
      ['verify', '-', '-'],
      ['check', '-', '-'],
      ['solve', '-', '--start-plan', '-'],
    ]) {
      const { exitCode, err } = await runCaptured(args, text);
      expect(err).toBe('rolla: stdin: found a second input from it, expected a file for all inputs but one\n');
      expect(exitCode).toBe(2);
    }
  });
});

it('what is wrong with the instance of a proof is not said of the proof, nor the other way round', async () => {
  const proof = file('proof.json');
  await runCaptured(['solve', reference, '--preset', 'reference', '--quiet', '--proof', proof]);
  for (const [about, of, faulty] of [
    [proof, proof, proof],
    [reference, reference, reference],
    [file('none.mps'), proof, file('none.mps')],
  ]) {
    const { exitCode, err } = await runCaptured(['check', about, of]);
    expect(exitCode).toBe(2);
    for (const line of err.trimEnd().split('\n')) {
      expect(line.startsWith(`rolla: ${faulty}: `)).toBe(true);
      expect(line.split(file('')).length).toBe(2);
    }
  }
});
