/**
 * From untrusted data to a `Fleet`: the schema of every field, then what ties fields together (names that exist, what
 * the catalogue knows, limits that some data must back). All faults are on the error.
 */
import { type InputIssue, pathText, refuse, showValue } from '../../input/inputError.ts';
import { asList, asRecord, type LooseRecord } from '../../model/looseData.ts';
import { toInputIssues } from '../../model/schemaIssues.ts';
import { catalogueGpus } from '../catalogue/gpus.ts';
import { catalogueModels, bytesPerWeight as weightPrecisions } from '../catalogue/models.ts';
import { catalogueProfiles } from '../catalogue/throughputTables.ts';
import { type ExpandedProfile, expandProfiles } from './expandProfiles.ts';
import { fitServiceTimes, throughputOf } from './fitServiceTimes.ts';
import { type Fleet, type FleetError, type FleetProfile, fleetSchema } from './fleetSchema.ts';
import { readQuantity } from './units.ts';

/** Entries of a list above which nothing else is looked at: a fleet is what people write. */
const longestList = 10_000;

/** A fleet from parsed data. Throws InputError with path, value and expectation of every fault. */
export function validateFleet(data: unknown): Fleet {
  refuse(lengthIssues(asRecord(data)));
  const parsed = fleetSchema.safeParse(data);
  const fieldIssues = parsed.success ? [] : toInputIssues(parsed.error, data);
  // What ties fields together is looked for wherever the fields have the right kinds, whatever their values.
  refuse([...fieldIssues, ...(hasShape(data) ? relationIssues(data, fieldIssues) : [])]);
  return data as Fleet;
}

function lengthIssues(data: LooseRecord): InputIssue[] {
  return Object.entries(data)
    .filter(([, value]) => asList(value).length > longestList)
    .map(([key, value]) => ({ path: key, value: showValue(value), expected: `at most ${longestList} entries` }));
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Whether lists are lists of objects: then relations can be looked at, and whatever else is wrong is no harm to them.
 */
function hasShape(data: unknown): data is Fleet {
  const fleet = asRecord(data);
  const isListOfObjects = (list: unknown): list is object[] => Array.isArray(list) && list.every(isObject);
  const optionalList = (list: unknown) => list === undefined || isListOfObjects(list);
  const { queryTypes, models, gpus, profiles, errors, limits, allowed, forbidden } = fleet;
  return (
    [queryTypes, models, gpus].every(isListOfObjects) &&
    isListOfObjects(profiles) &&
    profiles.every((profile) => optionalList(asRecord(profile).measured)) &&
    [errors, limits, allowed, forbidden].every(optionalList) &&
    asList(limits).every((limit) => isObject(asRecord(limit).perGpu))
  );
}

/** Without what is said of the same place already. */
function relationIssues(fleet: Fleet, fieldIssues: readonly InputIssue[]): InputIssue[] {
  const issues = new IssueList();
  const profiles = expandProfiles(fleet);
  checkNames(fleet, issues);
  checkQueryTypes(fleet, issues);
  checkCatalogue(fleet, issues);
  fleet.profiles.forEach((profile, position) => {
    checkProfile(fleet, profile, position, issues);
  });
  checkPrecisions(fleet, profiles, issues);
  checkLatency(fleet, issues);
  // An entry with a wrong name would be told again as one that is missing.
  if (!issues.list.some(({ path }) => path.startsWith('errors['))) checkErrors(fleet, profiles, issues);
  const told = new Set(fieldIssues.map(({ path }) => path));
  return issues.list.filter(({ path }) => !told.has(path));
}

class IssueList {
  readonly list: InputIssue[] = [];

  add(path: readonly PropertyKey[], value: unknown, expected: string): void {
    this.list.push({ path: pathText(path), value: showValue(value), expected });
  }
}

const namesOf = (entries: readonly { readonly name: string }[]) => new Set(entries.map(({ name }) => name));

function checkNames(fleet: Fleet, issues: IssueList): void {
  for (const group of ['queryTypes', 'models', 'gpus'] as const) {
    const firstAt = new Map<string, number>();
    fleet[group].forEach(({ name }, position) => {
      const first = firstAt.get(name);
      if (first === undefined) firstAt.set(name, position);
      else issues.add([group, position, 'name'], name, `a name of its own; ${group}[${first}] has the same`);
    });
  }
  const known = {
    queryType: { names: namesOf(fleet.queryTypes), kind: 'query type' },
    model: { names: namesOf(fleet.models), kind: 'model' },
    gpu: { names: namesOf(fleet.gpus), kind: 'GPU tier' },
  };
  const check = (key: keyof typeof known, name: string | undefined, path: readonly PropertyKey[]) => {
    if (name === undefined || known[key].names.has(name)) return;
    const names = [...known[key].names].join(', ');
    issues.add(path, name, `the name of a ${known[key].kind} of the fleet: ${names}`);
  };
  for (const group of ['errors', 'allowed', 'forbidden'] as const) {
    fleet[group]?.forEach((entry, position) => {
      for (const key of ['queryType', 'model', 'gpu'] as const) check(key, entry[key], [group, position, key]);
    });
  }
  fleet.profiles.forEach((profile, position) => {
    check('model', profile.model, ['profiles', position, 'model']);
    check('gpu', profile.gpu, ['profiles', position, 'gpu']);
    profile.measured?.forEach(({ queryType }, t) => {
      check('queryType', queryType, ['profiles', position, 'measured', t, 'queryType']);
    });
  });
  fleet.limits?.forEach(({ perGpu }, position) => {
    for (const name of Object.keys(perGpu)) check('gpu', name, ['limits', position, 'perGpu', name]);
  });
}

function checkQueryTypes({ queryTypes }: Fleet, issues: IssueList): void {
  queryTypes.forEach(({ mayDrop, dropPenalty }, position) => {
    if (mayDrop !== undefined && dropPenalty === undefined && readQuantity(mayDrop, 'share') !== 0) {
      issues.add(
        ['queryTypes', position, 'dropPenalty'],
        dropPenalty,
        '$ for each dropped query, as mayDrop is above 0',
      );
    }
  });
}

function checkCatalogue(fleet: Fleet, issues: IssueList): void {
  const unknownId = (ids: readonly { readonly id: string }[]) =>
    `an id of the catalogue: ${ids.map(({ id }) => id).join(', ')}`;
  fleet.models.forEach(({ catalogue, weights, cachePerToken }, position) => {
    if (catalogue === undefined) {
      const expected = 'a size (such as 16 GB), or a model of the catalogue';
      if (weights === undefined) issues.add(['models', position, 'weights'], weights, expected);
      if (cachePerToken === undefined) {
        issues.add(['models', position, 'cachePerToken'], cachePerToken, expected.replace('16 GB', '131 kB'));
      }
    } else if (!catalogueModels.some(({ id }) => id === catalogue)) {
      issues.add(['models', position, 'catalogue'], catalogue, unknownId(catalogueModels));
    }
  });
  fleet.gpus.forEach(({ catalogue, memory, price, precision }, position) => {
    if (catalogue === undefined) {
      if (memory === undefined)
        issues.add(['gpus', position, 'memory'], memory, 'a size (such as 80 GB), or a GPU of the catalogue');
      if (price === undefined)
        issues.add(['gpus', position, 'price'], price, 'a price (such as 2.49 $/h), or a GPU of the catalogue');
      return;
    }
    const entry = catalogueGpus.find(({ id }) => id === catalogue);
    if (entry === undefined) issues.add(['gpus', position, 'catalogue'], catalogue, unknownId(catalogueGpus));
    else if (precision !== undefined && !Object.hasOwn(entry.compute, precision)) {
      const expected = `a precision that ${entry.product} computes in: ${Object.keys(entry.compute).join(', ')}`;
      issues.add(['gpus', position, 'precision'], precision, expected);
    }
  });
}

const timeFields = ['secondsPerInputToken', 'secondsPerOutputToken', 'secondsPerContextToken'] as const;

function checkProfile(fleet: Fleet, profile: FleetProfile, position: number, issues: IssueList): void {
  const at = (...path: PropertyKey[]) => ['profiles', position, ...path];
  if (profile.catalogue === 'all') {
    checkWholeCatalogue(fleet, profile, position, issues);
    return;
  }
  if (profile.model === undefined) issues.add(at('model'), undefined, 'the name of a model of the fleet');
  if (profile.gpu === undefined) issues.add(at('gpu'), undefined, 'the name of a GPU tier of the fleet');
  const given = timeFields.filter((field) => profile[field] !== undefined);
  if (given.length > 0 && given.length < timeFields.length) {
    for (const field of timeFields) {
      if (profile[field] === undefined)
        issues.add(at(field), undefined, 'a time >= 0, as the other two service times are given');
    }
  }
  const sources = [
    ...(profile.catalogue === undefined ? [] : ['catalogue']),
    ...(profile.throughput === undefined ? [] : ['throughput']),
    ...(given.length === 0 ? [] : ['secondsPer...Token']),
  ];
  if (sources.length > 1) issues.add(at(), profile, `one source of service times, not ${sources.join(' and ')}`);
  if (sources.length === 0 && profile.measured === undefined) {
    issues.add(at(), profile, 'service times: catalogue, throughput, the three secondsPer...Token, or measured');
  }
  if (profile.catalogue !== undefined) checkCatalogueProfile(fleet, profile, position, issues);
  checkThroughput(profile, at('throughput'), issues);
}

/** Tables of the catalogue are met within 20 %; beyond this factor a number of the table is a slip. */
const farThroughput = 2;

/** Throughputs that no service times come near: which of the numbers is wrong, they cannot tell. */
function checkThroughput({ throughput }: FleetProfile, path: readonly PropertyKey[], issues: IssueList): void {
  const measured = (throughput ?? []).map(({ inputTokens, outputTokens, tokens }) => ({
    inputTokens,
    outputTokens,
    tokensPerSecond: readQuantity(tokens, 'tokenRate') ?? Number.NaN,
  }));
  const isReadable = measured.every(
    (shape) => shape.inputTokens >= 0 && shape.outputTokens > 0 && shape.tokensPerSecond > 0,
  );
  if (!isReadable) return;
  const times = fitServiceTimes(measured);
  const fitted = measured.map((shape) => throughputOf(times, shape));
  const isMet = (fit: number, shape: number) => {
    const { tokensPerSecond } = measured[shape];
    return Math.max(fit / tokensPerSecond, tokensPerSecond / fit) <= farThroughput;
  };
  if (fitted.every(isMet)) return;
  const best = fitted.map((fit) => Number(fit.toPrecision(3))).join(', ');
  issues.add(
    path,
    measured.map(({ tokensPerSecond }) => tokensPerSecond),
    `tokens/s that belong together: service times that meet them best give ${best}, more than ${farThroughput} times off`,
  );
}

function checkWholeCatalogue(fleet: Fleet, profile: FleetProfile, position: number, issues: IssueList): void {
  for (const key of Object.keys(profile) as (keyof FleetProfile)[]) {
    if (key === 'catalogue' || key === 'model' || key === 'gpu') continue;
    issues.add(['profiles', position, key], profile[key], 'nothing here: all profiles of the catalogue have their own');
  }
  if (!expandProfiles({ ...fleet, profiles: [profile] }).length) {
    const expected =
      'a catalogue with a profile for some model and GPU of the fleet (their `catalogue` and `precision` name them)';
    issues.add(['profiles', position, 'catalogue'], profile.catalogue, expected);
  }
}

function checkCatalogueProfile(fleet: Fleet, profile: FleetProfile, position: number, issues: IssueList): void {
  const entry = catalogueProfiles.find(({ id }) => id === profile.catalogue);
  const path = (key: string) => ['profiles', position, key];
  if (entry === undefined) {
    const model = fleet.models.find(({ name }) => name === profile.model)?.catalogue;
    const ids = catalogueProfiles.filter((candidate) => model === undefined || candidate.model === model);
    issues.add(
      path('catalogue'),
      profile.catalogue,
      `a profile of the catalogue: ${ids.map(({ id }) => id).join(', ')}`,
    );
    return;
  }
  const model = fleet.models.find(({ name }) => name === profile.model);
  const gpu = fleet.gpus.find(({ name }) => name === profile.gpu);
  const agrees = (key: string, found: unknown, right: unknown) => {
    if (found !== undefined && found !== right) issues.add(path(key), found, `${right}, as ${entry.id} was measured`);
  };
  agrees('tp', profile.tp, entry.tpDegree);
  agrees('pipeline', profile.pipeline, entry.pipelineDegree);
  if (model?.catalogue !== undefined && model.catalogue !== entry.model) {
    issues.add(path('catalogue'), profile.catalogue, `a profile of ${model.catalogue}; this one is of ${entry.model}`);
  }
  if (gpu?.catalogue !== undefined && gpu.catalogue !== entry.gpu) {
    issues.add(path('catalogue'), profile.catalogue, `a profile on ${gpu.catalogue}; this one is on ${entry.gpu}`);
  }
  if (gpu?.precision !== undefined && gpu.precision !== entry.precision) {
    issues.add(
      path('catalogue'),
      profile.catalogue,
      `a profile in ${gpu.precision}; this one is in ${entry.precision}`,
    );
  }
}

/** A profile of a model with sizes by precision needs a GPU tier whose precision is one of them. */
function checkPrecisions(fleet: Fleet, profiles: readonly ExpandedProfile[], issues: IssueList): void {
  const modelByName = new Map(fleet.models.map((model) => [model.name, model]));
  const told = new Set<string>();
  const gpuAt = new Map(fleet.gpus.map(({ name }, position) => [name, position]));
  for (const { profile, position } of profiles) {
    const model = modelByName.get(profile.model);
    const at = gpuAt.get(profile.gpu);
    if (model === undefined || at === undefined || told.has(profile.gpu)) continue;
    const { precision } = fleet.gpus[at];
    const lacking = [model.weights ?? weightPrecisions, model.cachePerToken ?? weightPrecisions].find(
      (sizes) => isObject(sizes) && !Object.hasOwn(sizes, precision ?? ''),
    );
    if (lacking === undefined) continue;
    told.add(profile.gpu);
    const known = Object.keys(lacking).join(', ');
    const expected = `a precision that ${model.name} has sizes for: ${known} (profiles[${position}] puts it on this GPU)`;
    issues.add(['gpus', at, 'precision'], precision, expected);
  }
}

/** Latencies are told by all profiles or by none: those of the catalogue tell them. */
function checkLatency({ profiles, queryTypes }: Fleet, issues: IssueList): void {
  const tells = ({ catalogue, latency, measured = [] }: FleetProfile) =>
    catalogue !== undefined ||
    latency !== undefined ||
    measured.some(({ ttft, tpot }) => ttft !== undefined || tpot !== undefined);
  const limited = queryTypes.findIndex(
    ({ ttft, tpot, latency, latencyPenalty }) =>
      ttft !== undefined || tpot !== undefined || latency !== undefined || latencyPenalty !== undefined,
  );
  const teller = profiles.findIndex(tells);
  if (limited < 0 && teller < 0) return;
  const reason =
    limited < 0 ? `profiles[${teller}] tells its latency` : `queryTypes[${limited}] has a limit or a price on latency`;
  profiles.forEach((profile, position) => {
    if (tells(profile)) return;
    const expected = `{ firstToken, perInputToken, perOutputToken } (ms), as ${reason}`;
    issues.add(['profiles', position, 'latency'], undefined, expected);
  });
}

/** Whether an entry of `errors` speaks of the triple. */
export function errorMatches(
  entry: FleetError,
  queryType: string,
  model: string,
  gpu: { readonly name: string; readonly precision?: string },
): boolean {
  return (
    (entry.queryType ?? queryType) === queryType &&
    (entry.model ?? model) === model &&
    (entry.gpu ?? gpu.name) === gpu.name &&
    (entry.precision === undefined || entry.precision === gpu.precision)
  );
}

/** Limits on errors need an error for every model and GPU tier that have a profile; one issue for each model. */
function checkErrors(fleet: Fleet, profiles: readonly ExpandedProfile[], issues: IssueList): void {
  const gpuByName = new Map(fleet.gpus.map((gpu) => [gpu.name, gpu]));
  const limited = fleet.queryTypes.flatMap((query, position) =>
    query.maxError === undefined ? [] : [{ query, position }],
  );
  const told = new Set<string>();
  for (const { profile } of profiles) {
    const gpu = gpuByName.get(profile.gpu);
    if (gpu === undefined || told.has(profile.model)) continue;
    const matches = (queryType: string) => (entry: FleetError) => errorMatches(entry, queryType, profile.model, gpu);
    const lacking = limited.find(({ query }) => !(fleet.errors ?? []).some(matches(query.name)));
    if (lacking === undefined) continue;
    told.add(profile.model);
    const pair = `${lacking.query.name} by ${profile.model} on ${profile.gpu}`;
    const expected = `an entry that matches ${pair}, as queryTypes[${lacking.position}] has maxError`;
    issues.add(['errors'], fleet.errors, expected);
  }
}
