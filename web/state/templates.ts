/** Problems to begin with. What draws an instance is loaded when one is asked for. */
import starter from 'virtual:starter-fleet';
import assistant from '../../examples/assistant.yaml';
import type { LooseRecord } from '../../src/model/looseData.ts';
import type { Draft } from './draft.ts';

export interface Template {
  readonly name: string;
  readonly draft: () => Draft | Promise<Draft>;
}

const draftOf = (data: unknown): Draft => ({ data: data as LooseRecord, options: {} });

/** What the page begins with. */
export const firstDraft = (): Draft => draftOf(starter);

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
  { name: 'Three query types, four GPUs', draft: firstDraft },
  { name: 'An assistant: six query types', draft: () => draftOf(assistant) },
  { name: 'As little as possible', draft: () => draftOf(emptyFleet) },
  {
    name: 'The published instance (6 x 6 x 10)',
    draft: async () => {
      const { generateReference } = await import('../../src/generator/generateReference.ts');
      return { ...draftOf(generateReference()), options: { preset: 'reference' } };
    },
  },
  {
    name: 'A drawn fleet (12 x 6 x 10)',
    draft: async () => {
      const { generateFleet } = await import('../../src/generator/generateFleet.ts');
      return draftOf(generateFleet({ queryTypes: 12, models: 6, tiers: 10 }));
    },
  },
  {
    name: 'A drawn instance (24 x 10 x 20)',
    draft: async () => {
      const { generateInstance } = await import('../../src/generator/generateInstance.ts');
      return draftOf(generateInstance({ queryTypes: 24, models: 10, tiers: 20 }));
    },
  },
];
