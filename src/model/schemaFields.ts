/**
 * Fields of the file formats: each is one description of what is accepted, of the sentence that a user reads otherwise,
 * and of the JSON schema that the package ships (`npm run schema`), where units and meanings are descriptions. Browsers
 * load this with the planner, so it is made with Zod's small edition, which brings no messages of its own.
 */
import * as z from 'zod/mini';
import { isPlainObject } from '../input/optionRules.ts';

export { nullable, optional } from 'zod/mini';

/** `field`, with this in its JSON schema too. */
export function withMeta<Field extends z.core.$ZodType>(field: Field, meta: z.core.GlobalMeta): Field {
  z.globalRegistry.add(field, { ...z.globalRegistry.get(field), ...meta });
  return field;
}

interface NumberRange {
  readonly least?: number;
  readonly above?: number;
  readonly most?: number;
  readonly below?: number;
  readonly whole?: boolean;
  /** Whether Infinity, for no limit, is one of them. */
  readonly infinite?: boolean;
}

/** A finite number in `range`; `expected` is the sentence that a user reads otherwise. */
function numberField(expected: string, description: string, range: NumberRange) {
  const { least = -Infinity, above = -Infinity, most = Infinity, below = Infinity, whole, infinite } = range;
  const accepts = (value: unknown) =>
    typeof value === 'number' &&
    ((infinite === true && value === Infinity) ||
      ((whole === true ? Number.isSafeInteger(value) : Number.isFinite(value)) &&
        value >= least &&
        value > above &&
        value <= most &&
        value < below));
  return withMeta(z.custom<number>(accepts, { error: expected }), { description, ...numberSchema(range) });
}

/** The JSON schema of a finite number in a range. */
function numberSchema({ least, above, most, below, whole }: NumberRange) {
  const highest = most ?? (whole === true ? Number.MAX_SAFE_INTEGER : undefined);
  return {
    type: whole === true ? 'integer' : 'number',
    ...(least !== undefined && { minimum: least }),
    ...(above !== undefined && { exclusiveMinimum: above }),
    ...(highest !== undefined && { maximum: highest }),
    ...(below !== undefined && { exclusiveMaximum: below }),
  } as const;
}

/** `unit` stands in the message and, behind the meaning, in the JSON schema. */
const described = (unit: string, meaning?: string) => (meaning === undefined ? unit : `${meaning} (${unit})`);

export const anyNumber = (unit: string, meaning?: string) =>
  numberField(`a finite number (${unit})`, described(unit, meaning), {});
export const atLeastZero = (unit: string, meaning?: string) =>
  numberField(`a finite number >= 0 (${unit})`, described(unit, meaning), { least: 0 });
export const aboveZero = (unit: string, meaning?: string) =>
  numberField(`a finite number > 0 (${unit})`, described(unit, meaning), { above: 0 });
export const share = (meaning: string) =>
  numberField(`a number from 0 to 1 (${meaning})`, meaning, { least: 0, most: 1 });
export const wholeNumber = (least: number, unit: string, meaning?: string) =>
  numberField(`a whole number >= ${least} (${unit})`, described(unit, meaning), { least, whole: true });

export const wholeBetween = (least: number, most: number, unit: string) =>
  numberField(`a whole number from ${least} to ${most} (${unit})`, unit, { least, most, whole: true });

/** A number from `least` on, below `below` if that is given; the sentence is made of the range. */
export function numberBetween(
  range: Pick<NumberRange, 'below' | 'whole' | 'infinite'> & { readonly least: number },
  unit: string,
  meaning: string,
) {
  const { least, below, whole } = range;
  const end = below === undefined ? '' : ` and < ${below}`;
  return numberField(
    `a ${whole === true ? 'whole ' : ''}number >= ${least}${end} (${unit})`,
    described(unit, meaning),
    range,
  );
}

export const trueOrFalse = (meaning: string) =>
  withMeta(z.boolean({ error: 'true or false' }), { description: meaning });

export const text = (what: string) => withMeta(z.string({ error: `a string (${what})` }), { description: what });

export const nameField = (of: string) =>
  withMeta(
    z.custom<string>((value) => typeof value === 'string' && value.trim() !== '', {
      error: `a non-empty string, the name of ${of}`,
    }),
    { description: `Name of ${of}`, type: 'string', pattern: '\\S' },
  );

/** Exactly this text. */
export const exactly = <Text extends string>(value: Text) => z.literal(value, { error: `"${value}"` });

/** One of these texts. */
export const choice = <const Choices extends readonly string[]>(choices: Choices, description: string) =>
  withMeta(z.enum(choices, { error: `one of ${choices.map((each) => `"${each}"`).join(', ')}` }), { description });

/** Either of several kinds of value; `expected` is the sentence for all else. */
export const either = <const Kinds extends readonly z.core.SomeType[]>(expected: string, kinds: Kinds) =>
  z.union(kinds, { error: expected });

/** Distinct whole numbers from 1 on, at least one. */
export const degreeList = (what: string, meaning: string) =>
  withMeta(
    z.custom<number[]>(
      (value) =>
        Array.isArray(value) &&
        value.length > 0 &&
        value.every((degree) => Number.isSafeInteger(degree) && degree >= 1) &&
        new Set(value).size === value.length,
      { error: `a non-empty array of distinct whole numbers >= 1 (${what})` },
    ),
    {
      description: meaning,
      type: 'array',
      minItems: 1,
      uniqueItems: true,
      items: numberSchema({ least: 1, whole: true }),
    },
  );

/** A number in (0, 1]. */
export const shareAboveZero = (meaning: string) =>
  numberField(`a number > 0 and <= 1 (${meaning})`, meaning, { above: 0, most: 1 });
/** A number in [0, 1). */
export const shareBelowOne = (meaning: string) =>
  numberField(`a number >= 0 and < 1 (${meaning})`, meaning, { least: 0, below: 1 });

/** An object of numbers >= 0, one or more, by names that the file chooses. */
export const amountsByName = (what: string, unit: string) =>
  withMeta(
    z.custom<Record<string, number>>(
      (value) => {
        if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
        const amounts = Object.values(value);
        return (
          amounts.length > 0 &&
          amounts.every((amount) => typeof amount === 'number' && Number.isFinite(amount) && amount >= 0)
        );
      },
      { error: `an object of finite numbers >= 0 (${unit}) by ${what}` },
    ),
    {
      description: `By ${what} (${unit})`,
      type: 'object',
      minProperties: 1,
      additionalProperties: numberSchema({ least: 0 }),
    },
  );

/** An object with exactly these keys; `what` names it in the message when something else stands there. */
export function record<Shape extends z.core.$ZodLooseShape>(what: string, shape: Shape) {
  const known = Object.keys(shape).join(', ');
  return withMeta(
    z.strictObject(shape, {
      error: (issue) =>
        issue.code === 'unrecognized_keys' ? `no such key; known here: ${known}` : `an object: ${what}`,
    }),
    { description: what },
  );
}

/**
 * As `record`, for objects that programs hand over: nothing that hides its entries, as a Map does, or inherits them.
 */
export function plainRecord<Shape extends z.core.$ZodLooseShape>(what: string, shape: Shape) {
  const plain = z.custom<object>((value) => typeof value !== 'object' || isPlainObject(value), {
    error: `a plain object: ${what}`,
  });
  return z.pipe(plain as z.ZodMiniType<z.input<z.ZodMiniObject<Shape, z.core.$strict>>>, record(what, shape));
}

export function list<Item extends z.core.SomeType>(what: string, item: Item) {
  return z.array(item, { error: `an array of ${what}` });
}

/** As `list`, with one entry or more; `one` names an entry. */
export function listOfSome<Item extends z.core.SomeType>(what: string, one: string, item: Item) {
  return list(what, item).check(z.minLength(1, { error: `at least one ${one}` }));
}

/** Range of the numbers inside a tensor, with the sentence for a wrong one. */
export interface EntryRange {
  readonly expected: string;
  readonly unit: string;
  readonly least: number;
  /** Entries must stay below this. */
  readonly below: number;
}

export const anyFromZero = (unit: string): EntryRange => ({
  expected: `a finite number >= 0 (${unit})`,
  unit,
  least: 0,
  below: Infinity,
});
export const fromZeroBelowOne: EntryRange = {
  expected: 'a number >= 0 and < 1 (fraction)',
  unit: 'fraction',
  least: 0,
  below: 1,
};

/**
 * Arrays of numbers nested as `shape` says (`I x J x K`). Only that it is an array is checked here: lengths and entries
 * are checked by plain loops (`tensorShape.ts`), since a schema for each number would cost seconds on large instances.
 */
export function nestedNumbers(shape: string, { unit, least, below }: EntryRange) {
  const entry: object = numberSchema({ least, ...(below < Infinity && { below }) });
  const schema = shape.split(' x ').reduce((items) => ({ type: 'array', items }), entry);
  return withMeta(z.custom<unknown[]>(Array.isArray, { error: `nested arrays of numbers, ${shape} (${unit})` }), {
    description: `${shape} (${unit})`,
    ...schema,
  });
}
