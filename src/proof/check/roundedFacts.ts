/**
 * The facts in whole numbers, rounded outwards once: costs, uses and least fractions down, rooms, limits and largest
 * fractions up. (Costs of what is not done, drop (1 - x) and removed (y0 - y)+, have factors >= 0: down as well.) Money
 * is in units of 2^-resolution $, all else in 2^-64 of its unit.
 */
import type { Facts, Uncertain } from './facts.ts';
import { type Multipliers, shareBits } from './patternProblem.ts';
import { floorDivide, least, one, over, type Rational, roundedDown, roundedUp, times } from './rational.ts';

interface RoundedUncertain {
  readonly nominal: bigint;
  readonly deviation: bigint;
  readonly share: bigint;
}

export interface RoundedPlacement {
  readonly serving: bigint;
  readonly deviation: bigint;
  readonly share: bigint;
  /** Of one replica's room. */
  readonly cache: bigint;
  readonly load: bigint;
  readonly delay: RoundedUncertain;
  readonly error: RoundedUncertain;
  readonly stretchedDelay: bigint;
  readonly most: bigint;
}

interface RoundedConfiguration {
  readonly advice: Multipliers;
  readonly tpDegree: bigint;
  readonly gpus: bigint;
  readonly placements: readonly (RoundedPlacement | null)[];
}

export class RoundedFacts {
  readonly facts: Facts;
  readonly resolution: number;
  readonly queryTypes: readonly {
    readonly least: bigint;
    readonly dropCost: bigint;
    readonly dataCost: bigint;
    readonly delayLimit: bigint | null;
    readonly errorLimit: bigint | null;
  }[];
  readonly pairs: readonly {
    readonly tier: number;
    readonly current: bigint;
    /** $ and GB of its weights. */
    readonly storing: bigint;
    readonly weights: bigint;
    readonly configurations: readonly RoundedConfiguration[];
  }[];
  readonly rental: readonly bigint[];
  readonly perGpu: readonly (readonly bigint[])[];
  readonly mostOfLimit: readonly bigint[];
  readonly budget: bigint | null;
  readonly storage: bigint | null;
  readonly gamma: bigint | null;
  readonly gammaDelay: bigint;
  readonly gammaError: bigint;
  readonly added: bigint;
  readonly removed: bigint;

  constructor(facts: Facts, resolution: number) {
    this.facts = facts;
    this.resolution = resolution;
    const money = (value: Rational) => roundedDown(value, resolution);
    const moneyUp = (value: Rational) => roundedUp(value, resolution);
    const down = (value: Rational) => roundedDown(value, shareBits);
    const up = (value: Rational) => roundedUp(value, shareBits);
    const uncertain = ({ nominal, deviation, share }: Uncertain) => ({
      nominal: down(nominal),
      deviation: down(deviation),
      share: down(share),
    });
    this.queryTypes = facts.queryTypes.map(({ least: low, dropCost, dataCost, delayLimit, errorLimit }) => ({
      least: down(low),
      dropCost: money(dropCost),
      dataCost: money(dataCost),
      delayLimit: delayLimit && up(delayLimit),
      errorLimit: errorLimit && up(errorLimit),
    }));
    this.pairs = facts.pairs.map(({ tier, weights, currentGpus, configurations }) => ({
      tier,
      current: currentGpus,
      storing: money(times(facts.storedGigabyte, weights)),
      weights: down(weights),
      configurations: configurations.map(({ tpDegree, gpus, memoryRoom, loadRoom, placements }) => ({
        advice: { u: 0n, v: 0n },
        tpDegree: BigInt(tpDegree),
        gpus,
        placements: placements.map((placement) => {
          if (placement === null) return null;
          const { cache, load, most } = placement;
          const hasNoRoom = (use: Rational, room: Rational) => room.n <= 0n && use.n > 0n;
          const noRoom = hasNoRoom(cache, memoryRoom) || (loadRoom !== null && hasNoRoom(load, loadRoom));
          return {
            serving: money(placement.serving),
            deviation: money(placement.deviation),
            share: down(placement.share),
            cache: memoryRoom.n > 0n ? down(over(cache, memoryRoom)) : 0n,
            load: loadRoom !== null && loadRoom.n > 0n ? down(over(load, loadRoom)) : 0n,
            delay: uncertain(placement.delay),
            error: uncertain(placement.error),
            stretchedDelay: down(placement.stretchedDelay),
            most: noRoom ? 0n : up(most === null ? one : least(most, one)),
          };
        }),
      })),
    }));
    this.rental = facts.tiers.map(({ rental }) => money(rental));
    this.perGpu = facts.fleetLimits.map(({ perGpu }) => perGpu.map(down));
    this.mostOfLimit = facts.fleetLimits.map(({ most }) => up(most));
    this.budget = facts.budget && moneyUp(facts.budget);
    this.storage = facts.storage && up(facts.storage);
    this.gamma = facts.gamma && down(facts.gamma);
    this.gammaDelay = down(facts.gammaDelay);
    this.gammaError = down(facts.gammaError);
    this.added = money(facts.added);
    this.removed = money(facts.removed);
  }

  /** The largest fraction of query type i there where TP degrees that add up to `stretch` stretch the delay limits. */
  mostWithin(i: number, { stretchedDelay, most }: RoundedPlacement, stretch: bigint): bigint {
    const limit = this.queryTypes[i].delayLimit;
    if (limit === null || stretchedDelay <= 0n) return most;
    const stretched = floorDivide((limit * stretch) << BigInt(shareBits), stretchedDelay) + 1n;
    return stretched < most ? stretched : most;
  }
}
