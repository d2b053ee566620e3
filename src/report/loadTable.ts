/**
 * How busy the replicas of each deployment are against what they may be (specification 10.3), and what one more of them
 * would cost: the difference of two plans' costs, by the verifier, or what stands against it.
 */
import { checkPlan, deploymentText, type Verification } from '../model/check/verifier.ts';
import type { Instance, Plan } from '../model/instance.ts';
import type { PlanningOptions } from '../model/options.ts';
import type { Layout } from './layout.ts';
import { dollars, percent, quantity } from './numberText.ts';

/** Null where nothing is known of load: without profiles. */
export function loadTable(
  instance: Instance,
  options: PlanningOptions,
  plan: Plan,
  verification: Verification,
  layout: Layout,
): string | null {
  if (instance.profiles === undefined) return null;
  if (plan.deployments.length === 0) return '  none';
  const hasPipelines = plan.deployments.some(({ pipelineDegree = 1 }) => pipelineDegree > 1);
  const rows = plan.deployments.map((deployment, position) => {
    const { model, tier, tpDegree, pipelineDegree = 1, replicas } = deployment;
    const subject = deploymentText(model, tier, tpDegree, pipelineDegree);
    const load = verification.constraints.find((check) => check.group === 'load' && check.subject === subject);
    const degrees = [String(tpDegree), ...(hasPipelines ? [String(pipelineDegree)] : [])];
    return [
      model,
      tier,
      ...degrees,
      String(replicas),
      quantity(load?.left ?? null),
      quantity(load?.limit ?? null),
      percent(load?.use ?? null),
      oneMore(instance, options, plan, verification, position),
    ];
  });
  const right = (heading: string) => ({ heading, align: 'right' as const });
  const columns = [
    { heading: 'Model' },
    { heading: 'Tier' },
    right('TP'),
    ...(hasPipelines ? [right('PP')] : []),
    right('Replicas'),
    right('Busy'),
    right('May be busy'),
    right('Use'),
    right(`One more, $ over ${quantity(instance.rentalPeriod)} h`),
  ];
  return layout.table(columns, rows);
}

function oneMore(
  instance: Instance,
  options: PlanningOptions,
  plan: Plan,
  { cost, violations }: Verification,
  position: number,
): string {
  const deployments = plan.deployments.map((deployment, at) => {
    const { tpDegree, pipelineDegree = 1, replicas, gpus } = deployment;
    return at === position
      ? { ...deployment, replicas: replicas + 1, gpus: gpus + tpDegree * pipelineDegree }
      : deployment;
  });
  const larger = checkPlan(instance, options, { ...plan, deployments });
  const isNew = ({ group, subject }: (typeof violations)[number]) =>
    !violations.some((before) => before.group === group && before.subject === subject);
  const against = larger.violations.find(isNew);
  return against === undefined ? dollars(larger.cost.total - cost.total) : `none (${against.group})`;
}
