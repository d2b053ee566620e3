/** How far the writing of a tree has come, and when it is to end. */
import { ProofNotWritten, type WriteOptions } from './writeOptions.ts';

export class TreeProgress {
  /** Asked inside long pieces of work. */
  readonly shouldStop: () => boolean;
  readonly #options: WriteOptions;
  #nodes = 0;
  #leaves = 0;
  #open = 1;
  #done = 0;

  constructor(options: WriteOptions) {
    this.#options = options;
    this.shouldStop = () => options.signal?.aborted === true;
  }

  /** A node is taken up. Throws ProofNotWritten where a limit struck. */
  enter(): void {
    this.check();
    const { nodeLimit = Infinity } = this.#options;
    if (++this.#nodes > nodeLimit) this.#end(`the limit of ${nodeLimit} nodes struck`);
    this.#open--;
  }

  /** Throws ProofNotWritten where the writing is to end. */
  check(): void {
    if (this.shouldStop()) this.#end('interrupted');
  }

  /** The node that was taken up last is begun anew. */
  again(): void {
    this.#open++;
  }

  split(): void {
    this.#open += 2;
  }

  /** `halvings`: what it is of the tree, as splits above it halve that. */
  leaf(halvings: number): void {
    this.#leaves++;
    this.#done += 2 ** -halvings;
    this.#options.onProgress?.({ leaves: this.#leaves, open: this.#open, done: this.#done });
  }

  #end(why: string): never {
    const share = Math.floor(100 * this.#done);
    throw new ProofNotWritten(
      `${why} with ${this.#leaves} leaves written and ${this.#open} nodes open, some ${share} % of the tree done`,
    );
  }
}
