/**
 * A relaxation made when the first node is solved: what comes up before the root does not wait for its programs and
 * tables, and making them pauses and stops as solving does. A saved state is taken once it is made.
 */
import type { Steps } from '../lp/steps.ts';
import type { NodeOutcome, NodeRequest, ProbeOutcome, Relaxation } from './relaxation.ts';

/** Makes a relaxation at the first node that it is to solve; `saved` is the state that it will be given, null: none. */
export type MakeRelaxation<Decision, Solution, WarmStart> = (
  request: NodeRequest<Decision, Solution, WarmStart>,
  saved: unknown,
) => Steps<Relaxation<Decision, Solution, WarmStart>>;

export class DeferredRelaxation<Decision, Solution, WarmStart> implements Relaxation<Decision, Solution, WarmStart> {
  readonly name: string;
  readonly #classesBefore: readonly string[];
  readonly #make: MakeRelaxation<Decision, Solution, WarmStart>;
  #made: Relaxation<Decision, Solution, WarmStart> | null = null;
  /** What the relaxation is to take once it is made. */
  #pending: unknown = null;

  /** `name` is that of the relaxation that `make` gives; `branchingClasses` are asked for until it is made. */
  constructor(
    { name, branchingClasses }: Pick<Relaxation<Decision, Solution, WarmStart>, 'name' | 'branchingClasses'>,
    make: MakeRelaxation<Decision, Solution, WarmStart>,
  ) {
    this.name = name;
    this.#classesBefore = branchingClasses;
    this.#make = make;
  }

  get branchingClasses(): readonly string[] {
    return this.#made?.branchingClasses ?? this.#classesBefore;
  }

  *solveInSteps(
    request: NodeRequest<Decision, Solution, WarmStart>,
  ): Steps<NodeOutcome<Decision, Solution, WarmStart>> {
    let told = request;
    if (this.#made === null) {
      const offer: typeof request.offer = (solution, source) => {
        const news = request.offer(solution, source);
        told = { ...told, ...news };
        return news;
      };
      const made = yield* this.#make({ ...request, offer }, this.#pending);
      if (this.#pending !== null) made.restoreState?.(this.#pending);
      this.#pending = null;
      this.#made = made;
    }
    return yield* this.#made.solveInSteps(told);
  }

  probe(
    request: NodeRequest<Decision, Solution, WarmStart>,
    child: Decision,
    iterationLimit: number,
  ): ProbeOutcome<WarmStart> | null {
    return this.#made?.probe?.(request, child, iterationLimit) ?? null;
  }

  /** Incumbents of before come with the root's request. */
  onIncumbent(cost: number, solution: Solution): void {
    this.#made?.onIncumbent?.(cost, solution);
  }

  /** Null before there is anything to save. */
  saveState(): unknown {
    return this.#made === null ? this.#pending : (this.#made.saveState?.() ?? null);
  }

  restoreState(state: unknown): void {
    if (this.#made === null) this.#pending = state;
    else this.#made.restoreState?.(state);
  }
}
