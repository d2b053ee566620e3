/**
 * Products of an instance's numbers that costs and rows are made of (specification 3 to 5), each below a limit: beyond
 * it sums overflow or lose every digit, and a solve would end nowhere. The fields that are to blame are named.
 */
import { type InputIssue, pathText } from '../input/inputError.ts';
import { asList, asRecord, type LooseRecord, valueAt } from './looseData.ts';

/** Far above anything physical, in any unit, and far enough below 1.8e308 for sums of products. */
const largestProduct = 1e100;

/** A number of the instance and where it stands. */
interface Factor {
  readonly path: readonly PropertyKey[];
  /** NaN where there is no number. */
  readonly value: number;
}

/** Products have so many factors at most. */
const mostFactors = 6;
/** Where no number is larger no product passes the limit. */
const harmless = largestProduct ** (1 / mostFactors);

/** One issue for each field that is the largest of a product beyond the limit. Tensors must have their shape. */
export function productIssues(data: LooseRecord): InputIssue[] {
  if (isBelow(data, harmless)) return [];
  const issues = new Map<string, InputIssue>();
  for (const factors of productsOf(data)) {
    // A small factor is no excuse: code multiplies in any order.
    const product = factors.reduce((result, { value }) => result * Math.max(1, value), 1);
    if (!(product > largestProduct)) continue;
    const blamed = factors.reduce((largest, factor) => (factor.value > largest.value ? factor : largest));
    const path = pathText(blamed.path);
    if (issues.has(path)) continue;
    const others = factors.filter((factor) => factor !== blamed && factor.path.length > 0).map(shown);
    const expected = `a value whose product with ${others.join(', ')} is at most ${largestProduct}`;
    issues.set(path, {
      path,
      value: String(blamed.value),
      expected: others.length === 0 ? `at most ${largestProduct}` : expected,
    });
  }
  return [...issues.values()];
}

/** Whether all numbers are; not where data are nested deeper than those of an instance. */
function isBelow(data: unknown, limit: number, depth = 8): boolean {
  if (typeof data === 'number') return data < limit;
  if (typeof data !== 'object' || data === null) return true;
  if (depth === 0) return false;
  const entries = Array.isArray(data) ? data : Object.values(data);
  for (const entry of entries) if (!isBelow(entry, limit, depth - 1)) return false;
  return true;
}

const shown = ({ path, value }: Factor) => `${pathText(path)} (${value})`;

/** Of `mostFactors` factors at most. */
function* productsOf(data: LooseRecord): Generator<readonly Factor[]> {
  const at = (...path: PropertyKey[]): Factor => {
    const value = valueAt(data, path);
    return { path, value: Number.isFinite(value) ? (value as number) : Number.NaN };
  };
  const period = at('rentalPeriod');
  const storage = [period, at('storagePrice')];
  const models = asList(data.models).map((_, j) => j);
  const tiers = asList(data.tiers).map((_, k) => k);
  /** A field of a model that may be given by precision. */
  const ofModel = (j: number, name: string) => {
    const precisions = Object.keys(asRecord(valueAt(data, ['models', j, name])));
    return largest([at('models', j, name), ...precisions.map((precision) => at('models', j, name, precision))]);
  };
  const cache = largest(models.map((j) => ofModel(j, 'kvCachePerToken')));
  const profiles = asList(data.profiles).map((_, p) => p);
  const ofProfiles = (...path: string[]) => largest(profiles.map((p) => at('profiles', p, ...path)));
  // Once, and not for each query type: a file may hold ten thousand profiles.
  const latency = largest([ofProfiles('latency', 'perInputToken'), ofProfiles('latency', 'perOutputToken')]);
  const measured = (name: string) =>
    largest(
      profiles.flatMap((p) =>
        asList(valueAt(data, ['profiles', p, 'measured'])).map((_, n) => at('profiles', p, 'measured', n, name)),
      ),
    );
  const firstToken = largest([ofProfiles('latency', 'firstToken'), measured('ttft')]);
  const nextToken = measured('tpot');
  const deviation = ofProfiles('latency', 'deviation');
  const contextTime = ofProfiles('secondsPerContextToken');
  const tokenTime = largest([ofProfiles('secondsPerInputToken'), ofProfiles('secondsPerOutputToken')]);
  for (const j of models) yield [...storage, ofModel(j, 'weightSize')];
  const profiledDegree = ofProfiles('tpDegree');
  const profiledStages = ofProfiles('pipelineDegree');
  const replicas = largest(models.flatMap((j) => [at('models', j, 'maxReplicas'), at('models', j, 'minReplicas')]));
  const held = largest(
    asList(valueAt(data, ['currentPlan', 'deployments'])).map((_, n) => at('currentPlan', 'deployments', n, 'gpus')),
  );
  const change = largest([at('switchingCost', 'added'), at('switchingCost', 'removed')]);
  const limits = asList(data.fleetLimits).map((_, n) => n);
  yield [change, held];
  for (const k of tiers) {
    const degreeOf = (name: string) =>
      largest(asList(asRecord(asList(data.tiers)[k])[name]).map((_, n) => at('tiers', k, name, n)));
    const degree = largest([degreeOf('tpDegrees'), profiledDegree]);
    const stages = largest([degreeOf('pipelineDegrees'), profiledStages]);
    const price = at('tiers', k, 'price');
    yield [period, price, degree, stages, replicas];
    yield [period, price, at('tiers', k, 'committed')];
    yield [at('tiers', k, 'compute'), degree];
    yield [change, degree, stages, replicas];
    const { name } = asRecord(asList(data.tiers)[k]);
    if (typeof name !== 'string') continue;
    for (const n of limits) yield [at('fleetLimits', n, 'perGpu', name), degree, stages, replicas];
  }
  for (const i of asList(data.queryTypes).keys()) {
    const of = (name: string) => at('queryTypes', i, name);
    const rate = of('arrivalRate');
    const tokens = largest([of('inputTokens'), of('outputTokens')]);
    const delay = largest([largestIn(data, ['delay', 'nominal', i]), largestIn(data, ['delay', 'deviation', i])]);
    const residency = typeof data.residency === 'number' ? at('residency') : largestIn(data, ['residency', i]);
    yield [of('delayPenalty'), rate, tokens, delay];
    yield [tokens, delay];
    yield [of('delayPenalty'), rate, tokens, largest([latency, nextToken]), deviation, period];
    yield [of('delayPenalty'), rate, firstToken, deviation, period];
    yield [rate, tokens, tokens, contextTime];
    yield [rate, tokens, tokenTime];
    yield [of('unmetPenalty'), rate];
    yield [of('computePerToken'), tokens];
    yield [...storage, of('tokenSize'), tokens, rate];
    yield [cache, tokens, rate, residency];
    yield [cache, tokens, rate, tokens, largest([latency, nextToken])];
    yield [cache, tokens, rate, firstToken];
  }
}

/** 1, and no field, where none is larger. */
function largest(factors: readonly Factor[]): Factor {
  return factors.reduce((most, factor) => (factor.value > most.value ? factor : most), { path: [], value: 1 });
}

function largestIn(data: LooseRecord, start: readonly PropertyKey[]): Factor {
  let most: Factor = { path: start, value: 1 };
  const visit = (entries: unknown, path: readonly PropertyKey[]): void => {
    asList(entries).forEach((entry, position) => {
      if (typeof entry !== 'number') visit(entry, [...path, position]);
      else if (entry > most.value) most = { path: [...path, position], value: entry };
    });
  };
  visit(valueAt(data, start), start);
  return most;
}
