/** From tables to what is deployed, each step read back from its text, with figures by hand and every flag. */
import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { parseFleet } from '../../src/exchange/fleet.ts';
import { commandsText, fleetText, importFleet, kubernetesText } from '../../src/exchange/index.ts';
import { compileFleet } from '../../src/generator/fleet/compileFleet.ts';
import { parseInstance, validateInstance } from '../../src/model/validateInstance.ts';
import { parsePlan } from '../../src/model/validatePlan.ts';
import { optimize } from '../../src/planner/optimize.ts';
import { verifyPlan } from '../../src/planner/questions.ts';

/** Chat needs three replicas of one H100; code fits on 4 x 2 GPUs only, one replica; each model has a reserve. */
const tables = {
  'queryTypes.csv': 'name,rate,inputTokens,outputTokens\nchat,12 /s,900,300\ncode,2 /s,4000,800\n',
  'models.csv': 'name,weights,cachePerToken\nsmall,16 GB,131 kB\nlarge,400 GB,328 kB\n',
  'gpus.csv': 'name,memory,reserve,price,gpusPerNode\nH100,80 GB,6.4 GB,2.5 $/h,8\n',
  'measured.csv': 'model,gpu,tp,pipeline,queryType,rate\nsmall,H100,1,1,chat,5 /s\nlarge,H100,4,2,code,3 /s\n',
};

it('tables become a fleet, an instance, a plan and a deployment with every flag', async () => {
  const sources = Object.entries(tables).map(([name, text]) => ({ name, text }));
  const { fleet } = await importFleet('tables', sources, { utilization: 1, period: 1 });
  const edited = parseFleet(fleetText(fleet));
  expect(edited).toEqual(fleet);
  const compiled = compileFleet(edited);
  const instance = parseInstance(JSON.stringify(compiled));
  expect(instance).toEqual(validateInstance(compiled));
  const result = optimize(instance);
  expect(result.status).toBe('optimal');
  const plan = parsePlan(JSON.parse(JSON.stringify(result.plan)));
  // 12 / 5 are three of one GPU, 2 / 3 one of eight: 11 GPUs at 2.50 $/h.
  expect(verifyPlan(instance, {}, plan)).toMatchObject({ ok: true });
  expect(result.cost!.total).toBeCloseTo(11 * 2.5, 9);
  const words = (line: string) =>
    execFileSync('sh', ['-c', `vllm() { printf '%s\\n' "$@"; }; ${line}`], { encoding: 'utf8' })
      .trimEnd()
      .split('\n');
  const served = { small: 'org/small', large: 'org/large' };
  const commands = commandsText(plan, { instance, served });
  const flags = {
    small: '--served-model-name small --tensor-parallel-size 1 --gpu-memory-utilization 0.92'.split(' '),
    large:
      '--served-model-name large --tensor-parallel-size 4 --pipeline-parallel-size 2 --gpu-memory-utilization 0.92'.split(
        ' ',
      ),
  };
  const lines = commands.split('\n').filter((line) => line.startsWith('vllm '));
  expect(lines.map(words).sort()).toEqual([
    ['serve', 'org/large', ...flags.large],
    ['serve', 'org/small', ...flags.small],
  ]);
  const manifests = parseAllDocuments(kubernetesText(plan, { instance, served })).map((document) => document.toJS());
  const deployed = manifests.filter(({ kind }) => kind === 'Deployment');
  const facts = deployed.map(({ metadata, spec }) => ({
    name: metadata.name,
    replicas: spec.replicas,
    gpus: spec.template.spec.containers[0].resources.limits['nvidia.com/gpu'],
    command: spec.template.spec.containers[0].command,
  }));
  expect(facts.sort((a, b) => a.name.localeCompare(b.name))).toEqual([
    { name: 'large-h100', replicas: 1, gpus: '8', command: ['vllm', 'serve', 'org/large', ...flags.large] },
    { name: 'small-h100', replicas: 3, gpus: '1', command: ['vllm', 'serve', 'org/small', ...flags.small] },
  ]);
  const routes = manifests.filter(({ kind }) => kind === 'HTTPRoute');
  expect(routes.map(({ metadata, spec }) => [metadata.name, spec.rules[0].backendRefs])).toEqual([
    ['chat', [{ name: 'small-h100', port: 8000, weight: 1_000_000 }]],
    ['code', [{ name: 'large-h100', port: 8000, weight: 1_000_000 }]],
  ]);
});
