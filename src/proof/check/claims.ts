/** What a checker says of a proof, whatever it is about. */
import type { InputIssue } from '../../input/inputError.ts';
import { checkedOptions, functionRule } from '../../input/optionRules.ts';
import { ProofError } from './proofFormat.ts';
import { compare, decimalText, exactly, minus, over, type Rational, roundedUp, size, zero } from './rational.ts';

/** What was shown. Costs are exact rationals as decimal text, rounded down. */
export interface ShownClaims {
  readonly ok: true;
  /** `plan`: feasible, at this cost; `bound`: none costs less; `infeasible`: there is none. */
  readonly claims: readonly ('plan' | 'bound' | 'infeasible')[];
  /** Null without a plan. */
  readonly cost: string | null;
  /** Null where nothing is feasible. */
  readonly bound: string | null;
  /** (cost - bound) / |cost|, rounded up; null without both. */
  readonly gap: number | null;
  /** By how much a row of the plan is exceeded at most, as a share of the size of the row; null without a plan. */
  readonly largestViolation: number | null;
  readonly leaves: number;
}

export interface RefusedProof {
  readonly ok: false;
  /** Where in the file, and what does not hold there. */
  readonly path: string;
  readonly reason: string;
}

export interface CheckOptions {
  /** Told now and then of the leaves seen so far. */
  readonly onProgress?: (leaves: number) => void;
}

/** What `check` shows; what it throws as a ProofError is a refusal. */
export function shownOrRefused<T>(check: () => T): T | RefusedProof {
  try {
    return check();
  } catch (error) {
    if (error instanceof ProofError) return { ok: false, path: error.path, reason: error.message };
    throw error;
  }
}

/** What is wrong with the options of a checker. */
export function checkIssues(options: unknown): InputIssue[] {
  return checkedOptions(options, { onProgress: functionRule }).issues;
}

/** Digits after the point of what is said of costs. */
export const moneyDigits = 12;

/** What is said once all of a proof has been checked: of the plan (null: none is claimed) and of the bound. */
export function shownClaims(
  plan: { readonly cost: Rational; readonly largestViolation: Rational } | null,
  bound: Rational | null,
  leaves: number,
): ShownClaims {
  return {
    ok: true,
    claims: [...(plan === null ? [] : (['plan'] as const)), bound === null ? 'infeasible' : 'bound'],
    cost: plan && decimalText(plan.cost, moneyDigits),
    bound: bound && decimalText(bound, moneyDigits),
    gap: plan && bound && gapOf(plan.cost, bound),
    largestViolation: plan && upperNumber(plan.largestViolation),
    leaves,
  };
}

/** |cost - bound| / |cost|, rounded up; 0 where they are equal. */
function gapOf(cost: Rational, bound: Rational): number {
  const difference = minus(cost, bound);
  if (difference.n === 0n) return 0;
  if (cost.n === 0n) return Infinity;
  return upperNumber(size(over(difference, cost)));
}

/** A double >= the value, close to it. */
function upperNumber(value: Rational): number {
  if (compare(value, zero) === 0) return 0;
  const near = Number(roundedUp(value, 80)) / 2 ** 80;
  // Beyond what a double holds.
  if (near === Infinity) return Infinity;
  return compare(exactly(near), value) >= 0 ? near : near * (1 + 2 ** -52);
}
