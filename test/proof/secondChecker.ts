/** The checkers in Python (docs/proofs) on many proofs at once, where there is a python3. */
import { spawnSync } from 'node:child_process';
import { InputError } from '../../src/input/inputError.ts';
import { checkProof } from '../../src/proof/check/checkProof.ts';

export const hasPython = spawnSync('python3', ['--version']).status === 0;

const driver = `
import json, sys
sys.path.insert(0, 'docs/proofs')
import check, check_program

def costing(cost):
    return {'ok': True, 'cost': None if cost is None else float(cost)}

def of_plan(instance, proof):
    return costing(check.check(check.read(instance), check.read(proof))[0])

def of_program(mps, proof):
    return costing(check_program.Check(check_program.Program(mps), check.read(proof)).shown)

def of_mps(mps):
    return {'ok': True, 'fingerprint': check_program.Program(mps).fingerprint}

judge = {'plan': of_plan, 'program': of_program, 'mps': of_mps}[sys.argv[1]]
for line in sys.stdin:
    try:
        print(json.dumps(judge(*json.loads(line))))
    except check.Wrong as wrong:
        print(json.dumps({'ok': False, 'reason': str(wrong)}))
`;

interface Case {
  readonly instance: unknown;
  readonly proof: unknown;
}

type Verdict = { readonly ok: true; readonly cost: number | null } | { readonly ok: false; readonly reason: string };

/**
 * What each checker says that the other does not, for those cases that are well-formed; and how many these are. The
 * first rounds, so it may refuse a price at which a pattern just pays: that is none if it takes one a little lower.
 */
export function disagreements(cases: readonly Case[]) {
  const judged = cases.flatMap(({ instance, proof }) => {
    try {
      return [{ instance, proof, first: checkProof(instance, proof) }];
    } catch (error) {
      if (error instanceof InputError) return [];
      throw error;
    }
  });
  const verdicts = secondVerdicts(judged);
  const different = judged.flatMap(({ instance, proof, first }, n) => {
    const second = verdicts[n];
    const isSame =
      first.ok && second.ok
        ? Math.abs(Number(first.cost) - (second.cost ?? 0)) <= 1e-9 * Math.abs(second.cost ?? 0)
        : first.ok === second.ok || (second.ok && checkProof(instance, withLowerPrices(proof)).ok);
    return isSame ? [] : [{ first, second }];
  });
  return { count: judged.length, accepted: judged.filter(({ first }) => first.ok).length, different };
}

/** Those of placements are lower by more than rounding. */
function withLowerPrices(proof: unknown): unknown {
  const lower = (prices: unknown) => (prices as readonly number[]).map((price) => price - 1e-9 * Math.abs(price));
  return JSON.parse(JSON.stringify(proof), (key, value) =>
    key === 'place' && Array.isArray(value) ? lower(value) : value,
  );
}

/** What the second checker says of each; it is to break down on none. */
function secondVerdicts(cases: readonly Case[]): readonly Verdict[] {
  return verdictsOnTexts(
    'plan',
    cases.map(({ instance, proof }) => ({ about: JSON.stringify(instance), proof: JSON.stringify(proof) })),
  );
}

/** The same of files as they are read: proofs about instances, or about programs in MPS. */
export function verdictsOnTexts(
  kind: 'plan' | 'program',
  cases: readonly { readonly about: string; readonly proof: string }[],
): readonly Verdict[] {
  return answers<Verdict>(
    kind,
    cases.map(({ about, proof }) => [about, proof]),
  );
}

/** Fingerprints of the programs of MPS texts as the second checker reads them; null where it refuses. */
export function secondFingerprints(texts: readonly string[]): readonly (string | null)[] {
  return answers<{ readonly fingerprint?: string }>(
    'mps',
    texts.map((text) => [text]),
  ).map(({ fingerprint }) => fingerprint ?? null);
}

/** One answer of the driver for each list of texts. */
function answers<T>(kind: 'plan' | 'program' | 'mps', asked: readonly (readonly string[])[]): readonly T[] {
  const input = asked.map((texts) => JSON.stringify(texts)).join('\n');
  const { stdout, stderr, status } = spawnSync('python3', ['-B', '-c', driver, kind], {
    input,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(stderr);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
}
