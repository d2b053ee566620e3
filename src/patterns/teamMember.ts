/** Whoever helps a search: does the jobs of a team's context as that search would. */
import { drain } from '../lp/steps.ts';
import type { TeamAnswer, TeamContext, TeamJob } from './patternTeam.ts';
import { diveFrom } from './plans/sharedDives.ts';
import { PatternPool } from './pool/patternPool.ts';
import { PooledSearch } from './pool/pooledSearch.ts';
import { buildPatternTable, type PatternTable } from './pricing/patternTable.ts';

const shouldStop = () => false;

export class TeamMember {
  readonly #context: TeamContext;
  readonly #search: PooledSearch | null;
  /** (stretch): as in `buildPatternTable`. */
  readonly #tables = new Map<number, PatternTable>();

  constructor(context: TeamContext) {
    this.#context = context;
    const { pooled } = context;
    if (pooled === null) {
      this.#search = null;
      return;
    }
    const { pool, fixings, cuts, heuristics, enumeration } = pooled;
    const options = { cuts, heuristics, enumeration, team: null };
    this.#search = new PooledSearch(new PatternPool(this.#tableFor(Infinity), pool), fixings, options);
  }

  /** Throws where the job is not of the context's kind. */
  answer(job: TeamJob): TeamAnswer {
    if (job.kind === 'dive') {
      const table = this.#tableFor(job.start.pricing.stretch);
      return { kind: 'dive', result: diveFrom(table, job, shouldStop) };
    }
    if (this.#search === null) throw new Error('a node without a pool');
    const steps = this.#search.solve({ ...job, incumbent: null, incumbentCost: Infinity, shouldStop });
    const outcome = drain(steps);
    const node = outcome.warmStart?.kind === 'pool' ? outcome.warmStart.node : null;
    return { kind: 'node', outcome: { ...outcome, warmStart: node } };
  }

  #tableFor(stretch: number): PatternTable {
    const { problem, parameters } = this.#context;
    const table = this.#tables.get(stretch) ?? buildPatternTable(problem, stretch, parameters);
    this.#tables.set(stretch, table);
    return table;
  }
}
