/** Where a queue is and what it carries: a chain of scenarios in, its results out. All of it is plain data. */
import type { ScenarioOptions, ScenarioPatch } from '../../analysis/scenario.ts';
import type { ScenarioResult } from '../resultStore.ts';

export interface QueueAddress {
  /** Of a Redis or Valkey server, as redis://localhost:6379. */
  readonly url: string;
  /** Several queues may share a server. */
  readonly name: string;
}

interface QueuedScenario {
  readonly id: string;
  /** Fingerprint of its instance. */
  readonly instance: string;
  readonly patch: ScenarioPatch;
  readonly options: ScenarioOptions;
}

export interface ChainJob {
  /** Of rolla that pushed it; no other solves it. */
  readonly version: string;
  readonly scenarios: readonly QueuedScenario[];
}

export type ChainResults = readonly ScenarioResult[];

/** Attempts at a chain, each under half of the limits of the one before it. */
export const mostAttempts = 3;

/** Limits as a later attempt has them, of those that there are. */
export function loweredLimits(options: ScenarioOptions, scale: number): ScenarioOptions {
  if (scale === 1) return options;
  const { timeLimit, nodeLimit, memoryLimit } = options;
  return {
    ...options,
    ...(typeof timeLimit === 'number' ? { timeLimit: timeLimit * scale } : {}),
    ...(typeof nodeLimit === 'number' ? { nodeLimit: Math.max(1, Math.floor(nodeLimit * scale)) } : {}),
    ...(typeof memoryLimit === 'number' ? { memoryLimit: memoryLimit * scale } : {}),
  };
}
