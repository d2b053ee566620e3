/** A point between two sides that exclude each other misses one of them by far: no claim of it is taken. */
import { expect, it } from 'vitest';
import { readMps } from '../../src/lp/files/mpsReader.ts';
import { checkProgramProof, fingerprintOfProgram } from '../../src/proof/check/programProof.ts';

const crossed = `NAME A
ROWS
 N obj
 G r
COLUMNS
 x obj -1 r 1
RHS
 rhs r 0
BOUNDS
 LO b x 1000000.1
 UP b x 0
ENDATA
`;

it('is refused near the lower side and near the upper one', () => {
  const program = readMps(crossed);
  for (const x of ['1000000.05', '0.00000001']) {
    const proof = {
      format: 'rolla-program-proof/1',
      program: fingerprintOfProgram(program),
      solution: { x },
      bound: `-${x}`,
      tree: { kind: 'rows', rows: {} },
    };
    expect(checkProgramProof(program, proof)).toMatchObject({ ok: false, reason: 'violates a bound of column 0' });
  }
});
