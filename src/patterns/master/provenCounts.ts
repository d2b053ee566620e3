/**
 * Whole numbers that the master's point rents in parts: how many deployments there are in all, and how many GPUs they
 * have. Where all plans on one side of the fraction cost at least the cutoff, as their own linear program says, the
 * other side holds for every plan below it, as a row of the master from then on. With many alike bins the average of
 * patterns rents 3.6 of them: the row says 4, before sets are enumerated and covers gone through.
 */
import type { Steps } from '../../lp/steps.ts';
import type { PatternPricer } from '../pricing/patternPricer.ts';
import { gpusOf } from '../pricing/patternTable.ts';
import type { GenerationLimits } from './columnGeneration.ts';
import type { MasterPoint } from './masterPoint.ts';
import { type CountDecision, type CountedPatterns, countBetween, type NodeRestrictions } from './patternDecision.ts';
import { generateColumns } from './pricedColumns.ts';
import type { RestrictedMaster } from './restrictedMaster.ts';

export interface ProvenCount {
  readonly decision: CountDecision;
  /** On the plans that the decision rules out; at least the cutoff. */
  readonly bound: number;
}

interface FractionalCount {
  readonly counted: CountedPatterns;
  readonly value: number;
}

/**
 * A decision on one of the fractional numbers that every plan below the cutoff keeps, or null. The master is left at
 * another point, under `restrictions`. `tried`: numbers that are not tried, and those that have been in vain.
 */
export function* proveCount(
  master: RestrictedMaster,
  pricer: PatternPricer,
  restrictions: NodeRestrictions,
  point: MasterPoint,
  tried: Set<string>,
  limits: Pick<GenerationLimits, 'cutoff' | 'shouldStop'>,
): Steps<ProvenCount | null> {
  const { provingRounds } = master.table.parameters.counts;
  for (const { counted, value } of fractionalCounts(master, point)) {
    const floor = Math.floor(value);
    const key = `${counted.inGpus === true}:${floor}`;
    if (tried.has(key)) continue;
    tried.add(key);
    const sides = [
      { kind: 'count', ...counted, least: 0, most: floor },
      { kind: 'count', ...counted, least: floor + 1, most: Infinity },
    ] as const;
    // The side that is farther away is likelier to cost too much.
    const order = value - floor >= 0.5 ? [0, 1] : [1, 0];
    for (const side of order) {
      const within = countBetween(restrictions, sides[side]);
      master.restrict(within);
      const { status, bound } = yield* generateColumns(master, pricer, within, { ...limits, rounds: provingRounds });
      master.restrict(restrictions);
      if (limits.shouldStop()) return null;
      if (status === 'infeasible') return { decision: sides[1 - side], bound: Infinity };
      if (bound >= limits.cutoff) return { decision: sides[1 - side], bound };
    }
  }
  return null;
}

function fractionalCounts({ table, patterns }: RestrictedMaster, point: MasterPoint): FractionalCount[] {
  const { leastFraction } = table.parameters.counts;
  const pairs = Array.from({ length: table.problem.numPairs }, (_, pair) => pair);
  const rented = { counted: { pairs }, value: 0 };
  const inGpus = { counted: { pairs, inGpus: true }, value: 0 };
  for (const { pattern, weight } of point.patterns) {
    const { deployment, replicas } = patterns[pattern];
    rented.value += weight;
    inGpus.value += weight * gpusOf(table, deployment, replicas);
  }
  const isFractional = ({ value }: FractionalCount) => Math.abs(value - Math.round(value)) >= leastFraction;
  return [inGpus, rented].filter(isFractional);
}
