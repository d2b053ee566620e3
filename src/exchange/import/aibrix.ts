/**
 * Profiles of AIBrix, one file for each GPU: throughput that keeps the objectives, by output tokens (rows,
 * `indexes[0]`) and input tokens (columns, `indexes[1]`); 0 where the objectives cannot be kept. There is no traffic in
 * them.
 */
import type { Fleet, FleetProfile } from '../../generator/fleet/fleetSchema.ts';
import { asList, asRecord, type LooseRecord } from '../../model/looseData.ts';
import { type ImportLedger, someOf, usualPrice, usualThroughput } from './importLedger.ts';

const model = 'model';
const usualSeconds = { least: 1e-4, most: 1000, unit: 'seconds' };

interface Profile {
  readonly file: string;
  readonly gpu: string;
  readonly cost: number;
  readonly outputs: readonly number[];
  readonly inputs: readonly number[];
  readonly data: LooseRecord;
}

export function importAibrix(
  files: readonly { readonly name: string; readonly data: LooseRecord }[],
  ledger: ImportLedger,
): Fleet {
  const profiles = files.map((file) => readProfile(file, ledger));
  const cells = cellsOf(profiles);
  const rated = cells.flatMap(({ name, ...tokens }) => {
    const rate = ledger.ownRate(name);
    return rate === undefined ? [] : [{ name, rate, ...tokens, ...ledger.queryLimits() }];
  });
  if (rated.length === 0) {
    const example = ledger.asking('rate', cells[0]?.name ?? '512x128', '3/s');
    const expected = `the traffic, such as ${example} (input x output tokens); profiles have none`;
    ledger.fault('rates', ledger.options.rates, `${expected}. Sizes: ${someOf(cells.map(({ name }) => name))}`);
  } else if (rated.length < cells.length) {
    ledger.leftOut.push(`${cells.length - rated.length} sizes without traffic${ledger.byFlags(' (--rate)')}`);
  }
  ledger.read.push(`profiles of ${profiles.map(({ gpu }) => gpu).join(', ')}, ${cells.length} sizes`);
  const wantsLatency = Object.keys(ledger.queryLimits()).length > 0;
  const tellsLatency = profiles.every(({ data }) => data.ttft !== undefined && data.e2e !== undefined);
  if (wantsLatency && !tellsLatency) {
    ledger.fault('limits', ledger.options.limits, 'no limits, as not every profile has ttft and e2e');
  } else if (!tellsLatency) {
    ledger.leftOut.push('e2e and ttft: not in every profile; their objectives are in the throughput already');
  }
  for (const { gpu, data } of profiles) {
    if (data.slos !== undefined) ledger.read.push(`${gpu} was measured for ${JSON.stringify(data.slos)}`);
  }
  checkNames(profiles, ledger);
  return {
    format: 'rolla-fleet/1',
    period: ledger.options.period ?? '1 h',
    utilization: ledger.options.utilization ?? 1,
    queryTypes: rated,
    models: [{ name: model, weights: 0, cachePerToken: 0 }],
    gpus: profiles.map(({ gpu, cost }) => ledger.gpu(gpu, ledger.ownPrice(gpu) ?? cost)),
    profiles: profiles.map((profile) => measuredOf(profile, rated, tellsLatency, ledger)),
  };
}

function readProfile({ name: file, data }: { name: string; data: LooseRecord }, ledger: ImportLedger): Profile {
  const [outputs, inputs] = asList(data.indexes).map((axis, t) =>
    asList(axis).map((value, at) => ledger.number(value, `${file}: indexes[${t}][${at}]`, 'tokens')),
  );
  if (outputs === undefined || inputs === undefined) {
    ledger.fault(`${file}: indexes`, data.indexes, 'two lists, of output tokens and of input tokens');
  }
  if (typeof data.gpu !== 'string') ledger.fault(`${file}: gpu`, data.gpu, 'the name of a GPU');
  const gpu = String(data.gpu);
  const ownPrice = Object.hasOwn(ledger.options.prices ?? {}, gpu);
  const cost = ownPrice && data.cost === undefined ? 0 : ledger.number(data.cost, `${file}: cost`, '$ per hour');
  ledger.unusual(cost, `${file}: cost`, usualPrice);
  const rows = asList(data.tputs);
  const wrong = rows.length !== outputs?.length || rows.some((row) => asList(row).length !== inputs?.length);
  if (wrong && outputs !== undefined && inputs !== undefined) {
    const expected = `${outputs.length} rows (output tokens) of ${inputs.length} (input tokens), as indexes has`;
    ledger.fault(`${file}: tputs`, `${rows.length} rows of ${asList(rows[0]).length}`, expected);
  }
  return { file, gpu, cost, outputs: outputs ?? [], inputs: inputs ?? [], data };
}

function cellsOf(profiles: readonly Profile[]) {
  const cells = new Map<string, { name: string; inputTokens: number; outputTokens: number }>();
  for (const { inputs, outputs } of profiles) {
    for (const outputTokens of outputs) {
      for (const inputTokens of inputs) {
        const name = `${inputTokens}x${outputTokens}`;
        cells.set(name, { name, inputTokens, outputTokens });
      }
    }
  }
  return [...cells.values()];
}

function checkNames(profiles: readonly Profile[], ledger: ImportLedger): void {
  profiles.forEach(({ file, gpu }, position) => {
    const first = profiles.findIndex((other) => other.gpu === gpu);
    if (first !== position) ledger.fault(`${file}: gpu`, gpu, `another GPU than ${profiles[first].file} has`);
  });
}

function measuredOf(
  { file, gpu, inputs, outputs, data }: Profile,
  rated: readonly { name: string; inputTokens: number; outputTokens: number }[],
  tellsLatency: boolean,
  ledger: ImportLedger,
): FleetProfile {
  const unknown: string[] = [];
  const impossible: string[] = [];
  const measured = rated.flatMap(({ name, inputTokens, outputTokens }) => {
    const [row, column] = [outputs.indexOf(outputTokens), inputs.indexOf(inputTokens)];
    const at = (table: unknown) => asList(asList(table)[row])[column];
    if (row < 0 || column < 0 || isNothing(at(data.tputs))) {
      unknown.push(name);
      return [];
    }
    const rate = ledger.number(at(data.tputs), `${file}: tputs[${row}][${column}]`, 'requests per second');
    ledger.unusual(rate, `${file}: tputs[${row}][${column}]`, usualThroughput);
    if (rate === 0) impossible.push(name);
    const entry = { queryType: name, rate: rate * 3600 };
    if (!tellsLatency || rate === 0) return [tellsLatency ? { ...entry, ttft: 0, tpot: 0 } : entry];
    if (isNothing(at(data.ttft)) || isNothing(at(data.e2e))) {
      unknown.push(name);
      return [];
    }
    const ttft = ledger.number(at(data.ttft), `${file}: ttft[${row}][${column}]`, 's');
    const e2e = ledger.number(at(data.e2e), `${file}: e2e[${row}][${column}]`, 's');
    ledger.unusual(e2e, `${file}: e2e[${row}][${column}]`, usualSeconds);
    const tpot = outputTokens > 1 ? (1000 * Math.max(0, e2e - ttft)) / (outputTokens - 1) : 0;
    return [{ ...entry, ttft: 1000 * ttft, tpot }];
  });
  if (impossible.length > 0) {
    ledger.read.push(`${gpu} cannot keep its objectives for ${someOf(impossible)} (throughput 0): nothing goes there`);
  }
  if (unknown.length > 0) ledger.leftOut.push(`${gpu} has no data for ${someOf(unknown)}: nothing goes there`);
  return { model, gpu, tp: 1, measured };
}

/** NaN is no JSON: the reader makes null of it. */
const isNothing = (value: unknown) => value === null || value === undefined;

/** Whether data is a profile. */
export const isAibrixProfile = (data: unknown) => 'tputs' in asRecord(data) && 'indexes' in asRecord(data);
