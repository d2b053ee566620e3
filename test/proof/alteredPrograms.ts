/** Proofs of random small programs of whole columns, altered in one thing, against enumeration. */
import fc from 'fast-check';
import { expect } from 'vitest';
import { solveMixedIntegerProgram } from '../../src/bnb/solveMixedIntegerProgram.ts';
import { checkProgramProof, type ProgramProofData } from '../../src/proof/check/programProof.ts';
import { writeProgramProof } from '../../src/proof/write/writeProgramProof.ts';
import { byEnumeration, programOf, programs } from './smallPrograms.ts';

/** Alters the proofs of so many programs; what is accepted has to be true. How many were refused, and how many not. */
export function judgedAlterations(numRuns: number, seed: number) {
  let refused = 0;
  let stillTrue = 0;
  fc.assert(
    fc.property(
      programs.filter(({ wholes, costs }) => wholes === costs.length),
      (data) => {
        const program = programOf(data);
        const result = solveMixedIntegerProgram(program);
        const truth = byEnumeration(data);
        for (const proof of altered(writeProgramProof(program, result))) {
          const outcome = checkProgramProof(program, proof);
          if (!outcome.ok) refused++;
          const shown = outcome.ok ? Number(outcome.bound ?? Infinity) : -Infinity;
          expect(shown).toBeLessThanOrEqual(truth + 1e-9);
          // All numbers are tenths: a point within the tolerance holds exactly.
          const cost = outcome.ok ? Number(outcome.cost ?? Infinity) : Infinity;
          expect(cost).toBeGreaterThanOrEqual(truth - 1e-9);
          if (outcome.ok) stillTrue++;
        }
      },
    ),
    { numRuns, seed },
  );
  return { refused, stillTrue };
}

/**
 * Every number of the proof's point, cuts and tree, nudged in turn; every cut and leaf emptied; every split moved; the
 * claim raised.
 */
export function* altered(proof: ProgramProofData): Generator<ProgramProofData> {
  const copy = () => JSON.parse(JSON.stringify(proof)) as { bound: string | null; tree: MutableNode };
  const nodes = (node: MutableNode): MutableNode[] =>
    node.kind === 'bound' ? [node, ...node.children.flatMap(nodes)] : [node];
  const count = nodes(copy().tree).length;
  for (let at = 0; at < count; at++) {
    const changed = (change: (node: MutableNode) => void) => {
      const next = copy();
      change(nodes(next.tree)[at]);
      return next as unknown as ProgramProofData;
    };
    const node = nodes(copy().tree)[at];
    for (const [t, cut] of (node.cuts ?? []).entries())
      for (const change of alteredCuts(cut)) yield changed((to) => Object.assign(to.cuts![t], change));
    if (node.kind === 'bound') {
      yield changed((to) => to.kind === 'bound' && to.most++);
      yield changed((to) => to.kind === 'bound' && to.children.reverse());
      continue;
    }
    yield changed((to) => to.kind === 'rows' && Object.assign(to, { rows: {} }));
    for (const [row, value] of Object.entries(node.rows)) {
      for (const factor of [-1, 0.9, 1.1])
        yield changed((to) => to.kind === 'rows' && Object.assign(to.rows, { [row]: Number(value) * factor }));
    }
  }
  for (const [name, value] of Object.entries(proof.solution ?? {}))
    for (const change of [1, -1, 0.1])
      yield { ...proof, solution: { ...proof.solution, [name]: Number(value) + change } };
  if (proof.bound !== null) {
    const raised = Number(proof.bound) + 0.01 * Math.max(1, Math.abs(Number(proof.bound)));
    yield { ...proof, bound: String(raised) };
    yield { ...proof, bound: null, solution: null };
  }
}

function* alteredCuts(cut: Cut): Generator<Partial<Cut>> {
  yield { most: Number(cut.most) - 0.01 };
  yield { fromUpper: [] };
  yield { lower: {}, upper: {} };
  yield { lower: cut.upper ?? {}, upper: cut.lower ?? {} };
  for (const table of ['lower', 'upper', 'coefficients'] as const)
    for (const [key, value] of Object.entries(cut[table] ?? {}))
      for (const factor of [-1, 0.9, 1.1]) yield { [table]: { ...cut[table], [key]: Number(value) * factor } };
}

type Cut = NonNullable<ProgramProofData['tree']['cuts']>[number];
type MutableNode =
  | { kind: 'rows'; cuts?: Cut[]; rows: Record<string, number | string> }
  | { kind: 'bound'; cuts?: Cut[]; most: number; children: MutableNode[] };
