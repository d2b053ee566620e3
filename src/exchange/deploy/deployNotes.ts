/** What a deployed plan still takes from whoever deploys it: checkpoints, their precision, what nothing says. */
import type { Plan } from '../../model/instance.ts';
import { type DeployedUnit, type DeployOptions, deployedUnits, deploymentKey } from './deployedUnits.ts';

/** Notes for whoever runs the commands of `deployedUnits`, each one line. Throws InputError as they do. */
export function deployNotes(plan: Plan, options: DeployOptions = {}): string[] {
  const units = deployedUnits(plan, options);
  return [
    ...(options.instance === undefined
      ? [
          'without the instance (--instance) the commands have neither the precision that was planned nor the share of memory',
        ]
      : []),
    ...units.flatMap(precisionNote),
    ...namesWithoutPath(units),
  ];
}

/** A precision below 16 bits hangs on the checkpoint, which nobody named for the tier. */
function precisionNote({ model, tier, precision, servedFor }: DeployedUnit): string[] {
  if (precision === null || servedFor === 'deployment' || ['BF16', 'FP16'].includes(precision.toUpperCase())) return [];
  const planned = `${model} on ${tier} is planned at ${precision}`;
  const remedy = `name a checkpoint in ${precision} for ${deploymentKey({ model, tier })} (--serve)`;
  return precision.toUpperCase() === 'FP8'
    ? [`${planned}: weights of 16 bits are quantized as they load, and have to fit whole before; or ${remedy}`]
    : [`${planned}, which no flag makes of other weights: ${remedy}`];
}

/** Identities on hubs and paths have a slash; most names of models have none, and lead nowhere. */
function namesWithoutPath(units: readonly DeployedUnit[]): string[] {
  const nameless = units.filter(({ servedFor, model }) => servedFor === null && !model.includes('/'));
  const models = new Set(nameless.map(({ model }) => model));
  return [...models].map(
    (model) => `nothing says where ${model} is (--serve): vllm serve is given its name as it stands`,
  );
}
