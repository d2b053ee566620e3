/** The files of the repository that tests read as text, by patterns of git; paths are relative to its root. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repository = fileURLToPath(new URL('../../', import.meta.url));

export function filesLike(...patterns: string[]): string[] {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', ...patterns];
  const listed = execFileSync('git', args, { cwd: repository, encoding: 'utf8' }).trim().split('\n');
  return listed.filter((file) => file !== '' && existsSync(join(repository, file)));
}

export function textOf(file: string): string {
  return readFileSync(join(repository, file), 'utf8');
}
