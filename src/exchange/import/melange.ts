/**
 * Files of Mélange: throughput of one GPU by size of input and output, how the requests are spread over these sizes,
 * and how many there are. That planner fills GPUs to the brim, so the utilization is 1.
 */
import type { Fleet, FleetProfile, FleetQueryType } from '../../generator/fleet/fleetSchema.ts';
import { asList, asRecord, type LooseRecord } from '../../model/looseData.ts';
import { type ImportLedger, usualPrice, usualThroughput } from './importLedger.ts';

const model = 'model';
/** Sums of shares are written with few digits. */
const shareTolerance = 1e-3;

interface Cell {
  readonly name: string;
  readonly input: number;
  readonly output: number;
  readonly share: number;
}

export function importMelange(data: LooseRecord, ledger: ImportLedger): Fleet {
  const cells = readCells(data.workload_distribution, ledger);
  const rate = ledger.number(data.total_request_rate, 'total_request_rate', 'requests per second', { above: 0 });
  ledger.unusual(rate, 'total_request_rate', { ...usualThroughput, most: 1e6 });
  const gpus = gpusOf(data.gpu_info, ledger);
  if (data.slice_factor !== undefined) {
    const split = ledger.byFlags('--placement split', 'the option that lets query types be split');
    ledger.leftOut.push(`slice_factor: sizes are placed whole, or cut at will with ${split}`);
  }
  ledger.leftOut.push('tokens of a size: the file has none; 1 and 1 stand there, and only measured rates count');
  const used = cells.filter(({ share }) => share > 0);
  ledger.read.push(`${used.length} sizes with traffic of ${cells.length}, ${gpus.length} GPUs, ${rate} requests/s`);
  const profiles = gpus.map(({ name, tputs }) => profileOf(name, tputs, used, ledger));
  const queryTypes = used.map(
    ({ name, share }): FleetQueryType => ({ name, rate: share * rate * 3600, inputTokens: 1, outputTokens: 1 }),
  );
  return {
    format: 'rolla-fleet/1',
    period: ledger.options.period ?? '1 h',
    utilization: ledger.options.utilization ?? 1,
    queryTypes: queryTypes.map((query) => ({ ...query, ...ledger.queryLimits() })),
    models: [{ name: model, weights: 0, cachePerToken: 0 }],
    gpus: gpus.map(({ name, cost }) => ledger.gpu(name, ledger.ownPrice(name) ?? cost)),
    profiles,
  };
}

function readCells(distribution: unknown, ledger: ImportLedger): Cell[] {
  const path = 'workload_distribution';
  const rows = asList(distribution);
  const width = asList(rows[0]).length;
  if (width === 0) ledger.fault(path, distribution, 'shares of the requests by input and output size, rows of numbers');
  const cells = rows.flatMap((row, input) => {
    if (asList(row).length !== width) ledger.fault(`${path}[${input}]`, row, `${width} shares, as the first row has`);
    return asList(row).map((value, output): Cell => {
      const share = ledger.number(value, [path, input, output], 'share of the requests');
      return { name: `in${input}-out${output}`, input, output, share };
    });
  });
  const sum = cells.reduce((total, { share }) => total + share, 0);
  if (Math.abs(sum - 1) > shareTolerance) ledger.fault(path, sum, 'shares that sum to 1');
  return cells;
}

interface MelangeGpu {
  readonly name: string;
  readonly cost: number;
  readonly tputs: unknown;
}

/** By name; a list of entries with names is what its manual says. */
function gpusOf(info: unknown, ledger: ImportLedger): MelangeGpu[] {
  const entries: [name: unknown, entry: unknown][] = Array.isArray(info)
    ? info.map((entry) => [asRecord(entry).name, entry])
    : Object.entries(asRecord(info));
  if (entries.length === 0) ledger.fault('gpu_info', info, 'an object of { cost, tputs } by the name of a GPU');
  return entries.map(([name, entry], position) => {
    const at = Array.isArray(info) ? position : String(name);
    if (typeof name !== 'string' || name.trim() === '') {
      ledger.fault(`gpu_info[${position}].name`, name, 'the name of a GPU');
    }
    const { cost, tputs } = asRecord(entry);
    const price = ledger.number(cost, ['gpu_info', at, 'cost'], '$ per hour');
    ledger.unusual(price, ['gpu_info', at, 'cost'], usualPrice);
    return { name: String(name), cost: price, tputs };
  });
}

function profileOf(gpu: string, tputs: unknown, cells: readonly Cell[], ledger: ImportLedger): FleetProfile {
  const measured = cells.map(({ name, input, output }) => {
    const path = ['gpu_info', gpu, 'tputs', input, output];
    const rate = ledger.number(asList(asList(tputs)[input])[output], path, 'requests per second of one GPU');
    ledger.unusual(rate, path, usualThroughput);
    return { queryType: name, rate: rate * 3600 };
  });
  return { model, gpu, tp: 1, measured };
}
