/** What a plan is deployed with: one file for each target. The YAML library is loaded when the first is asked for. */
import type { DeployOptions } from '../../src/exchange/deploy/deployedUnits.ts';
import type { Plan } from '../../src/model/instance.ts';

export interface DeployTarget {
  readonly file: string;
  readonly title: string;
  /** As `rolla deploy --to` calls it. */
  readonly to: 'kubernetes' | 'commands' | 'prometheus';
  readonly text: (plan: Plan, options: DeployOptions) => Promise<string>;
}

export const deployTargets: readonly DeployTarget[] = [
  {
    file: 'kubernetes.yaml',
    title: 'Kubernetes',
    to: 'kubernetes',
    text: async (plan, options) =>
      (await import('../../src/exchange/deploy/kubernetes.ts')).kubernetesText(plan, options),
  },
  {
    file: 'serve.sh',
    title: 'Commands of vLLM',
    to: 'commands',
    text: async (plan, options) =>
      (await import('../../src/exchange/deploy/otherTargets.ts')).commandsText(plan, options),
  },
  {
    file: 'metrics.prom',
    title: 'Metrics for autoscalers',
    to: 'prometheus',
    text: async (plan, options) =>
      (await import('../../src/exchange/deploy/otherTargets.ts')).prometheusText(plan, options),
  },
];
