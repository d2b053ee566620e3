/**
 * System documents of inferno and llm-d: servers, each a model with its own replicas, on accelerators of one or more
 * cards. Every server becomes a query type and a model of its own, since replicas are not shared there; its rate on an
 * accelerator is that of its queue (`queueRate.ts`).
 */
import type { Fleet, FleetModel, FleetProfile, FleetQueryType } from '../../generator/fleet/fleetSchema.ts';
import type { PlannedDeployment } from '../../model/instance.ts';
import { asList, asRecord, type LooseRecord } from '../../model/looseData.ts';
import { type ImportLedger, someOf, usualPrice } from './importLedger.ts';
import { type BatchingReplica, largestRate } from './queueRate.ts';

const sectionKeys = ['accelerators', 'models', 'serviceClasses', 'servers', 'optimizer', 'count'] as const;
type Section = (typeof sectionKeys)[number];
type Sections = Readonly<Record<Section, unknown>>;

/** The value of a key in whatever case; samples and readers differ. */
function at(data: unknown, key: string): unknown {
  const found = Object.keys(asRecord(data)).find((candidate) => candidate.toLowerCase() === key.toLowerCase());
  return found === undefined ? undefined : asRecord(data)[found];
}

/** Sections at whatever depth: under `system`, under `...Data`, or a file for each. */
function sectionsOf(documents: readonly LooseRecord[]): Sections {
  const find = (data: unknown, key: Section, depth: number): unknown => {
    if (depth === 0 || typeof data !== 'object' || data === null || Array.isArray(data)) return undefined;
    const here = at(data, key);
    if (here !== undefined && (Array.isArray(here) || key === 'optimizer')) return here;
    for (const value of Object.values(data)) {
      const found = find(value, key, depth - 1);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const entries = sectionKeys.map((key) => {
    const found = documents.map((data) => find(data, key, 4)).find((section) => section !== undefined);
    return [key, found] as const;
  });
  return Object.fromEntries(entries) as Sections;
}

/** Whether data is such a document, or one of its sections. */
export function isInferno(data: unknown): boolean {
  const sections = sectionsOf([asRecord(data)]);
  return [sections.accelerators, sections.servers, sections.serviceClasses].some((section) => section !== undefined);
}

interface Accelerator {
  readonly name: string;
  readonly type: string;
  readonly multiplicity: number;
  readonly memory: number;
  /** $ per hour of all its cards. */
  readonly price: number;
}

export function importInferno(documents: readonly LooseRecord[], ledger: ImportLedger): Fleet {
  const sections = sectionsOf(documents);
  for (const key of ['accelerators', 'models', 'serviceClasses', 'servers'] as const) {
    if (asList(sections[key]).length === 0) ledger.fault(key, sections[key], 'a list of one entry or more');
  }
  const accelerators = asList(sections.accelerators).map((entry, position) => readAccelerator(entry, position, ledger));
  const servers = asList(sections.servers).map((entry, position) => ({ entry, position }));
  const modelsOfServers = servers.map(({ entry }) => String(at(entry, 'model')));
  const queryTypes: FleetQueryType[] = [];
  const models: FleetModel[] = [];
  const profiles: FleetProfile[] = [];
  const current: PlannedDeployment[] = [];
  for (const { entry, position } of servers) {
    const server = readServer(entry, position, sections, ledger);
    if (server === null) continue;
    const isAlone = modelsOfServers.filter((name) => name === server.model).length === 1;
    const model = isAlone ? server.model : `${server.model} (${server.name})`;
    const measured = profilesOf(server, accelerators, sections, ledger);
    if (measured.length === 0) {
      ledger.fault(`servers[${position}]`, server.name, `performance data of ${server.model} on some accelerator`);
    }
    queryTypes.push(server.query);
    models.push({
      name: model,
      weights: 0,
      cachePerToken: 0,
      ...(server.leastReplicas > 1 && { minReplicas: server.leastReplicas }),
    });
    profiles.push(...measured.map((profile) => ({ model, ...profile })));
    const rented = currentOf(server, model, accelerators, sections);
    if (rented !== null) current.push(rented);
  }
  ledger.read.push(`${queryTypes.length} servers, ${accelerators.length} accelerators`);
  ledger.read.push('rates: the largest at which the queue of a replica keeps slo-ttft and slo-itl; utilization 1');
  ledger.leftOut.push('priorities and saturation: every server is served in full, or there is no plan');
  ledger.leftOut.push('memory and power: the performance data says what fits');
  return {
    format: 'rolla-fleet/1',
    period: ledger.options.period ?? '1 h',
    utilization: ledger.options.utilization ?? 1,
    queryTypes,
    models,
    gpus: accelerators.map(({ name, price, multiplicity, memory }) =>
      ledger.gpu(name, ledger.ownPrice(name) ?? price / multiplicity, memory > 0 ? { memory } : {}),
    ),
    profiles,
    ...limitsOf(accelerators, sections, ledger),
    ...(current.length > 0 && {
      currentPlan: { format: 'rolla-plan/1', deployments: current, routing: [], unmet: [] },
      switchingCost: { added: 0, removed: 0 },
    }),
  };
}

/** Cents of a card-hour below which they are probably dollars. */
const fewCents = 5;

function readAccelerator(entry: unknown, position: number, ledger: ImportLedger): Accelerator {
  const path = (key: string) => `accelerators[${position}].${key}`;
  const name = textAt(entry, 'name', path('name'), ledger);
  const multiplicity = ledger.number(at(entry, 'multiplicity'), path('multiplicity'), 'cards', {
    above: 0,
    fallback: 1,
  });
  const cents = ledger.number(at(entry, 'cost'), path('cost'), 'cents per hour');
  if (cents > 0 && cents / multiplicity < fewCents) {
    ledger.warnings.push(`${path('cost')}: ${cents} cents per hour is little: is it in $?`);
  }
  ledger.unusual(cents / 100 / multiplicity, path('cost'), { ...usualPrice, least: 0 });
  return {
    name,
    type: String(at(entry, 'type') ?? name),
    multiplicity,
    memory: ledger.number(at(entry, 'memSize'), path('memSize'), 'GB', { fallback: 0 }),
    price: cents / 100,
  };
}

function textAt(entry: unknown, key: string, path: string, ledger: ImportLedger): string {
  const value = at(entry, key);
  if (typeof value !== 'string' || value.trim() === '') ledger.fault(path, value, 'a name');
  return String(value);
}

interface Server {
  readonly name: string;
  readonly model: string;
  readonly query: FleetQueryType;
  readonly limits: { readonly ttft: number; readonly tpot: number };
  readonly leastReplicas: number;
  /** Overrides the performance data's; 0: none. */
  readonly largestBatch: number;
  /** What it runs on now. */
  readonly accelerator: string | null;
  readonly replicas: number;
  readonly keepsAccelerator: boolean;
}

function readServer(entry: unknown, position: number, sections: Sections, ledger: ImportLedger): Server | null {
  const path = (key: string) => `servers[${position}].${key}`;
  const name = textAt(entry, 'name', path('name'), ledger);
  const model = textAt(entry, 'model', path('model'), ledger);
  const allocation = at(entry, 'currentAlloc');
  const load = at(allocation, 'load');
  const perMinute = ledger.number(
    at(load, 'arrivalRate'),
    path('currentAlloc.load.arrivalRate'),
    'requests per minute',
  );
  const inputTokens = ledger.number(
    at(load, 'avgInTokens') ?? at(load, 'avgLength'),
    path('currentAlloc.load.avgInTokens'),
    'tokens',
  );
  const outputTokens = ledger.number(at(load, 'avgOutTokens'), path('currentAlloc.load.avgOutTokens'), 'tokens', {
    least: perMinute > 0 ? 1 : 0,
  });
  const serviceClass = textAt(entry, 'class', path('class'), ledger);
  const target = targetOf(serviceClass, model, sections);
  if (target === null) {
    ledger.fault(path('class'), serviceClass, `a service class with targets for the model ${model}`);
  }
  const limit = (key: string) =>
    ledger.number(at(target, key), `${path('class')} ${key}`, 'ms', { fallback: 0 }) || Infinity;
  const limits = { ttft: limit('slo-ttft'), tpot: limit('slo-itl') };
  const tokensPerSecond = ledger.number(at(target, 'slo-tps'), `${path('class')} slo-tps`, 'tokens/s', { fallback: 0 });
  const leastReplicas = ledger.number(at(entry, 'minNumReplicas'), path('minNumReplicas'), 'replicas', { fallback: 0 });
  if (perMinute === 0 && tokensPerSecond === 0 && leastReplicas === 0) {
    ledger.leftOut.push(`server ${name}: no load and no least number of replicas`);
    return null;
  }
  // An objective on throughput stands in for the load.
  const perHour = tokensPerSecond > 0 ? (tokensPerSecond / outputTokens) * 3600 : perMinute * 60;
  const accelerator = at(allocation, 'accelerator');
  return {
    name,
    model,
    query: {
      name,
      rate: perHour,
      inputTokens: inputTokens + outputTokens === 0 ? 1 : inputTokens,
      outputTokens,
      ...(Number.isFinite(limits.ttft) && { ttft: limits.ttft }),
      ...(Number.isFinite(limits.tpot) && { tpot: limits.tpot }),
    },
    limits,
    leastReplicas,
    largestBatch: ledger.number(at(entry, 'maxBatchSize'), path('maxBatchSize'), 'queries', { fallback: 0 }),
    accelerator: typeof accelerator === 'string' && accelerator !== '' ? accelerator : null,
    replicas: ledger.number(at(allocation, 'numReplicas'), path('currentAlloc.numReplicas'), 'replicas', {
      fallback: 0,
    }),
    keepsAccelerator: at(entry, 'keepAccelerator') === true,
  };
}

function targetOf(serviceClass: string, model: string, { serviceClasses }: Sections): unknown {
  const found = asList(serviceClasses).find((candidate) => at(candidate, 'name') === serviceClass);
  const targets = asList(at(found, 'modelTargets') ?? at(found, 'data'));
  return targets.find((target) => at(target, 'model') === model) ?? null;
}

interface Performance {
  readonly entry: unknown;
  readonly path: string;
}

function performanceOf(model: string, accelerator: string, { models }: Sections): Performance | null {
  const position = asList(models).findIndex((entry) => at(entry, 'name') === model && at(entry, 'acc') === accelerator);
  return position < 0 ? null : { entry: asList(models)[position], path: `models[${position}]` };
}

function profilesOf(
  server: Server,
  accelerators: readonly Accelerator[],
  sections: Sections,
  ledger: ImportLedger,
): Omit<FleetProfile, 'model'>[] {
  const { query, limits } = server;
  const impossible: string[] = [];
  const profiles = accelerators.flatMap((accelerator) => {
    const performance = performanceOf(server.model, accelerator.name, sections);
    const isKept = !server.keepsAccelerator || server.accelerator === null || server.accelerator === accelerator.name;
    if (performance === null || !isKept) return [];
    const replica = replicaOf(performance, server, ledger);
    const { inputTokens, outputTokens } = query;
    const cards = accelerator.multiplicity * countOf(performance, ledger);
    const point = largestRate(replica, { inputTokens, outputTokens: Math.max(outputTokens, 1), ...limits });
    if (point === null) impossible.push(accelerator.name);
    const { rate, ttft, tpot } = point ?? { rate: 0, ttft: 0, tpot: 0 };
    return [
      { gpu: accelerator.name, tp: cards, measured: [{ queryType: server.name, rate: rate * 3600, ttft, tpot }] },
    ];
  });
  if (impossible.length > 0) {
    ledger.read.push(`${server.name} cannot keep its objectives on ${someOf(impossible)}: nothing goes there`);
  }
  if (server.keepsAccelerator && server.accelerator !== null) {
    ledger.read.push(`${server.name} keeps its accelerator, ${server.accelerator}`);
  }
  return profiles;
}

function countOf({ entry, path }: Performance, ledger: ImportLedger): number {
  return ledger.number(at(entry, 'accCount'), `${path}.accCount`, 'accelerators of a replica', {
    above: 0,
    fallback: 1,
  });
}

function replicaOf({ entry, path }: Performance, server: Server, ledger: ImportLedger): BatchingReplica {
  const later = at(entry, 'perfParms');
  const decode = at(entry, 'decodeParms') ?? at(later, 'decodeParms') ?? later;
  const prefill = at(entry, 'prefillParms') ?? at(later, 'prefillParms') ?? later;
  const parameter = (from: unknown, key: string) => ledger.number(at(from, key), `${path} ${key}`, 'ms');
  const batch = ledger.number(at(entry, 'maxBatchSize'), `${path}.maxBatchSize`, 'queries', { above: 0 });
  const atTokens = ledger.number(at(entry, 'atTokens'), `${path}.atTokens`, 'tokens', {
    fallback: server.query.outputTokens,
  });
  // The memory that held `batch` queries of `atTokens` holds fewer longer ones.
  const scaled = Math.floor((batch * atTokens) / Math.max(server.query.outputTokens, 1));
  return {
    alpha: parameter(decode, 'alpha'),
    beta: parameter(decode, 'beta'),
    gamma: parameter(prefill, 'gamma'),
    delta: parameter(prefill, 'delta'),
    largestBatch: Math.max(server.largestBatch || scaled || 1, 1),
  };
}

function currentOf(
  { accelerator: name, model: kind, replicas }: Server,
  model: string,
  accelerators: readonly Accelerator[],
  sections: Sections,
): PlannedDeployment | null {
  const accelerator = accelerators.find((candidate) => candidate.name === name);
  if (accelerator === undefined || !(replicas >= 1)) return null;
  const performance = performanceOf(kind, accelerator.name, sections);
  const count = Number(at(performance?.entry, 'accCount') ?? 1);
  const tpDegree = accelerator.multiplicity * count;
  return { model, tier: accelerator.name, tpDegree, replicas, gpus: tpDegree * replicas };
}

/** Cards of one type are one pool, whichever accelerators they make up. */
function limitsOf(
  accelerators: readonly Accelerator[],
  { count, optimizer }: Sections,
  ledger: ImportLedger,
): Pick<Fleet, 'limits'> {
  if (count === undefined) return {};
  if (at(optimizer, 'unlimited') === true) {
    ledger.leftOut.push('capacities: the optimizer is unlimited');
    return {};
  }
  const limits = asList(count).flatMap((entry, position) => {
    const type = textAt(entry, 'type', `count[${position}].type`, ledger);
    const most = ledger.number(at(entry, 'count'), `count[${position}].count`, 'cards');
    const members = accelerators.filter((accelerator) => accelerator.type === type).map(({ name }) => name);
    if (members.length === 0) return [];
    return [{ name: type, unit: 'GPUs', perGpu: Object.fromEntries(members.map((name) => [name, 1])), most }];
  });
  const free = accelerators.filter(({ type }) => !limits.some(({ name }) => name === type));
  if (free.length > 0) {
    ledger.warnings.push(`capacityData: no count for ${someOf(free.map(({ type }) => type))}: not limited`);
  }
  return limits.length === 0 ? {} : { limits };
}
