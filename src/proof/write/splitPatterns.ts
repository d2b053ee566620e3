/** Patterns of split placement: a configuration of a pair, replicas, and how much of what is served there. */
import type { Plan } from '../../model/instance.ts';
import type { Facts } from '../check/facts.ts';
import type { Region } from '../check/region.ts';

export interface SplitPattern {
  readonly pair: number;
  readonly configuration: number;
  readonly replicas: number;
  readonly items: readonly { readonly queryType: number; readonly fraction: number }[];
}

/** What the present point holds: patterns and their weights. */
export type SplitPoint = readonly { readonly pattern: SplitPattern; readonly weight: number }[];

export function isAllowed(region: Region, { pair, configuration, replicas, items }: SplitPattern): boolean {
  const bounds = region.configurations[pair][configuration];
  if (bounds === null || replicas < bounds.least || (bounds.most !== null && replicas > bounds.most)) return false;
  if (!items.every(({ queryType }) => region.mayPlace[queryType][pair])) return false;
  return region.mustPlace.every((row, i) => !row[pair] || items.some(({ queryType }) => queryType === i));
}

/** The patterns that a plan consists of. */
export function patternsOfSplitPlan({ instance, pairs }: Facts, plan: Plan | null): SplitPattern[] {
  const { queryTypes, models, tiers } = instance;
  return (plan?.deployments ?? []).map(({ model, tier, tpDegree, pipelineDegree = 1, replicas }) => {
    const isHere = (each: { readonly model: string; readonly tier: string }) =>
      each.model === model && each.tier === tier;
    const pair = pairs.findIndex(({ model: j, tier: k }) => isHere({ model: models[j].name, tier: tiers[k].name }));
    const configuration = pairs[pair].configurations.findIndex(
      (each) => each.tpDegree === tpDegree && each.pipelineDegree === pipelineDegree,
    );
    const items = plan!.routing.filter(isHere).map(({ queryType, fraction }) => ({
      queryType: queryTypes.findIndex(({ name }) => name === queryType),
      fraction,
    }));
    return { pair, configuration, replicas, items };
  });
}
