import type { SolveResult } from '../src/index.ts';

/** All of a result that does not depend on the clock. */
export function timeless({ seconds: _seconds, incumbents, ...rest }: SolveResult) {
  return { ...rest, incumbents: incumbents.map(({ seconds: _s, ...record }) => record) };
}
