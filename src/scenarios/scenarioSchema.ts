/**
 * The one description of a line of `rolla-scenarios/1` (JSON lines): the first line is the head of the file, every
 * other a scenario. Its JSON schema is `schema/rolla-scenarios.json`.
 */
import * as z from 'zod/mini';
import { either, exactly, list, optional, record, text, withMeta } from '../model/schemaFields.ts';
import { optionsSchema } from '../planner/optionsSchema.ts';

export const scenarioFormat = 'rolla-scenarios/1';

const object = (meaning: string) =>
  withMeta(
    z.custom<Record<string, unknown>>((value) => typeof value === 'object' && value !== null && !Array.isArray(value), {
      error: `an object: ${meaning}`,
    }),
    { description: meaning, type: 'object' },
  );

const instanceField = either('the path of an instance or fleet, or a rolla-instance/1', [
  text('path of an instance or fleet, from the folder of this file'),
  object('a rolla-instance/1'),
]);

const factorField = withMeta(
  z.custom<readonly [string, number | string]>(
    (value) =>
      Array.isArray(value) &&
      value.length === 2 &&
      typeof value[0] === 'string' &&
      (typeof value[1] === 'string' || Number.isFinite(value[1])),
    { error: 'a pair of a factor and its value, as ["price", 0.5]' },
  ),
  {
    description: 'a factor of rolla sweep and its value',
    type: 'array',
    minItems: 2,
    maxItems: 2,
    items: { type: ['string', 'number'] },
  },
);

export const scenarioHeadSchema = record('the head of a rolla-scenarios/1', {
  format: exactly(scenarioFormat),
  version: optional(text('version of rolla that the identities below are of; absent: whichever reads the file')),
  title: optional(text('title of reports')),
  instance: optional(instanceField),
});

export const scenarioSchema = record('a scenario', {
  id: optional(text('identity: hash of instance, patch, options, version and what it comes after; absent: computed')),
  name: optional(text('name in reports; no part of the identity')),
  instance: optional(instanceField),
  patch: optional(
    record('what is changed about the instance', {
      merge: optional(object('JSON Merge Patch (RFC 7396) of the instance')),
      factors: optional(list('factors, applied in this order', factorField)),
    }),
  ),
  options: optional(optionsSchema),
  after: optional(text('"previous", or the id of the scenario in the line before, whose plan starts this one')),
});

export const scenarioLineSchema = z.union([scenarioHeadSchema, scenarioSchema]);
