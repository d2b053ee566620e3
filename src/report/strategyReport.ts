/** Every choice and number of a search strategy: names, and for each number default, range, reason and evidence. */
import { parametersOf, rangeText } from '../bnb/parameterPaths.ts';
import { strategyChoices, strategyCounts, strategyPresets, strategySwitches } from '../bnb/strategy.ts';
import { ownPlugins } from '../planner/ownPlugins.ts';
import { parameterRooms } from '../planner/strategyDoor.ts';
import { type Layout, textLayout } from './layout.ts';
import { parameterNotes } from './parameterNotes.ts';

/** One number of the rooms' records. */
interface ListedParameter {
  readonly path: string;
  readonly default: number | readonly number[];
  readonly range: string;
  readonly reason: string;
  /** What was seen, or where it comes from; null: nothing is written down. */
  readonly evidence: string | null;
}

export interface ListedStrategies {
  /** What each preset changes in `default`. */
  readonly presets: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Names that entries may have. */
  readonly choices: Readonly<Record<string, readonly string[]>>;
  /** Entries that are true or false, with their defaults. */
  readonly switches: Readonly<Record<string, boolean>>;
  /** Entries that are whole numbers >= 0, with their defaults. */
  readonly counts: Readonly<Record<string, number>>;
  readonly parameters: readonly ListedParameter[];
}

/** All of it, as data. */
export function listedStrategies(): ListedStrategies {
  const usual = strategyPresets.default;
  const entries = Object.entries(strategyPresets).map(([name, preset]) => [
    name,
    Object.fromEntries(Object.entries(preset).filter(([key, value]) => value !== usual[key as keyof typeof usual])),
  ]);
  return {
    presets: Object.fromEntries(entries),
    choices: { ...strategyChoices, plugins: ownPlugins.map(({ name }) => name) },
    switches: Object.fromEntries(strategySwitches.map((name) => [name, usual[name]])),
    counts: Object.fromEntries(strategyCounts.map((name) => [name, usual[name]])),
    parameters: parametersOf(parameterRooms).map(({ path, default: value, range }) => ({
      path,
      default: value,
      range: rangeText(range, Array.isArray(value)),
      ...(parameterNotes[path] ?? { reason: '', evidence: null }),
    })),
  };
}

/** The same for reading; `wanted`: only parameters whose path has this in it. */
export function strategyReport(wanted = '', layout: Layout = textLayout): string {
  const { presets, choices, switches, counts, parameters } = listedStrategies();
  const shown = (changes: Readonly<Record<string, unknown>>) =>
    Object.entries(changes)
      .map(([name, value]) => `${name} ${String(value)}`)
      .join(', ');
  const named = [
    ...Object.entries(choices).map(([name, values]) => [name, values.join(', ')]),
    ...Object.entries(switches).map(([name, value]) => [name, `true or false (${value})`]),
    ...Object.entries(counts).map(([name, value]) => [name, `a whole number >= 0 (${value})`]),
  ];
  const numbers = parameters
    .filter(({ path }) => path.includes(wanted))
    .map(({ path, default: value, range, reason, evidence }) =>
      layout.lines([
        `${path} = ${Array.isArray(value) ? value.join(',') : String(value)}, ${range}`,
        `    ${reason}`,
        ...(evidence === null || evidence === reason ? [] : [`    Evidence: ${evidence}`]),
      ]),
    );
  const lists = [
    layout.section(
      'Strategies',
      layout.table(
        [{ heading: 'name' }, { heading: 'what it changes' }],
        Object.entries(presets).map(([name, changes]) => [name, shown(changes)]),
      ),
    ),
    layout.section('Entries (default)', layout.table([{ heading: 'entry' }, { heading: 'values' }], named)),
  ];
  return `${[...(wanted === '' ? lists : []), layout.section('Numbers', numbers.join('\n'))].join('\n\n')}\n`;
}
