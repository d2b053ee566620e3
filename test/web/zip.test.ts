import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { crc32, zipOf } from '../../web/state/zip.ts';

const folder = mkdtempSync(join(tmpdir(), 'rolla-zip-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('zipOf', () => {
  it('has the check value of the CRC', () => {
    // The check value of CRC-32/ISO-HDLC in every catalogue of such codes.
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
  });

  it('is read by an unpacker that is not ours', (context) => {
    const files = [
      { name: 'a.txt', text: 'one\n' },
      { name: 'häß.json', text: '{"名": 1}' },
      { name: 'empty', text: '' },
    ];
    const archive = join(folder, 'all.zip');
    writeFileSync(archive, zipOf(files));
    try {
      execFileSync('python3', ['-m', 'zipfile', '-e', archive, folder]);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') context.skip('python3 is not installed');
      throw error;
    }
    for (const { name, text } of files) expect(readFileSync(join(folder, name), 'utf8')).toBe(text);
  });
});
