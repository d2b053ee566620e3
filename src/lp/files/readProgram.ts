/** Reads a program file whatever its format: CPLEX-LP and MPS are told apart by their first words. */
import { checkText } from '../../input/inputError.ts';
import { readLpModel } from './lpFileReader.ts';
import { readMpsModel } from './mpsReader.ts';
import type { FileModel } from './programFile.ts';

const firstWordOfLp = /^(\\|min|max)/i;
const headerOfMps = /^(NAME|ROWS|OBJ\w*|\*)/;

/**
 * Reads MPS (fixed or free form) or CPLEX-LP text.
 * @throws MpsError or LpFileError naming the line, what was found and what was expected.
 */
export function readProgram(text: string): FileModel {
  checkText(text, 'text', 'an MPS or LP file');
  const first =
    text
      .replace(/^\uFEFF/, '')
      .split(/\r\n|\n|\r/)
      .find((line) => line.trim() !== '') ?? '';
  const isLp = firstWordOfLp.test(first.trim()) && !headerOfMps.test(first);
  return isLp ? readLpModel(text) : readMpsModel(text);
}
