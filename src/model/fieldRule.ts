/** Fields of formats as rules for options. */
import type * as z from 'zod/mini';
import type { OptionRule } from '../input/optionRules.ts';
import { toInputIssues } from './schemaIssues.ts';

/** An option that is what `field` says; used is what the field makes of it, a copy where that is a record. */
export function fieldRule(field: z.ZodMiniType, isRequired = false): OptionRule {
  return {
    isRequired,
    check: (value, path) => {
      const parsed = field.safeParse(value);
      return parsed.success
        ? { issues: [], value: parsed.data }
        : { issues: toInputIssues(parsed.error, value, path.split('.')) };
    },
  };
}
