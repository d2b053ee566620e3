/** Deployed plans: held against the public schemas of their kinds, flags that a dropped one would cost, quoting. */
import { execFileSync } from 'node:child_process';
import { HTTPRoute } from '@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1/HTTPRoute';
import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { Pod } from 'kubernetes-models/v1/Pod';
import { Service } from 'kubernetes-models/v1/Service';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { commandsText, deployNotes, kubernetesText, prometheusText } from '../../src/exchange/index.ts';
import { compileFleet } from '../../src/generator/fleet/compileFleet.ts';
import { InputError } from '../../src/input/inputError.ts';
import type { Plan } from '../../src/model/instance.ts';

const plan: Plan = {
  format: 'rolla-plan/1',
  deployments: [
    { model: 'Llama 3.1/8B', tier: 'H100', tpDegree: 2, replicas: 3, gpus: 6 },
    { model: "it's 70B", tier: 'H100', tpDegree: 8, pipelineDegree: 2, replicas: 2, gpus: 32 },
    { model: 'Llama 3.1/8B', tier: 'L40S_FP8', tpDegree: 1, replicas: 4, gpus: 4 },
  ],
  routing: [
    { queryType: 'Chat', model: 'Llama 3.1/8B', tier: 'H100', fraction: 0.25 },
    { queryType: 'Chat', model: 'Llama 3.1/8B', tier: 'L40S_FP8', fraction: 0.65 },
    { queryType: 'chat', model: "it's 70B", tier: 'H100', fraction: 1 },
    { queryType: 'idle', model: "it's 70B", tier: 'H100', fraction: 0 },
  ],
  unmet: [{ queryType: 'Chat', fraction: 0.1 }],
};
const instance = compileFleet({
  format: 'rolla-fleet/1',
  period: 1,
  queryTypes: [{ name: 'Chat', rate: 1, inputTokens: 1, outputTokens: 1 }],
  models: [
    { name: 'Llama 3.1/8B', weights: 8, cachePerToken: 0 },
    { name: "it's 70B", weights: 70, cachePerToken: 0 },
  ],
  gpus: [
    { name: 'H100', memory: 80, reserve: 6.4, price: 2.5, gpusPerNode: 8 },
    { name: 'L40S_FP8', memory: 48, price: 1, precision: 'FP8' },
  ],
  profiles: [{ model: 'Llama 3.1/8B', gpu: 'H100', tp: 2, measured: [{ queryType: 'Chat', rate: 1 }] }],
});

// biome-ignore lint/suspicious/noExplicitAny: manifests are looked into, not typed.
type Manifest = any;

function manifests(text: string): Manifest[] {
  return parseAllDocuments(text).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS();
  });
}

/** Throws with every fault that the public schema of its kind finds. */
function checkSchema(manifest: Manifest): void {
  const classes: Manifest = { Deployment, Pod, Service, HTTPRoute };
  new classes[manifest.kind](manifest).validate();
}

const label = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;
const labelValue = /^([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$/;

/** What the schema of pods requires, and what their controllers do. */
function checkPod(template: Manifest): void {
  checkSchema({ apiVersion: 'v1', kind: 'Pod', ...template });
  for (const value of Object.values<string>(template.metadata.labels)) expect(value).toMatch(labelValue);
  expect(template.spec.containers).toHaveLength(1);
  const [{ name, image, command, resources, volumeMounts }] = template.spec.containers;
  expect(name).toMatch(label);
  expect(image).toBeTypeOf('string');
  expect(command.every((word: unknown) => typeof word === 'string')).toBe(true);
  expect(resources.limits['nvidia.com/gpu']).toMatch(/^[1-9]\d*$/);
  const volumes = template.spec.volumes.map((volume: Manifest) => volume.name);
  for (const mount of volumeMounts) expect(volumes).toContain(mount.name);
}

describe('Kubernetes manifests', () => {
  const all = manifests(kubernetesText(plan, { instance, namespace: 'serving' }));
  const ofKind = (kind: string) => all.filter((manifest) => manifest.kind === kind);

  it('have names of their own, a namespace, and labels that are allowed', () => {
    for (const kind of ['Deployment', 'Service', 'HTTPRoute']) {
      const names = ofKind(kind).map(({ metadata }) => metadata.name);
      expect(new Set(names).size).toBe(names.length);
    }
    for (const { apiVersion, metadata } of all) {
      expect(apiVersion).toBeTypeOf('string');
      expect(metadata.name).toMatch(label);
      expect(metadata.namespace).toBe('serving');
      for (const value of Object.values<string>(metadata.labels)) expect(value).toMatch(labelValue);
    }
  });

  it('keep the schemas of their kinds, which find what does not', () => {
    const published = all.filter(({ kind }) => kind !== 'LeaderWorkerSet');
    expect(new Set(published.map(({ kind }) => kind))).toEqual(new Set(['Deployment', 'Service', 'HTTPRoute']));
    for (const manifest of published) checkSchema(manifest);
    const [deployment] = ofKind('Deployment');
    const [service] = ofKind('Service');
    const [route] = ofKind('HTTPRoute');
    const faulty: readonly (readonly [Manifest, RegExp])[] = [
      [{ ...deployment, spec: { ...deployment.spec, replicas: '3' } }, /replicas/],
      [{ ...deployment, spec: { ...deployment.spec, selector: undefined } }, /selector/],
      [{ ...service, spec: { ...service.spec, ports: [{ name: 'http', targetPort: 'http' }] } }, /port/],
      [{ ...route, spec: { rules: [{ backendRefs: [{ name: 'a', port: 8000, weight: 1_000_001 }] }] } }, /weight/],
    ];
    for (const [manifest, expected] of faulty) expect(() => checkSchema(manifest)).toThrow(expected);
  });

  it('a Deployment has the replicas, the GPUs and every flag', () => {
    const [small, cheap] = ofKind('Deployment');
    expect(small.apiVersion).toBe('apps/v1');
    expect(small.spec.replicas).toBe(3);
    expect(small.spec.template.metadata.labels).toMatchObject(small.spec.selector.matchLabels);
    checkPod(small.spec.template);
    const { containers, nodeSelector } = small.spec.template.spec;
    expect(nodeSelector).toEqual({ 'rolla/tier': 'H100' });
    expect(containers[0].resources.limits).toEqual({ 'nvidia.com/gpu': '2' });
    // (80 - 6.4) / 80 = 0.92.
    expect(containers[0].command.join(' ')).toBe(
      'vllm serve Llama 3.1/8B --served-model-name Llama 3.1/8B --tensor-parallel-size 2 --gpu-memory-utilization 0.92',
    );
    expect(cheap.spec.template.spec.containers[0].command).not.toContain('--gpu-memory-utilization');
    expect(containers[0]).not.toHaveProperty('env');
  });

  it('the precision of the tier is in the command and on a label, where there is one', () => {
    const [small, cheap] = ofKind('Deployment');
    expect(small.metadata.labels).not.toHaveProperty('rolla/precision');
    expect(cheap.metadata.labels['rolla/precision']).toBe('FP8');
    expect(cheap.spec.template.spec.containers[0].command.join(' ')).toContain(
      '--tensor-parallel-size 1 --quantization fp8 --kv-cache-dtype fp8',
    );
  });

  it('the image, the Gateway and the secret of the token are those that are named', () => {
    const named = manifests(kubernetesText(plan, { image: 'own/vllm:1', gateway: 'edge', tokenSecret: 'hub' }));
    for (const manifest of named) if (manifest.kind !== 'LeaderWorkerSet') checkSchema(manifest);
    const pods = named.flatMap(({ spec: { template, leaderWorkerTemplate: group } }) =>
      group === undefined ? (template ?? []) : [group.leaderTemplate, group.workerTemplate],
    );
    expect(pods).toHaveLength(4);
    for (const { spec } of pods) {
      expect(spec.containers[0].image).toBe('own/vllm:1');
      expect(spec.containers[0].env).toEqual([
        { name: 'HF_TOKEN', valueFrom: { secretKeyRef: { name: 'hub', key: 'token' } } },
      ]);
    }
    const gateways = (all: readonly Manifest[]) =>
      new Set(all.filter(({ kind }) => kind === 'HTTPRoute').map(({ spec }) => spec.parentRefs[0].name));
    expect(gateways(named)).toEqual(new Set(['edge']));
    expect(gateways(all)).toEqual(new Set(['inference-gateway']));
  });

  it('a replica larger than a node is a LeaderWorkerSet of as many pods as nodes', () => {
    const [{ apiVersion, spec }] = ofKind('LeaderWorkerSet');
    expect(apiVersion).toBe('leaderworkerset.x-k8s.io/v1');
    // Its schema is in no package: the fields and words of its API reference (leaderworkerset.x-k8s.io/v1) that we use.
    expect(Object.keys(spec).sort()).toEqual(['leaderWorkerTemplate', 'replicas']);
    const { size, leaderTemplate, workerTemplate, restartPolicy, ...others } = spec.leaderWorkerTemplate;
    expect(others).toEqual({});
    expect(['RecreateGroupOnPodRestart', 'None']).toContain(restartPolicy);
    expect([spec.replicas, size]).toEqual([2, 2]);
    for (const template of [leaderTemplate, workerTemplate]) {
      checkPod(template);
      expect(template.spec.containers[0].resources.limits).toEqual({ 'nvidia.com/gpu': '8' });
    }
    const script = leaderTemplate.spec.containers[0].command.at(-1);
    expect(script).toContain('--tensor-parallel-size 8 --pipeline-parallel-size 2 --gpu-memory-utilization 0.92');
    for (const template of [leaderTemplate, workerTemplate]) {
      execFileSync('sh', ['-n', '-c', template.spec.containers[0].command.at(-1)]);
    }
  });

  it('services lead to the pods that serve, routes to services, with the fractions as weights', () => {
    const services = ofKind('Service');
    for (const { metadata, spec } of services) {
      const owner = all.find(({ kind, metadata: own }) => kind !== 'Service' && own.name === metadata.name)!;
      const template = owner.spec.template ?? owner.spec.leaderWorkerTemplate.leaderTemplate;
      expect(template.metadata.labels).toMatchObject(spec.selector);
      expect(spec.ports).toEqual([{ name: 'http', port: 8000, targetPort: 'http' }]);
    }
    const routes = ofKind('HTTPRoute');
    expect(routes.map(({ metadata }) => metadata.name)).toEqual(['chat', 'chat-2']);
    const [{ matches, backendRefs }] = routes[0].spec.rules;
    expect(matches[0].headers).toEqual([{ name: 'x-query-type', value: 'chat' }]);
    expect(backendRefs.map(({ weight }: Manifest) => weight)).toEqual([250_000, 650_000]);
    const names = services.map(({ metadata }) => metadata.name);
    for (const { name, weight } of routes.flatMap(({ spec }) => spec.rules[0].backendRefs)) {
      expect(names).toContain(name);
      expect(weight).toBeLessThanOrEqual(1_000_000);
    }
  });

  it('without an instance a node has eight GPUs, or what is said', () => {
    const kinds = (gpusPerNode?: number) =>
      manifests(kubernetesText(plan, gpusPerNode === undefined ? {} : { gpusPerNode })).map(({ kind }) => kind);
    expect(kinds().filter((kind) => kind === 'LeaderWorkerSet')).toHaveLength(1);
    expect(kinds(16)).not.toContain('LeaderWorkerSet');
    expect(kinds(1).filter((kind) => kind === 'LeaderWorkerSet')).toHaveLength(2);
  });
});

describe('metrics', () => {
  it('are Prometheus text, a series once', () => {
    const text = prometheusText({
      ...plan,
      deployments: plan.deployments.map((d) => ({ ...d, model: `${d.model}"\n` })),
    });
    const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    for (const sample of samples) expect(sample).toMatch(/^[a-zA-Z_:]+\{([a-z_]+="(?:[^"\\\n]|\\["\\n])*",?)+\} \d+$/);
    const series = samples.map((sample) => sample.replace(/ \d+$/, ''));
    expect(new Set(series).size).toBe(series.length);
    expect(prometheusText(plan)).toContain('vllm:deployment_replicas{model_name="Llama 3.1/8B"} 7\n');
    expect(prometheusText(plan)).toContain(
      'wva_desired_replicas{variant_name="it-s-70b-h100",namespace="default"} 2\n',
    );
  });
});

describe('commands', () => {
  it('are what a shell reads as they are meant, with every flag', () => {
    const text = commandsText(plan, { served: { 'Llama 3.1/8B': 'meta-llama/Llama 3.1' } });
    const words = (line: string) =>
      execFileSync('sh', ['-c', `vllm() { printf '%s\\n' "$@"; }; ${line}`], { encoding: 'utf8' })
        .trimEnd()
        .split('\n');
    const lines = text.split('\n').filter((line) => line.startsWith('vllm '));
    expect(lines.map(words)).toEqual([
      ['serve', 'meta-llama/Llama 3.1', '--served-model-name', 'Llama 3.1/8B', '--tensor-parallel-size', '2'],
      [
        'serve',
        "it's 70B",
        '--served-model-name',
        "it's 70B",
        '--tensor-parallel-size',
        '8',
        '--pipeline-parallel-size',
        '2',
        '--distributed-executor-backend',
        'ray',
      ],
      ['serve', 'meta-llama/Llama 3.1', '--served-model-name', 'Llama 3.1/8B', '--tensor-parallel-size', '1'],
    ]);
    expect(text).toContain('# Llama 3.1/8B on H100: 3 times, each with 2 GPUs');
  });
});

describe('precision and checkpoints', () => {
  const twoTiers: Plan = {
    format: 'rolla-plan/1',
    deployments: ['fp8', 'bf16', 'fp16', 'fp4', 'int4', 'any'].map((tier) => ({
      model: 'A',
      tier,
      tpDegree: 1,
      replicas: 1,
      gpus: 1,
    })),
    routing: [],
    unmet: [],
  };
  const tiers = compileFleet({
    format: 'rolla-fleet/1',
    period: 1,
    queryTypes: [{ name: 'q', rate: 1, inputTokens: 1, outputTokens: 1 }],
    models: [{ name: 'A', weights: 8, cachePerToken: 0 }],
    gpus: [
      ...['FP8', 'BF16', 'FP16', 'FP4', 'INT4'].map((precision) => ({
        name: precision.toLowerCase(),
        memory: 80,
        price: 1,
        precision,
      })),
      { name: 'any', memory: 80, price: 1 },
    ],
    profiles: [{ model: 'A', gpu: 'fp8', tp: 1, measured: [{ queryType: 'q', rate: 1 }] }],
  });
  const served = { A: 'hub/A', 'A@fp8': 'hub/A-FP8' };
  const commandsOf = (options: Parameters<typeof commandsText>[1]) =>
    commandsText(twoTiers, options)
      .split('\n')
      .filter((line) => line.startsWith('vllm'))
      .map((line) => line.replace('--served-model-name A --tensor-parallel-size 1', '...'));

  it('a command has the flags of its precision, and of nothing that nobody said', () => {
    expect(commandsOf({ instance: tiers })).toEqual([
      'vllm serve A ... --quantization fp8 --kv-cache-dtype fp8',
      'vllm serve A ... --dtype bfloat16',
      'vllm serve A ... --dtype float16',
      'vllm serve A ... --kv-cache-dtype fp8',
      'vllm serve A ...',
      'vllm serve A ...',
    ]);
    expect(commandsText(twoTiers, { instance: tiers })).toContain('each with 1 GPU, planned at INT4\n');
    expect(new Set(commandsOf({}))).toEqual(new Set(['vllm serve A ...']));
  });

  it('a checkpoint for a tier goes before that of the model, and needs no quantization', () => {
    expect(commandsOf({ instance: tiers, served }).slice(0, 2)).toEqual([
      'vllm serve hub/A-FP8 ... --kv-cache-dtype fp8',
      'vllm serve hub/A ... --dtype bfloat16',
    ]);
  });

  it('notes say what is left to whoever deploys', () => {
    expect(deployNotes(twoTiers)).toEqual([
      expect.stringMatching(/without the instance .* precision/),
      expect.stringMatching(/where A is .*--serve/),
    ]);
    expect(deployNotes(twoTiers, { instance: tiers, served: { A: 'hub/A' } })).toEqual([
      expect.stringMatching(/A on fp8 is planned at FP8: .* quantized as they load.* A@fp8 \(--serve\)/),
      expect.stringMatching(/A on fp4 is planned at FP4, which no flag .* A@fp4 \(--serve\)/),
      expect.stringMatching(/A on int4 is planned at INT4, which no flag .* A@int4 \(--serve\)/),
    ]);
    const all = { ...served, 'A@fp4': 'x', 'A@int4': 'y' };
    expect(deployNotes(twoTiers, { instance: tiers, served: all })).toEqual([]);
  });

  it('names that the plan or the instance does not have are refused, all at once', () => {
    const write = [commandsText, kubernetesText, prometheusText];
    const other = { ...tiers, models: [{ ...tiers.models[0], name: 'B' }], tiers: tiers.tiers.slice(1) };
    for (const text of write) {
      const issues = () => {
        try {
          text(twoTiers, { instance: other, served: { a: 'x', 'A@H100': 'y', A: 'z' } });
        } catch (error) {
          if (error instanceof InputError) return error.issues;
        }
        return [];
      };
      expect(issues()).toEqual([
        { path: 'served', value: '"a"', expected: expect.stringContaining('"A@fp8", "A@bf16"') },
        { path: 'served', value: '"A@H100"', expected: expect.stringContaining('a model of the plan ("A")') },
        { path: 'instance.models', value: '"B"', expected: expect.stringContaining('"A" among them') },
        { path: 'instance.tiers', value: expect.any(String), expected: expect.stringContaining('"fp8" among them') },
      ]);
    }
  });
});
