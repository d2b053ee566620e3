/**
 * A plan as Kubernetes manifests: a Deployment for each (model, tier), or a LeaderWorkerSet where a replica is larger
 * than a node; a Service in front of each; an HTTPRoute for each query type, whose weights are the plan's fractions.
 */

import { Document } from 'yaml';
import type { Plan } from '../../model/instance.ts';
import { deployDefaults } from './deployDefaults.ts';
import { type DeployedUnit, type DeployOptions, deployedUnits, labelValue, uniqueName } from './deployedUnits.ts';

type Manifest = Readonly<Record<string, unknown>>;

const port = 8000;
/** Header by which a gateway tells query types apart. */
const queryTypeHeader = 'x-query-type';
/** Largest weight that routes may have. */
const wholeWeight = 1_000_000;

/**
 * Documents of YAML, in the order in which they can be applied. Throws InputError for names that the plan or the
 * instance does not have.
 */
export function kubernetesText(plan: Plan, options: DeployOptions = {}): string {
  const manifests = kubernetesManifests(plan, options);
  const documents = manifests.map((manifest) =>
    new Document(manifest, { aliasDuplicateObjects: false }).toString({ lineWidth: 0 }),
  );
  return documents.map((text) => `---\n${text}`).join('');
}

export function kubernetesManifests(plan: Plan, options: DeployOptions = {}): Manifest[] {
  const units = deployedUnits(plan, options);
  return [
    ...units.map((unit) => (unit.nodes === 1 ? deploymentOf(unit, options) : leaderWorkerSetOf(unit, options))),
    ...units.map((unit) => serviceOf(unit, options)),
    ...routesOf(plan, units, options),
  ];
}

const nameKey = 'app.kubernetes.io/name';
const roleKey = 'rolla/role';

function metadata(
  { name, model, tier, precision }: DeployedUnit,
  { namespace = deployDefaults.namespace }: DeployOptions,
) {
  const labels = {
    [nameKey]: name,
    'app.kubernetes.io/managed-by': 'rolla',
    'rolla/model': labelValue(model),
    'rolla/tier': labelValue(tier),
    ...(precision !== null && { 'rolla/precision': labelValue(precision) }),
  };
  return { name, namespace, labels };
}

function deploymentOf(unit: DeployedUnit, options: DeployOptions): Manifest {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: metadata(unit, options),
    spec: {
      replicas: unit.replicas,
      selector: { matchLabels: { [nameKey]: unit.name } },
      template: {
        metadata: { labels: { [nameKey]: unit.name } },
        spec: podSpec(unit, options, unit.command, true),
      },
    },
  };
}

/** A group of pods is a replica: the leader runs the engine, the workers lend it their GPUs through Ray. */
function leaderWorkerSetOf(unit: DeployedUnit, options: DeployOptions): Manifest {
  const shell = (script: string) => ['sh', '-c', script];
  const serve = unit.command.map(shellWord).join(' ');
  const leader = `ray start --head --port=6379 && until [ "$(ray list nodes --filter state=ALIVE --format json | grep -c node_id)" -ge "$LWS_GROUP_SIZE" ]; do sleep 5; done && exec ${serve}`;
  const worker = 'until ray start --address="$LWS_LEADER_ADDRESS:6379" --block; do sleep 5; done';
  const podOf = (role: string, command: readonly string[]) => ({
    metadata: { labels: { [nameKey]: unit.name, [roleKey]: role } },
    spec: podSpec(unit, options, command, role === 'leader'),
  });
  return {
    apiVersion: 'leaderworkerset.x-k8s.io/v1',
    kind: 'LeaderWorkerSet',
    metadata: metadata(unit, options),
    spec: {
      replicas: unit.replicas,
      leaderWorkerTemplate: {
        size: unit.nodes,
        restartPolicy: 'RecreateGroupOnPodRestart',
        leaderTemplate: podOf('leader', shell(leader)),
        workerTemplate: podOf('worker', shell(worker)),
      },
    },
  };
}

function podSpec(
  unit: DeployedUnit,
  { nodeLabel = deployDefaults.nodeLabel, image = deployDefaults.image, tokenSecret }: DeployOptions,
  command: readonly string[],
  serves: boolean,
): Manifest {
  return {
    nodeSelector: { [nodeLabel]: labelValue(unit.tier) },
    containers: [
      {
        name: 'vllm',
        image,
        command: [...command],
        ...(tokenSecret !== undefined && {
          env: [{ name: 'HF_TOKEN', valueFrom: { secretKeyRef: { name: tokenSecret, key: 'token' } } }],
        }),
        ...(serves && {
          ports: [{ name: 'http', containerPort: port }],
          readinessProbe: { httpGet: { path: '/health', port: 'http' }, periodSeconds: 10 },
        }),
        resources: { limits: { 'nvidia.com/gpu': String(unit.gpusOnNode) } },
        volumeMounts: [{ name: 'shared-memory', mountPath: '/dev/shm' }],
      },
    ],
    // Processes of one engine talk through it; the default of 64 MB is too small for several GPUs.
    volumes: [{ name: 'shared-memory', emptyDir: { medium: 'Memory' } }],
  };
}

function serviceOf(unit: DeployedUnit, options: DeployOptions): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadata(unit, options),
    spec: {
      selector: { [nameKey]: unit.name, ...(unit.nodes > 1 && { [roleKey]: 'leader' }) },
      ports: [{ name: 'http', port, targetPort: 'http' }],
    },
  };
}

/** What a plan drops has no backend: weights are shares of what is served. */
function routesOf(plan: Plan, units: readonly DeployedUnit[], options: DeployOptions): Manifest[] {
  const { namespace = deployDefaults.namespace, gateway = deployDefaults.gateway } = options;
  const names = new Set<string>();
  const queryTypes = [...new Set(plan.routing.map(({ queryType }) => queryType))];
  return queryTypes.flatMap((queryType) => {
    const routes = plan.routing.filter((route) => route.queryType === queryType && route.fraction > 0);
    const backendRefs = routes.flatMap(({ model, tier, fraction }) => {
      const unit = units.find((candidate) => candidate.model === model && candidate.tier === tier);
      const weight = Math.max(1, Math.round(Math.min(fraction, 1) * wholeWeight));
      return unit === undefined ? [] : [{ name: unit.name, port, weight }];
    });
    if (backendRefs.length === 0) return [];
    const name = uniqueName(queryType, names);
    return [
      {
        apiVersion: 'gateway.networking.k8s.io/v1',
        kind: 'HTTPRoute',
        metadata: { name, namespace, labels: { 'app.kubernetes.io/managed-by': 'rolla' } },
        spec: {
          parentRefs: [{ name: gateway }],
          rules: [
            {
              matches: [{ headers: [{ name: queryTypeHeader, value: name }] }],
              backendRefs,
            },
          ],
        },
      },
    ];
  });
}

/** A word that a POSIX shell reads as it is. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
