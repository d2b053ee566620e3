/** What the text of a flag may be: fields of formats and options, read from text, and spellings of the flags' own. */
import type * as z from 'zod/mini';
import { attempt, type InputIssue, showValue } from '../input/inputError.ts';
import type { OptionRule } from '../input/optionRules.ts';
import { fieldRule } from '../model/fieldRule.ts';
import { choice, wholeBetween, wholeNumber } from '../model/schemaFields.ts';
import { choicesIn, takesNumbers } from '../planner/optionTable.ts';

/** The rule of a text; its value is what the text means. */
export interface TextRule extends OptionRule {
  /** Ends the sentence "found ..., expected ...". */
  readonly expected: string;
  /** A text that keeps the rule. */
  readonly example: string;
  /** The texts that it may be, where there is nothing else; shown in help. */
  readonly choices?: readonly string[];
  /** What the text is read as, where it is no spelling of its own. */
  readonly field?: z.ZodMiniType;
}

/** A text that is what `field` says, once it is a number where the field has numbers. */
export function fieldText(field: z.ZodMiniType): TextRule {
  const rule = fieldRule(field);
  const isNumeric = takesNumbers(field);
  const check: OptionRule['check'] = (text, path) => {
    const { issues, value } = rule.check(isNumeric ? numberIn(text as string) : text, 'value');
    return { issues: issues.map((issue) => ({ ...issue, path })), value };
  };
  const choices = choicesIn(field);
  const example = [...(choices ?? []), '1', '0.5'].find((each) => check(each, '').issues.length === 0);
  if (example === undefined) throw new Error('a field without an example takes a spelling');
  const [{ expected }] = check('', '').issues;
  return { check, expected, example, field, ...(choices !== null && { choices }) };
}

/** A whole number from `least` on, or to `most`. */
export const countText = (least: number, of: string, most?: number): TextRule =>
  fieldText(most === undefined ? wholeNumber(least, of) : wholeBetween(least, most, of));

export const choiceText = (choices: readonly string[]): TextRule => fieldText(choice(choices, 'choice'));

/** What cannot be a number stays as it is, for the rule to refuse. */
function numberIn(text: string): unknown {
  return text.trim() !== '' && (text === 'NaN' || !Number.isNaN(Number(text))) ? Number(text) : text;
}

/** A text of a form of its own: `read` gives null, or throws InputError, where it has another. */
export function spelling(what: string, example: string, read: (text: string) => unknown): TextRule {
  const expected = `${what}, such as ${example}`;
  const check: OptionRule['check'] = (text, path) => {
    const issues: InputIssue[] = [];
    const value = attempt(() => read(text as string), issues);
    if (issues.length > 0) return { issues: issues.map((issue) => ({ ...issue, path })) };
    return value === null ? { issues: [{ path, value: showValue(text), expected }] } : { issues, value };
  };
  return { check, expected, example };
}

/** Any text but an empty one, which is mostly a variable of the shell that is not set. */
export function anyText(what: string, example = 'name'): TextRule {
  const expected = `a text that is not empty (${what})`;
  const check: OptionRule['check'] = (text, path) =>
    (text as string).trim() === ''
      ? { issues: [{ path, value: showValue(text), expected }] }
      : { issues: [], value: text };
  return { check, expected, example };
}

/** Letters, digits, _ and -: what is safe as a part of a file's name. */
export const plainName: TextRule = spelling('letters, digits, _ and - only', 'fleets', (text) =>
  /^[\w-]+$/.test(text) ? text : null,
);

/** Numbers separated by commas that `accepts` takes together. */
export function numberList(what: string, example: string, accepts: (values: readonly number[]) => boolean): TextRule {
  return spelling(`${what}, separated by commas`, example, (text) => {
    const values = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
    return values.every(Number.isFinite) && accepts(values) ? values : null;
  });
}
