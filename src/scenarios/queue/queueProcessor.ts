/**
 * The process that solves the chains of a queue (a sandboxed processor of BullMQ): a solve blocks its event loop, so
 * the worker, which has to tell the server that it lives, is another process. The worker passes the address of the
 * server in the environment.
 */
import type { SandboxedJob } from 'bullmq';
import { solveScenario } from '../../analysis/scenario.ts';
import { InputError } from '../../input/inputError.ts';
import type { Instance, Plan } from '../../model/instance.ts';
import { parseInstance } from '../../model/validateInstance.ts';
import { version } from '../../version.ts';
import { type ScenarioResult, scenarioResult } from '../resultStore.ts';
import { failedScenario } from '../runScenarios.ts';
import { type ChainJob, type ChainResults, loweredLimits } from './jobs.ts';
import { connectionOf, instanceKey, loadQueuePackages } from './loadQueue.ts';

const address = { url: process.env.ROLLA_QUEUE_URL ?? '', name: process.env.ROLLA_QUEUE_NAME ?? '' };

// Its worker was killed: nobody waits for the result.
process.on('disconnect', () => process.exit());

/** Of the last chain: neighbours have the same, as a rule. */
let kept: { readonly fingerprint: string; readonly instance: Instance } | null = null;

export default async function solveChainJob(job: SandboxedJob<ChainJob, ChainResults>): Promise<ChainResults> {
  if (job.data.version !== version)
    throw new Error(`found a chain of rolla ${job.data.version}, expected one of ${version}`);
  const scale = 0.5 ** job.attemptsMade;
  const results: ScenarioResult[] = [];
  let startPlan: Plan | null = null;
  for (const { id, instance: fingerprint, patch, options } of job.data.scenarios) {
    if (kept?.fingerprint !== fingerprint) kept = { fingerprint, instance: await readQueuedInstance(fingerprint) };
    const task = { instance: kept.instance, patch, options: loweredLimits(options, scale), startPlan };
    let result: ScenarioResult;
    try {
      result = scenarioResult(id, solveScenario(task), scale);
    } catch (error) {
      // What cannot be solved has a row that says so; whatever else went wrong may go well the next time.
      if (!(error instanceof InputError)) throw error;
      result = scenarioResult(id, failedScenario(task, error), scale);
    }
    results.push(result);
    startPlan = result.plan ?? startPlan;
  }
  return results;
}

async function readQueuedInstance(fingerprint: string): Promise<Instance> {
  const { Redis } = await loadQueuePackages();
  const { url, ...options } = connectionOf(address, true);
  const redis = new Redis(url, options);
  try {
    const text = await redis.get(instanceKey(address, fingerprint));
    if (text === null) throw new Error(`found no instance ${fingerprint} on the server, expected that of the chain`);
    return parseInstance(text);
  } finally {
    redis.disconnect();
  }
}
