/** The description of `rolla-result/1` (specification 8), of which `schema/rolla-result.json` is made. */
import * as z from 'zod/mini';
import type { SearchStatus } from '../bnb/progress.ts';
import { planSchema } from '../model/planSchema.ts';
import {
  anyNumber,
  atLeastZero,
  choice,
  exactly,
  list,
  nullable,
  optional,
  record,
  text,
  wholeNumber,
  withMeta,
} from '../model/schemaFields.ts';
import { optionTable } from './optionTable.ts';

const statuses = [
  'optimal',
  'infeasible',
  'time-limit',
  'node-limit',
  'memory-limit',
  'interrupted',
  'numerical-trouble',
] as const satisfies readonly SearchStatus[];

const options = record(
  'the variant of the problem',
  Object.fromEntries(
    Object.entries(optionTable)
      .filter(([name, { group }]) => group === 'problem' && name !== 'preset')
      .map(([name, { field }]) => [name, field]),
  ),
);

const dollars = (meaning: string) => anyNumber('$', meaning);

const cost = record('what the plan costs over the rental period', {
  total: dollars('All parts'),
  rental: dollars('C1'),
  storage: record('C2', { model: dollars('Weights'), data: dollars('Query data') }),
  delay: dollars('C3'),
  unmet: dollars('C4'),
  switching: optional(dollars('GPUs added and removed against the current plan')),
});

const incumbent = record('when a plan was found', {
  source: text('what found it'),
  cost: dollars('Its cost'),
  seconds: atLeastZero('s'),
  node: wholeNumber(0, 'nodes'),
});

export const resultSchema = record('a rolla-result/1', {
  format: exactly('rolla-result/1'),
  instance: nullable(text('name of the instance')),
  options,
  notices: list('notices', text('an option without effect, and why')),
  strategy: optional(
    withMeta(z.record(z.string(), z.unknown()), {
      description: 'What differs from the default strategy, by name or by path of a parameter',
    }),
  ),
  status: choice(statuses, 'Why the search stopped'),
  cost: nullable(cost),
  bound: nullable(dollars('Proven lower bound on the cost')),
  gap: nullable(atLeastZero('fraction', 'Distance of cost and bound by the cost')),
  nodes: wholeNumber(0, 'nodes of the tree'),
  simplexIterations: wholeNumber(0, 'iterations'),
  seconds: atLeastZero('s', 'Wall time'),
  rootBound: nullable(dollars('Bound at the root')),
  incumbents: list('plans found on the way', incumbent),
  relaxation: record('what bounded the nodes', { name: text('its name'), reason: text('why it was chosen') }),
  plan: nullable(planSchema),
});
