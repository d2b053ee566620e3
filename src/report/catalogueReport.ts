/** The catalogue of GPUs, models and measured profiles as tables: what a fleet file may name by id. */
import { type CatalogueGpu, catalogueGpus } from '../generator/catalogue/gpus.ts';
import {
  type CatalogueModelCard,
  cachePerTokenOf,
  catalogueModels,
  tpDegreesOfHeads,
  weightsOf,
} from '../generator/catalogue/models.ts';
import { estimatedLatency, serviceTimesOf } from '../generator/catalogue/profiles.ts';
import { type CatalogueProfile, catalogueProfiles } from '../generator/catalogue/throughputTables.ts';
import { dollars, quantity } from './numberText.ts';
import { type TextColumn, textTable } from './textTable.ts';

interface ListedCatalogue {
  readonly gpus: readonly CatalogueGpu[];
  /** With GB of weights and GB of cache per token by precision, and the TP degrees that the heads allow. */
  readonly models: readonly (CatalogueModelCard & {
    readonly weights: ReturnType<typeof weightsOf>;
    readonly cachePerToken: ReturnType<typeof cachePerTokenOf>;
    readonly tpDegrees: readonly number[];
  })[];
  /** With the service times fitted to the table (s per token) and the estimated latency (ms). */
  readonly profiles: readonly (CatalogueProfile &
    ReturnType<typeof serviceTimesOf> & { readonly latency: ReturnType<typeof estimatedLatency> })[];
}

/** What has `wanted` in its id, and the profiles of such models and GPUs. Default: everything. Plain data. */
export function listedCatalogue(wanted = ''): ListedCatalogue {
  const isWanted = ({ id }: { readonly id: string }) => id.includes(wanted.toLowerCase());
  const models = catalogueModels.filter(isWanted);
  const gpus = catalogueGpus.filter(isWanted);
  const profiles = catalogueProfiles.filter(
    (profile) =>
      isWanted(profile) || models.some(({ id }) => id === profile.model) || gpus.some(({ id }) => id === profile.gpu),
  );
  return {
    gpus,
    models: models.map((model) => ({
      ...model,
      weights: weightsOf(model),
      cachePerToken: cachePerTokenOf(model),
      tpDegrees: tpDegreesOfHeads(model),
    })),
    profiles: profiles.map((profile) => ({
      ...profile,
      ...serviceTimesOf(profile),
      latency: estimatedLatency(profile),
    })),
  };
}

const left = (heading: string): TextColumn => ({ heading });
const right = (heading: string): TextColumn => ({ heading, align: 'right' });
const precisions = ['BF16', 'FP8', 'FP4'] as const;

/** Tables for a terminal, ending in a line break; what is empty is left out. */
export function catalogueReport({ gpus, models, profiles }: ListedCatalogue): string {
  const parts: string[] = [];
  const part = (heading: string, columns: readonly TextColumn[], rows: readonly (readonly string[])[]) => {
    if (rows.length > 0) parts.push(`${heading}\n${textTable(columns, rows)}\n`);
  };
  part(
    'GPUs (catalogue: of an entry of gpus)',
    [left('Id'), left('Product'), right('GB'), right('GB/s'), left('Precisions'), right('$/h'), left('Price of')],
    gpus.map(({ id, product, memory, bandwidth, compute, price }) => [
      id,
      product,
      quantity(memory),
      quantity(bandwidth),
      Object.keys(compute).join(' '),
      dollars(price.perHour),
      price.date,
    ]),
  );
  part(
    'Models (catalogue: of an entry of models)',
    [
      left('Id'),
      left('Product'),
      ...precisions.map((precision) => right(`GB ${precision}`)),
      ...precisions.slice(0, 2).map((precision) => right(`kB/token ${precision}`)),
      left('TP degrees'),
    ],
    models.map(({ id, product, weights, cachePerToken, tpDegrees }) => [
      id,
      product,
      ...precisions.map((precision) => quantity(weights[precision])),
      ...precisions.slice(0, 2).map((precision) => quantity(cachePerToken[precision] * 1e6)),
      tpDegrees.join(' '),
    ]),
  );
  const micro = (secondsPerToken: number) => quantity(1e6 * secondsPerToken);
  part(
    'Profiles (catalogue: of an entry of profiles, or all): service times fitted to measured shapes, latency estimated',
    [
      left('Id'),
      right('TP'),
      right('PP'),
      right('Shapes'),
      right('us/input token'),
      right('us/output token'),
      right('ns/context token'),
      right('tpot ms'),
      left('Measured'),
    ],
    profiles.map((profile) => [
      profile.id,
      String(profile.tpDegree),
      String(profile.pipelineDegree),
      String(profile.throughput.length),
      micro(profile.secondsPerInputToken),
      micro(profile.secondsPerOutputToken),
      quantity(1e9 * profile.secondsPerContextToken),
      quantity(profile.latency.perOutputToken),
      profile.date,
    ]),
  );
  return parts.join('\n');
}
