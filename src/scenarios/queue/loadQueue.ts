/** The optional packages of the queue, loaded when a queue is first used, and what both ends agree on. */
import { MissingPackageError } from '../../model/missingPackageError.ts';
import type { QueueAddress } from './jobs.ts';

interface QueuePackages {
  readonly bullmq: typeof import('bullmq');
  readonly Redis: typeof import('ioredis').Redis;
}

export async function loadQueuePackages(): Promise<QueuePackages> {
  try {
    const [bullmq, { Redis }] = await Promise.all([import('bullmq'), import('ioredis')]);
    return { bullmq, Redis };
  } catch (error) {
    throw new MissingPackageError(['bullmq', 'ioredis'], 'queues', { cause: error });
  }
}

/** A worker waits for a server that restarts; every other command gives up and says so. */
export function connectionOf({ url }: QueueAddress, patient: boolean) {
  return {
    url,
    maxRetriesPerRequest: patient ? null : 3,
    retryStrategy: (times: number) => (patient || times < 20 ? Math.min(50 * times, 1000) : null),
  };
}

/** Instances are kept once, by their fingerprints; jobs name them. */
export function instanceKey({ name }: QueueAddress, fingerprint: string): string {
  return `rolla:${name}:instance:${fingerprint}`;
}
