/**
 * The facts in whole numbers, rounded outwards once: costs, uses and least fractions down, rooms, limits and largest
 * fractions up. (Costs of what is not done, drop (1 - x) and removed (y0 - y)+, have factors >= 0: down as well.) Money
 * is in units of 2^-resolution $, all else in 2^-64 of its unit.
 */
import type { Configuration, Facts, Placement, Uncertain } from './facts.ts';
import { shareBits } from './patternProblem.ts';
import { floorDivide, least, one, over, type Rational, roundedDown, roundedUp, times } from './rational.ts';

export type RoundedFacts = ReturnType<typeof roundedFacts>;
export type RoundedPlacement = ReturnType<typeof roundedPlacement>;

const down = (value: Rational) => roundedDown(value, shareBits);
const up = (value: Rational) => roundedUp(value, shareBits);

export function roundedFacts(facts: Facts, resolution: number) {
  const money = (value: Rational) => roundedDown(value, resolution);
  return {
    facts,
    resolution,
    queryTypes: facts.queryTypes.map(({ least: low, dropCost, dataCost, delayLimit, errorLimit }) => ({
      least: down(low),
      dropCost: money(dropCost),
      dataCost: money(dataCost),
      delayLimit: delayLimit && up(delayLimit),
      errorLimit: errorLimit && up(errorLimit),
    })),
    pairs: facts.pairs.map(({ tier, weights, currentGpus, configurations }) => ({
      tier,
      current: currentGpus,
      /** $ and GB of its weights. */
      storing: money(times(facts.storedGigabyte, weights)),
      weights: down(weights),
      configurations: configurations.map((configuration) => ({
        /** Multipliers of the two resources, kept from leaf to leaf. */
        advice: { u: 0n, v: 0n },
        tpDegree: BigInt(configuration.tpDegree),
        gpus: configuration.gpus,
        placements: configuration.placements.map(
          (placement) => placement && roundedPlacement(placement, configuration, money),
        ),
      })),
    })),
    rental: facts.tiers.map(({ rental }) => money(rental)),
    perGpu: facts.fleetLimits.map(({ perGpu }) => perGpu.map(down)),
    mostOfLimit: facts.fleetLimits.map(({ most }) => up(most)),
    budget: facts.budget && roundedUp(facts.budget, resolution),
    storage: facts.storage && up(facts.storage),
    gamma: facts.gamma && down(facts.gamma),
    gammaDelay: down(facts.gammaDelay),
    gammaError: down(facts.gammaError),
    added: money(facts.added),
    removed: money(facts.removed),
  };
}

function roundedPlacement(
  placement: Placement,
  { memoryRoom, loadRoom }: Configuration,
  money: (value: Rational) => bigint,
) {
  const { cache, load, most } = placement;
  const uncertain = ({ nominal, deviation, share }: Uncertain) => ({
    nominal: down(nominal),
    deviation: down(deviation),
    share: down(share),
  });
  const hasNoRoom = (use: Rational, room: Rational) => room.n <= 0n && use.n > 0n;
  const noRoom = hasNoRoom(cache, memoryRoom) || (loadRoom !== null && hasNoRoom(load, loadRoom));
  return {
    serving: money(placement.serving),
    deviation: money(placement.deviation),
    share: down(placement.share),
    /** Of one replica's room. */
    cache: memoryRoom.n > 0n ? down(over(cache, memoryRoom)) : 0n,
    load: loadRoom !== null && loadRoom.n > 0n ? down(over(load, loadRoom)) : 0n,
    delay: uncertain(placement.delay),
    error: uncertain(placement.error),
    stretchedDelay: down(placement.stretchedDelay),
    most: noRoom ? 0n : up(most === null ? one : least(most, one)),
  };
}

/** The largest fraction there where TP degrees that add up to `stretch` stretch the delay limit. */
export function mostWithin({ stretchedDelay, most }: RoundedPlacement, limit: bigint | null, stretch: bigint): bigint {
  if (limit === null || stretchedDelay <= 0n) return most;
  const stretched = floorDivide((limit * stretch) << BigInt(shareBits), stretchedDelay) + 1n;
  return stretched < most ? stretched : most;
}
