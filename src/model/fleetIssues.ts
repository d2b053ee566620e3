/**
 * What ties the fields of a fleet together (specification 1, 3, 4, 5 and 7): profiles that name what is there, degrees
 * within their lists and nodes, limits that some data can check, amounts that do not contradict each other. The data is
 * looked at as it comes: what is missing or of another kind is the schema's fault to name.
 */
import { type InputIssue, pathText, showValue } from '../input/inputError.ts';
import { asList, asRecord, type LooseRecord, valueAt } from './looseData.ts';
import type { Names } from './validatePlan.ts';

export function fleetIssues(data: LooseRecord, names: Names): InputIssue[] {
  return [
    ...profileIssues(data, names),
    ...degreeIssues(data),
    ...limitIssues(data),
    ...amountIssues(data),
    ...availabilityIssues(data),
    ...computeIssues(data),
    ...fleetLimitIssues(data, names),
  ];
}

type Path = readonly PropertyKey[];

function issue(path: Path, value: unknown, expected: string): InputIssue {
  return { path: pathText(path), value: value === undefined ? 'missing' : showValue(value), expected };
}

const records = (list: unknown) => asList(list).map(asRecord);
const isGiven = (value: unknown) => value !== undefined;
const numberOr = <Other>(value: unknown, other: Other) => (typeof value === 'number' ? value : other);

/** Faults of entries whose identity an earlier one has. */
function repeated(entries: readonly unknown[], path: Path, listName: string): InputIssue[] {
  const firstAt = new Map<string, number>();
  return entries.flatMap((entry, position) => {
    const key = JSON.stringify(entry);
    const first = firstAt.get(key);
    firstAt.set(key, first ?? position);
    if (first === undefined) return [];
    return [issue([...path, position], entry, `each once; ${listName}[${first}] is of the same`)];
  });
}

function profileIssues(data: LooseRecord, names: Names): InputIssue[] {
  const profiles = records(data.profiles);
  const issues: (InputIssue | null)[] = [];
  const withLatency = profiles.filter(({ latency }) => isGiven(latency)).length;
  profiles.forEach((profile, position) => {
    const at = ['profiles', position];
    for (const key of ['model', 'tier'] as const) issues.push(names.issueOf(key, profile[key], [...at, key]));
    issues.push(...serviceTimeIssues(profile, at));
    if (!isGiven(profile.latency) && withLatency > 0) {
      const expected = `a latency, as ${withLatency} other profiles have one, or none anywhere`;
      issues.push(issue([...at, 'latency'], undefined, expected));
    }
    const measured = records(profile.measured).map(({ queryType }) => queryType);
    measured.forEach((name, t) => {
      issues.push(names.issueOf('queryType', name, [...at, 'measured', t, 'queryType']));
    });
    issues.push(...repeated(measured, [...at, 'measured'], 'measured'));
  });
  const identities = profiles.map(({ model, tier, tpDegree, pipelineDegree = 1 }) => [
    model,
    tier,
    tpDegree,
    pipelineDegree,
  ]);
  issues.push(...repeated(identities, ['profiles'], 'profiles'));
  if (isGiven(data.delay) && tellsLatency(profiles)) {
    issues.push(issue(['delay'], data.delay, 'nothing: the profiles tell latency, which takes the place of delays'));
  }
  return issues.filter((each) => each !== null);
}

/** Whether some record says how long a query takes to answer. */
function tellsLatency(profiles: readonly LooseRecord[]): boolean {
  const isTimed = ({ ttft, tpot }: LooseRecord) => isGiven(ttft) || isGiven(tpot);
  return profiles.some(({ latency, measured }) => isGiven(latency) || records(measured).some(isTimed));
}

const serviceTimeNames = ['secondsPerInputToken', 'secondsPerOutputToken', 'secondsPerContextToken'] as const;

/** The formula as a whole or not at all, and something that says how long a query takes. */
function serviceTimeIssues(profile: LooseRecord, at: Path): InputIssue[] {
  const missing = serviceTimeNames.filter((name) => !isGiven(profile[name]));
  if (missing.length === serviceTimeNames.length) {
    if (isGiven(profile.measured) && asList(profile.measured).length > 0) return [];
    return [issue(at, profile, `service times: ${serviceTimeNames.join(', ')}, or "measured", or both`)];
  }
  const expected = 'a finite number >= 0 (s): the three service times belong together';
  return missing.map((name) => issue([...at, name], undefined, expected));
}

/** Explicit degrees within a node, and records within the lists of their model and tier. */
function degreeIssues(data: LooseRecord): InputIssue[] {
  const issues: InputIssue[] = [];
  const models = records(data.models);
  const tiers = records(data.tiers);
  tiers.forEach(({ tpDegrees, gpusPerNode }, k) => {
    const most = numberOr(gpusPerNode, Infinity);
    asList(tpDegrees).forEach((degree, t) => {
      if (numberOr(degree, 0) <= most) return;
      issues.push(issue(['tiers', k, 'tpDegrees', t], degree, `at most ${most}, the GPUs of a node (gpusPerNode)`));
    });
  });
  records(data.profiles).forEach((profile, position) => {
    const model = models.find(({ name }) => name === profile.model);
    const tier = tiers.find(({ name }) => name === profile.tier);
    const within = (field: 'tpDegree' | 'pipelineDegree', allowed: unknown, of: string) => {
      const degree = profile[field] ?? 1;
      if (!Array.isArray(allowed) || typeof degree !== 'number' || allowed.includes(degree)) return;
      issues.push(issue(['profiles', position, field], degree, `one of ${allowed.join(', ')}, the ${of}`));
    };
    within('tpDegree', model?.tpDegrees, `tpDegrees of ${String(profile.model)}`);
    within('tpDegree', tier?.tpDegrees, `tpDegrees of ${String(profile.tier)}`);
    within('pipelineDegree', tier?.pipelineDegrees, `pipelineDegrees of ${String(profile.tier)}`);
    const most = numberOr(tier?.gpusPerNode, Infinity);
    if (isGiven(tier?.tpDegrees) || numberOr(profile.tpDegree, 0) <= most) return;
    const expected = `at most ${most}, the GPUs of a node of ${String(profile.tier)} (gpusPerNode)`;
    issues.push(issue(['profiles', position, 'tpDegree'], profile.tpDegree, expected));
  });
  return issues;
}

/** A limit that no data can check anywhere. */
function limitIssues(data: LooseRecord): InputIssue[] {
  const issues: InputIssue[] = [];
  const profiles = records(data.profiles);
  records(data.queryTypes).forEach((query, i) => {
    const isTold = (...times: readonly ('ttft' | 'tpot')[]) =>
      profiles.some(({ latency, measured }) => {
        const own = records(measured).find(({ queryType }) => queryType === query.name);
        return isGiven(latency) || times.every((time) => isGiven(own?.[time]));
      });
    const unchecked = (field: string, expected: string) =>
      issues.push(issue(['queryTypes', i, field], query[field], `no such limit, or data to check it: ${expected}`));
    const further = numberOr(query.outputTokens, 2) > 1 ? (['tpot'] as const) : [];
    if (isGiven(query.delayThreshold) && !isGiven(data.delay) && !isTold('ttft', ...further))
      unchecked('delayThreshold', '"delay" of the instance, or "latency" of its profiles');
    if (isGiven(query.errorThreshold) && !isGiven(data.error)) unchecked('errorThreshold', '"error" of the instance');
    if (isGiven(query.ttftThreshold) && !isTold('ttft'))
      unchecked('ttftThreshold', '"latency" of the profiles, or a measured "ttft"');
    if (isGiven(query.tpotThreshold) && !isTold('tpot'))
      unchecked('tpotThreshold', '"latency" of the profiles, or a measured "tpot"');
    if (!isGiven(query.unmetPenalty) && numberOr(query.unmetCap, 0) > 0) {
      const expected = '0 or nothing: without unmetPenalty ($ per dropped query) nothing may be dropped';
      issues.push(issue(['queryTypes', i, 'unmetCap'], query.unmetCap, expected));
    }
  });
  return issues;
}

function amountIssues({ models, tiers }: LooseRecord): InputIssue[] {
  const issues: InputIssue[] = [];
  records(models).forEach(({ minReplicas, maxReplicas }, j) => {
    const most = numberOr(maxReplicas, Infinity);
    if (numberOr(minReplicas, 1) <= most) return;
    issues.push(issue(['models', j, 'minReplicas'], minReplicas, `at most ${most}, the maxReplicas of the model`));
  });
  records(tiers).forEach(({ memory, memoryReserve }, k) => {
    if (typeof memoryReserve !== 'number' || memoryReserve <= numberOr(memory, Infinity)) return;
    issues.push(
      issue(['tiers', k, 'memoryReserve'], memoryReserve, `at most ${String(memory)} GB, the memory of a GPU`),
    );
  });
  return issues;
}

/** Commitments and least replicas against the GPUs that there are: of the tier, and what fleet limits hold of it. */
function availabilityIssues(data: LooseRecord): InputIssue[] {
  const tiers = records(data.tiers);
  const issues = tiers.flatMap(({ committed, available }, k) => {
    const most = numberOr(available, Infinity);
    // What is no number of GPUs is the schema's fault to name.
    if (!(most >= 0 && numberOr(committed, 0) > most)) return [];
    return [issue(['tiers', k, 'committed'], committed, `at most ${most}, the GPUs available`)];
  });
  const gpusOf = ({ name, available }: LooseRecord) =>
    records(data.fleetLimits).reduce(
      (least, { perGpu, most }) => {
        const each = numberOr(asRecord(perGpu)[String(name)], 0);
        return each > 0 ? Math.min(least, Math.floor((numberOr(most, Infinity) / each) * (1 + roundingShare))) : least;
      },
      numberOr(available, Infinity),
    );
  records(data.models).forEach((model, j) => {
    const least = numberOr(model.minReplicas, 1);
    const replicas = tiers.map((tier) => {
      const gpus = leastGpus(data, model, tier);
      return gpus < Infinity ? Math.floor(gpusOf(tier) / gpus) : 0;
    });
    const most = Math.max(0, ...replicas);
    // Where not even one replica fits the fault is another.
    if (!(most >= 1 && least > most)) return;
    const expected = `at most ${most}: no tier has GPUs for more replicas, by "available" and fleet limits`;
    issues.push(issue(['models', j, 'minReplicas'], model.minReplicas, expected));
  });
  return issues;
}

/** Of a product of decimals: 3 times 0.7 kW are within 2.1. */
const roundingShare = 1e-9;

/** GPUs of the smallest replica; Infinity where there are records, but none of the two. */
function leastGpus({ profiles }: LooseRecord, model: LooseRecord, tier: LooseRecord): number {
  if (isGiven(profiles)) {
    const own = records(profiles).filter((record) => record.model === model.name && record.tier === tier.name);
    return Math.min(...own.map(({ tpDegree, pipelineDegree }) => numberOr(tpDegree, 1) * numberOr(pipelineDegree, 1)));
  }
  const smallest = (degrees: unknown) => Math.min(...asList(degrees ?? [1]).map((degree) => numberOr(degree, 1)));
  return Math.max(smallest(model.tpDegrees), smallest(tier.tpDegrees)) * smallest(tier.pipelineDegrees);
}

/** Without profiles the compute row needs all of its data; with none of them there is no such row. */
function computeIssues(data: LooseRecord): InputIssue[] {
  if (isGiven(data.profiles)) return [];
  const fields = [
    { group: 'queryTypes', field: 'computePerToken', unit: 'TFLOP per token' },
    { group: 'tiers', field: 'compute', unit: 'TFLOPs per GPU' },
  ] as const;
  const entries = fields.flatMap(({ group, field, unit }) =>
    asList(data[group]).flatMap((_, at) => {
      const path = [group, at, field];
      // What is no record has another fault.
      if (typeof valueAt(data, [group, at]) !== 'object') return [];
      return [{ path, value: valueAt(data, path), unit }];
    }),
  );
  if (!entries.some(({ value }) => isGiven(value))) return [];
  return entries
    .filter(({ value }) => !isGiven(value))
    .map(({ path, unit }) =>
      issue(
        path,
        undefined,
        `a number (${unit}): computePerToken of all query types and compute of all tiers, or none of them`,
      ),
    );
}

function fleetLimitIssues({ fleetLimits }: LooseRecord, names: Names): InputIssue[] {
  const limits = records(fleetLimits);
  const unknown = limits.flatMap(({ perGpu }, position) =>
    Object.keys(asRecord(perGpu)).map((tier) => names.issueOf('tier', tier, ['fleetLimits', position, 'perGpu', tier])),
  );
  const identities = limits.map(({ name }) => name);
  return [...unknown.filter((each) => each !== null), ...repeated(identities, ['fleetLimits'], 'fleetLimits')];
}
