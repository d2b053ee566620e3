/** A plan as metrics that autoscalers read, and as commands for a shell. */

import type { Plan } from '../../model/instance.ts';
import { visible } from '../../model/visibleText.ts';
import { deployDefaults } from './deployDefaults.ts';
import { type DeployOptions, deployedUnits } from './deployedUnits.ts';
import { shellWord } from './kubernetes.ts';

/**
 * Prometheus text: replicas of each model (AIBrix's autoscaler reads `vllm:deployment_replicas`; of a model on several
 * tiers the sum, since its series knows no tier), and of each deployment (`wva_desired_replicas`, an external metric
 * for HPA and KEDA).
 */
export function prometheusText(plan: Plan, options: DeployOptions = {}): string {
  const units = deployedUnits(plan, options);
  const { namespace = deployDefaults.namespace } = options;
  const ofModel = new Map<string, number>();
  for (const { model, replicas } of units) ofModel.set(model, (ofModel.get(model) ?? 0) + replicas);
  const lines = [
    '# HELP vllm:deployment_replicas Replicas of the model in the plan.',
    '# TYPE vllm:deployment_replicas gauge',
    ...[...ofModel].map(([model, replicas]) => `vllm:deployment_replicas{model_name=${label(model)}} ${replicas}`),
    '# HELP wva_desired_replicas Replicas of the deployment in the plan.',
    '# TYPE wva_desired_replicas gauge',
    ...units.map(
      ({ name, replicas }) =>
        `wva_desired_replicas{variant_name=${label(name)},namespace=${label(namespace)}} ${replicas}`,
    ),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

/** A quoted value of a label. */
const label = (text: string) => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;

/** One command for each deployment, to be run once for each of its replicas. Throws InputError as `kubernetesText`. */
export function commandsText(plan: Plan, options: DeployOptions = {}): string {
  const blocks = deployedUnits(plan, options).map((unit) => {
    const { model, tier, replicas, nodes, gpusOnNode, precision, command } = unit;
    const gpus = `${gpusOnNode} ${gpusOnNode === 1 ? 'GPU' : 'GPUs'}`;
    const size = nodes === 1 ? gpus : `${gpus} on each of ${nodes} nodes of a Ray cluster`;
    const planned = precision === null ? '' : `, planned at ${visible(precision)}`;
    const head = `# ${visible(model)} on ${visible(tier)}: ${replicas} times, each with ${size}${planned}`;
    return `${head}\n${command.map(shellWord).join(' ')}\n`;
  });
  return blocks.join('\n');
}
