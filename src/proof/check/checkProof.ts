/**
 * The checker: reads an instance and a proof file and says what of the proof's two claims holds. Nothing is decided in
 * floating point, nothing is taken from a solver.
 */
import { fingerprintOf } from '../../model/fingerprint.ts';
import type { PlanningOptions } from '../../model/options.ts';
import { validateInstance } from '../../model/validateInstance.ts';
import { factsOf } from './facts.ts';
import { checkPlanClaim } from './planClaim.ts';
import { boundOfPrices, type Subset } from './pricesLeaf.ts';
import { type Proof, ProofError, type ProofNode, readProof } from './proofFormat.ts';
import {
  compare,
  decimalText,
  exactly,
  minus,
  over,
  type Rational,
  readRational,
  roundedUp,
  times,
  twoTo,
  whole,
  zero,
} from './rational.ts';
import { childOf, type Region, wholeRegion } from './region.ts';
import { RoundedFacts } from './roundedFacts.ts';

export interface CheckOptions {
  /** Told now and then of the leaves seen so far. */
  readonly onProgress?: (leaves: number) => void;
}

/** What was shown. Numbers of money are exact rationals as decimal text, rounded down. */
export interface CheckedProof {
  readonly ok: true;
  /** `plan`: feasible, at this cost; `bound`: no plan costs less; `infeasible`: there is none. */
  readonly claims: readonly ('plan' | 'bound' | 'infeasible')[];
  /** $; null without a plan. */
  readonly cost: string | null;
  /** $; null where nothing is feasible. */
  readonly bound: string | null;
  /** (cost - bound) / |cost|, rounded up; null without both. */
  readonly gap: number | null;
  /** By how much of its limit a row of the plan is exceeded at most (allowed: 1e-8); null without a plan. */
  readonly largestViolation: number | null;
  readonly leaves: number;
  /** The options of the problem that the claims are about. */
  readonly options: PlanningOptions;
}

export interface RefusedProof {
  readonly ok: false;
  /** Where in the file, and what does not hold there. */
  readonly path: string;
  readonly reason: string;
}

const moneyDigits = 12;

/**
 * Checks a proof (`rolla-proof/1`) against its instance (`rolla-instance/1`), both as they come. Throws InputError
 * where either is not what it should be; a proof that is well-formed and wrong is refused.
 */
export function checkProof(instance: unknown, data: unknown, options: CheckOptions = {}): CheckedProof | RefusedProof {
  const valid = validateInstance(instance);
  const proof = readProof(data);
  try {
    return check(valid, proof, options);
  } catch (error) {
    if (error instanceof ProofError) return { ok: false, path: error.path, reason: error.message };
    throw error;
  }
}

function check(
  instance: ReturnType<typeof validateInstance>,
  proof: Proof,
  { onProgress }: CheckOptions,
): CheckedProof {
  const { options, plan, bound } = proof;
  if (proof.instance !== fingerprintOf(instance)) throw new ProofError('instance', 'the proof is of another instance');
  if (options.placement !== 'single') throw new ProofError('options.placement', 'split placement has no rules yet');
  for (const quantity of ['delay', 'error'] as const) {
    const tensor = instance[quantity];
    if (options.uncertainty === 'decision-dependent' && tensor !== undefined && tensor.relief === undefined)
      throw new ProofError('options.uncertainty', `the instance has no relief of ${quantity}`);
  }
  if (bound === null && plan !== null) throw new ProofError('bound', 'a plan, and the claim that there is none');
  const facts = factsOf(instance, options);
  const shown = plan && checkPlanClaim(facts, plan);
  const claimed = bound === null ? null : readRational(bound)!;
  const leaves = new TreeCheck(new RoundedFacts(facts, proof.resolution), proof, claimed, onProgress).run();
  return {
    ok: true,
    claims: [...(shown === null ? [] : (['plan'] as const)), claimed === null ? 'infeasible' : 'bound'],
    cost: shown && decimalText(shown.cost, moneyDigits),
    bound: claimed && decimalText(claimed, moneyDigits),
    gap: shown && claimed && gapOf(shown.cost, claimed),
    largestViolation: shown && upperNumber(shown.largestViolation),
    leaves,
    options,
  };
}

class TreeCheck {
  readonly #facts: RoundedFacts;
  readonly #subsets: readonly Subset[];
  readonly #tree: ProofNode;
  /** In units of the resolution; null: every leaf has to hold no plan at all. */
  readonly #claimed: bigint | null;
  readonly #onProgress: CheckOptions['onProgress'];
  #leaves = 0;

  constructor(
    facts: RoundedFacts,
    { subsets = [], tree }: Proof,
    claimed: Rational | null,
    onProgress: CheckOptions['onProgress'],
  ) {
    this.#facts = facts;
    this.#subsets = subsets;
    this.#tree = tree;
    this.#claimed = claimed && roundedUp(claimed, facts.resolution);
    this.#onProgress = onProgress;
    const { length } = facts.queryTypes;
    if (subsets.some((triple) => triple.some((i) => i >= length) || new Set(triple).size < 3))
      throw new ProofError('subsets', 'a row that is not of three query types');
  }

  /** The number of leaves. */
  run(): number {
    this.#check(this.#tree, wholeRegion(this.#facts.facts), 'tree');
    return this.#leaves;
  }

  #check(node: ProofNode, region: Region, path: string): void {
    if (node.kind !== 'prices') {
      this.#check(node.children[0], childOf(region, node, 0, path), `${path}.children[0]`);
      this.#check(node.children[1], childOf(region, node, 1, path), `${path}.children[1]`);
      return;
    }
    this.#leaves++;
    this.#onProgress?.(this.#leaves);
    // Every part of a cost is >= 0.
    if (this.#claimed !== null && this.#claimed <= 0n) return;
    const bound = boundOfPrices(this.#facts, region, node, this.#subsets, path);
    // A bound above 0 without costs contradicts itself: nothing is feasible there.
    if (bound === null || (node.cost === 0 && bound > 0n)) return;
    if (node.cost === 0 || this.#claimed === null) throw new ProofError(path, 'does not show that nothing is feasible');
    if (bound < this.#claimed) {
      const dollars = (units: bigint) => decimalText(times(whole(units), twoTo(-this.#facts.resolution)), moneyDigits);
      throw new ProofError(path, `shows no more than $ ${dollars(bound)}, claimed are $ ${dollars(this.#claimed)}`);
    }
  }
}

/** |cost - bound| / |cost|, rounded up; 0 where they are equal. */
function gapOf(cost: Rational, bound: Rational): number {
  const difference = minus(cost, bound);
  if (difference.n === 0n) return 0;
  if (cost.n === 0n) return Infinity;
  const gap = over(difference, cost);
  return upperNumber(gap.n < 0n ? { n: -gap.n, d: gap.d } : gap);
}

/** A double >= the value, close to it. */
function upperNumber(value: Rational): number {
  if (compare(value, zero) === 0) return 0;
  const near = Number(roundedUp(value, 80)) / 2 ** 80;
  return compare(exactly(near), value) >= 0 ? near : near * (1 + 2 ** -52);
}
