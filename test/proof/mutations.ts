/**
 * Proofs of tiny instances, altered: every number nudged, children dropped or swapped, branches narrowed, signs turned,
 * the claim raised, the instance's data changed under a fingerprint made anew. What the checker still accepts must be
 * true, which another way to the optimum and the second verifier decide.
 */
import fc from 'fast-check';
import { SeededRandom } from '../../src/heuristics/seededRandom.ts';
import { InputError } from '../../src/input/inputError.ts';
import { fingerprintOf } from '../../src/model/fingerprint.ts';
import type { Instance, Plan } from '../../src/model/instance.ts';
import type { PlanningOptions } from '../../src/model/options.ts';
import { validateInstance } from '../../src/model/validateInstance.ts';
import { optimize } from '../../src/planner/optimize.ts';
import { checkProof } from '../../src/proof/check/checkProof.ts';
import type { ProofData } from '../../src/proof/check/proofFormat.ts';
import { ProofNotWritten } from '../../src/proof/write/writeOptions.ts';
import { writeProof } from '../../src/proof/write/writeProof.ts';
import { arbitraryInstanceUpTo, arbitraryOptions } from '../arbitrary/instances.ts';
import { verifyAgain } from '../oracle/secondVerifier.ts';

export interface MutationCount {
  readonly refused: number;
  /** Accepted, and true all the same. */
  readonly stillTrue: number;
  /** Accepted and false: what is claimed, and what is so. */
  readonly false: readonly string[];
}

export interface Case {
  readonly instance: unknown;
  readonly proof: unknown;
}

/** The optimum by another way than patterns; Infinity: no plan is feasible. */
export type Oracle = (instance: Instance, options: PlanningOptions) => Promise<number> | number;

/** How far that is from an exact one, relatively. */
const oracleTolerance = 1e-6;

/** Alters the proofs of so many instances, with up to so many query types, so many times each. Under any placement. */
export async function mutate(
  instances: number,
  queryTypes: number,
  times: number,
  seed: number,
  optimumOf: Oracle,
): Promise<MutationCount> {
  let refused = 0;
  let stillTrue = 0;
  const wrong: string[] = [];
  const optima = new Map<string, number>();
  for (const altered of alterations(instances, queryTypes, times, seed)) {
    const claim = accepted(altered);
    const fault = claim && (await faultOf(altered, claim, optimumOf, optima));
    if (claim === null) refused++;
    else if (fault === null) stillTrue++;
    else wrong.push(fault);
  }
  return { refused, stillTrue, false: wrong };
}

/**
 * Proofs of so many instances, with one thing altered in instance or proof, so many times each. An instance without a
 * proof, as where nothing is feasible by less than can be shown, is passed over.
 */
export function* alterations(instances: number, queryTypes: number, times: number, seed: number): Generator<Case> {
  const random = new SeededRandom(seed);
  const samples = fc.sample(fc.tuple(arbitraryInstanceUpTo({ queryTypes, models: 2, tiers: 2 }), arbitraryOptions()), {
    seed,
    numRuns: instances + Math.ceil(instances / 50),
  });
  let written = 0;
  for (const [instance, options] of samples) {
    const proof = proofOf(instance, options);
    if (proof === null) continue;
    for (let round = 0; round < times; round++) yield alter({ instance, proof }, random);
    if (++written === instances) return;
  }
}

function proofOf(instance: Instance, options: PlanningOptions): ProofData | null {
  try {
    return writeProof(instance, optimize(instance, options));
  } catch (error) {
    if (error instanceof ProofNotWritten) return null;
    throw error;
  }
}

/** What the checker says it has shown; null where it refuses. */
function accepted({ instance, proof }: Case) {
  try {
    const checked = checkProof(instance, proof);
    return checked.ok ? checked : null;
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}

async function faultOf(
  { instance: data, proof }: Case,
  { bound, cost, options }: NonNullable<ReturnType<typeof accepted>>,
  optimumOf: Oracle,
  optima: Map<string, number>,
): Promise<string | null> {
  const instance = validateInstance(data);
  const key = JSON.stringify([fingerprintOf(instance), options]);
  if (!optima.has(key)) optima.set(key, await optimumOf(instance, options));
  const optimum = optima.get(key)!;
  const shown = JSON.stringify({ bound, cost, optimum, options });
  if (bound === null) return optimum === Infinity ? null : shown;
  if (Number(bound) > optimum + oracleTolerance * Math.max(1, optimum)) return shown;
  if (cost === null) return null;
  const { total, faults } = verifyAgain(instance, options, planOf(instance, (proof as { plan: Plan }).plan));
  const isTrue = faults.length === 0 && Math.abs(total - Number(cost)) <= 1e-9 * Math.max(1, Math.abs(total));
  return isTrue ? null : `${shown} ${total} ${faults.join('; ')}`;
}

/** The claimed plan with what the checker fills in. */
function planOf({ queryTypes }: Instance, { deployments, routing }: Plan): Plan {
  return {
    format: 'rolla-plan/1',
    deployments: deployments.map((each) => ({
      ...each,
      gpus: each.tpDegree * (each.pipelineDegree ?? 1) * each.replicas,
    })),
    routing,
    unmet: queryTypes.map(({ name }) => ({
      queryType: name,
      fraction: routing.reduce((left, { queryType, fraction }) => left - (queryType === name ? fraction : 0), 1),
    })),
  };
}

type Path = readonly (string | number)[];

/** One thing altered. */
function alter(original: Case, random: SeededRandom): Case {
  const copy = structuredClone(original) as { instance: Record<string, unknown>; proof: Record<string, unknown> };
  const kind = pick(['proof', 'proof', 'proof', 'tree', 'bound', 'covers', 'instance'], random);
  if (kind === 'bound') alterClaim(copy.proof, random);
  else if (kind === 'covers') {
    lowerPrices(copy.proof.tree as Tree, random);
    if (random.next() < 0.5) alterClaim(copy.proof, random);
  } else if (kind === 'tree') copy.proof.tree = alteredTree(copy.proof.tree as Tree, random);
  else {
    const target = kind === 'proof' ? copy.proof : copy.instance;
    alterValue(target, pick(places(target), random), random);
    if (kind === 'instance') copy.proof.instance = fingerprintOf(copy.instance as unknown as Instance);
  }
  return copy;
}

function alterClaim(proof: Record<string, unknown>, random: SeededRandom): void {
  const { bound } = proof as { bound: string | null };
  const factor = pick([1 + 1e-5, 1.001, 1.1, 2], random);
  proof.bound = bound === null ? '1' : String(Number(bound) * factor + (Number(bound) === 0 ? 0.01 : 0));
  if (random.next() < 0.1) Object.assign(proof, { bound: null, plan: null });
}

/** Of placing query types: patterns cost no less, so that what is short of the claim then is for covers to show. */
function lowerPrices(tree: Tree, random: SeededRandom): void {
  const { place, children } = tree as Tree & { place?: number[] };
  if (place !== undefined) tree.place = place.map((price) => price - random.next() * Math.abs(price));
  for (const child of children ?? []) lowerPrices(child, random);
}

interface Tree {
  readonly kind: string;
  children?: [Tree, Tree];
  [field: string]: unknown;
}

/**
 * A child in the place of its parent or of its sibling, children swapped, a list of pairs or configurations changed.
 */
function alteredTree(tree: Tree, random: SeededRandom): Tree {
  const nodes: Tree[] = [];
  const visit = (node: Tree) => {
    nodes.push(node);
    node.children?.forEach(visit);
  };
  visit(tree);
  const inner = nodes.filter(({ children }) => children !== undefined);
  if (inner.length === 0) return { ...tree, cost: 0 };
  const node = pick(inner, random);
  const [first, second] = node.children!;
  const action = pick(['first', 'second', 'swap', 'narrow', 'drop'], random);
  if (action === 'first') node.children = [first, first];
  else if (action === 'second') node.children = [second, second];
  else if (action === 'swap') node.children = [second, first];
  else if (action === 'narrow') {
    const named = node.pairs ?? node.configurations;
    const isByPair = typeof named === 'object' && named !== null && !Array.isArray(named);
    const list = (isByPair ? pick(Object.values(named), random) : named) as number[] | undefined;
    if (list === undefined) node.most = (node.most as number) + pick([-1, 1, 2], random);
    else if (list.length > 0 && random.next() < 0.5) list.pop();
    else list.push(Math.floor(random.next() * 3));
    if (typeof node.none === 'boolean' && random.next() < 0.5) node.none = !node.none;
  } else {
    const kept = pick([first, second], random);
    if (node === tree) return kept;
    for (const parent of inner) parent.children = parent.children!.map((c) => (c === node ? kept : c)) as [Tree, Tree];
  }
  return tree;
}

/** Every number of the data, and the texts that hold one. */
function places(data: unknown, path: Path = []): Path[] {
  if (typeof data === 'number' || (typeof data === 'string' && /^-?\d/.test(data))) return [path];
  if (typeof data !== 'object' || data === null) return [];
  return Object.entries(data).flatMap(([key, value]) =>
    places(value, [...path, Array.isArray(data) ? Number(key) : key]),
  );
}

function alterValue(data: object, path: Path, random: SeededRandom): void {
  let holder = data as Record<string | number, unknown>;
  for (const key of path.slice(0, -1)) holder = holder[key] as typeof holder;
  const last = path[path.length - 1];
  const value = Number(holder[last]);
  const change = pick(['up', 'down', 'more', 'less', 'negative', 'zero', 'double', 'gone'], random);
  const changed = {
    up: value * 1.001,
    down: value * 0.999,
    more: value + 1,
    less: value - 1,
    negative: -value,
    zero: 0,
    double: value * 2,
    gone: value,
  }[change];
  if (change === 'gone') delete holder[last];
  else holder[last] = typeof holder[last] === 'string' ? String(changed) : changed;
}

function pick<T>(list: readonly T[], random: SeededRandom): T {
  return list[Math.floor(random.next() * list.length)];
}
