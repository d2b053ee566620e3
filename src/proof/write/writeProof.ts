/** Writes the proof of a finished solve: the plan in exact numbers, and a tree that shows the bound. */

import { defaultSearchParameters } from '../../bnb/parameters.ts';
import { attempt, type InputIssue, refuse } from '../../input/inputError.ts';
import { drain, drainAsync, type Steps } from '../../lp/steps.ts';
import { fingerprintOf } from '../../model/fingerprint.ts';
import type { Instance, Plan } from '../../model/instance.ts';
import { toInputIssues } from '../../model/schemaIssues.ts';
import { validateInstance } from '../../model/validateInstance.ts';
import { namesOf, planNameIssues } from '../../model/validatePlan.ts';
import { resultSchema } from '../../planner/resultSchema.ts';
import type { SolveResult } from '../../planner/solveResult.ts';
import { factsOf } from '../check/facts.ts';
import { checkPlanClaim } from '../check/planClaim.ts';
import { type ProofData, type ProofNode, readProof } from '../check/proofFormat.ts';
import { compare, exactly, one, plus, zero } from '../check/rational.ts';
import { PatternTreeWriter } from './patternTreeWriter.ts';
import { goalOf, type ProofGoal } from './proofGoal.ts';
import { SplitTreeWriter } from './splitTreeWriter.ts';
import { targetOf, upwardText } from './target.ts';
import { ProofNotWritten, readableProof, type WriteOptions, writeIssues } from './writeOptions.ts';

/**
 * The proof (`rolla-proof/1`) of a result of `optimize` for this instance: of its gap where it is optimal, of its bound
 * where a limit struck, or that nothing is feasible. Throws InputError for what is no such thing, ProofNotWritten, with
 * the reason, where there are no rules for the variant, the result has nothing to prove, a node does not close, or a
 * limit of the writing strikes.
 */
export function writeProof(given: Instance, result: SolveResult, options: WriteOptions = {}): ProofData {
  return drain(writing(given, result, options));
}

/**
 * As `writeProof`, letting the event loop run about every 20 ms, so that `options.signal` stops the work. Same proof.
 */
export async function writeProofAsync(
  given: Instance,
  result: SolveResult,
  options: WriteOptions = {},
): Promise<ProofData> {
  return drainAsync(writing(given, result, options), defaultSearchParameters.pace.pauseInterval);
}

function* writing(given: Instance, result: SolveResult, options: WriteOptions): Steps<ProofData> {
  const issues = [...writeIssues(options), ...resultIssues(result)];
  const instance = attempt(() => validateInstance(given), issues)!;
  refuse(issues);
  if (result.plan !== null) refuse(planNameIssues(result.plan, namesOf(instance), ['result', 'plan']));
  const facts = factsOf(instance, result.options);
  const plan = result.plan === null ? null : planOf(result.plan);
  if (plan === null && result.status !== 'infeasible')
    throw new ProofNotWritten(`nothing is proven: no plan was found (${result.status})`);
  const head = { format: 'rolla-proof/1', instance: fingerprintOf(instance), options: result.options } as const;
  const cost = plan && checkPlanClaim(facts, claimOf(head, plan)).cost;
  if (cost !== null && result.bound === null) throw new ProofNotWritten('nothing is proven: there is no bound');
  const target = cost && targetOf(cost, result, options);
  const text = target && upwardText(target);
  const goal = goalOf(facts, result, text, options);
  return readableProof({
    ...head,
    plan,
    bound: text,
    resolution: goal.rounded.resolution,
    tree: yield* treeOf(goal, result.plan, options),
  });
}

function resultIssues(result: unknown): InputIssue[] {
  const parsed = resultSchema.safeParse(result);
  return parsed.success ? [] : toInputIssues(parsed.error, result, ['result']);
}

function* treeOf(goal: ProofGoal, plan: Plan | null, options: WriteOptions): Steps<ProofNode> {
  // Every part of a cost is >= 0.
  if (goal.target !== null && goal.target <= 0n) return { kind: 'prices' };
  if (goal.rounded.facts.isSplit) return yield* new SplitTreeWriter(goal, options).write();
  return yield* new PatternTreeWriter(goal, plan, options).write();
}

function planOf({ deployments, routing }: Plan) {
  const routes = routing.map(({ queryType, model, tier, fraction }) => ({
    queryType,
    model,
    tier,
    fraction: Math.min(1, fraction),
  }));
  for (const name of new Set(routes.map(({ queryType }) => queryType)))
    keepWithinOne(routes.filter(({ queryType }) => queryType === name));
  return { deployments: deployments.map(({ gpus: _gpus, ...deployment }) => deployment), routing: routes };
}

/** Rounding of doubles may have left fractions of more than 1 in sum. */
function keepWithinOne(routes: { fraction: number }[]): void {
  const [largest] = [...routes].sort((a, b) => b.fraction - a.fraction);
  const isMore = () =>
    compare(
      routes.reduce((sum, { fraction }) => plus(sum, exactly(fraction)), zero),
      one,
    ) > 0;
  for (let less = 2 ** -53; isMore(); less *= 2) largest.fraction -= less;
}

/** The plan as the checker reads it. */
function claimOf(head: object, plan: unknown) {
  return readProof({ ...head, plan, bound: '0', resolution: 0, tree: { kind: 'prices' } }).plan!;
}
