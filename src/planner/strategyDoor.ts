/**
 * The strategy of a solve at the door: plugins, and numbers of all rooms by path. A tree alone knows the numbers of its
 * own room (src/bnb/strategy.ts); here those of the heuristics and of the patterns come in.
 */
import { changesOf, type ParameterChanges, withChanges } from '../bnb/parameterPaths.ts';
import { searchParameterRoom } from '../bnb/parameters.ts';
import {
  parameterChangesOf,
  resolveStrategy,
  type SearchStrategy,
  strategyIssues,
  strategyPresets,
} from '../bnb/strategy.ts';
import { heuristicParameterRoom } from '../heuristics/parameters.ts';
import type { InputIssue } from '../input/inputError.ts';
import { patternParameterRoom } from '../patterns/parameters.ts';
import { ownPlugins } from './ownPlugins.ts';
import { compactParameterRoom } from './parameters.ts';
import type { SearchSettings } from './resolvedSolve.ts';
import type { SolveOptions } from './solveOptions.ts';

/** The rooms whose numbers a strategy may set. */
export const parameterRooms = [
  searchParameterRoom,
  heuristicParameterRoom,
  patternParameterRoom,
  compactParameterRoom,
] as const;

/** What is wrong with the strategy of a solve. */
export function planningStrategyIssues(strategy: unknown): InputIssue[] {
  return strategyIssues(strategy, ownPlugins, parameterRooms);
}

/** A sound strategy, completed: the tree's, and the numbers of the rooms above it. */
export function resolvedStrategy(given: SolveOptions['strategy']): Pick<SearchSettings, 'strategy' | 'parameters'> {
  const changes: ParameterChanges = typeof given === 'object' ? (given.parameters ?? {}) : {};
  const isOfTree = ([path]: readonly [string, unknown]) => path.startsWith(`${searchParameterRoom.name}.`);
  const ofTree = Object.fromEntries(Object.entries(changes).filter(isOfTree));
  return {
    strategy: Object.freeze(
      resolveStrategy(typeof given === 'object' ? { ...given, parameters: ofTree } : given, ownPlugins),
    ),
    parameters: Object.freeze({
      heuristics: withChanges(heuristicParameterRoom, changes),
      patterns: withChanges(patternParameterRoom, changes),
      compact: withChanges(compactParameterRoom, changes),
    }),
  };
}

/** Every number that differs from its default, by path. */
export function changedParameters({
  strategy,
  parameters,
}: Pick<SearchSettings, 'strategy' | 'parameters'>): ParameterChanges {
  return {
    ...parameterChangesOf(strategy),
    ...changesOf(heuristicParameterRoom, parameters.heuristics),
    ...changesOf(patternParameterRoom, parameters.patterns),
    ...changesOf(compactParameterRoom, parameters.compact),
  };
}

/** Everything about the way of a solve that differs from the default strategy, by path; null: nothing. */
export function changesOfStrategy(
  settings: Pick<SearchSettings, 'strategy' | 'parameters'>,
): Readonly<Record<string, unknown>> | null {
  const usual: SearchStrategy = strategyPresets.default;
  const { plugins, parameters: _parameters, ...entries } = settings.strategy;
  const changed = Object.entries(entries).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(usual[name as keyof SearchStrategy]),
  );
  const found = {
    ...Object.fromEntries(changed),
    ...(plugins.length === 0 ? {} : { plugins: plugins.map(({ kind, name }) => `${name} (${kind})`) }),
    ...changedParameters(settings),
  };
  return Object.keys(found).length === 0 ? null : found;
}
