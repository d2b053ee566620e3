/** What the writers of proofs have in common. */
import type { InputIssue } from '../../input/inputError.ts';
import {
  checkedOptions,
  functionRule,
  numberRule,
  type OptionRule,
  type OptionRules,
  rule,
} from '../../input/optionRules.ts';
import type { StopSignal } from '../../planner/solveOptions.ts';
import { deepestProof, isDeeper } from '../check/proofFormat.ts';

export interface WriteOptions {
  /** Relative gap that the proof is to show, or that of a result that a limit ended. At least, and by default, 1e-6. */
  readonly gap?: number;
  /** Nodes after which writing is given up. Default: no limit. */
  readonly nodeLimit?: number;
  /** Aborted, it ends the writing: ProofNotWritten, and half a proof is none. */
  readonly signal?: StopSignal;
  /** Told of the tree after each leaf. */
  readonly onProgress?: (progress: WriteProgress) => void;
}

const writeRules: { readonly [Name in keyof WriteOptions]-?: OptionRule } = {
  gap: numberRule('a number >= 0 and < 1 (fraction)', (value) => value >= 0 && value < 1),
  nodeLimit: numberRule(
    'a whole number >= 0 (nodes)',
    (value) => value >= 0 && (value === Infinity || Number.isInteger(value)),
  ),
  signal: rule('an AbortSignal', (value) => typeof (value as Partial<StopSignal> | null)?.aborted === 'boolean'),
  onProgress: functionRule,
};

/** What is wrong with the options of a writer, which may have some of its own. */
export function writeIssues(options: unknown, own: OptionRules = {}): InputIssue[] {
  return checkedOptions(options, { ...writeRules, ...own }).issues;
}

/** How far a tree is written. */
export interface WriteProgress {
  readonly leaves: number;
  /** Nodes that wait. */
  readonly open: number;
  /** The share of the tree that is done, if every split halves what is left: from 0 to 1. */
  readonly done: number;
}

/** A proof that could not be written; nothing is said about the result. */
export class ProofNotWritten extends Error {
  override readonly name = 'ProofNotWritten';
}

/** The proof, if it is not deeper than one may be. */
export function readableProof<T>(proof: T): T {
  if (isDeeper(proof, deepestProof)) throw new ProofNotWritten('its tree has more levels than a proof may have');
  return proof;
}

/** The least gap that a proof is asked for. */
export const leastGap = 1e-6;
