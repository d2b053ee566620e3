/**
 * A search tree as one SVG: its nodes by depth, by bound or by the time at which they were settled, coloured by how
 * they ended; below it how bound and incumbent came together. Made from the events of a search, live or from a log.
 */
import type { ProgressEvent } from '../bnb/progress.ts';
import { type InputIssue, refuse, showValue } from '../input/inputError.ts';
import { shortened } from '../model/visibleText.ts';
import { categoryColors } from './colors.ts';
import { escapeHtml } from './html.ts';
import { counted, quantity } from './numberText.ts';
import { type SearchTree, searchTree, type TreeNode } from './searchTree.ts';
import { type PlacedNode, placeNodes } from './treeLayout.ts';

/** What nodes are placed by, from top to bottom. */
export const treeAxes = ['depth', 'bound', 'time'] as const;
export type TreeAxis = (typeof treeAxes)[number];

export interface TreePictureOptions {
  /** Default `depth`. */
  readonly by?: TreeAxis;
  /** Nodes drawn at most; others are folded into the nearest drawn node above. Default 1500. */
  readonly mostNodes?: number;
  /** The tree as it was when so many nodes were settled. Default: at the end. */
  readonly afterNodes?: number;
}

const width = 1180;
const left = 80;
const right = width - 24;
const treeTop = 96;
const curveHeight = 150;
/** Units of SVG between two depths, unless the tree is too deep for that. */
const depthStep = 46;
const mostTreeHeight = 640;
const leastTreeHeight = 160;
/** Points of a curve at most. */
const mostPoints = 600;

const ends = {
  branched: { color: categoryColors.grey, text: 'branched' },
  cutoff: { color: categoryColors.skyBlue, text: 'bound reached the cutoff' },
  infeasible: { color: categoryColors.vermilion, text: 'infeasible' },
  solution: { color: categoryColors.green, text: 'solution' },
  unsettled: { color: categoryColors.purple, text: 'unsettled' },
  open: { color: 'white', text: 'opened, never settled' },
} as const satisfies Readonly<Record<TreeNode['end'], unknown>>;
const incumbentColor = categoryColors.orange;

/**
 * The picture as SVG text. `events` are those of `onProgress` or of `readProgressLines`; of several searches the last
 * one is drawn.
 * @throws InputError on options that are none.
 */
export function treePicture(
  title: string,
  events: Iterable<ProgressEvent>,
  { by = 'depth', mostNodes = 1500, afterNodes = Infinity }: TreePictureOptions = {},
): string {
  refuse(optionIssues({ by, mostNodes, afterNodes }));
  const tree = searchTree(events, afterNodes);
  const placed = placeNodes(tree, mostNodes);
  const axis = axisOf(by, placed);
  const treeBottom = treeTop + axis.height;
  const curveTop = treeBottom + 56;
  const height = curveTop + curveHeight + 50;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="DejaVu Sans, Verdana, sans-serif" color="#111" role="img" aria-label="${escapeHtml(title)}">
<rect width="100%" height="100%" fill="white"/>
<text x="24" y="30" font-size="18" font-weight="bold" fill="#111">${escapeHtml(shortened(title, 100))}</text>
<text x="24" y="50" font-size="12" fill="#555">${escapeHtml(caption(tree, placed))}</text>
${legend()}
${axisMarks(axis, 'tree')}
${nodeMarks(placed, axis)}
${curves(tree.moments, by, curveTop)}
</svg>
`;
}

function optionIssues({ by, mostNodes, afterNodes }: Required<TreePictureOptions>): InputIssue[] {
  const issue = (path: string, value: unknown, expected: string) => ({ path, value: showValue(value), expected });
  return [
    ...(treeAxes.includes(by) ? [] : [issue('by', by, `one of ${treeAxes.join(', ')}`)]),
    ...(Number.isSafeInteger(mostNodes) && mostNodes >= 1
      ? []
      : [issue('mostNodes', mostNodes, 'a whole number >= 1 (nodes)')]),
    ...(afterNodes === Infinity || (Number.isSafeInteger(afterNodes) && afterNodes >= 0)
      ? []
      : [issue('afterNodes', afterNodes, 'a whole number >= 0 (nodes)')]),
  ];
}

function caption({ nodes, roots, moments, searches }: SearchTree, placed: readonly PlacedNode[]): string {
  const last = moments.at(-1);
  if (last === undefined) return 'The log has no events.';
  const settled = nodes.filter(({ seconds }) => seconds !== null).length;
  const folded = placed.filter((entry) => entry.folded > 0);
  const orphans = roots.filter(({ id }) => id !== 0);
  const hidden = nodes.length - placed.length;
  return [
    `${counted(settled, 'node')} settled, ${nodes.length - settled} opened only`,
    last.kind === 'end' ? last.status : `as it was after ${counted(last.nodes, 'node')}`,
    `bound ${quantity(last.bound)}, incumbent ${quantity(last.incumbent)}`,
    ...(hidden > 0
      ? [`${hidden} of ${nodes.length} nodes are not drawn: below ${counted(folded.length, 'triangle')}`]
      : []),
    ...(orphans.length > 0 ? [`${counted(orphans.length, 'subtree')} without a beginning in the log`] : []),
    ...(searches > 1 ? [`the last of ${searches} searches`] : []),
  ].join('; ');
}

function legend(): string {
  let x = 24;
  const entries = [...Object.values(ends), { color: incumbentColor, text: 'incumbent found here' }].map(
    ({ color, text }) => {
      const mark = `<circle cx="${x + 5}" cy="68" r="5" fill="${color}" stroke="#555" stroke-width="0.8"/><text x="${x + 14}" y="72" font-size="11" fill="#222">${text}</text>`;
      x += 34 + 6.4 * text.length;
      return mark;
    },
  );
  return entries.join('\n');
}

interface Axis {
  readonly title: string;
  readonly height: number;
  readonly ticks: readonly { readonly y: number; readonly text: string }[];
  /** Down from the top of the panel. */
  readonly yOf: (node: TreeNode) => number;
}

function axisOf(by: TreeAxis, placed: readonly PlacedNode[]): Axis {
  const valueAt = valuesOf(by);
  const values = placed.map(({ node }) => valueAt(node)).filter((value) => value !== null);
  const low = least(values) ?? 0;
  const high = by === 'bound' ? highestOpenBound(placed, values) : (most(values) ?? 1);
  const height =
    by === 'depth'
      ? Math.min(mostTreeHeight, Math.max(leastTreeHeight, depthStep * (high - low)))
      : mostTreeHeight - 160;
  const scale = height / Math.max(high - low, Number.MIN_VALUE);
  const at = (value: number) => (high > low ? scale * (Math.min(value, high) - low) : 0);
  return {
    title: { depth: 'Depth', bound: 'Bound (those beyond, at the edge)', time: 'Settled after (s)' }[by],
    height,
    ticks: ticksWithin(low, high, by === 'depth').map((value) => ({ y: at(value), text: quantity(value) })),
    yOf: (node) => at(valueAt(node) ?? high),
  };
}

/** What has no value of its own stands where its parent does: an infeasible node has no bound, an open one no time. */
function valuesOf(by: TreeAxis): (node: TreeNode) => number | null {
  const own = {
    depth: ({ depth }: TreeNode) => depth,
    bound: ({ bound }: TreeNode) => bound,
    time: ({ seconds }: TreeNode) => seconds,
  }[by];
  return (node) => {
    for (let at: TreeNode | null = node; at !== null; at = at.parent) {
      const value = own(at);
      if (value !== null) return value;
    }
    return null;
  };
}

/** Children far above every cutoff would leave no room for the others: they stand at the edge. */
function highestOpenBound(placed: readonly PlacedNode[], values: readonly number[]): number {
  const branched = placed.flatMap(({ node }) => (node.end === 'branched' ? (node.bound ?? []) : []));
  return most(branched.length > 1 ? branched : values) ?? 1;
}

/** Spread by loops: arguments of a call are not enough for large trees. */
function least(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((low, value) => Math.min(low, value), Infinity);
}

function most(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((high, value) => Math.max(high, value), -Infinity);
}

/** At most about six, at 1, 2 or 5 times a power of ten. */
function ticksWithin(low: number, high: number, isWhole = false): number[] {
  if (!(high > low)) return [low];
  const rough = (high - low) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const nice = power * [1, 2, 5, 10].find((factor) => factor * power >= rough * (1 - 1e-9))!;
  const step = isWhole ? Math.max(1, Math.round(nice)) : nice;
  const ticks: number[] = [];
  for (let at = Math.ceil(low / step); at * step <= high && ticks.length < 12; at++)
    ticks.push(Number((at * step).toPrecision(12)));
  return ticks;
}

function axisMarks({ title, height, ticks }: Pick<Axis, 'title' | 'height' | 'ticks'>, of: 'tree' | number): string {
  const top = of === 'tree' ? treeTop : of;
  const lines = ticks.map(
    ({ y, text }) =>
      `<line x1="${left}" y1="${round(top + y)}" x2="${right}" y2="${round(top + y)}" stroke="#eee"/><text x="${left - 8}" y="${round(top + y + 4)}" text-anchor="end" font-size="11" fill="#222">${text}</text>`,
  );
  const middle = round(top + height / 2);
  return `${lines.join('\n')}
<text x="16" y="${middle}" font-size="12" fill="#222" text-anchor="middle" transform="rotate(-90 16 ${middle})">${title}</text>`;
}

function nodeMarks(placed: readonly PlacedNode[], { yOf }: Axis): string {
  const inner = right - left - 20;
  const x = ({ across }: PlacedNode) => round(left + 10 + inner * across);
  const y = ({ node }: PlacedNode) => round(treeTop + yOf(node));
  const placeOf = new Map(placed.map((entry) => [entry.node, entry]));
  const leaves = placed.filter(({ node, folded }) => node.children.length === 0 || folded > 0).length;
  const radius = round(Math.min(6, Math.max(1.4, (0.42 * inner) / Math.max(1, leaves))));
  const edges = placed.flatMap((entry) => {
    const parent = entry.node.parent === null ? undefined : placeOf.get(entry.node.parent);
    return parent === undefined ? [] : `M${x(parent)} ${y(parent)}L${x(entry)} ${y(entry)}`;
  });
  const marks = placed.map((entry) => {
    const { node, folded } = entry;
    const hasFound = node.letters !== '';
    const fill = hasFound ? incumbentColor : ends[node.end].color;
    const [cx, cy, r] = [x(entry), y(entry), hasFound ? Math.max(3, radius) : radius];
    const triangle =
      folded > 0
        ? `<path d="M${cx} ${cy}l${2 * r} ${4 * r}h${-4 * r}z" fill="#ddd" stroke="#999" stroke-width="0.5"/>`
        : '';
    return `<g>${titleOf(entry)}${triangle}<circle cx="${cx}" cy="${cy}" r="${r}" fill="${fill}"/></g>`;
  });
  return `<path d="${edges.join('')}" fill="none" stroke="#aaa" stroke-width="0.8"/>
<g stroke="#555" stroke-width="0.6">
${marks.join('\n')}
</g>`;
}

/** Shown where the pointer rests. */
function titleOf({ node, folded }: PlacedNode): string {
  const { id, depth, bound, end, branching, direction, parent, letters, seconds } = node;
  const facts = [
    `node ${id}, depth ${depth}: ${ends[end].text}`,
    `bound ${quantity(bound)}`,
    ...(parent?.branching == null
      ? []
      : [`${direction} of ${parent.branching.on} (${quantity(parent.branching.value)})`]),
    ...(branching === null || node.children.length === 0 ? [] : [`branched on ${branching.on}`]),
    ...(seconds === null ? [] : [`settled after ${quantity(seconds)} s`]),
    ...(letters === '' ? [] : [`incumbent ${letters}`]),
    ...(folded > 0 ? [`${folded} nodes below it are not drawn`] : []),
  ];
  return `<title>${escapeHtml(shortened(facts.join('; '), 300))}</title>`;
}

/** Bound and incumbent over nodes, or over seconds where the tree is drawn by time. */
function curves(moments: readonly ProgressEvent[], by: TreeAxis, top: number): string {
  const acrossOf = ({ nodes, seconds }: ProgressEvent) => (by === 'time' ? seconds : nodes);
  const last = Math.max(
    moments.reduce((most, moment) => Math.max(most, acrossOf(moment)), 0),
    Number.MIN_VALUE,
  );
  const values = moments.flatMap(({ bound, incumbent }) => [bound, incumbent]).filter((value) => value !== null);
  const low = least(values) ?? 0;
  const high = most(values) ?? 1;
  const y = (value: number) => (high > low ? curveHeight * (1 - (value - low) / (high - low)) : 0);
  const x = (value: number) => round(left + ((right - left) * value) / last);
  const line = (valueAt: (moment: ProgressEvent) => number | null, color: string) => {
    const changes = moments.filter(
      (moment, at) => at === moments.length - 1 || at === 0 || valueAt(moment) !== valueAt(moments[at - 1]),
    );
    const every = Math.ceil(changes.length / mostPoints);
    const points = changes.filter(
      (moment, at) => valueAt(moment) !== null && (at % every === 0 || at === changes.length - 1),
    );
    const [first] = points;
    if (first === undefined) return '';
    const steps = points.slice(1).map((moment) => `H${x(acrossOf(moment))}V${round(top + y(valueAt(moment)!))}`);
    return `<path d="M${x(acrossOf(first))} ${round(top + y(valueAt(first)!))}${steps.join('')}" fill="none" stroke="${color}" stroke-width="1.6"/>`;
  };
  const ticks = ticksWithin(low, high).map((value) => ({ y: y(value), text: quantity(value) }));
  const bottom = top + curveHeight;
  const marks = ticksWithin(0, last, by !== 'time').map(
    (value) =>
      `<text x="${x(value)}" y="${bottom + 16}" text-anchor="middle" font-size="11" fill="#222">${quantity(value)}</text>`,
  );
  return `${axisMarks({ title: 'Cost', height: curveHeight, ticks }, top)}
<text x="${left}" y="${top - 12}" font-size="12" fill="${categoryColors.blue}">bound</text><text x="${left + 50}" y="${top - 12}" font-size="12" fill="${incumbentColor}">incumbent</text>
${line(({ bound }) => bound, categoryColors.blue)}
${line(({ incumbent }) => incumbent, incumbentColor)}
<line x1="${left}" y1="${bottom}" x2="${right}" y2="${bottom}" stroke="#888"/>
${marks.join('')}
<text x="${(left + right) / 2}" y="${bottom + 36}" text-anchor="middle" font-size="12" fill="#222">${by === 'time' ? 'Seconds' : 'Nodes settled'}</text>`;
}

function round(value: number): number {
  return Math.round(100 * value) / 100;
}
