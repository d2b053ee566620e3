/**
 * Reads a `rolla-plan/1` (specification 8): keys, kinds of values, and names that the instance has. Limits are the
 * verifier's business.
 */
import { type InputIssue, pathText, refuse, showValue } from './inputError.ts';
import type { Instance, Plan } from './instance.ts';
import { planSchema } from './planSchema.ts';
import { toInputIssues } from './schemaIssues.ts';

/**
 * A plan for `instance` from untrusted data. Query types that `unmet` leaves out are not dropped at all.
 * Throws InputError with the first problem (and all others found) if keys, values or names are wrong. Whether the plan
 * keeps the instance's limits is answered by `verifyPlan`.
 */
export function validatePlan(data: unknown, instance: Instance): Plan {
  const parsed = planSchema.safeParse(data);
  if (!parsed.success) refuse(toInputIssues(parsed.error, data));
  const plan = parsed.data as Plan;
  refuse(planNameIssues(plan, instance, []));
  return plan;
}

interface Names {
  readonly queryTypes: readonly { readonly name: string }[];
  readonly models: readonly { readonly name: string }[];
  readonly tiers: readonly { readonly name: string }[];
}

/** Names in a plan that the instance does not have, and things that are listed twice. */
export function planNameIssues(plan: Plan, names: Names, prefix: readonly PropertyKey[]): InputIssue[] {
  const issues: InputIssue[] = [];
  const known = {
    queryType: new Set(names.queryTypes.map((query) => query.name)),
    model: new Set(names.models.map((model) => model.name)),
    tier: new Set(names.tiers.map((tier) => tier.name)),
  };
  const kinds = { queryType: 'query type', model: 'model', tier: 'tier' } as const;
  const check = (part: string, entries: readonly object[]) => {
    const seen = new Map<string, number>();
    entries.forEach((entry, position) => {
      const named = entry as Record<string, unknown>;
      for (const key of ['queryType', 'model', 'tier'] as const) {
        const name = named[key];
        if (typeof name !== 'string' || known[key].has(name)) continue;
        issues.push({
          path: pathText([...prefix, part, position, key]),
          value: showValue(name),
          expected: `the name of a ${kinds[key]} of the instance`,
        });
      }
      const identity = JSON.stringify([named.queryType, named.model, named.tier]);
      const first = seen.get(identity);
      // Two TP degrees of one (model, tier) are well-formed; the verifier reports them under their rule.
      if (first !== undefined && part !== 'deployments') {
        issues.push({
          path: pathText([...prefix, part, position]),
          value: showValue([named.queryType, named.model, named.tier].filter((name) => name !== undefined)),
          expected: `each combination once; ${part}[${first}] names the same`,
        });
      }
      seen.set(identity, first ?? position);
    });
  };
  check('deployments', plan.deployments);
  check('routing', plan.routing);
  check('unmet', plan.unmet);
  return issues;
}
