/** Claims at the edges of general programs: sides that exclude each other, gaps beyond a double. */
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

it('a point between sides that exclude each other misses one of them by far, near either', () => {
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

it('a gap that no double holds is Infinity', () => {
  const program = readMps(
    crossed.replace(' obj -1 ', ' obj 1e-300 ').replace('LO b x 1000000.1', 'LO b x 1').replace('UP b x 0', 'UP b x 9'),
  );
  const proof = {
    format: 'rolla-program-proof/1',
    program: fingerprintOfProgram(program),
    solution: { x: '1' },
    bound: '-1',
    tree: { kind: 'rows', rows: {} },
  };
  expect(checkProgramProof(program, proof)).toMatchObject({ ok: true, gap: Infinity });
});
