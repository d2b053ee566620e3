/**
 * From untrusted data to an `Instance` (specification 1 and 8): first the schema of every field, then what ties fields
 * together (array shapes, unique names, names that exist). The first problem is the error; all found with it are on the
 * error.
 */
import { type InputIssue, pathText, refuse, showValue } from './inputError.ts';
import type { Instance } from './instance.ts';
import { type CheckedInstance, instanceSchema, tensorFields } from './instanceSchema.ts';
import { parseJson } from './jsonText.ts';
import { toInputIssues } from './schemaIssues.ts';
import { type Dimension, tensorIssue } from './tensorShape.ts';
import { planNameIssues } from './validatePlan.ts';

/** An instance from parsed data. Throws InputError naming path, value and expectation. Tensors are not copied. */
export function validateInstance(data: unknown): Instance {
  const parsed = instanceSchema.safeParse(data);
  if (!parsed.success) refuse(toInputIssues(parsed.error, data));
  const instance = parsed.data as unknown as CheckedInstance;
  refuse([
    ...duplicateNameIssues(instance),
    ...tokenIssues(instance),
    ...tensorIssues(instance),
    ...pairingIssues(instance),
    ...(instance.currentPlan ? planNameIssues(instance.currentPlan, instance, ['currentPlan']) : []),
  ]);
  return instance;
}

/** An instance from JSON text. Throws InputError; for text that is not JSON its path is the line and column. */
export function parseInstance(text: string): Instance {
  return validateInstance(parseJson(text));
}

function duplicateNameIssues(instance: Instance): InputIssue[] {
  const issues: InputIssue[] = [];
  for (const group of ['queryTypes', 'models', 'tiers'] as const) {
    const firstAt = new Map<string, number>();
    instance[group].forEach(({ name }, position) => {
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

function tokenIssues({ queryTypes }: Instance): InputIssue[] {
  return queryTypes.flatMap((query, i) =>
    query.inputTokens + query.outputTokens > 0
      ? []
      : [
          {
            path: pathText(['queryTypes', i, 'outputTokens']),
            value: showValue(query.outputTokens),
            expected: 'inputTokens + outputTokens > 0 (tokens per query)',
          },
        ],
  );
}

function tensorIssues(instance: Instance): InputIssue[] {
  const { queryTypes, models, tiers } = instance;
  const byModelAndTier: readonly Dimension[] = [
    { length: models.length, of: 'model' },
    { length: tiers.length, of: 'tier' },
  ];
  const byAll: readonly Dimension[] = [{ length: queryTypes.length, of: 'query type' }, ...byModelAndTier];
  const issues: InputIssue[] = [];
  for (const { path, byQueryType, entry } of tensorFields) {
    const data = path.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], instance);
    if (data === undefined || typeof data === 'number') continue;
    const issue = tensorIssue(data, byQueryType ? byAll : byModelAndTier, entry, path);
    if (issue !== null) issues.push(issue);
  }
  return issues;
}

function pairingIssues(instance: Instance): InputIssue[] {
  const issues: InputIssue[] = [];
  const known = {
    queryType: { names: new Set(instance.queryTypes.map((query) => query.name)), kind: 'query type' },
    model: { names: new Set(instance.models.map((model) => model.name)), kind: 'model' },
    tier: { names: new Set(instance.tiers.map((tier) => tier.name)), kind: 'tier' },
  };
  for (const group of ['allowed', 'forbidden'] as const) {
    instance[group]?.forEach((entry, position) => {
      let present = 0;
      for (const key of ['queryType', 'model', 'tier'] as const) {
        const name = entry[key];
        if (name === undefined) continue;
        present++;
        if (known[key].names.has(name)) continue;
        const expected = `the name of a ${known[key].kind} of the instance`;
        issues.push({ path: pathText([group, position, key]), value: showValue(name), expected });
      }
      if (present === 0) {
        const expected = 'at least one of queryType, model, tier';
        issues.push({ path: pathText([group, position]), value: showValue(entry), expected });
      }
    });
  }
  return issues;
}
