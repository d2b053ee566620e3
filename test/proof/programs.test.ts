/**
 * Proofs of mixed-integer programs: random small ones, solved by enumeration besides, whose proofs both our checker and
 * a reader of VIPR certificates accept; altered proofs whose claim is false are refused.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { solveMixedIntegerProgram } from '../../src/bnb/solveMixedIntegerProgram.ts';
import { InputError } from '../../src/input/inputError.ts';
import { readMps } from '../../src/lp/files/mpsReader.ts';
import { writeMps } from '../../src/lp/files/mpsWriter.ts';
import { type MixedIntegerProgram, MixedIntegerProgramBuilder } from '../../src/lp/linearProgram.ts';
import { drain } from '../../src/lp/steps.ts';
import { parseJson } from '../../src/model/jsonText.ts';
import type { ShownClaims } from '../../src/proof/check/claims.ts';
import { checkProgramProof, fingerprintOfProgram } from '../../src/proof/check/programProof.ts';
import { vipr } from '../../src/proof/write/vipr.ts';
import { ProofNotWritten } from '../../src/proof/write/writeOptions.ts';
import { writeProgramProof, writeRows } from '../../src/proof/write/writeProgramProof.ts';
import { checkVipr } from '../oracle/viprChecker.ts';
import { altered, judgedAlterations } from './alteredPrograms.ts';
import { hostileForms } from './hostileForms.ts';
import { hasPython, verdictsOnTexts } from './secondChecker.ts';
import { byEnumeration, programOf, programs } from './smallPrograms.ts';

it('are accepted by two checkers', () => {
  const seen = { optimal: 0, infeasible: 0, exact: 0, cuts: 0 };
  fc.assert(
    fc.property(programs, (data) => {
      const program = programOf(data);
      const result = solveMixedIntegerProgram(program);
      if (result.status !== 'optimal' && result.status !== 'infeasible') return;
      seen[result.status]++;
      const rows = drain(writeRows(program, result, { usesCuts: false }));
      const proof = JSON.parse(JSON.stringify(writeProgramProof(program, result)));
      if (JSON.stringify(proof.tree).includes('"cuts"')) seen.cuts++;
      const outcome = checkProgramProof(program, proof) as ShownClaims;
      const claims = result.status === 'optimal' ? ['plan', 'bound'] : ['infeasible'];
      expect(outcome).toMatchObject({ ok: true, claims });
      if (outcome.largestViolation === 0) seen.exact++;
      const number = (text: string | null) => (text === null ? Infinity : Number(text));
      const certified = checkVipr(vipr(program, rows)).bound;
      expect(certified === null ? Infinity : certified + data.offset).toBeCloseTo(number(outcome.bound), 9);
      const truth = data.wholes === data.costs.length ? byEnumeration(data) : number(outcome.cost);
      expect(number(outcome.cost)).toBeCloseTo(truth, 9);
      expect(number(outcome.bound)).toBeLessThanOrEqual(truth + 1e-9);
    }),
    { numRuns: 300, seed: 5 },
  );
  expect(seen.optimal).toBeGreaterThan(60);
  expect(seen.infeasible).toBeGreaterThan(60);
  expect(seen.exact).toBeGreaterThan(50);
  expect(seen.cuts).toBeGreaterThan(10);
});

it('show nothing false when altered', () => {
  const { refused, stillTrue } = judgedAlterations(60, 6);
  expect(Math.min(refused, stillTrue)).toBeGreaterThan(200);
});

it('is of its program alone, and of whole columns alone', () => {
  const build = (cost: number) => {
    const builder = new MixedIntegerProgramBuilder();
    builder.addColumn({ cost, upper: 10, integer: true });
    builder.addColumn({ cost: 3, upper: 10 });
    builder.addRow({ lower: 2.5, indices: [0, 1], values: [1, 1] });
    return builder.build();
  };
  const program = build(2);
  // 2 whole and half a continuous one cost 5.5, 3 whole ones 6.
  const proof = writeProgramProof(program, solveMixedIntegerProgram(program));
  expect(checkProgramProof(program, proof)).toMatchObject({ ok: true, cost: '5.500000000000' });
  expect(checkProgramProof(build(1), proof)).toMatchObject({ ok: false, path: 'program' });
  const ofContinuous = { kind: 'bound', column: 1, most: 0, children: [proof.tree, proof.tree] };
  expect(checkProgramProof(program, { ...proof, tree: ofContinuous })).toMatchObject({ ok: false, path: 'tree' });
  for (const solution of [{ x0: 2, x1: 0.4 }, { x0: 2.5 }, { x0: 2, x1: 0.5, y: 1 }])
    expect(checkProgramProof(program, { ...proof, solution })).toMatchObject({ ok: false, path: 'solution' });
  expect(() => checkProgramProof(program, { ...proof, bound: 5 })).toThrow(/bound/);
});

it('is not written where nothing is known, or a limit strikes', () => {
  const builder = new MixedIntegerProgramBuilder();
  builder.addColumn({ cost: -1, upper: 9, integer: true });
  builder.addRow({ upper: 5, indices: [0], values: [2] });
  const program = builder.build();
  const result = solveMixedIntegerProgram(program);
  expect(() => writeProgramProof(program, { status: 'node-limit', solution: null, bound: null, gap: null })).toThrow(
    ProofNotWritten,
  );
  expect(() => writeProgramProof(program, result, { nodeLimit: 0 })).toThrow(/limit/);
});

it('of a program with sides that no number keeps is refused, and so is a column that no object can name', () => {
  const build = (name: string) => {
    const builder = new MixedIntegerProgramBuilder();
    builder.addColumn({ cost: 1, upper: 20, name });
    builder.addRow({ lower: 1, indices: [0], values: [1] });
    return builder.build();
  };
  const claim = (program: MixedIntegerProgram) => ({
    format: 'rolla-program-proof/1',
    program: fingerprintOfProgram(program),
    solution: {},
    bound: '0',
    tree: { kind: 'rows', rows: {} },
  });
  const program = build('x');
  for (const impossible of [
    { ...program, rowLower: Float64Array.of(Infinity) },
    { ...program, rowUpper: Float64Array.of(-Infinity) },
    { ...program, columnLower: Float64Array.of(Infinity) },
    { ...program, columnUpper: Float64Array.of(-Infinity) },
  ])
    expect(() => checkProgramProof(impossible, claim(impossible))).toThrow(InputError);
  const unnameable = build('__proto__');
  expect(checkProgramProof(unnameable, claim(unnameable))).toMatchObject({ ok: false });
});

it('are refused, or show what is true, when a stranger stands anywhere in them', () => {
  const builder = new MixedIntegerProgramBuilder();
  builder.addColumn({ cost: -2, upper: 3.5, integer: true, name: 'x' });
  builder.addColumn({ cost: -3, upper: 3.5, integer: true, name: 'constructor' });
  builder.addColumn({ cost: 1, upper: 2, name: 'z' });
  builder.addRow({ upper: 5.3, indices: [0, 1, 2], values: [1.3, 2.1, -0.2] });
  const program = builder.build();
  const proof = writeProgramProof(program, solveMixedIntegerProgram(program));
  // With z = 0 the cheapest point is (2, 1); more of z lets in (1, 2) alone, with z = 1.
  const least = -7;
  expect(checkProgramProof(program, proof)).toMatchObject({ ok: true, cost: '-7.000000000000' });
  const forms = [...hostileForms(proof)].filter((_, n) => n % 5 === 0);
  const outcomes = forms.map(({ text }) => verdictOn(program, text));
  const accepted = outcomes.flatMap((outcome) => (outcome?.ok === true ? [outcome] : []));
  const claims = accepted.map(({ bound, cost }) => ({ bound: Number(bound ?? Infinity), cost: Number(cost ?? least) }));
  expect(claims.filter(({ bound, cost }) => bound > least || cost < least - 1e-6)).toEqual([]);
  expect(accepted.length).toBeGreaterThan(5);
  expect(outcomes.length - accepted.length).toBeGreaterThan(150);
  const second = hasPython
    ? verdictsOnTexts(
        'program',
        forms.map(({ text }) => ({ about: writeMps(program), proof: text })),
      )
    : [];
  expect(forms.filter((_, n) => second[n] !== undefined && second[n].ok !== (outcomes[n]?.ok === true))).toEqual([]);
});

it.skipIf(!hasPython)('altered, are to the checker in Python what they are to the first', () => {
  const cases = fc.sample(programs, { numRuns: 25, seed: 8 }).flatMap((data) => {
    const mps = writeMps(programOf(data));
    const program = readMps(mps);
    const result = solveMixedIntegerProgram(program);
    if (result.status !== 'optimal' && result.status !== 'infeasible') return [];
    const proof = writeProgramProof(program, result);
    return [proof, ...altered(proof)].map((each) => ({ program, mps, text: JSON.stringify(each) }));
  });
  const first = cases.map(({ program, text }) => verdictOn(program, text)?.ok === true);
  const second = verdictsOnTexts(
    'program',
    cases.map(({ mps, text }) => ({ about: mps, proof: text })),
  );
  expect(cases.filter((_, n) => first[n] !== second[n].ok)).toEqual([]);
  expect(first.filter((isAccepted) => isAccepted).length).toBeGreaterThan(25);
  expect(first.filter((isAccepted) => !isAccepted).length).toBeGreaterThan(100);
});

function verdictOn(program: MixedIntegerProgram, text: string) {
  try {
    return checkProgramProof(program, parseJson(text));
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}
