/**
 * From untrusted data to an `Instance` (specification 1 and 8): the schema of every field, and what ties fields
 * together (array shapes, unique names, names that exist, products that numbers can hold). All that is wrong is found
 * at once: what ties fields together is checked wherever the fields that it needs are there.
 */

import { type InputIssue, pathText, refuse, showValue } from '../input/inputError.ts';
import { fleetIssues } from './fleetIssues.ts';
import type { Instance } from './instance.ts';
import { type CheckedInstance, instanceSchema, tensorFields } from './instanceSchema.ts';
import { parseJson } from './jsonText.ts';
import { asList, asRecord, type LooseRecord, valueAt } from './looseData.ts';
import { productIssues } from './productLimits.ts';
import { toInputIssues } from './schemaIssues.ts';
import { type Dimension, tensorIssues } from './tensorShape.ts';
import { type Names, namesOf } from './validatePlan.ts';

/** What `validateInstance` returned. It is frozen to the last number, so what was found right stays right. */
const validInstances = new WeakSet<object>();

/** Entries of a list above which nothing else is looked at: the faults of such a file would fill memory. */
const longestList = 100_000;

/**
 * An instance from data as it comes: a copy, deeply frozen, so that later changes of `data` have no effect and changes
 * of the instance throw; for another instance spread it (`{ ...instance, budget: 100 }`). An instance that came from
 * here is returned as it is. Throws InputError with every fault: its path, what was found, what was expected.
 */
export function validateInstance(data: unknown): Instance {
  if (typeof data === 'object' && data !== null && validInstances.has(data)) return data as Instance;
  refuse(lengthIssues(asRecord(data)));
  const parsed = instanceSchema.safeParse(data);
  // Where it can be, what was read is looked at, which has all fields as its own.
  const read = asRecord(parsed.success ? parsed.data : data);
  refuse([...(parsed.success ? [] : toInputIssues(parsed.error, data)), ...relationIssues(read)]);
  const instance: CheckedInstance = frozenCopy(parsed.data) as CheckedInstance;
  validInstances.add(instance);
  return instance;
}

/** An instance from JSON text. Throws InputError; for text that is not JSON its path is the line and column. */
export function parseInstance(text: string): Instance {
  return validateInstance(parseJson(text));
}

function frozenCopy(data: unknown): unknown {
  if (typeof data !== 'object' || data === null) return data;
  if (!Array.isArray(data))
    return Object.freeze(Object.fromEntries(Object.entries(data).map(([key, value]) => [key, frozenCopy(value)])));
  // Most of an instance are lists of numbers.
  const copy = data.slice();
  for (let at = 0; at < copy.length; at++) {
    if (typeof copy[at] === 'object') copy[at] = frozenCopy(copy[at]);
  }
  return Object.freeze(copy);
}

function lengthIssues(data: LooseRecord): InputIssue[] {
  return Object.entries(data)
    .filter(([, value]) => asList(value).length > longestList)
    .map(([key, value]) => ({ path: key, value: showValue(value), expected: `at most ${longestList} entries` }));
}

/** What ties fields together. */
function relationIssues(data: LooseRecord): InputIssue[] {
  const names = namesOf(data);
  const shape = tensorShapeIssues(data);
  return [
    ...duplicateNameIssues(data),
    ...tokenIssues(data),
    ...shape,
    ...pairingIssues(data, names),
    ...fleetIssues(data, names),
    ...(shape.length > 0 ? [] : productIssues(data)),
  ];
}

function duplicateNameIssues(data: LooseRecord): InputIssue[] {
  const issues: InputIssue[] = [];
  for (const group of ['queryTypes', 'models', 'tiers'] as const) {
    const firstAt = new Map<string, number>();
    asList(data[group]).forEach((entry, position) => {
      const { name } = asRecord(entry);
      if (typeof name !== 'string') return;
      const first = firstAt.get(name);
      if (first === undefined) firstAt.set(name, position);
      else {
        const expected = `a name of its own; ${group}[${first}] has the same`;
        issues.push({ path: pathText([group, position, 'name']), value: showValue(name), expected });
      }
    });
  }
  return issues;
}

function tokenIssues({ queryTypes }: LooseRecord): InputIssue[] {
  return asList(queryTypes).flatMap((entry, i) => {
    const { inputTokens, outputTokens } = asRecord(entry);
    if (inputTokens !== 0 || outputTokens !== 0) return [];
    const expected = 'inputTokens + outputTokens > 0 (tokens per query)';
    return [{ path: pathText(['queryTypes', i, 'outputTokens']), value: showValue(outputTokens), expected }];
  });
}

/** Tensors against the numbers of query types, models and tiers; nothing where one of these is not a list. */
function tensorShapeIssues(data: LooseRecord): InputIssue[] {
  const { queryTypes, models, tiers } = data;
  if (![queryTypes, models, tiers].every((group) => asList(group).length > 0)) return [];
  const byModelAndTier: readonly Dimension[] = [
    { length: asList(models).length, of: 'model' },
    { length: asList(tiers).length, of: 'tier' },
  ];
  const byAll: readonly Dimension[] = [{ length: asList(queryTypes).length, of: 'query type' }, ...byModelAndTier];
  return tensorFields.flatMap(({ path, byQueryType, entry }) => {
    const tensor = valueAt(data, path);
    return Array.isArray(tensor) ? tensorIssues(tensor, byQueryType ? byAll : byModelAndTier, entry, path) : [];
  });
}

function pairingIssues(data: LooseRecord, names: Names): InputIssue[] {
  const issues: InputIssue[] = [];
  for (const group of ['allowed', 'forbidden'] as const) {
    asList(data[group]).forEach((entry, position) => {
      if (typeof entry !== 'object' || entry === null) return;
      let present = 0;
      for (const key of ['queryType', 'model', 'tier'] as const) {
        const name = asRecord(entry)[key];
        if (name === undefined) continue;
        present++;
        const issue = names.issueOf(key, name, [group, position, key]);
        if (issue !== null) issues.push(issue);
      }
      if (present === 0 && Object.keys(entry).length === 0) {
        const expected = 'at least one of queryType, model, tier';
        issues.push({ path: pathText([group, position]), value: showValue(entry), expected });
      }
    });
  }
  return issues;
}
