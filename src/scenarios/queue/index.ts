/**
 * A queue of chains of scenarios on a Redis or Valkey server (`rolla/queue`), with BullMQ, an optional peer. A job's id
 * is that of the last scenario of its chain, which says all of the chain, so that pushing twice adds nothing. Jobs and
 * results stay on the server until `drainQueue` has written them to files: at least once, and the files once.
 */
import { fileURLToPath } from 'node:url';
import type { Queue } from 'bullmq';
import { mostThreads } from '../../analysis/threadCount.ts';
import { refuse } from '../../input/inputError.ts';
import { argumentIssues, functionRule, recordRule, rule, signalRule } from '../../input/optionRules.ts';
import { fieldRule } from '../../model/fieldRule.ts';
import { fingerprintOf } from '../../model/fingerprint.ts';
import type { Instance } from '../../model/instance.ts';
import { wholeBetween } from '../../model/schemaFields.ts';
import { version } from '../../version.ts';
import { chainsRule, storeRule } from '../argumentRules.ts';
import { type ResultStore, scenarioResult } from '../resultStore.ts';
import { failedScenario } from '../runScenarios.ts';
import type { ScenarioChain } from '../scenarioFile.ts';
import { type ChainJob, type ChainResults, mostAttempts, type QueueAddress } from './jobs.ts';
import { connectionOf, instanceKey, loadQueuePackages } from './loadQueue.ts';

export type { QueueAddress } from './jobs.ts';

const addressRule = recordRule({
  url: { ...rule('the address of a server, such as redis://localhost:6379', isServer), isRequired: true },
  name: {
    ...rule('letters, digits, _ and - only', (value) => typeof value === 'string' && /^[\w-]+$/.test(value)),
    isRequired: true,
  },
});

function isServer(value: unknown): boolean {
  return typeof value === 'string' && /^rediss?:\/\/./.test(value);
}

/** Chains that are handed to the server, or taken from it, at once. */
const batch = 100;
/** Milliseconds after which the chain of a worker that no longer tells that it lives is taken over, at the earliest. */
const lockDuration = 10_000;
/** Times that a chain may be taken over; of chains that kill their own process, `mostAttempts` counts. */
const mostTakeOvers = 100;

export interface QueueCounts {
  readonly waiting: number;
  readonly active: number;
  readonly completed: number;
  readonly failed: number;
  readonly workers: number;
}

type ChainQueue = Queue<ChainJob, ChainResults>;

async function withQueue<T>(address: QueueAddress, act: (queue: ChainQueue) => Promise<T>): Promise<T> {
  const { bullmq } = await loadQueuePackages();
  const queue: ChainQueue = new bullmq.Queue(address.name, { connection: connectionOf(address, false) });
  // What an operation rejects with says it too.
  queue.on('error', () => {});
  try {
    return await act(queue);
  } finally {
    await queue.close();
  }
}

/**
 * Adds the chains that have scenarios without a result in `store`; returns how many were handed over (those that the
 * queue has already among them). Rejects with MissingPackageError without `bullmq` and `ioredis`.
 */
export async function pushChains(
  address: QueueAddress,
  chains: AsyncIterable<ScenarioChain>,
  store: ResultStore,
): Promise<number> {
  refuse(
    argumentIssues([
      ['address', address, addressRule],
      ['chains', chains, chainsRule],
      ['store', store, storeRule],
    ]),
  );
  const { Redis } = await loadQueuePackages();
  const { url, ...options } = connectionOf(address, false);
  const redis = new Redis(url, options);
  redis.on('error', () => {});
  const fingerprints = new Map<Instance, string>();
  const fingerprintOnServer = async (instance: Instance): Promise<string> => {
    const known = fingerprints.get(instance);
    if (known !== undefined) return known;
    const fingerprint = fingerprintOf(instance);
    await redis.set(instanceKey(address, fingerprint), JSON.stringify(instance));
    fingerprints.clear();
    fingerprints.set(instance, fingerprint);
    return fingerprint;
  };
  try {
    return await withQueue(address, async (queue) => {
      let pushed = 0;
      let jobs: Parameters<ChainQueue['addBulk']>[0] = [];
      for await (const { scenarios } of chains) {
        if (scenarios.every(({ id }) => store.read(id) !== null)) continue;
        const queued = [];
        for (const { id, instance, patch, options: own } of scenarios)
          queued.push({ id, instance: await fingerprintOnServer(instance), patch, options: own });
        const jobId = scenarios.at(-1)!.id;
        const opts = { jobId, attempts: mostAttempts, backoff: { type: 'fixed', delay: 1000 } };
        jobs.push({ name: 'chain', data: { version, scenarios: queued }, opts });
        pushed++;
        if (jobs.length === batch) {
          await queue.addBulk(jobs);
          jobs = [];
        }
      }
      await queue.addBulk(jobs);
      return pushed;
    });
  } finally {
    redis.disconnect();
  }
}

/**
 * Solves chains until `signal` is aborted, in as many processes as `concurrency`; what is under way then is left to
 * other workers. `onChain` is told how many scenarios of a chain are done, or the reason why an attempt failed.
 */
export async function workOnQueue(
  address: QueueAddress,
  concurrency: number,
  signal: AbortSignal,
  onChain: (scenarios: number, failure: string | null) => void,
): Promise<void> {
  refuse(
    argumentIssues([
      ['address', address, addressRule],
      ['concurrency', concurrency, fieldRule(wholeBetween(1, mostThreads, 'processes'))],
      ['signal', signal, signalRule],
      ['onChain', onChain, functionRule],
    ]),
  );
  const { bullmq } = await loadQueuePackages();
  const processor = import.meta.url.endsWith('.ts') ? './queueProcessor.source.mjs' : './queueProcessor.js';
  const worker = new bullmq.Worker<ChainJob, ChainResults>(
    address.name,
    fileURLToPath(new URL(processor, import.meta.url)),
    {
      connection: connectionOf(address, true),
      concurrency,
      lockDuration,
      stalledInterval: lockDuration / 2,
      maxStalledCount: mostTakeOvers,
      workerForkOptions: { env: { ...process.env, ROLLA_QUEUE_URL: address.url, ROLLA_QUEUE_NAME: address.name } },
    },
  );
  // The connection is made again by itself.
  worker.on('error', () => {});
  worker.on('completed', ({ data }) => onChain(data.scenarios.length, null));
  worker.on('failed', (job, error) => onChain(job?.data.scenarios.length ?? 0, error.message));
  await new Promise<void>((done) => {
    if (signal.aborted) done();
    signal.addEventListener('abort', () => done(), { once: true });
  });
  await worker.close(true);
}

/** How many chains are where, and how many workers there are. */
export async function queueCounts(address: QueueAddress): Promise<QueueCounts> {
  refuse(argumentIssues([['address', address, addressRule]]));
  return withQueue(address, async (queue) => {
    const { waiting = 0, active = 0, completed = 0, failed = 0, delayed = 0 } = await queue.getJobCounts();
    return { waiting: waiting + delayed, active, completed, failed, workers: await queue.getWorkersCount() };
  });
}

/**
 * Writes what is finished to `store` and takes it off the server; chains that failed for good give rows that say so.
 * Returns how many scenarios were written, and how many of them failed.
 */
export async function drainQueue(
  address: QueueAddress,
  store: ResultStore,
): Promise<{ readonly written: number; readonly failed: number }> {
  refuse(
    argumentIssues([
      ['address', address, addressRule],
      ['store', store, storeRule],
    ]),
  );
  return withQueue(address, async (queue) => {
    let written = 0;
    let failed = 0;
    const drained = new Set<string>();
    for (;;) {
      const jobs = await queue.getJobs(['completed', 'failed'], 0, batch - 1);
      const fresh = jobs.filter((job) => job !== undefined && !drained.has(job.id!));
      if (fresh.length === 0) return { written, failed };
      for (const job of fresh) {
        const isFailed = job.failedReason !== undefined && job.returnvalue === null;
        const results = isFailed
          ? job.data.scenarios.map((scenario) =>
              scenarioResult(scenario.id, failedScenario(scenario, job.failedReason)),
            )
          : job.returnvalue;
        for (const result of results) {
          const before = store.read(result.id);
          if (before !== null && (before.row.status !== 'failed' || isFailed)) continue;
          store.write(result);
          written++;
          if (result.row.status === 'failed') failed++;
        }
        drained.add(job.id!);
        await job.remove();
      }
    }
  });
}
