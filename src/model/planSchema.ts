/**
 * The one description of `rolla-plan/1` (specification 8): keys, kinds and ranges; its JSON schema is
 * `schema/rolla-plan.json`.
 */

import { remarks } from './remarksSchema.ts';
import { atLeastZero, exactly, list, nameField, optional, record, wholeNumber } from './schemaFields.ts';

export const planSchema = record('a rolla-plan/1', {
  format: exactly('rolla-plan/1'),
  deployments: list(
    'rented deployments',
    record('a rented deployment', {
      model: nameField('a model'),
      tier: nameField('a tier'),
      tpDegree: wholeNumber(1, 'tensor-parallel degree'),
      pipelineDegree: optional(wholeNumber(1, 'pipeline degree; absent: 1')),
      replicas: wholeNumber(1, 'replicas'),
      gpus: wholeNumber(1, 'tpDegree * pipelineDegree * replicas'),
    }),
  ),
  routing: list(
    'routes',
    record('a route', {
      queryType: nameField('a query type'),
      model: nameField('a model'),
      tier: nameField('a tier'),
      fraction: atLeastZero('fraction served there'),
    }),
  ),
  unmet: list(
    'unmet shares',
    record('an unmet share', { queryType: nameField('a query type'), fraction: atLeastZero('fraction dropped') }),
  ),
  ...remarks,
});
