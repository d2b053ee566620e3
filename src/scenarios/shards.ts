/** Shards: every n-th chain, so that processes that know nothing of each other share a file of scenarios. */
import { InputError, refuse, showValue } from '../input/inputError.ts';
import { argumentIssues } from '../input/optionRules.ts';
import { chainRule, shardRule } from './argumentRules.ts';
import type { ScenarioChain } from './scenarioFile.ts';

export interface Shard {
  /** From 1 to `count`. */
  readonly number: number;
  readonly count: number;
}

/** Whether a chain is one of a shard's. Throws InputError for what is neither. */
export function isInShard(chain: ScenarioChain, shard: Shard): boolean {
  refuse(
    argumentIssues([
      ['chain', chain, chainRule],
      ['shard', shard, shardRule],
    ]),
  );
  return chain.index % shard.count === shard.number - 1;
}

/** Reads `3/16`. Throws InputError. */
export function parseShard(text: string): Shard {
  const match = /^(\d+)\/(\d+)$/.exec(text);
  const [number, count] = match === null ? [0, 0] : [Number(match[1]), Number(match[2])];
  if (!Number.isSafeInteger(count) || number < 1 || number > count)
    refuse([{ path: 'shard', value: showValue(text), expected: 'number/count, as 3/16, number from 1 to count' }]);
  return { number, count };
}

/**
 * The shard that a Slurm array (`SLURM_ARRAY_TASK_ID`, `_MIN`, `_COUNT`, `_STEP`) or an indexed Kubernetes Job
 * (`JOB_COMPLETION_INDEX`; its count is not told by Kubernetes, the manifest has to set `JOB_COMPLETIONS`) runs this
 * process as; null outside of both. Throws InputError where they do not tell all of it.
 */
export function shardOfEnvironment(environment: Readonly<Record<string, string | undefined>>): Shard | null {
  const whole = (name: string, fallback?: number): number => {
    const text = environment[name];
    if (text === undefined && fallback !== undefined) return fallback;
    const value = Number(text);
    if (text !== undefined && text.trim() !== '' && Number.isSafeInteger(value) && value >= 0) return value;
    throw new InputError([{ path: name, value: showValue(text), expected: 'a whole number, or a shard as 3/16' }]);
  };
  if (environment.SLURM_ARRAY_TASK_ID !== undefined) {
    const id = whole('SLURM_ARRAY_TASK_ID');
    const count = whole('SLURM_ARRAY_TASK_COUNT');
    const number = (id - whole('SLURM_ARRAY_TASK_MIN', 1)) / whole('SLURM_ARRAY_TASK_STEP', 1) + 1;
    // Of an array with holes (3,7) the tasks do not say which of them they are.
    if (!Number.isInteger(number) || number < 1 || number > count) {
      const expected = `one of ${count} tasks in equal steps, or a shard as 3/16`;
      throw new InputError([{ path: 'SLURM_ARRAY_TASK_ID', value: String(id), expected }]);
    }
    return { number, count };
  }
  if (environment.JOB_COMPLETION_INDEX !== undefined) {
    const number = whole('JOB_COMPLETION_INDEX') + 1;
    const count = whole('JOB_COMPLETIONS');
    if (number > count) {
      const expected = `below JOB_COMPLETIONS, which is ${count}`;
      throw new InputError([{ path: 'JOB_COMPLETION_INDEX', value: String(number - 1), expected }]);
    }
    return { number, count };
  }
  return null;
}
