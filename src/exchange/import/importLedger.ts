/**
 * What an import is asked for, what it gives, and its book: what was read, what was left out and why, what looks wrong,
 * and every fault, so that all of them are told together.
 */
import { catalogueGpus } from '../../generator/catalogue/gpus.ts';
import type { Fleet, FleetGpu } from '../../generator/fleet/fleetSchema.ts';
import { type Quantity, readQuantity } from '../../generator/fleet/units.ts';
import { type InputIssue, pathText, refuse, showValue } from '../../input/inputError.ts';

/** A file that was given, and its name for messages. */
export interface SourceFile {
  readonly name: string;
  readonly text: string;
}

export interface ImportOptions {
  /** $ per GPU-hour by the name of a GPU: where the format has none, or instead of what it has. */
  readonly prices?: Readonly<Record<string, Quantity>>;
  /** Queries per hour by the name of a query type: where the format has no traffic. */
  readonly rates?: Readonly<Record<string, Quantity>>;
  /** GPUs that can be had, by the name of a GPU. */
  readonly available?: Readonly<Record<string, number>>;
  /** Limits of every query type, ms. */
  readonly limits?: { readonly ttft?: Quantity; readonly tpot?: Quantity; readonly latency?: Quantity };
  /** How long GPUs are rented. Default 1 h: costs are $ per hour then. */
  readonly period?: Quantity;
  /** Largest share of the time that a replica may be busy. Default: what the format means, else 0.8. */
  readonly utilization?: Quantity;
  /** Whether sentences about what is missing name the flags of `rolla import` (default) or the fields of a form. */
  readonly askedBy?: 'flag' | 'field';
}

/** A fleet to look through and to edit, with what a person must know of it. */
export interface ImportedFleet {
  readonly fleet: Fleet;
  /** Sentences. */
  readonly read: readonly string[];
  readonly leftOut: readonly string[];
  /** What looks like a slip, most of all of units. */
  readonly warnings: readonly string[];
}

/** A range outside of which a number is probably of another unit. */
export interface UsualRange {
  readonly least: number;
  readonly most: number;
  /** `$ per hour`, and what it may be instead. */
  readonly unit: string;
}

/** From the cheapest cards to racks. */
export const usualPrice: UsualRange = { least: 0.05, most: 500, unit: '$ per hour' };
/** Requests per second of one replica. */
export const usualThroughput: UsualRange = { least: 1e-4, most: 1e4, unit: 'requests per second' };

export class ImportLedger {
  readonly options: ImportOptions;
  readonly read: string[] = [];
  readonly leftOut: string[] = [];
  readonly warnings: string[] = [];
  readonly #issues: InputIssue[] = [];
  readonly #usedNames = { prices: new Set<string>(), rates: new Set<string>(), available: new Set<string>() };

  constructor(options: ImportOptions) {
    this.options = options;
  }

  fault(path: string, value: unknown, expected: string): void {
    this.#issues.push({ path, value: showValue(value), expected });
  }

  /** A number at a place; NaN, and a fault, where there is none that fits. */
  number(
    value: unknown,
    path: readonly PropertyKey[] | string,
    unit: string,
    { above = Number.NEGATIVE_INFINITY, least = 0, fallback = undefined as number | undefined } = {},
  ): number {
    if (value === undefined && fallback !== undefined) return fallback;
    const isText = typeof value === 'string' && value.trim() !== '';
    const read = isText ? Number(value) : value;
    if (typeof read === 'number' && Number.isFinite(read) && read >= least && read > above) return read;
    const range = above >= least ? `> ${above}` : `>= ${least}`;
    this.fault(typeof path === 'string' ? path : pathText(path), value, `a number ${range} (${unit})`);
    return Number.NaN;
  }

  /** Warns of a value that no such thing has in its unit. */
  unusual(value: number, path: readonly PropertyKey[] | string, { least, most, unit }: UsualRange): void {
    if (!(value > 0) || (value >= least && value <= most)) return;
    const where = typeof path === 'string' ? path : pathText(path);
    this.warnings.push(`${where}: ${value} is far from what ${unit} usually is: is it of another unit?`);
  }

  /** The price that the caller gives for a GPU; undefined without one. */
  ownPrice(gpu: string): Quantity | undefined {
    return this.#own('prices', gpu);
  }

  ownRate(queryType: string): Quantity | undefined {
    return this.#own('rates', queryType);
  }

  available(gpu: string): number | undefined {
    return this.#own('available', gpu);
  }

  #own<Kind extends 'prices' | 'rates' | 'available'>(kind: Kind, name: string) {
    const named = this.options[kind] as Readonly<Record<string, NonNullable<ImportOptions[Kind]>[string]>> | undefined;
    if (named === undefined || !Object.hasOwn(named, name)) return undefined;
    this.#usedNames[kind].add(name);
    return named[name];
  }

  /** A price that must be given, since the format has none. */
  neededPrice(gpu: string): Quantity {
    const price = this.ownPrice(gpu);
    if (price === undefined) {
      this.fault(
        pathText(['prices', gpu]),
        undefined,
        `the price of a ${gpu} in $/h, such as ${this.asking('price', gpu, '3.2')}`,
      );
    }
    return price ?? Number.NaN;
  }

  /** How a value is given for a name. */
  asking(what: 'price' | 'rate', name: string, value: string): string {
    return this.#isForm ? `"${name}: ${value}"` : `--${what} ${name}=${value}`;
  }

  /** A remark that only who writes a command line can follow; what a form has instead. */
  byFlags(flags: string, form = ''): string {
    return this.#isForm ? form : flags;
  }

  get #isForm(): boolean {
    return this.options.askedBy === 'field';
  }

  /** A GPU of one precision or of none: what the catalogue knows of it stands behind what is given. */
  gpu(name: string, price: Quantity, known: Partial<FleetGpu> = {}): FleetGpu {
    const entry = catalogueGpuNamed(name);
    const available = this.available(name);
    if (known.memory === undefined && entry === undefined) {
      this.leftOut.push(`memory of ${name}: not known here; 1 GB stands there, and weights of 0, which limit nothing`);
    }
    return {
      name,
      ...(known.memory === undefined && (entry === undefined ? { memory: '1 GB' } : { catalogue: entry.id })),
      price,
      ...(available === undefined ? {} : { available }),
      ...known,
    };
  }

  /** Limits for a query type, whose names the fleet has too. */
  queryLimits(): { ttft?: Quantity; tpot?: Quantity; latency?: Quantity } {
    return { ...this.options.limits };
  }

  /** A limit in ms; infinite without one. */
  limit(name: 'ttft' | 'tpot' | 'latency'): number {
    const limit = this.options.limits?.[name];
    return limit === undefined ? Number.POSITIVE_INFINITY : (readQuantity(limit, 'milliseconds') ?? Number.NaN);
  }

  /** Throws InputError with every fault, also of names among the options that nothing has. */
  close(known: { readonly gpus: readonly string[]; readonly queryTypes: readonly string[] }): void {
    const names = { prices: known.gpus, available: known.gpus, rates: known.queryTypes };
    for (const kind of ['prices', 'available', 'rates'] as const) {
      for (const name of Object.keys(this.options[kind] ?? {})) {
        if (this.#usedNames[kind].has(name)) continue;
        const what = kind === 'rates' ? 'query type' : 'GPU';
        this.fault(pathText([kind, name]), this.options[kind]?.[name], `the name of a ${what}: ${someOf(names[kind])}`);
      }
    }
    refuse(this.#issues);
  }
}

/** The first names of a long list. */
export function someOf(names: readonly string[], most = 12): string {
  if (names.length <= most) return names.join(', ');
  return `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
}

/** The one card of the catalogue whose id is, or begins with, the name. */
function catalogueGpuNamed(name: string) {
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '');
  const exact = catalogueGpus.find(({ id }) => plain(id) === plain(name));
  const alike = catalogueGpus.filter(({ id }) => plain(id).startsWith(plain(name)));
  return exact ?? (alike.length === 1 ? alike[0] : undefined);
}
