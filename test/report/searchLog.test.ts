import { describe, expect, it } from 'vitest';
import type { ProgressEvent, SearchProgress } from '../../src/bnb/progress.ts';
import { createSearchLog } from '../../src/report/searchLog.ts';

const state: SearchProgress = {
  nodes: 0,
  openNodes: 1,
  bound: null,
  incumbent: null,
  gap: null,
  simplexIterations: 0,
  seconds: 0,
  letter: null,
};

const node = { id: 0, depth: 0, bound: null, end: 'cutoff', branching: null, children: [] } as const;

function logOf(events: readonly ProgressEvent[], interval?: number): string[] {
  const lines: string[] = [];
  const listen = createSearchLog({
    writeLine: (line) => lines.push(line),
    ...(interval !== undefined && { interval }),
  });
  for (const event of events) listen(event);
  return lines;
}

describe('the search log', () => {
  it('shows bounds that do not exist as dashes, and the letter of a new incumbent', () => {
    const lines = logOf([
      { ...state, kind: 'root', node },
      {
        ...state,
        kind: 'incumbent',
        source: 'greedy',
        node: null,
        letter: 'G',
        bound: 90,
        incumbent: 100,
        gap: 0.1,
        seconds: 0.25,
      },
    ]);
    expect(lines[0]).toMatch(/Nodes +Open +Bound +Incumbent +Gap +LP iters +Time$/);
    expect(lines[2]).toMatch(/^ +0 +1 +- +- +- +0 +0\.0 s$/);
    expect(lines[3]).toMatch(/^G +0 +1 +90\.000000 +100\.000000 +10\.0 % +0 +0\.3 s$/);
    expect(new Set(lines.slice(1).map((line) => line.length)).size).toBe(1);
  });

  it('prints ordinary nodes only once in an interval of the solve', () => {
    const nodes = Array.from({ length: 100 }, (_, n): ProgressEvent => {
      return { ...state, kind: 'node', node, nodes: n, seconds: n / 10 };
    });
    const printed = logOf(nodes, 1).slice(2);
    expect(printed).toHaveLength(10);
    expect(printed[9]).toMatch(/^ +90 /);
  });

  it('does not print rounds that leave the bound where it was', () => {
    const round = (number: number, bound: number): ProgressEvent => {
      return { ...state, kind: 'round', round: number, cuts: 4, columns: 0, bound };
    };
    expect(logOf([round(1, 5), round(2, 5), round(3, 6)]).slice(2)).toHaveLength(2);
  });

  it('repeats its headings and ends with the status', () => {
    const events = Array.from({ length: 31 }, (_, n): ProgressEvent => ({ ...state, kind: 'root', node, seconds: n }));
    const lines = logOf([...events, { ...state, kind: 'end', status: 'node-limit' }]);
    expect(lines.filter((line) => line.includes('Nodes'))).toHaveLength(2);
    expect(lines.at(-1)).toBe('Search ended: node-limit');
  });
});
