/**
 * Reads a `rolla-plan/1` (specification 8): keys, kinds of values, and names that the instance has. Limits are the
 * verifier's business.
 */
import { fault, type InputIssue, pathText, refuse, showValue } from '../input/inputError.ts';
import { isPlainObject } from '../input/optionRules.ts';
import type { Instance, Plan } from './instance.ts';
import { asList, asRecord, type LooseRecord } from './looseData.ts';
import { planSchema } from './planSchema.ts';
import { toInputIssues } from './schemaIssues.ts';

const lists = ['queryTypes', 'models', 'tiers'] as const;

/**
 * A plan for `instance` from untrusted data. Query types that `unmet` leaves out are not dropped at all.
 * Throws InputError with the first problem (and all others found) if keys, values or names are wrong. Whether the plan
 * keeps the instance's limits is answered by `checkPlan`.
 */
export function validatePlan(data: unknown, instance: Instance): Plan {
  if (!isPlainObject(instance) || !lists.every((name) => Array.isArray(instance[name])))
    throw fault('instance', showValue(instance), `an instance, with ${lists.join(', ')}`);
  const parsed = planSchema.safeParse(data);
  refuse([
    ...(parsed.success ? [] : toInputIssues(parsed.error, data)),
    ...planNameIssues(data, namesOf(instance), []),
  ]);
  return parsed.data as Plan;
}

/**
 * A plan from untrusted data where no instance is at hand: keys, kinds of values, things that are listed twice; any
 * names. Throws InputError; `prefix` stands before its paths.
 */
export function parsePlan(data: unknown, prefix: readonly PropertyKey[] = []): Plan {
  const parsed = planSchema.safeParse(data);
  const anyName: Names = { issueOf: () => null };
  refuse([
    ...(parsed.success ? [] : toInputIssues(parsed.error, data, prefix)),
    ...planNameIssues(data, anyName, prefix),
  ]);
  return parsed.data as Plan;
}

const kinds = { queryType: 'query type', model: 'model', tier: 'tier' } as const;

/** The names that an instance has. */
export interface Names {
  /** What is wrong with a name that should be one of the instance's; null too where names are
   * missing or doubled in the instance: that is the fault then. */
  readonly issueOf: (kind: keyof typeof kinds, name: unknown, path: readonly PropertyKey[]) => InputIssue | null;
}

/** From an instance, or from data that should be one. */
export function namesOf(data: object): Names {
  const { queryTypes, models, tiers } = data as LooseRecord;
  const known = { queryType: nameSet(queryTypes), model: nameSet(models), tier: nameSet(tiers) };
  return {
    issueOf: (kind, name, path) => {
      if (typeof name !== 'string' || name.trim() === '' || (known[kind]?.has(name) ?? true)) return null;
      const expected = `the name of a ${kinds[kind]} of the instance`;
      return { path: pathText(path), value: showValue(name), expected };
    },
  };
}

function nameSet(group: unknown): ReadonlySet<string> | null {
  const names = asList(group).map((entry) => asRecord(entry).name);
  const known = new Set(names.filter((name) => typeof name === 'string'));
  return names.length > 0 && known.size === names.length ? known : null;
}

/** Names in a plan that the instance does not have, and things that are listed twice. */
export function planNameIssues(plan: unknown, names: Names, prefix: readonly PropertyKey[]): InputIssue[] {
  const issues: InputIssue[] = [];
  for (const part of ['deployments', 'routing', 'unmet'] as const) {
    const seen = new Map<string, number>();
    asList(asRecord(plan)[part]).forEach((entry, position) => {
      const named = asRecord(entry);
      for (const key of ['queryType', 'model', 'tier'] as const) {
        const issue = names.issueOf(key, named[key], [...prefix, part, position, key]);
        if (issue !== null) issues.push(issue);
      }
      const triple = [named.queryType, named.model, named.tier].filter((name) => name !== undefined);
      if (triple.length === 0) return;
      const identity = JSON.stringify([named.queryType, named.model, named.tier]);
      const first = seen.get(identity);
      // Two TP degrees of one (model, tier) are well-formed; the verifier reports them under their rule.
      if (first !== undefined && part !== 'deployments') {
        issues.push({
          path: pathText([...prefix, part, position]),
          value: showValue(triple),
          expected: `each combination once; ${part}[${first}] names the same`,
        });
      }
      seen.set(identity, first ?? position);
    });
  }
  return issues;
}
