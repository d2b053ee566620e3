/**
 * The seam to other threads, with teams that work in this one: whatever they take on and however late, the search is
 * the same.
 */
import { describe, expect, it } from 'vitest';
import { generateInstance, optimize, Solve, type SolveResult } from '../../src/index.ts';
import { presets } from '../../src/model/options.ts';
import type { PatternTeam, TeamContext, TeamJob } from '../../src/patterns/patternTeam.ts';
import { TeamMember } from '../../src/patterns/teamMember.ts';

/** A team that does the jobs that `takes` names, and is at them while `delay` questions are asked. */
class ScriptedTeam implements PatternTeam {
  readonly room = 10;
  found = 0;
  delay: number;
  readonly #takes: (id: number) => boolean;
  #member: TeamMember | null = null;
  readonly #jobs = new Map<number, { readonly job: TeamJob; asked: number }>();

  constructor(takes: (id: number) => boolean, delay: number) {
    this.#takes = takes;
    this.delay = delay;
  }

  begin(context: TeamContext): void {
    this.withdraw();
    // As it would cross to a thread.
    this.#member = new TeamMember(structuredClone(context));
  }

  offer(jobs: readonly TeamJob[]): void {
    for (const job of jobs) {
      if (this.#jobs.has(job.id) || this.#jobs.size === this.room) throw new Error(`${job.id} cannot be offered`);
      this.#jobs.set(job.id, { job: structuredClone(job), asked: 0 });
    }
  }

  take(id: number) {
    const entry = this.#jobs.get(id);
    if (entry === undefined) throw new Error(`node ${id} is not on offer`);
    if (this.#takes(id) && entry.asked++ < this.delay) return 'under way';
    this.#jobs.delete(id);
    if (!this.#takes(id) || this.#member === null) return 'mine';
    this.found++;
    return structuredClone(this.#member.answer(entry.job));
  }

  /** Told that the search waits. */
  onWait = (): void => {};

  wait(): void {
    this.onWait();
  }

  withdraw(): void {
    this.#jobs.clear();
  }
}

function timeless({ seconds: _seconds, incumbents, ...rest }: SolveResult) {
  return { ...rest, incumbents: incumbents.map(({ seconds: _s, ...record }) => record) };
}

/** Patterns are priced, as a pooled limit looks at fractions: the root has dives. */
const divedInstance = generateInstance({ queryTypes: 16, models: 6, tiers: 10, seed: 3, unmetCap: 1 });
const divedOptions = { ...presets.corrected, delayRule: 'pooled', nodeLimit: 3 } as const;
/** Some dozens of nodes over a pool. */
const instance = generateInstance({ queryTypes: 20, models: 8, tiers: 12, seed: 2, unmetCap: 1 });
const options = { ...presets.corrected, strategy: 'no-enumeration' } as const;

describe('a search with a team', () => {
  const alone = timeless(optimize(instance, options));

  it.each([
    ['does all that is offered', () => true, 0],
    ['does every other node, late', (id: number) => id % 2 === 0, 3],
    ['does nothing', () => false, 0],
  ] as const)('is the one without, where the team %s', async (_, takes, delay) => {
    for (const run of ['run', 'runAsync'] as const) {
      const team = new ScriptedTeam(takes, delay);
      expect(timeless(await new Solve(instance, { ...options, team })[run]())).toEqual(alone);
      expect(team.found > 5).toBe(takes(2));
    }
  });

  it.each([
    ['does all dives', () => true, 0],
    ['does every other dive, late', (id: number) => id % 2 === 0, 3],
    ['does none', () => false, 0],
  ] as const)('dives as the one without, where the team %s', (_, takes, delay) => {
    const team = new ScriptedTeam(takes, delay);
    const result = optimize(divedInstance, { ...divedOptions, team });
    expect(timeless(result)).toEqual(timeless(optimize(divedInstance, divedOptions)));
    expect(team.found > 1).toBe(takes(2));
  });

  it('stops at once where a node is under way for ever, and goes on later', () => {
    const team = new ScriptedTeam(() => true, Number.POSITIVE_INFINITY);
    let isStopped = false;
    const signal = {
      get aborted() {
        return isStopped;
      },
    } as AbortSignal;
    team.onWait = () => {
      isStopped = true;
    };
    const solve = new Solve(instance, { ...options, team, signal });
    const stopped = solve.run();
    expect(stopped).toMatchObject({ status: 'interrupted', bound: expect.any(Number), plan: expect.any(Object) });
    expect(stopped.nodes).toBeLessThan(alone.nodes);
    isStopped = false;
    team.onWait = () => {};
    team.delay = 0;
    const ended = new Solve(instance, { ...options, team }, solve.save()).run();
    expect(timeless(ended).plan).toEqual(alone.plan);
    expect(ended).toMatchObject({ status: 'optimal', nodes: alone.nodes, bound: alone.bound });
  });
});
