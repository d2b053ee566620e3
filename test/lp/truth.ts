/** The linear and mixed-integer programs with known answers under test/data. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

export interface TruthEntry {
  /** Path under test/data. */
  readonly file: string;
  readonly kind: 'LP' | 'MIP';
  readonly numRows: number;
  readonly numColumns: number;
  readonly nonzeros: number;
  readonly optimum: number | 'infeasible';
}

const dataFolder = new URL('../data/', import.meta.url);

export const truth: readonly TruthEntry[] = readFileSync(new URL('lp-index.csv', dataFolder), 'utf8')
  .trim()
  .split(/\r?\n/)
  .slice(1)
  .map((line) => {
    const [file, kind, rows, columns, nonzeros, optimum] = line.split(',') as [string, string, ...string[]];
    return {
      file,
      kind: kind === 'MIP' ? 'MIP' : 'LP',
      numRows: Number(rows),
      numColumns: Number(columns),
      nonzeros: Number(nonzeros),
      optimum: optimum === 'infeasible' ? optimum : Number(optimum),
    };
  });

/** Text of an entry; bgindy, 2.4 MB, is stored compressed. */
export function truthText(file: string): string {
  const compressed = file.endsWith('bgindy.mps');
  const bytes = readFileSync(new URL(compressed ? `${file}.gz` : file, dataFolder));
  return (compressed ? gunzipSync(bytes) : bytes).toString('latin1');
}
