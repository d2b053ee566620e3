/** What the options of generated instances may be: one door for all generators. */
import { refuse } from '../input/inputError.ts';
import { checkedOptions, type OptionRule, type OptionRules, rule } from '../input/optionRules.ts';
import { fieldRule } from '../model/fieldRule.ts';
import { atLeastZero, share, trueOrFalse } from '../model/schemaFields.ts';
import type { UnmetCapRule } from './unmetCapRule.ts';

export const seedRule = rule('an integer', Number.isSafeInteger);
export const switchField = fieldRule(trueOrFalse('whether'));

/** I, J or K. */
export const sizeRule: OptionRule = {
  ...rule('an integer >= 1', (value) => Number.isSafeInteger(value) && Number(value) >= 1),
  isRequired: true,
};

export const unmetCapRules: { readonly [Name in keyof UnmetCapRule]-?: OptionRule } = {
  unmetCap: fieldRule(share('cap')),
  unmetCapPerRate: fieldRule(atLeastZero('h')),
};

/**
 * The options as they are used. Throws InputError with every fault: those of the rules, and an `unmetCap` beside
 * `unmetCapPerRate`.
 */
export function checkedGeneratorOptions<Options extends object>(given: Options, rules: OptionRules): Options {
  const { issues, sound } = checkedOptions(given, rules);
  const { unmetCap, unmetCapPerRate } = sound as UnmetCapRule;
  if (unmetCap !== undefined && unmetCapPerRate !== undefined)
    issues.push({ path: 'unmetCap', value: String(unmetCap), expected: 'nothing beside unmetCapPerRate' });
  refuse(issues);
  return sound as Options;
}
