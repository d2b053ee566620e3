/**
 * From a fleet as people write it to an instance: units turned into the instance's, the catalogue's figures filled in,
 * tables laid out.
 */
import { InputError, type InputIssue } from '../../input/inputError.ts';
import type { Instance, Pairing } from '../../model/instance.ts';
import { validateInstance } from '../../model/validateInstance.ts';
import { catalogueGpus } from '../catalogue/gpus.ts';
import { cachePerTokenOf, catalogueModels, tpDegreesOfHeads, weightsOf } from '../catalogue/models.ts';
import { estimatedLatency, serviceTimesOf } from '../catalogue/profiles.ts';
import { catalogueProfiles } from '../catalogue/throughputTables.ts';
import { type ExpandedProfile, expandProfiles } from './expandProfiles.ts';
import { fitServiceTimes } from './fitServiceTimes.ts';
import type {
  Fleet,
  FleetError,
  FleetGpu,
  FleetModel,
  FleetPairing,
  FleetProfile,
  FleetQueryType,
  SizeByPrecision,
} from './fleetSchema.ts';
import { type Quantity, type QuantityName, readQuantity } from './units.ts';
import { errorMatches, validateFleet } from './validateFleet.ts';

/**
 * The `rolla-instance/1` of a fleet. Takes data as it comes and validates it.
 * @throws InputError with path, value and expectation of every fault, in the words of the fleet.
 */
export function compileFleet(data: Fleet): Instance {
  const fleet = validateFleet(data);
  const profiles = expandProfiles(fleet);
  const instance = {
    format: 'rolla-instance/1',
    name: fleet.name,
    queryTypes: fleet.queryTypes.map(compileQueryType),
    models: fleet.models.map(compileModel),
    tiers: fleet.gpus.map(compileGpu),
    profiles: profiles.map(compileProfile),
    utilization: read(fleet.utilization, 'share'),
    fleetLimits: fleet.limits,
    error: compileErrors(fleet),
    uncertaintyBudget: fleet.gamma && { delay: fleet.gamma.delay ?? 0, error: fleet.gamma.error ?? 0 },
    rentalPeriod: read(fleet.period, 'hours'),
    budget: read(fleet.budget, 'money'),
    storageCapacity: read(fleet.storageCapacity, 'size'),
    storagePrice: read(fleet.storagePrice, 'storagePrice'),
    allowed: fleet.allowed?.map(compilePairing),
    forbidden: fleet.forbidden?.map(compilePairing),
    currentPlan: fleet.currentPlan,
    switchingCost: fleet.switchingCost && {
      added: read(fleet.switchingCost.added, 'money'),
      removed: read(fleet.switchingCost.removed, 'money'),
    },
  };
  try {
    return validateInstance(present(instance));
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const [first, ...rest] = error.issues.map((issue) => inWordsOfTheFleet(issue, profiles));
    throw new InputError([first, ...rest]);
  }
}

function compileQueryType(query: FleetQueryType) {
  return present({
    name: query.name,
    inputTokens: query.inputTokens,
    outputTokens: query.outputTokens,
    arrivalRate: read(query.rate, 'rate'),
    cachedShare: read(query.cachedShare, 'share'),
    ttftThreshold: read(query.ttft, 'milliseconds'),
    tpotThreshold: read(query.tpot, 'milliseconds'),
    delayThreshold: read(query.latency, 'milliseconds'),
    delayPenalty: read(query.latencyPenalty, 'delayPrice'),
    errorThreshold: read(query.maxError, 'share'),
    unmetPenalty: read(query.dropPenalty, 'money'),
    unmetCap: query.dropPenalty === undefined ? undefined : (read(query.mayDrop, 'share') ?? 0),
    tokenSize: read(query.storedPerToken, 'size'),
  });
}

function compileModel(model: FleetModel) {
  const card = catalogueModels.find(({ id }) => id === model.catalogue);
  return present({
    name: model.name,
    weightSize: model.weights === undefined ? card && weightsOf(card) : readSizes(model.weights),
    kvCachePerToken: model.cachePerToken === undefined ? card && cachePerTokenOf(card) : readSizes(model.cachePerToken),
    tpDegrees: model.tpDegrees ?? (card && tpDegreesOfHeads(card)),
    minReplicas: model.minReplicas,
    maxReplicas: model.maxReplicas,
  });
}

function compileGpu(gpu: FleetGpu) {
  const product = catalogueGpus.find(({ id }) => id === gpu.catalogue);
  return present({
    name: gpu.name,
    memory: read(gpu.memory, 'size') ?? product?.memory,
    memoryReserve: read(gpu.reserve, 'size'),
    price: read(gpu.price, 'hourlyPrice') ?? product?.price.perHour,
    gpusPerNode: gpu.gpusPerNode ?? product?.gpusPerNode,
    precision: gpu.precision,
    utilization: read(gpu.utilization, 'share'),
    committed: gpu.committed,
    available: gpu.available,
  });
}

function compileProfile({ profile, tpDegree, pipelineDegree }: ExpandedProfile) {
  const entry = catalogueProfiles.find(({ id }) => id === profile.catalogue);
  const times = entry === undefined ? ownServiceTimes(profile) : serviceTimesOf(entry);
  const { latency } = profile;
  const ownLatency =
    latency &&
    present({
      firstToken: read(latency.firstToken, 'milliseconds'),
      perInputToken: read(latency.perInputToken, 'milliseconds'),
      perOutputToken: read(latency.perOutputToken, 'milliseconds'),
      deviation: read(latency.deviation, 'share'),
    });
  return present({
    model: profile.model,
    tier: profile.gpu,
    tpDegree,
    pipelineDegree: pipelineDegree === 1 ? undefined : pipelineDegree,
    ...times,
    measured: profile.measured?.map((measurement) =>
      present({
        queryType: measurement.queryType,
        queriesPerHour: read(measurement.rate, 'rate'),
        ttft: read(measurement.ttft, 'milliseconds'),
        tpot: read(measurement.tpot, 'milliseconds'),
      }),
    ),
    latency: ownLatency ?? (entry && estimatedLatency(entry)),
  });
}

function ownServiceTimes(profile: FleetProfile) {
  if (profile.throughput !== undefined) {
    return fitServiceTimes(
      profile.throughput.map(({ inputTokens, outputTokens, tokens }) => ({
        inputTokens,
        outputTokens,
        tokensPerSecond: readQuantity(tokens, 'tokenRate')!,
      })),
    );
  }
  return {
    secondsPerInputToken: read(profile.secondsPerInputToken, 'seconds'),
    secondsPerOutputToken: read(profile.secondsPerOutputToken, 'seconds'),
    secondsPerContextToken: read(profile.secondsPerContextToken, 'seconds'),
  };
}

/**
 * The table of errors as arrays [query type][model][GPU tier]; what nothing matches has no limit on errors, and 0 here.
 */
function compileErrors({ errors, queryTypes, models, gpus }: Fleet) {
  if (errors === undefined) return undefined;
  const laidOut = (value: (entry: FleetError) => Quantity | undefined) =>
    queryTypes.map((query) =>
      models.map((model) =>
        gpus.map((gpu) => {
          const entry = errors.findLast((candidate) => errorMatches(candidate, query.name, model.name, gpu));
          return (entry && read(value(entry), 'share')) ?? 0;
        }),
      ),
    );
  return { nominal: laidOut(({ nominal }) => nominal), deviation: laidOut(({ deviation }) => deviation) };
}

function compilePairing({ queryType, model, gpu }: FleetPairing): Pairing {
  return present({ queryType, model, tier: gpu });
}

function readSizes(sizes: SizeByPrecision): number | Record<string, number> {
  if (typeof sizes !== 'object') return readQuantity(sizes, 'size')!;
  return Object.fromEntries(Object.entries(sizes).map(([precision, size]) => [precision, readQuantity(size, 'size')!]));
}

function read(value: Quantity | undefined, kind: QuantityName): number | undefined {
  return value === undefined ? undefined : readQuantity(value, kind)!;
}

type Present<T> = { [Key in keyof T]: Exclude<T[Key], undefined> };

/** Without keys whose value is undefined: what a fleet does not say is absent in the instance. */
function present<T extends object>(value: T): Present<T> {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as Present<T>;
}

/**
 * Names of the instance and those that a fleet has for them; arrays keep their order, and profiles know their position.
 */
const fleetWords: readonly (readonly [inInstance: RegExp, inFleet: string])[] = [
  [/^tiers\[/, 'gpus['],
  [/^(profiles\[\d+\])\.tier$/, '$1.gpu'],
  [/^(profiles\[\d+\])\.tpDegree$/, '$1.tp'],
  [/^(profiles\[\d+\])\.pipelineDegree$/, '$1.pipeline'],
  [/^(profiles\[\d+\]\.measured\[\d+\])\.queriesPerHour$/, '$1.rate'],
  [/^(models\[\d+\])\.weightSize/, '$1.weights'],
  [/^(models\[\d+\])\.kvCachePerToken/, '$1.cachePerToken'],
  [/^(gpus\[\d+\])\.memoryReserve$/, '$1.reserve'],
  [/^(queryTypes\[\d+\])\.arrivalRate$/, '$1.rate'],
  [/^(queryTypes\[\d+\])\.(ttft|tpot)Threshold$/, '$1.$2'],
  [/^(queryTypes\[\d+\])\.delayThreshold$/, '$1.latency'],
  [/^(queryTypes\[\d+\])\.delayPenalty$/, '$1.latencyPenalty'],
  [/^(queryTypes\[\d+\])\.errorThreshold$/, '$1.maxError'],
  [/^(queryTypes\[\d+\])\.unmetPenalty$/, '$1.dropPenalty'],
  [/^(queryTypes\[\d+\])\.unmetCap$/, '$1.mayDrop'],
  [/^(queryTypes\[\d+\])\.tokenSize$/, '$1.storedPerToken'],
  [/^rentalPeriod$/, 'period'],
  [/^error\b/, 'errors'],
  [/^fleetLimits\[/, 'limits['],
  [/^uncertaintyBudget\b/, 'gamma'],
];

function inWordsOfTheFleet(issue: InputIssue, profiles: readonly ExpandedProfile[]): InputIssue {
  const expected = issue.expected.replace('fleetLimits[', 'limits[');
  return { ...issue, path: inFleet(issue.path, profiles), expected };
}

function inFleet(path: string, profiles: readonly ExpandedProfile[]): string {
  return fleetWords
    .reduce((text, [inInstance, inFleetWords]) => text.replace(inInstance, inFleetWords), path)
    .replace(/^profiles\[(\d+)\]/, (whole, at) => `profiles[${profiles[Number(at)]?.position ?? whole}]`);
}

/** What a path of the compiled instance is in the fleet: `tiers[0].price` is `gpus[0].price`. `fleet` must be valid. */
export function pathInFleet(fleet: Fleet, path: string): string {
  return inFleet(path, expandProfiles(fleet));
}
