/**
 * A plan as what is deployed: for each (model, tier) its name, its replicas, how a replica lies on nodes, and the words
 * of the command that starts it.
 */
import type { Instance, Plan, PlannedDeployment } from '../../model/instance.ts';

export interface DeployOptions {
  /** Prices apart, what the plan was made from: memory for the share of it that the engine may take, GPUs of a node. */
  readonly instance?: Instance;
  /** Default `default`. */
  readonly namespace?: string;
  /** GPUs of a node where the instance does not say. Default 8. */
  readonly gpusPerNode?: number;
  /** What `vllm serve` is given for a model of the plan: a path or an identity on a hub. Default: its name. */
  readonly served?: Readonly<Record<string, string>>;
  /** Label of nodes whose value is the tier. Default `rolla/tier`. */
  readonly nodeLabel?: string;
  /** Container image. Default `vllm/vllm-openai:latest`. */
  readonly image?: string;
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
  /** `vllm`, `serve`, the model and the flags. */
  readonly command: readonly string[];
}

const usualGpusPerNode = 8;

export function deployedUnits(plan: Plan, options: DeployOptions): DeployedUnit[] {
  const names = new Set<string>();
  return plan.deployments.map((deployment) => {
    const { model, tier, replicas, tpDegree, pipelineDegree = 1 } = deployment;
    const name = uniqueName(`${model}-${tier}`, names);
    const perReplica = tpDegree * pipelineDegree;
    const most = options.instance?.tiers.find((entry) => entry.name === tier)?.gpusPerNode ?? options.gpusPerNode;
    const nodes = nodesOf(perReplica, most ?? usualGpusPerNode);
    const command = commandOf(deployment, options, nodes);
    return { name, model, tier, replicas, tpDegree, pipelineDegree, nodes, gpusOnNode: perReplica / nodes, command };
  });
}

/** The fewest nodes among which the GPUs of a replica can be spread evenly. */
function nodesOf(gpus: number, perNode: number): number {
  let nodes = Math.ceil(gpus / perNode);
  while (gpus % nodes !== 0) nodes++;
  return nodes;
}

function commandOf(
  { model, tier, tpDegree, pipelineDegree = 1 }: PlannedDeployment,
  { instance, served = {} }: DeployOptions,
  nodes: number,
): string[] {
  const identity = Object.hasOwn(served, model) ? served[model] : model;
  const share = memoryShare(instance, tier);
  return [
    'vllm',
    'serve',
    identity,
    '--served-model-name',
    model,
    '--tensor-parallel-size',
    String(tpDegree),
    ...(pipelineDegree === 1 ? [] : ['--pipeline-parallel-size', String(pipelineDegree)]),
    ...(share === null ? [] : ['--gpu-memory-utilization', share]),
    ...(nodes === 1 ? [] : ['--distributed-executor-backend', 'ray']),
  ];
}

/**
 * (memory - reserve) / memory, rounded down; null where nothing is reserved or known: the engine's own default then.
 */
function memoryShare(instance: Instance | undefined, tier: string): string | null {
  const found = instance?.tiers.find(({ name }) => name === tier);
  if (found?.memoryReserve === undefined || found.memoryReserve === 0) return null;
  const share = (found.memory - found.memoryReserve) / found.memory;
  // 135 / 141 is 0.9574...; a share of 0.92 must not become 0.9199 by the rounding of doubles.
  return String(Math.floor(share * 1e4 + 1e-6) / 1e4);
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
