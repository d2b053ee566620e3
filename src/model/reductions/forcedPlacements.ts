/**
 * Single placement: a query type that must be placed is placed somewhere. If all its places left are on one (model,
 * tier), that pair is rented at one of their TP degrees, so its other degrees are in no plan. If one deployment is
 * left, the query type takes at least its least share of the room there, whatever else comes: x_i' <= (room - use_i *
 * least_i) / use_i' for every other query type i'.
 */
import type { WorkingProblem } from './workingProblem.ts';

export function applyForcedPlacements(working: WorkingProblem, name: string): void {
  const { base } = working;
  if (!base.placement.isSingle) return;
  const { deployments, numQueryTypes } = base;
  const settled = new Map<number, number[]>();
  for (let i = 0; i < numQueryTypes; i++) {
    const candidates = working.mustBePlaced(i) ? working.candidatesOf(i) : [];
    if (candidates.length === 0) continue;
    const pair = deployments.pair[candidates[0]];
    if (candidates.some((d) => deployments.pair[d] !== pair)) continue;
    for (const d of working.aliveOfPair(pair)) {
      if (candidates.includes(d)) continue;
      const reason = `${working.nameOf(i)} can only be served by ${candidates.map((c) => working.describe(c)).join(' or ')}`;
      working.removeDeployment(name, d, reason);
    }
    const [only] = candidates;
    if (candidates.length === 1) settled.set(only!, [...(settled.get(only!) ?? []), i]);
  }
  for (const [d, residents] of settled) leaveRoom(working, name, d, residents);
}

/** Takes the least shares of the residents off the room of d for each of the others. */
function leaveRoom(working: WorkingProblem, name: string, d: number, residents: readonly number[]): void {
  const { base } = working;
  const { deployments, cacheUse, loadUse } = base;
  const { count } = deployments;
  const replicas = deployments.maxReplicas[d];
  const memory = deployments.memoryRoom[d] * deployments.gpus[d] * replicas;
  const load = deployments.loadCapacity[d] * replicas;
  for (const i of working.servableAt(d)) {
    let memoryLeft = memory;
    let loadLeft = load;
    for (const resident of residents) {
      if (resident === i) continue;
      memoryLeft -= working.leastServed(resident) * cacheUse[resident * count + d];
      loadLeft -= working.leastServed(resident) * loadUse[resident * count + d];
    }
    const limit = Math.min(
      share(memoryLeft, cacheUse[i * count + d], memory),
      share(loadLeft, loadUse[i * count + d], load),
    );
    const reason = () => {
      const names = residents.filter((resident) => resident !== i).map((resident) => working.nameOf(resident));
      return `${working.describe(d)} has no room for ${working.nameOf(i)} beside ${names.join(', ')}`;
    };
    working.tighten(name, i, d, limit, reason);
  }
}

/** Rounding of the room left, relative to the whole room, that is no shortage. */
const roomTolerance = 1e-9;

function share(left: number, use: number, whole: number): number {
  if (use > 0) return (left + roomTolerance * whole) / use;
  return Infinity;
}
