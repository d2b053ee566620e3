/**
 * Quantities of a fleet file: a number in the unit of the instance, or text of a number with a unit, such as `24 h`,
 * `12 /s` or `65.5 kB`. A unit that does not fit the kind of quantity is refused, never guessed.
 */

/** A number in the kind's own unit, or a text of a number and a unit. */
export type Quantity = number | string;

interface QuantityKind {
  /** What it is, in a sentence that says what was expected. */
  readonly what: string;
  /** The unit of a plain number: the one that the instance has. */
  readonly plain: string;
  /** Value of each unit in the plain one. */
  readonly units: Readonly<Record<string, number>>;
}

const sizes = {
  B: 1e-9,
  kB: 1e-6,
  MB: 1e-3,
  GB: 1,
  TB: 1e3,
  KiB: 2 ** 10 / 1e9,
  MiB: 2 ** 20 / 1e9,
  GiB: 2 ** 30 / 1e9,
  TiB: 2 ** 40 / 1e9,
};

/** Hours of a month in price lists: 365 days over 12. */
const hoursPerMonth = 730;

export const quantityKinds = {
  hours: { what: 'a time', plain: 'h', units: { h: 1, min: 1 / 60, s: 1 / 3600, d: 24 } },
  milliseconds: { what: 'a time', plain: 'ms', units: { ms: 1, s: 1000, min: 60_000, us: 1e-3 } },
  seconds: { what: 'a time', plain: 's', units: { s: 1, ms: 1e-3, us: 1e-6 } },
  rate: { what: 'a rate', plain: '/h', units: { '/h': 1, '/min': 60, '/s': 3600, '/d': 1 / 24 } },
  size: { what: 'a size', plain: 'GB', units: sizes },
  money: { what: 'an amount', plain: '$', units: { $: 1 } },
  hourlyPrice: { what: 'a price', plain: '$/h', units: { '$/h': 1, '$/d': 1 / 24, '$/month': 1 / hoursPerMonth } },
  storagePrice: { what: 'a price', plain: '$/GB/h', units: { '$/GB/h': 1, '$/GB/month': 1 / hoursPerMonth } },
  delayPrice: { what: 'a price of waiting', plain: '$/ms', units: { '$/ms': 1, '$/s': 1e-3 } },
  tokenRate: { what: 'a rate of tokens', plain: 'tokens/s', units: { 'tokens/s': 1 } },
  share: { what: 'a share', plain: 'of 1', units: { '%': 0.01 } },
} as const satisfies Readonly<Record<string, QuantityKind>>;

export type QuantityName = keyof typeof quantityKinds;

const pattern = /^(\$?)\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(\D.*)?$/;

/** As a pattern of JSON schema: a number >= 0, with one of the kind's units or none; a dollar may come first. */
export function quantityPattern(kind: QuantityName): string {
  const number = '\\+?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?';
  const units = Object.keys(quantityKinds[kind].units).map((unit) => unit.replaceAll('$', '\\$'));
  const behindDollar = units.filter((unit) => unit.startsWith('\\$')).map((unit) => unit.slice('\\$'.length));
  const dollarFirst = behindDollar.length === 0 ? '' : `|\\$\\s*${number}(${behindDollar.join('|')})`;
  return `^\\s*(${number}(\\s*(${units.join('|')}))?${dollarFirst})\\s*$`;
}

/** The value in the kind's plain unit; null where it is no number with a unit that fits. */
export function readQuantity(value: unknown, kind: QuantityName): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'string') return null;
  const match = pattern.exec(value.trim());
  if (match === null) return null;
  const [, dollar, digits, rest = ''] = match;
  // "$2.49/h" is "2.49 $/h".
  const unit = dollar + rest;
  const units: Readonly<Record<string, number>> = quantityKinds[kind].units;
  const factor = unit === '' ? 1 : Object.hasOwn(units, unit) ? units[unit] : null;
  if (factor === null) return null;
  // 65.5 kB is 6.55e-5 GB, not what a product of doubles makes of it.
  const size = Number((Number(digits) * factor).toPrecision(15));
  return Number.isFinite(size) ? size : null;
}

/** `a time > 0, such as 24 h (units: h, min, s, d; a plain number is in h)`. */
export function expectedQuantity(kind: QuantityName, range: string): string {
  const { what, plain, units } = quantityKinds[kind];
  return `${what} ${range} (units: ${Object.keys(units).join(', ')}; a plain number: ${plain})`;
}
