/**
 * From one plan to the next in three steps that never lose capacity: add what the new plan has more of, shift the
 * routes, remove what is left over. Between the first and the last step each deployment has the replicas of the larger
 * of the two plans, so both routings fit, and every mixture of them.
 */
import { attempt, type InputIssue, refuse } from '../input/inputError.ts';
import type { Instance, Plan, PlannedDeployment } from '../model/instance.ts';
import { validateInstance } from '../model/validateInstance.ts';
import { parsePlan } from '../model/validatePlan.ts';

export interface DeploymentChange {
  readonly model: string;
  readonly tier: string;
  readonly tpDegree: number;
  readonly pipelineDegree: number;
  /** Replicas before and after the whole change. */
  readonly before: number;
  readonly after: number;
  /** GPUs that the step adds or removes. */
  readonly gpus: number;
}

export interface RouteChange {
  readonly queryType: string;
  readonly model: string;
  readonly tier: string;
  /** Fractions of the query type. */
  readonly before: number;
  readonly after: number;
}

export interface TierUse {
  readonly tier: string;
  readonly before: number;
  /** GPUs while both plans are up. */
  readonly during: number;
  readonly after: number;
}

export interface PlanDiff {
  readonly format: 'rolla-diff/1';
  /** Steps in their order. */
  readonly add: readonly DeploymentChange[];
  readonly reroute: readonly RouteChange[];
  readonly remove: readonly DeploymentChange[];
  readonly unmet: readonly { readonly queryType: string; readonly before: number; readonly after: number }[];
  readonly tiers: readonly TierUse[];
  /** $ per hour of rental; null without prices of every tier. */
  readonly rentalPerHour: { readonly before: number; readonly during: number; readonly after: number } | null;
  /** $ once, by the instance's switching costs; null without them. */
  readonly switching: number | null;
  /** Limits that do not hold while both plans are up: sentences. */
  readonly conflicts: readonly string[];
}

/** Fractions that differ by less are rounding. */
const sameFraction = 1e-9;

/**
 * `instance` has prices, switching costs and limits; without it these are null. Throws InputError with every fault of
 * the three.
 */
export function diffPlans(before: Plan, after: Plan, instance: Instance | null = null): PlanDiff {
  const issues: InputIssue[] = [];
  attempt(() => parsePlan(before, ['before']), issues);
  attempt(() => parsePlan(after, ['after']), issues);
  if (instance !== null) attempt(() => validateInstance(instance), issues);
  refuse(issues);
  const changes = deploymentChanges(before, after);
  const tiers = tierUses(changes);
  return {
    format: 'rolla-diff/1',
    add: changes.filter((change) => change.after > change.before).map((change) => withGpus(change)),
    reroute: routeChanges(before, after),
    remove: changes.filter((change) => change.after < change.before).map((change) => withGpus(change)),
    unmet: unmetChanges(before, after),
    tiers,
    rentalPerHour: instance && rentalPerHour(tiers, instance),
    switching: instance && switchingCost(before, after, instance),
    conflicts: instance === null ? [] : conflictsOf(tiers, instance),
  };
}

interface Change extends Omit<DeploymentChange, 'gpus'> {
  readonly gpusPerReplica: number;
}

const withGpus = ({ gpusPerReplica, ...change }: Change): DeploymentChange => ({
  ...change,
  gpus: gpusPerReplica * Math.abs(change.after - change.before),
});

/** A deployment at other degrees is another one: its replicas cannot be kept. */
function deploymentChanges(before: Plan, after: Plan): Change[] {
  const changes = new Map<string, Change>();
  const count = (
    { model, tier, tpDegree, pipelineDegree = 1, replicas }: PlannedDeployment,
    side: 'before' | 'after',
  ) => {
    const key = JSON.stringify([model, tier, tpDegree, pipelineDegree]);
    const gpusPerReplica = tpDegree * pipelineDegree;
    const known = changes.get(key) ?? { model, tier, tpDegree, pipelineDegree, before: 0, after: 0, gpusPerReplica };
    changes.set(key, { ...known, [side]: known[side] + replicas });
  };
  for (const deployment of before.deployments) count(deployment, 'before');
  for (const deployment of after.deployments) count(deployment, 'after');
  return [...changes.values()];
}

function routeChanges(before: Plan, after: Plan): RouteChange[] {
  const routes = new Map<string, RouteChange>();
  for (const [plan, side] of [
    [before, 'before'],
    [after, 'after'],
  ] as const) {
    for (const { queryType, model, tier, fraction } of plan.routing) {
      const key = JSON.stringify([queryType, model, tier]);
      const known = routes.get(key) ?? { queryType, model, tier, before: 0, after: 0 };
      routes.set(key, { ...known, [side]: known[side] + fraction });
    }
  }
  return [...routes.values()].filter((route) => Math.abs(route.after - route.before) > sameFraction);
}

function unmetChanges(before: Plan, after: Plan): PlanDiff['unmet'] {
  const fractionIn = ({ unmet }: Plan, name: string) =>
    unmet.find(({ queryType }) => queryType === name)?.fraction ?? 0;
  const names = new Set([...before.unmet, ...after.unmet].map(({ queryType }) => queryType));
  return [...names]
    .map((queryType) => ({ queryType, before: fractionIn(before, queryType), after: fractionIn(after, queryType) }))
    .filter((entry) => Math.abs(entry.after - entry.before) > sameFraction);
}

function tierUses(changes: readonly Change[]): TierUse[] {
  const names = [...new Set(changes.map(({ tier }) => tier))];
  return names.map((tier) => {
    const own = changes.filter((change) => change.tier === tier);
    const gpus = (replicas: (change: Change) => number) =>
      own.reduce((sum, change) => sum + change.gpusPerReplica * replicas(change), 0);
    return {
      tier,
      before: gpus((change) => change.before),
      during: gpus((change) => Math.max(change.before, change.after)),
      after: gpus((change) => change.after),
    };
  });
}

function rentalPerHour(uses: readonly TierUse[], { tiers }: Instance): PlanDiff['rentalPerHour'] {
  if (uses.some(({ tier }) => !tiers.some(({ name }) => name === tier))) return null;
  const cost = (moment: 'before' | 'during' | 'after') =>
    tiers.reduce((sum, { name, price, committed = 0 }) => {
      const used = uses.find(({ tier }) => tier === name)?.[moment] ?? 0;
      return sum + price * Math.max(used, committed);
    }, 0);
  return { before: cost('before'), during: cost('during'), after: cost('after') };
}

/** Per GPU of each (model, tier), whatever the degrees (specification 8.2). */
function switchingCost(before: Plan, after: Plan, { switchingCost: costs }: Instance): number | null {
  if (costs === undefined) return null;
  const { added, removed } = gpuMoves(before, after);
  return added * costs.added + removed * costs.removed;
}

/** GPUs of (model, tier)s that grow and of those that shrink. */
export function gpuMoves(before: Plan, after: Plan): { readonly added: number; readonly removed: number } {
  const change = new Map<string, number>();
  for (const [plan, sign] of [
    [before, -1],
    [after, 1],
  ] as const) {
    for (const { model, tier, gpus } of plan.deployments) {
      const key = JSON.stringify([model, tier]);
      change.set(key, (change.get(key) ?? 0) + sign * gpus);
    }
  }
  let [added, removed] = [0, 0];
  for (const gpus of change.values()) {
    if (gpus > 0) added += gpus;
    else removed -= gpus;
  }
  return { added, removed };
}

function conflictsOf(uses: readonly TierUse[], { tiers, fleetLimits = [] }: Instance): string[] {
  const duringOf = (name: string) => uses.find(({ tier }) => tier === name)?.during ?? 0;
  const caps = tiers.flatMap(({ name, available }) => {
    const during = duringOf(name);
    if (available === undefined || during <= available) return [];
    return [`${during} GPUs of ${name} while both plans are up, where ${available} can be had`];
  });
  const limits = fleetLimits.flatMap(({ name, unit = '', perGpu, most }) => {
    const during = Object.entries(perGpu).reduce((sum, [tier, use]) => sum + use * duringOf(tier), 0);
    return during > most
      ? [`${name}: ${during} ${unit}`.trimEnd().concat(` while both plans are up, where ${most} is the limit`)]
      : [];
  });
  return [...caps, ...limits];
}
