/**
 * Sweeps of AIConfigurator (CSV, one row for each operating point) and its descriptions of systems (YAML, named after
 * the file). A row is a measured rate of one replica at one size of query; of several operating points of one
 * configuration the fastest that keeps the limits counts.
 */
import type { Fleet, FleetGpu, FleetProfile, FleetQueryType } from '../../generator/fleet/fleetSchema.ts';
import { asRecord, type LooseRecord } from '../../model/looseData.ts';
import type { CsvTable, CsvTableRow } from '../csvText.ts';
import { type ImportLedger, someOf, usualThroughput } from './importLedger.ts';

const usualMilliseconds = { least: 0.05, most: 1e6, unit: 'milliseconds' };
/** Bytes and operations of a description: other units would be a billion times less. */
const usualBytes = { least: 1e9, most: 1e13, unit: 'bytes' };

export interface AiConfiguratorFiles {
  readonly sweeps: readonly { readonly name: string; readonly table: CsvTable }[];
  readonly systems: readonly { readonly name: string; readonly data: LooseRecord }[];
}

/** Whether the columns are those of a sweep. */
export const isSweep = (columns: readonly string[]) =>
  ['isl', 'osl', 'seq/s'].every((column) => columns.includes(column));
/** Whether data describes a system. */
export const isSystem = (data: unknown) => 'mem_capacity' in asRecord(asRecord(data).gpu) && 'node' in asRecord(data);

interface Point {
  readonly model: string;
  readonly system: string;
  readonly precision: string | null;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly tp: number;
  readonly pipeline: number;
  /** Queries per second of one replica. */
  readonly rate: number;
  readonly ttft: number;
  readonly tpot: number;
}

export function importAiConfigurator({ sweeps, systems }: AiConfiguratorFiles, ledger: ImportLedger): Fleet {
  if (sweeps.length === 0) ledger.fault('', 'no sweep', 'a CSV of a sweep beside descriptions of systems');
  const points = sweeps.flatMap(({ name, table }) =>
    table.rows.flatMap((row) => readPoint(row, `${name}: line ${row.line}`, systems, ledger) ?? []),
  );
  const modelNames = distinct(points.map(({ model }) => model));
  const queryName = ({ model, inputTokens, outputTokens }: Point) =>
    `${modelNames.length === 1 ? '' : `${model} `}${inputTokens}x${outputTokens}`;
  const shapes = new Map(points.map((point) => [queryName(point), point]));
  const queryTypes = [...shapes].flatMap(([name, { inputTokens, outputTokens }]): FleetQueryType[] => {
    const rate = ledger.ownRate(name);
    return rate === undefined ? [] : [{ name, rate, inputTokens, outputTokens, ...ledger.queryLimits() }];
  });
  if (queryTypes.length === 0 && sweeps.length > 0) {
    const example = ledger.asking('rate', [...shapes.keys()][0] ?? '2048x512', '12/s');
    const expected = `the traffic, such as ${example}; a sweep has none`;
    ledger.fault('rates', ledger.options.rates, `${expected}. Sizes: ${someOf([...shapes.keys()])}`);
  } else if (queryTypes.length < shapes.size) {
    ledger.leftOut.push(`${shapes.size - queryTypes.length} sizes without traffic${ledger.byFlags(' (--rate)')}`);
  }
  const gpus = gpusOf(points, systems, ledger);
  const known = new Set(queryTypes.map(({ name }) => name));
  const profiles = profilesOf(points, queryName, known, ledger);
  ledger.read.push(`${points.length} operating points of ${modelNames.join(', ')}`);
  ledger.leftOut.push('weights and cache: the sweep has kept to the memory already; 0 stands there');
  return {
    format: 'rolla-fleet/1',
    period: ledger.options.period ?? '1 h',
    utilization: ledger.options.utilization ?? 0.8,
    queryTypes,
    models: modelNames.map((name) => ({ name, weights: 0, cachePerToken: 0 })),
    gpus: gpus.entries,
    profiles,
    ...(gpus.limits.length > 0 && { limits: gpus.limits }),
  };
}

const distinct = <T>(values: readonly T[]) => [...new Set(values)];

function readPoint(
  { fields }: CsvTableRow,
  path: string,
  systems: AiConfiguratorFiles['systems'],
  ledger: ImportLedger,
): Point | null {
  const number = (column: string, unit: string, options: Parameters<ImportLedger['number']>[3] = {}) =>
    ledger.number(emptyIsMissing(fields[column]), `${path}, ${column}`, unit, options);
  const [tp, pipeline] = [
    number('tp', 'TP degree', { above: 0 }),
    number('pp', 'pipeline degree', { above: 0, fallback: 1 }),
  ];
  const gpus = number('num_total_gpus', 'GPUs', { above: 0, fallback: tp * pipeline });
  const point = {
    model: fields.model ?? '',
    system: systemOf(fields, path, systems, ledger),
    precision: precisionOf(fields.gemm),
    inputTokens: number('isl', 'input tokens'),
    outputTokens: number('osl', 'output tokens', { above: 0 }),
    tp,
    pipeline,
    rate: number('seq/s', 'queries per second', { above: 0 }),
    ttft: number('ttft', 'ms'),
    tpot: number('tpot', 'ms'),
  };
  if (point.model === '') ledger.fault(`${path}, model`, undefined, 'the name of a model');
  ledger.unusual(point.ttft, `${path}, ttft`, usualMilliseconds);
  ledger.unusual(point.tpot, `${path}, tpot`, usualMilliseconds);
  ledger.unusual(point.rate, `${path}, seq/s`, usualThroughput);
  const replicas = gpus / (tp * pipeline);
  const hasExperts = Number(fields.moe_ep ?? 1) > 1;
  if (!Number.isInteger(replicas) || (replicas > 1 && hasExperts)) {
    if (Number.isFinite(replicas)) {
      ledger.leftOut.push(`${path}: ${gpus} GPUs are not replicas of tp ${tp} x pp ${pipeline}`);
    }
    return null;
  }
  return { ...point, rate: point.rate / replicas };
}

const emptyIsMissing = (text: string | undefined) => (text === '' ? undefined : text);

/** The system of a row: its column, else the only one that is described or priced. */
function systemOf(
  fields: Readonly<Record<string, string>>,
  path: string,
  systems: AiConfiguratorFiles['systems'],
  ledger: ImportLedger,
): string {
  const named = emptyIsMissing(fields.system) ?? emptyIsMissing(fields.device);
  const candidates = systems.length > 0 ? systems.map(({ name }) => name) : Object.keys(ledger.options.prices ?? {});
  const system = named ?? (candidates.length === 1 ? candidates[0] : undefined);
  if (system === undefined) {
    const price = ledger.byFlags('or one --price, such as --price H200=3.2', 'or one price, such as "H200: 3.2"');
    const expected = `a column of it, the YAML of one system, ${price}`;
    ledger.fault(`${path}, system`, undefined, expected);
  }
  return system ?? '';
}

/** `fp8_block` and `fp8` are FP8; what the sweep does not say is one precision. */
function precisionOf(gemm: string | undefined): string | null {
  if (gemm === undefined || gemm === '') return null;
  const [kind] = gemm.toLowerCase().split('_');
  const known: Readonly<Record<string, string>> = { bfloat16: 'BF16', float16: 'FP16', nvfp4: 'FP4' };
  return known[kind] ?? kind.toUpperCase();
}

const tierName = (system: string, precision: string | null, precisions: readonly (string | null)[]) =>
  precisions.length === 1 || precision === null ? system : `${system} ${precision}`;

/** A GPU for each system and precision; those of one system share what can be had of it. */
function gpusOf(points: readonly Point[], systems: AiConfiguratorFiles['systems'], ledger: ImportLedger) {
  const entries: FleetGpu[] = [];
  const limits: NonNullable<Fleet['limits']>[number][] = [];
  for (const system of distinct(points.map((point) => point.system))) {
    const own = points.filter((point) => point.system === system);
    const precisions = distinct(own.map(({ precision }) => precision));
    const price = ledger.neededPrice(system);
    const most = ledger.available(system);
    const largestTp = own.reduce((largest, { tp }) => Math.max(largest, tp), 1);
    const description = systems.find(({ name }) => name === system);
    const known = description === undefined ? {} : describedGpu(description, largestTp, ledger);
    const tiers = precisions.map((precision) => {
      const { available: _, ...gpu } = ledger.gpu(system, price, known);
      const name = tierName(system, precision, precisions);
      return { ...gpu, name, ...(precision !== null && gpu.catalogue === undefined && { precision }) };
    });
    entries.push(...tiers);
    if (most !== undefined) {
      limits.push({ name: system, unit: 'GPUs', perGpu: Object.fromEntries(tiers.map(({ name }) => [name, 1])), most });
    }
  }
  return { entries, limits };
}

function describedGpu(
  { name, data }: AiConfiguratorFiles['systems'][number],
  largestTp: number,
  ledger: ImportLedger,
): Partial<FleetGpu> {
  const [gpu, node, misc] = [asRecord(data.gpu), asRecord(data.node), asRecord(data.misc)];
  const bytes = (value: unknown, key: string, fallback?: number) =>
    ledger.number(value, `${name}: ${key}`, 'bytes', fallback === undefined ? { above: 0 } : { fallback });
  const memory = bytes(gpu.mem_capacity, 'gpu.mem_capacity');
  ledger.unusual(memory, `${name}: gpu.mem_capacity`, usualBytes);
  const reserve =
    bytes(misc.other_mem, 'misc.other_mem', 0) +
    bytes(communicationMemory(misc.nccl_mem, largestTp), 'misc.nccl_mem', 0);
  if (reserve >= memory) ledger.fault(`${name}: misc`, reserve, 'bytes below gpu.mem_capacity');
  const perNode = ledger.number(node.num_gpus_per_node, `${name}: node.num_gpus_per_node`, 'GPUs', {
    above: 0,
    fallback: 8,
  });
  const speeds = ['bfloat16', 'int8', 'fp8'].flatMap((kind) => {
    const flops = gpu[`${kind}_tc_flops`];
    return typeof flops === 'number' ? [`${kind} ${flops / 1e12} TFLOP/s`] : [];
  });
  ledger.read.push(`${name}: ${memory / 1e9} GB, of which ${reserve / 1e9} GB are reserved, ${perNode} GPUs of a node`);
  ledger.leftOut.push(`${name}: bandwidths, power, compute (${speeds.join(', ')}); measured rates stand for them`);
  return { memory: memory / 1e9, reserve: reserve / 1e9, gpusPerNode: perNode };
}

/** Of the largest degree in use, else of the next larger one that the table has, else of its last. */
function communicationMemory(table: unknown, degree: number): unknown {
  const degrees = Object.keys(asRecord(table))
    .map(Number)
    .sort((a, b) => a - b);
  if (degrees.length === 0) return undefined;
  return asRecord(table)[String(degrees.find((candidate) => candidate >= degree) ?? degrees.at(-1))];
}

/** Of each configuration and query type the fastest point that keeps the limits. */
function profilesOf(
  points: readonly Point[],
  queryName: (point: Point) => string,
  known: ReadonlySet<string>,
  ledger: ImportLedger,
): FleetProfile[] {
  const [ttft, tpot, latency] = (['ttft', 'tpot', 'latency'] as const).map((name) => ledger.limit(name));
  const keeps = (point: Point) =>
    point.ttft <= ttft && point.tpot <= tpot && point.ttft + point.tpot * (point.outputTokens - 1) <= latency;
  const precisionsOf = new Map(
    distinct(points.map(({ system }) => system)).map((system) => [
      system,
      distinct(points.filter((point) => point.system === system).map(({ precision }) => precision)),
    ]),
  );
  const configurations = new Map<string, { readonly head: FleetProfile; readonly best: Map<string, Point | null> }>();
  for (const point of points) {
    const query = queryName(point);
    if (!known.has(query)) continue;
    const { model, tp, pipeline } = point;
    const gpu = tierName(point.system, point.precision, precisionsOf.get(point.system)!);
    const key = JSON.stringify([model, gpu, tp, pipeline]);
    const head = { model, gpu, tp, ...(pipeline > 1 && { pipeline }) };
    const configuration = configurations.get(key) ?? { head, best: new Map() };
    configurations.set(key, configuration);
    const best = configuration.best.get(query) ?? null;
    configuration.best.set(query, keeps(point) && point.rate > (best?.rate ?? 0) ? point : best);
  }
  const refused: string[] = [];
  const profiles = [...configurations.values()].map(({ head, best }): FleetProfile => {
    const measured = [...best].flatMap(([queryType, point]) => {
      if (point === null) refused.push(`${queryType} on ${head.gpu} with tp ${head.tp}`);
      return point === null ? [] : [{ queryType, rate: point.rate * 3600, ttft: point.ttft, tpot: point.tpot }];
    });
    return { ...head, measured };
  });
  if (refused.length > 0)
    ledger.read.push(`no operating point keeps the limits: ${someOf(refused)}; nothing goes there`);
  return profiles.filter(({ measured }) => measured!.length > 0);
}
