import { describe, expect, it } from 'vitest';
import type { NodeEnd, ProgressEvent, SettledNode } from '../../src/bnb/progress.ts';
import { solveMixedIntegerProgram } from '../../src/bnb/solveMixedIntegerProgram.ts';
import { MixedIntegerProgramBuilder } from '../../src/lp/linearProgram.ts';
import { readProgressLines } from '../../src/report/progressLines.ts';
import { searchTree } from '../../src/report/searchTree.ts';
import { placeNodes } from '../../src/report/treeLayout.ts';
import { treePicture } from '../../src/report/treePicture.ts';

const state = { openNodes: 0, gap: null, simplexIterations: 0, letter: null, incumbent: null };
const settled = (
  id: number,
  depth: number,
  bound: number | null,
  end: NodeEnd,
  ...children: number[]
): SettledNode => ({
  id,
  depth,
  bound,
  end,
  branching: children.length === 0 ? null : { on: `x${id}`, value: 0.5 },
  children: children.map((child, at) => ({
    id: child,
    direction: at === 0 ? ('up' as const) : ('down' as const),
    bound,
  })),
});
const nodeEvent = (nodes: number, node: SettledNode): ProgressEvent => ({
  ...state,
  kind: node.id === 0 ? 'root' : 'node',
  nodes,
  seconds: nodes / 10,
  bound: node.bound,
  node,
});
/** 0 -> (1 -> (3, 4), 2); 2 is never settled; an incumbent in 4. */
const small: readonly ProgressEvent[] = [
  nodeEvent(1, settled(0, 0, 10, 'branched', 1, 2)),
  nodeEvent(2, settled(1, 1, 12, 'branched', 3, 4)),
  nodeEvent(3, settled(3, 2, null, 'infeasible')),
  {
    ...state,
    kind: 'incumbent',
    nodes: 3,
    seconds: 0.35,
    bound: 10,
    incumbent: 15,
    letter: 'T',
    source: 'tree',
    node: 4,
  },
  { ...nodeEvent(4, settled(4, 2, 15, 'solution')), incumbent: 15, bound: 15 },
  { ...state, kind: 'end', status: 'optimal', nodes: 4, seconds: 0.5, bound: 15, incumbent: 15 },
];
/** A complete tree of so many levels below the root, settled breadth first. */
const complete = (levels: number): ProgressEvent[] =>
  Array.from({ length: 2 ** (levels + 1) - 1 }, (_, id) => {
    const depth = Math.floor(Math.log2(id + 1));
    const children = depth < levels ? [2 * id + 1, 2 * id + 2] : [];
    return nodeEvent(id + 1, settled(id, depth, 10 + depth, children.length > 0 ? 'branched' : 'cutoff', ...children));
  });
const circles = (svg: string) => [
  ...svg.matchAll(/<g><title>node (\d+),[^<]*<\/title>(<path [^>]*>)?<circle cx="([\d.]+)" cy="([\d.]+)"/g),
];
const placesOf = (svg: string) =>
  new Map(circles(svg).map(([, id, , x, y]) => [Number(id), { x: Number(x), y: Number(y) }]));

describe('the tree of a search', () => {
  it('stands as it was settled: parents over their children, down to the left, deeper ones lower', () => {
    const places = placesOf(treePicture('small', small));
    expect([...places.keys()].sort()).toEqual([0, 1, 2, 3, 4]);
    const at = (id: number) => places.get(id)!;
    // 2 and 4 are the down children.
    expect(at(2).x).toBeLessThan(at(1).x);
    expect(at(4).x).toBeLessThan(at(3).x);
    expect(at(1).x).toBeCloseTo((at(3).x + at(4).x) / 2, 1);
    expect(at(0).x).toBeCloseTo((at(1).x + at(2).x) / 2, 1);
    expect([at(0).y < at(1).y, at(1).y, at(3).y]).toEqual([true, at(2).y, at(4).y]);
  });

  it('stands by bound and by time: what has none is where its parent is', () => {
    const byBound = placesOf(treePicture('small', small, { by: 'bound' }));
    expect(byBound.get(3)!.y).toBe(byBound.get(1)!.y);
    expect(byBound.get(2)!.y).toBe(byBound.get(0)!.y);
    expect(byBound.get(0)!.y).toBeLessThan(byBound.get(1)!.y);
    const byTime = placesOf(treePicture('small', small, { by: 'time' }));
    const height = (from: number, to: number) => byTime.get(to)!.y - byTime.get(from)!.y;
    expect(height(0, 3)).toBeCloseTo(2 * height(0, 1), 1);
    expect(height(0, 4)).toBeCloseTo(3 * height(0, 1), 1);
    expect(byTime.get(2)!.y).toBe(byTime.get(0)!.y);
  });

  it('can be looked at as it was after some nodes', () => {
    const early = treePicture('small', small, { afterNodes: 2 });
    expect(circles(early)).toHaveLength(5);
    expect(early).toContain('2 nodes settled, 3 opened only; as it was after 2 nodes');
    expect(treePicture('small', small)).toContain('4 nodes settled, 1 opened only; optimal; bound 15, incumbent 15');
  });

  it('has its largest subtrees folded and counted where it is too large, ways to incumbents last', () => {
    const events = complete(11);
    const found: ProgressEvent = {
      ...state,
      kind: 'incumbent',
      nodes: 1,
      seconds: 1,
      bound: 1,
      source: 'tree',
      letter: 'T',
      node: 4094,
    };
    const tree = searchTree([...events, found]);
    const placed = placeNodes(tree, 500);
    expect(placed.length).toBeLessThanOrEqual(500);
    expect(placed.reduce((sum, { folded }) => sum + 1 + folded, 0)).toBe(4095);
    const drawn = new Set(placed.map(({ node }) => node.id));
    for (let id = 4094; id > 0; id = (id - 1) >> 1) expect(drawn).toContain(id);
    const svg = treePicture('large', events, { mostNodes: 500 });
    const [, hidden] = /(\d+) of 4095 nodes are not drawn/.exec(svg)!;
    expect(circles(svg)).toHaveLength(4095 - Number(hidden));
    expect(svg.length).toBeLessThan(200_000);
  });

  it('is drawn however deep it is', () => {
    const deep = Array.from({ length: 20_000 }, (_, at) =>
      nodeEvent(at + 1, settled(2 * at, at, at, 'branched', 2 * at + 2, 2 * at + 1)),
    );
    expect(treePicture('deep', deep)).not.toMatch(/NaN|undefined|Infinity/);
    expect(circles(treePicture('deep', deep, { mostNodes: 50_000 }))).toHaveLength(40_001);
  });

  it('of a log without beginning, of several searches, of a resumed one, and of none is drawn and said', () => {
    expect(treePicture('', small.slice(1))).toContain('1 subtree without a beginning in the log');
    const twice = treePicture('', [...complete(3), small.at(-1)!, ...small]);
    expect(twice).toContain('the last of 2 searches');
    expect(circles(twice)).toHaveLength(5);
    const stopped: ProgressEvent = { ...state, kind: 'end', status: 'node-limit', nodes: 3, seconds: 0.4, bound: 10 };
    const again: ProgressEvent = { ...state, kind: 'restart', nodes: 1, seconds: 0.4, bound: 10 };
    const resumed = treePicture('', [...small.slice(0, 4), stopped, again, ...small.slice(1)]);
    expect(placesOf(resumed)).toEqual(placesOf(treePicture('', small)));
    expect(treePicture('', [])).toContain('The log has no events.');
    // Whatever a log claims, what is drawn is a tree.
    const circular = [settled(0, 0, 1, 'branched', 1, 0), settled(1, 1, 1, 'branched', 0, 1)];
    expect(
      circles(
        treePicture(
          '',
          circular.map((node, at) => nodeEvent(at + 1, node)),
        ),
      ),
    ).toHaveLength(2);
  });

  it('refuses options that are none, all at once', () => {
    const options = { by: 'size', mostNodes: 0, afterNodes: 0.5 } as never;
    expect(() => treePicture('', small, options)).toThrow(
      /by: found "size".*\nmostNodes: found 0.*\nafterNodes: found 0.5/,
    );
  });

  it('escapes what names hold', () => {
    const evil = '<script>alert(1)</script>\u0000"';
    const node = { ...settled(0, 0, 1, 'branched', 1, 2), branching: { on: evil, value: 0.5 } };
    const svg = treePicture(evil, [nodeEvent(1, node)]);
    expect(svg).not.toContain('<script');
    expect(svg).not.toContain('\u0000');
    expect(svg).toContain('branched on &lt;script&gt;alert(1)&lt;/script&gt;\\u0000&quot;');
  });
});

describe('a log of JSON lines', () => {
  it('replays into the picture of the live search, without a line that was cut off', () => {
    const builder = new MixedIntegerProgramBuilder();
    const weights = [37, 41, 53, 61, 67, 71, 79, 83, 89, 97, 43, 59];
    const indices = weights.map((weight) =>
      builder.addColumn({ cost: -weight - (weight % 7), lower: 0, upper: 1, integer: true }),
    );
    builder.addRow({ upper: 411.5, indices, values: weights });
    const events: ProgressEvent[] = [];
    const { nodes } = solveMixedIntegerProgram(builder.build('knapsack'), {
      strategy: 'plain',
      onProgress: (event) => events.push(event),
    });
    expect(nodes).toBeGreaterThan(5);
    const lines = events.map((event) => `${JSON.stringify(event)}\n`).join('');
    expect(treePicture('k', readProgressLines(`${lines}{"kind":"no`))).toBe(treePicture('k', events));
    expect(searchTree(events).nodes.filter(({ seconds }) => seconds !== null)).toHaveLength(nodes);
  });

  it('is refused with every line that is no event', () => {
    const good = JSON.stringify(small[0]);
    const lines = [good, '{"kind":"nod"}', 'x', good.replace('"depth":0', '"depth":-1'), ''].join('\n');
    expect(() => readProgressLines(lines)).toThrow(
      /line 2.*found.*expected an event whose kind is one of root, node(.|\n)*line 3(.|\n)*line 4, node.depth: found -1/,
    );
  });
});
