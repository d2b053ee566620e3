/** Problems to begin with. */

import starter from 'virtual:starter-fleet';
import assistant from '../../examples/assistant.yaml';
import { generateFleet } from '../../src/generator/generateFleet.ts';
import { generateInstance } from '../../src/generator/generateInstance.ts';
import { generateReference } from '../../src/generator/generateReference.ts';
import type { LooseRecord } from '../../src/model/looseData.ts';
import type { Draft } from './draft.ts';

export interface Template {
  readonly name: string;
  readonly draft: () => Draft;
}

const fleet = (data: unknown): Draft => ({ data: data as LooseRecord, options: {} });
const instance = (data: object): Draft => ({ data: data as LooseRecord, options: {} });

const emptyFleet = {
  format: 'rolla-fleet/1',
  name: 'my fleet',
  period: '24 h',
  queryTypes: [{ name: 'chat', rate: '10 /s', inputTokens: 900, outputTokens: 300 }],
  models: [{ name: 'Llama-3.1-8B', catalogue: 'llama-3.1-8b' }],
  gpus: [{ name: 'H100', catalogue: 'h100-sxm', precision: 'FP8', reserve: '6 GB' }],
  profiles: [{ catalogue: 'all' }],
};

export const templates: readonly Template[] = [
  { name: 'Three query types, four GPUs', draft: () => fleet(starter) },
  { name: 'An assistant: six query types', draft: () => fleet(assistant) },
  { name: 'As little as possible', draft: () => fleet(emptyFleet) },
  {
    name: 'The published instance (6 x 6 x 10)',
    draft: () => ({ ...instance(generateReference()), options: { preset: 'reference' } }),
  },
  {
    name: 'A drawn fleet (12 x 6 x 10)',
    draft: () => instance(generateFleet({ queryTypes: 12, models: 6, tiers: 10 })),
  },
  {
    name: 'A drawn instance (24 x 10 x 20)',
    draft: () => instance(generateInstance({ queryTypes: 24, models: 10, tiers: 20 })),
  },
];
