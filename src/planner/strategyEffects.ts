/**
 * What of a strategy has no effect under the other options: entries and numbers by path, each room with its rule. The
 * rest of a strategy works whatever else is asked for.
 */
import { fullPath } from '../bnb/parameterPaths.ts';
import type { StrategyChanges } from '../bnb/strategy.ts';
import type { ResolvedOptions } from './resolvedSolve.ts';
import type { SolveOptions } from './solveOptions.ts';
import { parameterRooms } from './strategyDoor.ts';

export interface StrategyEffect {
  /** Entries of a strategy, and numbers by path: single ones, or all below a name that ends with a dot. */
  readonly of: readonly string[];
  readonly isPointless: (options: ResolvedOptions) => boolean;
  /** Ends the sentence "no effect: ...". */
  readonly says: string;
}

const isSingle = ({ planning }: ResolvedOptions) => planning.placement === 'single';
const isPatterns = ({ settings }: ResolvedOptions) => settings.relaxation === 'patterns';
const rooms = (...names: readonly string[]) => names.map((name) => `search.${name}.`);
const strategyOf = ({ settings }: ResolvedOptions) => settings.strategy;
const hasPlugin = (options: ResolvedOptions, kind: 'separator' | 'heuristic') =>
  strategyOf(options).plugins.some((plugin) => plugin.kind === kind);
/** Rules of one's own may look at anything. */
const branchesBy = (options: ResolvedOptions, ...names: readonly string[]) =>
  names.includes(strategyOf(options).branchingRule);

/** In the order in which they are told; of a number the first one that says something. */
export const strategyEffects: readonly StrategyEffect[] = [
  {
    of: ['search.gaps.relative'],
    isPointless: () => true,
    says: 'the option gap says how near a plan has to be proven',
  },
  {
    of: [
      'lpPricing',
      'setBranching',
      'propagation',
      ...rooms('nodes', 'propagation', 'steps', 'rounding', 'restarts', 'cutRounds', 'cutPool', 'knapsacks'),
      ...rooms('mixedIntegerRounding', 'aggregation', 'integers'),
      'compact.',
    ],
    isPointless: isPatterns,
    says: 'it belongs to the compact relaxation, and relaxation is "patterns"',
  },
  {
    of: ['compact.sets.', 'compact.singlePlan.'],
    isPointless: isSingle,
    says: 'it belongs to split placement, and placement is "single"',
  },
  {
    of: ['compact.blocks.'],
    isPointless: (options) => isSingle(options) && options.settings.formulation === 'published',
    says: 'it belongs to the strengthened program, and formulation is "published"',
  },
  {
    of: ['enumeration', 'patterns.'],
    isPointless: (options) => isSingle(options) && options.settings.relaxation === 'compact',
    says: 'it belongs to patterns, and relaxation is "compact"',
  },
  {
    of: ['dynamicProgram', 'patterns.subsets.'],
    isPointless: (options) => options.settings.relaxation !== 'auto' || !isSingle(options),
    says: 'a dynamic program is tried only where relaxation is "auto" and placement "single"',
  },
  {
    of: ['patterns.rival.'],
    isPointless: (options) => options.settings.relaxation !== 'auto' || !isSingle(options),
    says: 'patterns have a rival only where relaxation is "auto" and placement "single"',
  },
  {
    of: [
      'checkCuts',
      ...rooms('cutRounds', 'cutPool', 'knapsacks', 'mixedIntegerRounding', 'aggregation'),
      'patterns.cuts.',
      'patterns.gpuCovers.',
    ],
    isPointless: (options) => !strategyOf(options).cuts && !hasPlugin(options, 'separator'),
    says: 'the strategy has no cuts',
  },
  {
    of: ['heuristics.'],
    isPointless: (options) => !strategyOf(options).heuristics && options.startPlan === null,
    says: 'the strategy has no heuristics',
  },
  {
    of: rooms('neighbourhoods', 'dives'),
    isPointless: (options) => !hasPlugin(options, 'heuristic'),
    says: 'the strategy has no plugin that searches neighbourhoods or dives',
  },
  {
    of: rooms('plunges'),
    isPointless: (options) => ['best-bound', 'depth-first'].includes(strategyOf(options).nodeSelection),
    says: 'the node order does not plunge',
  },
  {
    of: ['reliability'],
    isPointless: (options) =>
      branchesBy(options, 'strong', 'most-fractional', 'pseudo-cost', 'cutoff-history', 'inference-history'),
    says: 'it belongs to the branching rule "reliability"',
  },
  {
    of: ['strongCandidates', 'strongIterations', 'search.branching.lookahead'],
    isPointless: (options) =>
      branchesBy(options, 'most-fractional', 'pseudo-cost', 'cutoff-history', 'inference-history'),
    says: 'the branching rule branches strongly nowhere',
  },
];

/** A sentence for each part of the strategy that has no effect. */
export function strategyNotices(given: SolveOptions['strategy'], options: ResolvedOptions): string[] {
  if (typeof given !== 'object') return [];
  const { parameters = {}, ...entries } = given as StrategyChanges;
  const named = [
    ...Object.keys(entries).map((name) => ({ name, path: name })),
    ...Object.keys(parameters).map((name) => ({ name: `parameters.${name}`, path: fullPath(parameterRooms, name) })),
  ];
  return named.flatMap(({ name, path }) => {
    const effect = strategyEffects.find(
      ({ of, isPointless }) => of.some((each) => isOf(path, each)) && isPointless(options),
    );
    return effect === undefined ? [] : [`strategy.${name} has no effect: ${effect.says}`];
  });
}

function isOf(path: string, name: string): boolean {
  return name.endsWith('.') ? path.startsWith(name) : path === name;
}
