/**
 * The GPUs rented of a tier, sum n m_jkn, as integer columns to branch on: where the LP rents parts of several
 * deployments, no single w says that 7.8 GPUs are 7 or 8. It pays where a GPU is dear: the counts of cheap tiers move
 * the cost little and are only more to choose from.
 */

import { type MixedIntegerProgram, MixedIntegerProgramBuilder } from '../../lp/linearProgram.ts';
import type { Steps } from '../../lp/steps.ts';
import type { StrengthenedFormulation } from './formulation.ts';

/** Tiers are dear from this part of the mean price on. */
const leastPart = 0.5;

/**
 * `program`, over the formulation's columns, with a count for each tier that is dear enough and has several
 * deployments.
 */
export function* withTierCounts(
  { problem, columns }: StrengthenedFormulation,
  program: MixedIntegerProgram,
): Steps<MixedIntegerProgram> {
  const { deployments, numTiers, instance } = problem;
  const leastPrice = (leastPart * instance.tiers.reduce((sum, { price }) => sum + price, 0)) / numTiers;
  const builder = yield* MixedIntegerProgramBuilder.fromInSteps(program);
  for (let k = 0; k < numTiers; k++) {
    if (instance.tiers[k].price < leastPrice) continue;
    const rentable = Array.from({ length: deployments.count }, (_, d) => d).filter(
      (d) => deployments.tier[d] === k && columns.w[d] >= 0,
    );
    if (rentable.length < 2) continue;
    const count = builder.addColumn({ name: `gpus_${k}`, integer: true });
    const gpus = rentable.map((d) => deployments.gpus[d]);
    builder.addRow({
      lower: 0,
      upper: 0,
      indices: [count, ...rentable.map((d) => columns.m[d])],
      values: [-1, ...gpus],
      name: `gpus_${k}`,
    });
  }
  return yield* builder.buildInSteps(`${program.name}-with-tier-counts`);
}
