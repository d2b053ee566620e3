/**
 * From results to the rows of a report, in the order of the file, whoever solved them and wherever they lie. Plans stay
 * on disk: rows are all that is held.
 */
import { isDeepStrictEqual } from 'node:util';
import { findFactor } from '../analysis/factors.ts';
import type { ScenarioOptions } from '../analysis/scenario.ts';
import { degreesIn, type SweepRow, tableColumns } from '../analysis/sweepRow.ts';
import { InputError, type InputIssue, mostFaults, refuse, showValue } from '../input/inputError.ts';
import { argumentIssues } from '../input/optionRules.ts';
import { chainsRule, storesRule } from './argumentRules.ts';
import type { ResultStore, ScenarioResult } from './resultStore.ts';
import type { FileScenario, ScenarioChain } from './scenarioFile.ts';

export interface MergedResults {
  readonly rows: readonly SweepRow[];
  readonly columns: readonly string[];
  /** The factors that have more than one value. */
  readonly axes: readonly MergedAxis[];
  /** Scenarios without a result. */
  readonly missing: readonly string[];
  /** How many were solved under lower limits than asked for. */
  readonly lowered: number;
  /** Names of the instances; null for one without. */
  readonly instances: readonly (string | null)[];
  /** Those of every scenario, but for the seed, which is a column. */
  readonly options: ScenarioOptions;
}

interface MergedAxis {
  readonly column: string;
  readonly label: string;
  readonly values: readonly (number | string)[];
}

/**
 * Rejects with InputError naming results that are torn, altered or of other versions, two stores that hold different
 * rows of a scenario, and scenarios whose options differ in more than the seed.
 */
export async function mergeResults(
  chains: AsyncGenerator<ScenarioChain, void>,
  stores: readonly ResultStore[],
): Promise<MergedResults> {
  refuse(
    argumentIssues([
      ['chains', chains, chainsRule],
      ['stores', stores, storesRule],
    ]),
  );
  const faults: InputIssue[] = [];
  const rows: SweepRow[] = [];
  const missing: string[] = [];
  const axes = new Map<string, { readonly label: string; readonly values: Set<number | string> }>();
  const instances = new Set<string | null>();
  let options: ScenarioOptions | null = null;
  let hasNames = false;
  let lowered = 0;
  for await (const chain of chains) {
    for (const scenario of chain.scenarios) {
      const own = withoutSeed(scenario.options);
      options ??= own;
      faults.push(...optionFaults(scenario.id, options, own));
      const result = resultOf(scenario.id, stores, faults);
      if (faults.length >= mostFaults) refuse(faults);
      if (result === null) {
        missing.push(scenario.id);
        continue;
      }
      if (result.limitScale !== 1) lowered++;
      hasNames ||= scenario.name !== null;
      instances.add(scenario.instance.name ?? null);
      countAxes(axes, scenario);
      rows.push({
        scenario: scenario.id,
        name: scenario.name,
        instance: scenario.instance.name ?? null,
        ...result.row,
      });
    }
  }
  refuse(faults);
  const factors = [...axes.keys()];
  const named = [...(hasNames ? ['name'] : []), ...(instances.size > 1 ? ['instance'] : [])];
  const reason = rows.some((row) => row.status === 'failed') ? ['reason'] : [];
  return {
    rows,
    columns: ['scenario', ...tableColumns([...named, ...factors], degreesIn(rows)), ...reason],
    axes: [...axes]
      .filter(([, { values }]) => values.size > 1)
      .map(([column, { label, values }]) => ({ column, label, values: inOrder([...values]) })),
    missing,
    lowered,
    instances: [...instances],
    options: options ?? {},
  };
}

function inOrder(values: readonly (number | string)[]): (number | string)[] {
  const areNumbers = values.every((value) => typeof value === 'number');
  return areNumbers ? [...values].sort((a, b) => a - b) : [...values];
}

function withoutSeed({ seed: _seed, ...rest }: ScenarioOptions): ScenarioOptions {
  return rest;
}

function optionFaults(id: string, first: ScenarioOptions, own: ScenarioOptions): InputIssue[] {
  const names = new Set([...Object.keys(first), ...Object.keys(own)]) as Set<keyof ScenarioOptions>;
  return [...names].flatMap((name) =>
    isDeepStrictEqual(first[name], own[name])
      ? []
      : [
          {
            path: `scenario ${id}: options.${name}`,
            value: showValue(own[name]),
            expected: `${showValue(first[name])}, as the first scenario has it (rows of other options do not compare)`,
          },
        ],
  );
}

function countAxes(
  axes: Map<string, { readonly label: string; readonly values: Set<number | string> }>,
  { patch }: FileScenario,
): void {
  for (const [name, value] of patch.factors ?? []) {
    const { column, label } = findFactor(name);
    const axis = axes.get(column) ?? { label, values: new Set() };
    axis.values.add(value);
    axes.set(column, axis);
  }
}

/** The one result of a scenario in all stores; two that differ in more than times are a fault. */
function resultOf(id: string, stores: readonly ResultStore[], faults: InputIssue[]): ScenarioResult | null {
  let found: { readonly result: ScenarioResult; readonly folder: string } | null = null;
  for (const store of stores) {
    try {
      const result = store.read(id);
      if (result === null) continue;
      if (found !== null && !isDeepStrictEqual(timeless(found.result), timeless(result))) {
        const value = `a result other than that in ${found.folder}`;
        faults.push({ path: `${store.folder}: scenario ${id}`, value, expected: 'the same but for times' });
      }
      found ??= { result, folder: store.folder };
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      faults.push(...error.issues);
    }
  }
  return found?.result ?? null;
}

function timeless({ row: { solve_time: _time, ...row }, ...rest }: ScenarioResult): unknown {
  return { ...rest, row };
}
