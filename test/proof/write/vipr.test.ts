/** Certificates of VIPR 1.0: what is written replays exactly, and the reader in the tests believes nothing false. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { solveMixedIntegerProgram } from '../../../src/bnb/solveMixedIntegerProgram.ts';
import { type MixedIntegerProgram, MixedIntegerProgramBuilder } from '../../../src/lp/linearProgram.ts';
import { drain } from '../../../src/lp/steps.ts';
import { vipr } from '../../../src/proof/write/vipr.ts';
import { type ProvenResult, writeRows } from '../../../src/proof/write/writeProgramProof.ts';
import { checkVipr } from '../../oracle/viprChecker.ts';
import { byEnumeration, programOf, programs } from '../smallPrograms.ts';

/** min a + b of whole numbers from 0 on with 2 a + 2 b >= 3: 2, by hand, once rounded and once split on a. */
const rounded = `% by hand
VER 1.0
VAR 2
a b
INT 2
0 1
OBJ min
2 0 1 1 1
CON 3 2
A G 0 1 0 1
B G 0 1 1 1
C G 3 2 0 2 1 2
RTP range 2 2
SOL 2
poor 1 0 3
good 2 0 1 1 1
DER 1
D G 2 OBJ { rnd 1 2 1/2 } -1
`;
const split = rounded.replace(
  /DER[\s\S]*/,
  `DER 8
most L 0 1 0 1 { asm } -1
C1 G 3/2 1 1 1 { lin 2 2 0.5 3 -1 } -1
C2 G 2 1 1 1 { rnd 1 4 1 } -1
C3 G 2 OBJ { lin 2 5 1 0 1 } -1
least G 1 1 0 1 { asm } -1
C4 G 3/2 OBJ { lin 1 2 1/2 } -1
C5 G 2 OBJ { rnd 1 8 1 } 10
D G 2 OBJ { uns 6 3 9 7 } -1
`,
);

it('replay what was written by hand', () => {
  expect(checkVipr(rounded)).toEqual({ bound: 2, cost: 2 });
  expect(checkVipr(split)).toEqual({ bound: 2, cost: 2 });
});

it('replay a maximisation, and what the best solution shows', () => {
  const maximised = rounded
    .replace('OBJ min\n2 0 1 1 1', 'OBJ max\n2 0 -1 1 -1')
    .replace('range 2 2', 'range -2 -2')
    .replace('D G 2 OBJ { rnd 1 2 1/2 }', 'D L -2 OBJ { rnd 1 2 -1/2 }');
  expect(checkVipr(maximised)).toEqual({ bound: -2, cost: -2 });
  expect(() => checkVipr(maximised.replace('D L -2', 'D L -3'))).toThrow(/something else/);
  expect(() => checkVipr(maximised.replace('-2 -2', '-1 -1'))).toThrow(/as good as claimed/);
  const withSolution = rounded.replace('DER 1\n', 'DER 2\nS L 2 OBJ { sol } -1\n');
  expect(checkVipr(withSolution)).toEqual({ bound: 2, cost: 2 });
  expect(() => checkVipr(withSolution.replace('S L 2', 'S L 3/2'))).toThrow(/sol/);
  expect(() => checkVipr(withSolution.replace('S L 2', 'S G 2'))).toThrow(/sol/);
});

it.each([
  ['another version', /expected 1\.0/, '1.0', '1.1'],
  [
    'bounds behind the other constraints',
    /more than one column/,
    'A G 0 1 0 1\nB G 0 1 1 1\nC G 3 2 0 2 1 2',
    'C G 3 2 0 2 1 2\nA G 0 1 0 1\nB G 0 1 1 1',
  ],
  ['a name twice', /are called B/, 'C G 3', 'B G 3'],
  ['a column that there is not', /no index/, '2 0 2 1 2', '2 0 2 2 2'],
  ['a column twice', /column comes twice/, '2 0 2 1 2', '2 0 2 0 2'],
  ['a solution that is not whole', /not whole/, 'good 2 0 1 1 1', 'good 2 0 3/2 1 0'],
  ['a solution that is not feasible, beside one that is', /not feasible/, 'poor 1 0 3', 'poor 1 0 1'],
  ['solutions that are not as good', /range without/, 'range 2 2', 'range 2 1'],
  ['a bound that does not follow', /as good as claimed|show the claim/, 'range 2 2', 'range 5/2 3'],
  ['a derivation missing', /ends early/, 'DER 1', 'DER 2'],
  ['a derivation too many', /something follows/, '} -1\n', '} -1\nE G 1 OBJ { lin 1 3 1 } -1\n'],
  ['an assumption in the end', /hangs on assumptions/, 'rnd 1 2 1/2', 'asm'],
  ['a rounding of what is not whole', /sum that is not whole/, 'INT 2\n0 1', 'INT 1\n0'],
  ['a constraint that comes later', /no index/, 'rnd 1 2 1/2', 'rnd 1 3 1/2'],
  ['a constraint twice', /constraint comes twice/, 'rnd 1 2 1/2', 'rnd 2 2 1/4 2 1/4'],
  ['an unknown reason', /expected asm/, 'rnd 1', 'cut 1'],
])('rounded, refuse %s', (_, fault, found, other) => {
  expect(rounded).toContain(found);
  expect(() => checkVipr(rounded.replace(found, other))).toThrow(fault);
});

it.each([
  ['a gap between the sides', /a gap/, 'least G 1', 'least G 2'],
  ['sides of two sums', /two sums/, 'least G 1 1 0 1', 'least G 1 1 1 1'],
  ['one side twice', /two sums/, 'uns 6 3 9 7', 'uns 6 3 9 3'],
  ['an assumption that stays', /hangs on assumptions/, 'uns 6 3 9 7', 'uns 9 3 6 7'],
  ['a branch that shows less', /does not show the claim/, 'uns 6 3 9 7', 'uns 6 3 8 7'],
  ['sides that do not add up', /do not add up/, '2 2 0.5 3 -1', '2 2 0.5 3 1'],
  ['a reference to what was given up', /given up/, 'C3 G 2 OBJ { lin 2 5 1 0 1 } -1', 'C3 G 2 OBJ { lin 2 5 1 0 1 } 6'],
])('split, refuse %s', (_, fault, found, other) => {
  expect(split).toContain(found);
  expect(() => checkVipr(split.replace(found, other))).toThrow(fault);
});

it('refuse a rounding of an equation', () => {
  const withoutSolutions = rounded.replace(/SOL[\s\S]*DER/, 'SOL 0\nDER').replace('range 2 2', 'range 2 inf');
  expect(checkVipr(withoutSolutions)).toEqual({ bound: 2, cost: null });
  expect(() => checkVipr(withoutSolutions.replace('C G 3', 'C E 3'))).toThrow(/equation/);
});

function certificateOf(program: MixedIntegerProgram, result: ProvenResult = solveMixedIntegerProgram(program)): string {
  return vipr(program, drain(writeRows(program, result, { usesCuts: false })));
}

it('are written of whole columns between fractions, where no whole number is or one', () => {
  const infeasible = { status: 'infeasible', solution: null, bound: null, gap: null };
  for (const [lower, upper, bound, result] of [
    [0.5, 0.5, null, infeasible],
    [0.25, 0.75, null, infeasible],
    [1.5, 2.5, 6, undefined],
  ] as const) {
    const builder = new MixedIntegerProgramBuilder();
    builder.addColumn({ cost: 3, lower, upper, integer: true });
    builder.addRow({ upper: 9, indices: [0], values: [1] });
    expect(checkVipr(certificateOf(builder.build(), result)).bound).toBe(bound);
  }
});

it('are written of equations that decide the cost: 2 x + 2 y = 3 has no whole point', () => {
  const builder = new MixedIntegerProgramBuilder();
  for (let t = 0; t < 2; t++) builder.addColumn({ cost: 2, lower: -5, upper: 5, integer: true });
  builder.addRow({ lower: 3, upper: 3, indices: [0, 1], values: [2, 2] });
  expect(checkVipr(certificateOf(builder.build())).bound).toBeNull();
});

it('show nothing false with any number of their claims, solutions and derivations altered', () => {
  const seen = { refused: 0, accepted: 0 };
  fc.assert(
    fc.property(
      programs.filter(({ wholes, costs }) => wholes === costs.length),
      (data) => {
        const text = certificateOf(programOf(data));
        const truth = byEnumeration(data) - data.offset;
        const claims = text.indexOf('RTP');
        for (const { index, 0: number } of text.slice(claims).matchAll(/(?<= )-?\d+(\/\d+)?/g)) {
          for (const other of [`-${number}`.replace('--', ''), String(Number.parseInt(number, 10) + 1), '0', '1/3']) {
            const at = claims + index;
            const altered = text.slice(0, at) + other + text.slice(at + number.length);
            const shown = shownBy(altered);
            seen[shown === null ? 'refused' : 'accepted']++;
            expect(shown?.bound ?? (shown === null ? -Infinity : Infinity)).toBeLessThanOrEqual(truth + 1e-9);
            expect(shown?.cost ?? Infinity).toBeGreaterThanOrEqual(truth - 1e-9);
          }
        }
      },
    ),
    { numRuns: 20, seed: 4 },
  );
  expect(Math.min(seen.refused, seen.accepted)).toBeGreaterThan(500);
});

function shownBy(text: string) {
  try {
    return checkVipr(text);
  } catch {
    return null;
  }
}
