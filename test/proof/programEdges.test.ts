/** Claims at the edges of general programs: sides that exclude each other, gaps beyond a double. */
import { expect, it } from 'vitest';
import { readMps } from '../../src/lp/files/mpsReader.ts';
import type { MixedIntegerProgram } from '../../src/lp/linearProgram.ts';
import { parseJson } from '../../src/model/jsonText.ts';
import { checkProgramProof, fingerprintOfProgram } from '../../src/proof/check/programProof.ts';
import { hasPython, verdictsOnTexts } from './secondChecker.ts';

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

/** x >= 2 is whole; each level takes the upper half away, and every leaf shows the bound of 2. */
function deepProof(program: MixedIntegerProgram, levels: number): string {
  const leaf = '{"kind":"rows","rows":{"0":1}}';
  const heads = Array.from({ length: levels }, (_, t) => `{"kind":"bound","column":0,"most":${9999 - t},"children":[`);
  const head = { format: 'rolla-program-proof/1', program: fingerprintOfProgram(program), solution: null, bound: '2' };
  return `${JSON.stringify(head).slice(0, -1)},"tree":${heads.join('')}${leaf}${`,${leaf}]}`.repeat(levels)}}`;
}

it('a tree is read to its last level, and refused in words where it is deeper', () => {
  const mps = crossed
    .replace(' x obj -1 r 1', ` M 'MARKER' 'INTORG'\n x obj 1 r 1`)
    .replace(' rhs r 0', ' rhs r 2')
    .replace(' LO b x 1000000.1', '')
    .replace('UP b x 0', 'UP b x 10000');
  const program = readMps(mps);
  // The file and the last leaf have three levels of the 1,000, each level of the tree two.
  const texts = [498, 499, 3000].map((levels) => deepProof(program, levels));
  expect(checkProgramProof(program, parseJson(texts[0], 1000))).toMatchObject({ ok: true, leaves: 499 });
  for (const text of texts.slice(1))
    expect(() => checkProgramProof(program, JSON.parse(text))).toThrow(/at most 1000 levels/);
  const second = hasPython
    ? verdictsOnTexts(
        'program',
        texts.map((proof) => ({ about: mps, proof })),
      )
    : [];
  expect(second.map(({ ok }) => ok)).toEqual([true, false, false].slice(0, second.length));
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
