/**
 * The checker: reads an instance and a proof file and says what of the proof's two claims holds. Nothing is decided in
 * floating point, nothing is taken from a solver.
 */
import { attempt, refuse } from '../../input/inputError.ts';
import { fingerprintOf } from '../../model/fingerprint.ts';
import type { PlanningOptions } from '../../model/options.ts';
import { validateInstance } from '../../model/validateInstance.ts';
import {
  type CheckOptions,
  checkIssues,
  type RefusedProof,
  type ShownClaims,
  shownClaims,
  shownOrRefused,
} from './claims.ts';
import { factsOf } from './facts.ts';
import { showLeaf } from './leaf.ts';
import { checkPlanClaim } from './planClaim.ts';
import { type Proof, ProofError, type ProofNode, readProof } from './proofFormat.ts';
import { roundedUp } from './rational.ts';
import { childOf, type Region, wholeRegion } from './region.ts';
import { type RoundedFacts, roundedFacts } from './roundedFacts.ts';

/** What was shown of an instance: costs in $, `largestViolation` a share of the limit (allowed: 1e-8). */
export interface CheckedProof extends ShownClaims {
  /** The options of the problem that the claims are about. */
  readonly options: PlanningOptions;
}

/**
 * Checks a proof (`rolla-proof/1`) against its instance (`rolla-instance/1`), both as they come. Throws InputError
 * where either is not what it should be; a proof that is well-formed and wrong is refused.
 */
export function checkProof(instance: unknown, data: unknown, options: CheckOptions = {}): CheckedProof | RefusedProof {
  const issues = checkIssues(options);
  const valid = attempt(() => validateInstance(instance), issues)!;
  const proof = attempt(() => readProof(data), issues)!;
  refuse(issues);
  return shownOrRefused(() => check(valid, proof, options));
}

function check(
  instance: ReturnType<typeof validateInstance>,
  proof: Proof,
  { onProgress }: CheckOptions,
): CheckedProof {
  const { options, plan, bound } = proof;
  if (proof.instance !== fingerprintOf(instance)) throw new ProofError('instance', 'the proof is of another instance');
  for (const quantity of ['delay', 'error'] as const) {
    const tensor = instance[quantity];
    if (options.uncertainty === 'decision-dependent' && tensor !== undefined && tensor.relief === undefined)
      throw new ProofError('options.uncertainty', `the instance has no relief of ${quantity}`);
  }
  if (bound === null && plan !== null) throw new ProofError('bound', 'a plan, and the claim that there is none');
  const facts = factsOf(instance, options);
  const shown = plan && checkPlanClaim(facts, plan);
  const leaves = checkTree(roundedFacts(facts, proof.resolution), proof, onProgress);
  return { ...shownClaims(shown, bound, leaves), options };
}

/** The number of leaves. Throws ProofError at the first that does not show the claim. */
function checkTree(facts: RoundedFacts, { tree, bound: claim }: Proof, onProgress: CheckOptions['onProgress']): number {
  /** In units of the resolution; null: every leaf has to hold no plan at all. */
  const claimed = claim && roundedUp(claim, facts.resolution);
  let leaves = 0;
  const visit = (node: ProofNode, region: Region, path: string): void => {
    if (node.kind !== 'prices') {
      for (const child of [0, 1] as const)
        visit(node.children[child], childOf(region, node, child, path), `${path}.children[${child}]`);
      return;
    }
    leaves++;
    onProgress?.(leaves);
    // Every part of a cost is >= 0.
    if (claimed !== null && claimed <= 0n) return;
    // A bound above 0 without costs contradicts itself: nothing is feasible there.
    showLeaf(facts, region, node, node.cost === 0 ? 1n : claimed, path);
  };
  visit(tree, wholeRegion(facts.facts), 'tree');
  return leaves;
}
