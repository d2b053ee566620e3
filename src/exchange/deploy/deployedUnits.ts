/**
 * A plan as what is deployed: for each (model, tier) its name, its replicas, how a replica lies on nodes, and the words
 * of the command that starts it.
 */

import { attempt, type InputIssue, refuse, showValue } from '../../input/inputError.ts';
import { checkOptions, isPlainObject, type OptionRule, rule } from '../../input/optionRules.ts';
import { fieldRule } from '../../model/fieldRule.ts';
import type { Instance, Plan, PlannedDeployment, Tier } from '../../model/instance.ts';
import { asRecord } from '../../model/looseData.ts';
import { nameField, wholeNumber } from '../../model/schemaFields.ts';
import { parsePlan } from '../../model/validatePlan.ts';
import { deployDefaults } from './deployDefaults.ts';

/** What deploying takes beside a plan; unknown models and tiers throw InputError. */
export interface DeployOptions {
  /**
   * What the plan was made from: the precision of tiers, their memory for the share of it that the engine may take,
   * GPUs of a node.
   */
  readonly instance?: Instance;
  /** Default `default`. */
  readonly namespace?: string;
  /** GPUs of a node where the instance does not say. Default 8. */
  readonly gpusPerNode?: number;
  /**
   * What `vllm serve` is given: a path or an identity on a hub, for `model`, or for `model@tier`, which goes before it
   * and is taken to be a checkpoint in the precision of the tier. Default: the model's name.
   */
  readonly served?: Readonly<Record<string, string>>;
  /** Label of nodes whose value is the tier. Default `rolla/tier`. */
  readonly nodeLabel?: string;
  /** Container image. Default `vllm/vllm-openai:latest`. */
  readonly image?: string;
  /** Gateway to which routes belong. Default `inference-gateway`. */
  readonly gateway?: string;
  /** Secret whose key `token` is given to the engine as `HF_TOKEN`, for weights behind a licence. Default: none. */
  readonly tokenSecret?: string;
}

export interface DeployedUnit {
  /** Unique, a DNS label. */
  readonly name: string;
  readonly model: string;
  readonly tier: string;
  readonly replicas: number;
  readonly tpDegree: number;
  readonly pipelineDegree: number;
  /** Nodes of one replica, and GPUs on each of them. */
  readonly nodes: number;
  readonly gpusOnNode: number;
  /** What weights and cache were planned in; null where the instance does not say. */
  readonly precision: string | null;
  /** For what of `served` the command is: the deployment, its model, or none of them. */
  readonly servedFor: 'deployment' | 'model' | null;
  /** `vllm`, `serve`, the model and the flags. */
  readonly command: readonly string[];
}

const hasNames = (list: unknown) =>
  Array.isArray(list) && list.every((entry) => typeof asRecord(entry).name === 'string');
const word = fieldRule(nameField('it'));
const rules: { readonly [Name in keyof DeployOptions]-?: OptionRule } = {
  instance: rule(
    'an instance, with models and tiers that have names',
    (value) => isPlainObject(value) && hasNames(value.models) && hasNames(value.tiers),
  ),
  namespace: word,
  gpusPerNode: fieldRule(wholeNumber(1, 'GPUs')),
  served: rule(
    'an object of texts by model',
    (value) => isPlainObject(value) && Object.values(value).every((each) => typeof each === 'string'),
  ),
  nodeLabel: word,
  image: word,
  gateway: word,
  tokenSecret: word,
};

/** Throws InputError with every fault of plan and options, and where these do not know the names of the plan. */
export function deployedUnits(plan: Plan, options: DeployOptions): DeployedUnit[] {
  const issues: InputIssue[] = [];
  attempt(() => parsePlan(plan), issues);
  attempt(() => checkOptions(options, rules), issues);
  refuse(issues);
  checkNames(plan, options);
  const names = new Set<string>();
  return plan.deployments.map((deployment) => {
    const { model, tier, replicas, tpDegree, pipelineDegree = 1 } = deployment;
    const name = uniqueName(`${model}-${tier}`, names);
    const perReplica = tpDegree * pipelineDegree;
    const found = options.instance?.tiers.find((entry) => entry.name === tier);
    const nodes = nodesOf(perReplica, found?.gpusPerNode ?? options.gpusPerNode ?? deployDefaults.gpusPerNode);
    const { identity, servedFor } = servedIdentity(deployment, options);
    const precision = found?.precision ?? null;
    const command = [
      'vllm',
      'serve',
      identity,
      '--served-model-name',
      model,
      '--tensor-parallel-size',
      String(tpDegree),
      ...(pipelineDegree === 1 ? [] : ['--pipeline-parallel-size', String(pipelineDegree)]),
      ...precisionFlags(precision, servedFor),
      ...memoryFlags(found),
      ...(nodes === 1 ? [] : ['--distributed-executor-backend', 'ray']),
    ];
    const gpusOnNode = perReplica / nodes;
    return { name, model, tier, replicas, tpDegree, pipelineDegree, nodes, gpusOnNode, precision, servedFor, command };
  });
}

/** As `served` names a deployment. */
export const deploymentKey = ({ model, tier }: Pick<PlannedDeployment, 'model' | 'tier'>) => `${model}@${tier}`;

function checkNames({ deployments }: Plan, { instance, served = {} }: DeployOptions): void {
  const quoted = (names: Iterable<string>) => [...new Set(names)].map((name) => JSON.stringify(name)).join(', ');
  const models = deployments.map(({ model }) => model);
  const keys = deployments.map(deploymentKey);
  const unknown = Object.keys(served).filter((key) => !models.includes(key) && !keys.includes(key));
  const expected = `a model of the plan (${quoted(models)}) or one on a tier (${quoted(keys)})`;
  const missing = (list: 'models' | 'tiers', wanted: readonly string[]) => {
    const known = instance?.[list].map(({ name }) => name);
    const lost = known === undefined ? [] : wanted.filter((name) => !known.includes(name));
    const text = `the ${list} that were planned, ${quoted(lost)} among them`;
    return lost.length === 0 ? [] : [{ path: `instance.${list}`, value: quoted(known!), expected: text }];
  };
  refuse([
    ...unknown.map((key) => ({ path: 'served', value: showValue(key), expected })),
    ...missing('models', models),
    ...missing(
      'tiers',
      deployments.map(({ tier }) => tier),
    ),
  ]);
}

function servedIdentity(
  deployment: PlannedDeployment,
  { served = {} }: DeployOptions,
): { readonly identity: string; readonly servedFor: DeployedUnit['servedFor'] } {
  const key = deploymentKey(deployment);
  const { model } = deployment;
  if (Object.hasOwn(served, key)) return { identity: served[key], servedFor: 'deployment' };
  if (Object.hasOwn(served, model)) return { identity: served[model], servedFor: 'model' };
  return { identity: model, servedFor: null };
}

/** The fewest nodes among which the GPUs of a replica can be spread evenly. */
function nodesOf(gpus: number, perNode: number): number {
  let nodes = Math.ceil(gpus / perNode);
  while (gpus % nodes !== 0) nodes++;
  return nodes;
}

/**
 * Flags of vLLM for a precision. FP8 halves the weights of a 16-bit checkpoint when it is loaded; a checkpoint that was
 * chosen for the tier is in its precision already, and one of `compressed-tensors` would refuse the flag. The cache of
 * 4-bit weights is planned in 8 bits; 4-bit weights come from a checkpoint alone.
 */
function precisionFlags(precision: string | null, servedFor: DeployedUnit['servedFor']): string[] {
  const eightBitCache = ['--kv-cache-dtype', 'fp8'];
  switch (precision?.toUpperCase()) {
    case 'BF16':
      return ['--dtype', 'bfloat16'];
    case 'FP16':
      return ['--dtype', 'float16'];
    case 'FP8':
      return [...(servedFor === 'deployment' ? [] : ['--quantization', 'fp8']), ...eightBitCache];
    case 'FP4':
      return eightBitCache;
    default:
      return [];
  }
}

/**
 * (memory - reserve) / memory, rounded down; nothing where nothing is reserved or known: the engine's own default then.
 */
function memoryFlags(tier: Tier | undefined): string[] {
  if (tier?.memoryReserve === undefined || tier.memoryReserve === 0) return [];
  const share = (tier.memory - tier.memoryReserve) / tier.memory;
  // 135 / 141 is 0.9574...; a share of 0.92 must not become 0.9199 by the rounding of doubles.
  return ['--gpu-memory-utilization', String(Math.floor(share * 1e4 + 1e-6) / 1e4)];
}

const longestName = 63;

/** A DNS label (RFC 1123) that nothing else in `taken` has; it is one from now on. */
export function uniqueName(wish: string, taken: Set<string>): string {
  const plain = dnsLabel(wish);
  let name = plain;
  for (let number = 2; taken.has(name); number++) {
    const suffix = `-${number}`;
    name = plain.slice(0, longestName - suffix.length).replace(/-+$/, '') + suffix;
  }
  taken.add(name);
  return name;
}

/** Lower case letters, digits and dashes, a letter first; what other text becomes may not be unique. */
function dnsLabel(text: string): string {
  const plain = text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  const named = /^[a-z]/.test(plain) ? plain : `m-${plain}`;
  return named.slice(0, longestName).replace(/-+$/, '');
}

/** A value of a label: at most 63 letters, digits, dashes, dots and underscores, the first and last no sign. */
export function labelValue(text: string): string {
  const plain = text.replace(/[^A-Za-z0-9._-]+/g, '-').slice(0, longestName);
  return plain.replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '');
}
