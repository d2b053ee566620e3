/** What the page and its worker say to each other beside the solve: a task, points on the way, an answer. */
import type { Frontier, FrontierPoint } from '../src/analysis/frontier.ts';
import type { RobustnessPoint } from '../src/analysis/priceOfRobustness.ts';
import type { DrawDistribution } from '../src/analysis/stress.ts';
import type { Explanation } from '../src/explain/index.ts';
import type { InputIssue } from '../src/input/inputError.ts';
import type { Instance } from '../src/model/instance.ts';
import type { Alternative, Alternatives, DifferIn } from '../src/planner/alternativesResult.ts';
import type { SolveOptions } from '../src/planner/solveOptions.ts';
import type { SolveResult } from '../src/planner/solveResult.ts';
import type { CheckedProof } from '../src/proof/check/checkProof.ts';
import type { RefusedProof } from '../src/proof/check/claims.ts';
import type { ProofData } from '../src/proof/check/proofFormat.ts';
import type { WriteProgress } from '../src/proof/write/writeOptions.ts';

/** What each task is given, tells on the way and answers. */
export interface TaskKinds {
  readonly explain: {
    readonly input: { readonly instance: Instance; readonly options: SolveOptions };
    readonly point: never;
    readonly answer: Explanation;
  };
  readonly robustness: {
    readonly input: {
      readonly instance: Instance;
      readonly options: SolveOptions;
      readonly gammas: readonly number[];
      readonly distributions: readonly DrawDistribution[];
      readonly draws: number;
    };
    readonly point: RobustnessPoint;
    readonly answer: readonly RobustnessPoint[];
  };
  readonly frontier: {
    readonly input: {
      readonly instance: Instance;
      readonly options: SolveOptions;
      readonly factor: string;
      /** null: GPUs from plan to plan, at most `most` points. */
      readonly values: readonly number[] | null;
      readonly most: number;
    };
    readonly point: FrontierPoint;
    readonly answer: Frontier;
  };
  readonly alternatives: {
    readonly input: {
      readonly instance: Instance;
      readonly options: SolveOptions;
      readonly count: number;
      readonly differIn: DifferIn;
    };
    readonly point: Alternative;
    readonly answer: Alternatives;
  };
  readonly 'write proof': {
    readonly input: { readonly instance: Instance; readonly result: SolveResult };
    readonly point: WriteProgress;
    /** Or why there is none. */
    readonly answer: { readonly proof: ProofData } | { readonly reason: string };
  };
  readonly 'check proof': {
    readonly input: { readonly instance: unknown; readonly proof: unknown };
    readonly point: number;
    readonly answer: CheckedProof | RefusedProof;
  };
}

export type TaskName = keyof TaskKinds;

export interface ThreadTask<Name extends TaskName = TaskName> {
  readonly kind: 'task';
  readonly name: Name;
  readonly input: TaskKinds[Name]['input'];
}

export type ThreadMessage =
  | { readonly kind: 'point'; readonly point: unknown }
  | { readonly kind: 'answer'; readonly answer: unknown }
  | { readonly kind: 'bad input'; readonly issues: readonly InputIssue[] }
  | { readonly kind: 'failure'; readonly message: string };
