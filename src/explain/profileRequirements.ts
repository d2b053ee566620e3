/**
 * Query types that no profile serves anywhere they may be placed: what is missing is named, and how a plan looks with a
 * profile that takes no time. Feasibility needs one that is fast enough; how fast is for a measurement to say.
 */
import { isRentable, isUsable } from '../model/check/permissions.ts';
import { onTier, tpDegreesOf } from '../model/configurations.ts';
import type { Instance, Measurement, Model, Profile, QueryType, Tier } from '../model/instance.ts';
import { profilesTellLatency, secondsPerQuery } from '../model/serviceTimes.ts';
import type { Requirement } from './requirement.ts';

/** So many that they load nothing. */
const anyNumberOfQueries = 1e12;

export function missingProfile(instance: Instance, query: QueryType): Requirement | null {
  const { profiles, models, tiers } = instance;
  if (profiles === undefined) return null;
  const places = models
    .flatMap((model) => tiers.map((tier) => ({ model, tier })))
    .filter(
      ({ model, tier }) =>
        isUsable(instance, query.name, model.name, tier.name) &&
        isRentable(instance, model.name, tier.name) &&
        onTier(model.weightSize, tier) !== null &&
        onTier(model.kvCachePerToken, tier) !== null,
    );
  const recordsAt = (model: Model, tier: Tier) =>
    profiles.filter((profile) => profile.model === model.name && profile.tier === tier.name);
  const isServed = places.some(({ model, tier }) =>
    recordsAt(model, tier).some((profile) => secondsPerQuery(profile, query) !== null),
  );
  if (isServed || places.length === 0) return null;
  // A deployment that other query types have is the likeliest to be measured.
  const likeliest = places.toSorted(
    (a, b) => Number(recordsAt(b.model, b.tier).length > 0) - Number(recordsAt(a.model, a.tier).length > 0),
  );
  return {
    kind: 'profile',
    name: `no profile that serves ${query.name}`,
    path: 'profiles',
    value: null,
    unit: '',
    level: 'policy',
    without: (changed) => places.reduce((added, { model, tier }) => withProfile(added, query, model, tier), changed),
    steps: likeliest.map(({ model, tier }) => ({
      value: null,
      text: `add to profiles how fast ${model.name} on ${tier.name} serves ${query.name} (seconds per token, or measured queries per hour), if it is fast enough`,
      apply: (changed) => withProfile(changed, query, model, tier),
    })),
    restore: (changed) => withoutAdded(changed, query, profiles),
  };
}

/** Every configuration of the (model, tier) serves the query type in no time; those without a record get one. */
function withProfile(instance: Instance, query: QueryType, model: Model, tier: Tier): Instance {
  const { profiles = [] } = instance;
  const instant: Measurement = {
    queryType: query.name,
    queriesPerHour: anyNumberOfQueries,
    ...(profilesTellLatency(instance) ? { ttft: 0, tpot: 0 } : {}),
  };
  const isHere = (profile: Profile) => profile.model === model.name && profile.tier === tier.name;
  const changed = profiles.map((profile) => {
    if (!isHere(profile)) return profile;
    const others = (profile.measured ?? []).filter(({ queryType }) => queryType !== query.name);
    return { ...profile, measured: [...others, instant] };
  });
  if (profiles.some(isHere)) return { ...instance, profiles: changed };
  const { pipelineDegrees: [pipelineDegree] = [1] } = tier;
  const tellsByFormula = profiles.some(({ latency }) => latency !== undefined);
  const degrees = tpDegreesOf(tier).filter((degree) => model.tpDegrees?.includes(degree) ?? true);
  const added = degrees.map(
    (tpDegree): Profile => ({
      model: model.name,
      tier: tier.name,
      tpDegree,
      pipelineDegree,
      measured: [instant],
      ...(tellsByFormula ? { latency: { firstToken: 0, perInputToken: 0, perOutputToken: 0 } } : {}),
    }),
  );
  return { ...instance, profiles: [...changed, ...added] };
}

/** What `withProfile` said of the query type is taken back; what it said of others stays. */
function withoutAdded(instance: Instance, { name }: QueryType, original: readonly Profile[]): Instance {
  const isSame = (a: Profile, b: Profile) =>
    a.model === b.model &&
    a.tier === b.tier &&
    a.tpDegree === b.tpDegree &&
    (a.pipelineDegree ?? 1) === (b.pipelineDegree ?? 1);
  const profiles = (instance.profiles ?? []).flatMap((profile): Profile[] => {
    const before = original.find((record) => isSame(record, profile));
    const others = (profile.measured ?? []).filter(({ queryType }) => queryType !== name);
    const own = (before?.measured ?? []).filter(({ queryType }) => queryType === name);
    const { measured: _, ...rest } = profile;
    if (others.length + own.length > 0) return [{ ...rest, measured: [...others, ...own] }];
    return before === undefined ? [] : [rest];
  });
  return { ...instance, profiles };
}
