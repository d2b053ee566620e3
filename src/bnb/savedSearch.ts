/**
 * A search as JSON-safe data: open nodes with their decisions and warm starts, what was learnt, the incumbent and the
 * counters, all as of its last checkpoint. Shared decision lists and warm starts are stored once. At a checkpoint the
 * search itself goes on from what is saved here and nothing else, so that a resumed one equals it.
 */
import { fault, refuse, showValue } from '../input/inputError.ts';
import { argumentIssues, checkedOptions } from '../input/optionRules.ts';
import type { DecisionLink, OpenNode } from './nodeStore.ts';
import { decodePlain, encodePlain } from './plainData.ts';
import { ownPlugins } from './plugins/ours/index.ts';
import { nameOf } from './plugins/plugin.ts';
import type { BranchingOrigin } from './pseudoCosts.ts';
import type { Relaxation } from './relaxation.ts';
import { relaxationRule, searchRules } from './searchOptions.ts';
import type { SearchSnapshot } from './searchSnapshot.ts';
import type { SearchOptions } from './searchTypes.ts';
import { resolveStrategy, withPlugins } from './strategy.ts';
import { TreeSearch } from './treeSearch.ts';

const savedSearchFormat = 'rolla-tree/1';

/** JSON-safe; the inside is private to this file. */
export interface SavedSearch {
  readonly format: typeof savedSearchFormat;
  readonly relaxation: string;
  readonly data: unknown;
}

interface FlatNode {
  readonly id: number;
  readonly depth: number;
  readonly bound: number;
  readonly estimate: number;
  readonly decisions: number;
  readonly warmStart: number;
  readonly origin: BranchingOrigin | null;
  readonly bytes: number;
}

interface FlatSnapshot<Decision, Solution, WarmStart>
  extends Omit<SearchSnapshot<Decision, Solution, WarmStart>, 'nodes' | 'nextNode'> {
  readonly nodes: readonly FlatNode[];
  readonly nextNode: FlatNode | null;
  /** Each link with the index of the previous one, or -1; previous ones come first. */
  readonly links: readonly { readonly decision: Decision; readonly previous: number }[];
  readonly warmStarts: readonly WarmStart[];
}

/** The search as JSON-safe data: its state at the last checkpoint, and what is known beyond it. */
export function saveSearch<Decision, Solution, WarmStart>(
  search: TreeSearch<Decision, Solution, WarmStart>,
): SavedSearch {
  if (!(search instanceof TreeSearch)) throw fault('search', showValue(search), 'a TreeSearch');
  return packSearch(search.snapshot());
}

/**
 * Takes up a saved search at its last checkpoint; the few nodes since then are solved again, in the same way. The
 * relaxation is made anew from the same data; limits, door, callbacks and plugins come from `options`, the rest of the
 * strategy from the saved search. `secondsBefore` were spent on what led to the search, beside those that it has saved.
 * Throws InputError if the saved search is not one, or of another relaxation, or if a plugin of its own is absent.
 */
export function restoreSearch<Decision, Solution, WarmStart>(
  saved: SavedSearch,
  relaxation: Relaxation<Decision, Solution, WarmStart>,
  options: SearchOptions<Solution>,
  secondsBefore = 0,
): TreeSearch<Decision, Solution, WarmStart> {
  refuse([
    ...argumentIssues([['relaxation', relaxation, relaxationRule]]),
    ...checkedOptions(options, searchRules).issues,
  ]);
  const snapshot = unpackSearch<Decision, Solution, WarmStart>(saved, relaxation.name);
  const { reached } = snapshot;
  const offered = resolveStrategy(options.strategy).plugins;
  const { strategy, absent } = withPlugins(snapshot.strategy, [...offered, ...ownPlugins]);
  if (absent.length > 0) throw fault('strategy.plugins', showValue(offered.map(nameOf)), absent.join(', '));
  const search = new TreeSearch(relaxation, { ...options, strategy }, reached.seconds + secondsBefore);
  search.takeUp(snapshot);
  return search;
}

function packSearch<Decision, Solution, WarmStart>(
  snapshot: SearchSnapshot<Decision, Solution, WarmStart>,
): SavedSearch {
  const links: { decision: Decision; previous: number }[] = [];
  const linkIndex = new Map<DecisionLink<Decision>, number>();
  const warmStarts: WarmStart[] = [];
  const warmStartIndex = new Map<WarmStart, number>();

  const indexOfLink = (last: DecisionLink<Decision> | null): number => {
    const missing: DecisionLink<Decision>[] = [];
    let link = last;
    while (link !== null && !linkIndex.has(link)) {
      missing.push(link);
      link = link.previous;
    }
    let previous = link === null ? -1 : linkIndex.get(link)!;
    for (const entry of missing.reverse()) {
      previous = links.push({ decision: entry.decision, previous }) - 1;
      linkIndex.set(entry, previous);
    }
    return previous;
  };
  const indexOfWarmStart = (warmStart: WarmStart | null): number => {
    if (warmStart === null) return -1;
    const known = warmStartIndex.get(warmStart);
    if (known !== undefined) return known;
    const index = warmStarts.push(warmStart) - 1;
    warmStartIndex.set(warmStart, index);
    return index;
  };
  const flatten = (node: OpenNode<Decision, WarmStart>): FlatNode => ({
    ...node,
    decisions: indexOfLink(node.decisions),
    warmStart: indexOfWarmStart(node.warmStart),
  });

  const flat: FlatSnapshot<Decision, Solution, WarmStart> = {
    ...snapshot,
    nodes: [...snapshot.nodes].sort((a, b) => a.id - b.id).map(flatten),
    nextNode: snapshot.nextNode && flatten(snapshot.nextNode),
    links,
    warmStarts,
  };
  return { format: savedSearchFormat, relaxation: snapshot.relaxation, data: encodePlain(flat) };
}

/** Throws InputError if the data is not a saved search, or of another relaxation. */
function unpackSearch<Decision, Solution, WarmStart>(
  saved: SavedSearch,
  relaxation: string,
): SearchSnapshot<Decision, Solution, WarmStart> {
  if (saved?.format !== savedSearchFormat) throw fault('format', showValue(saved?.format), `"${savedSearchFormat}"`);
  if (saved.relaxation !== relaxation) throw fault('relaxation', showValue(saved.relaxation), showValue(relaxation));
  const flat = decodePlain(saved.data) as FlatSnapshot<Decision, Solution, WarmStart>;
  const links: DecisionLink<Decision>[] = [];
  for (const { decision, previous } of flat.links)
    links.push({ decision, previous: previous < 0 ? null : links[previous] });
  const revive = (node: FlatNode): OpenNode<Decision, WarmStart> => ({
    ...node,
    decisions: node.decisions < 0 ? null : links[node.decisions],
    warmStart: node.warmStart < 0 ? null : flat.warmStarts[node.warmStart],
  });
  const { links: _links, warmStarts: _warmStarts, ...rest } = flat;
  return { ...rest, nodes: flat.nodes.map(revive), nextNode: flat.nextNode && revive(flat.nextNode) };
}
