/**
 * Files that are dropped or chosen: fleets and instances as they are, plans and results as the pinned plan, everything
 * else through the importers. What an importer needs and the files do not have is asked for.
 */
import type { ImportFormat } from '../../src/exchange/import/importFleet.ts';
import type { ImportOptions, SourceFile } from '../../src/exchange/import/importLedger.ts';
import { InputError, type InputIssue } from '../../src/input/inputError.ts';
import type { Plan } from '../../src/model/instance.ts';
import { parseJson } from '../../src/model/jsonText.ts';
import { asRecord, type LooseRecord } from '../../src/model/looseData.ts';
import { parsePlan } from '../../src/model/validatePlan.ts';

/** A plan that others are compared with. */
export interface PinnedPlan {
  readonly name: string;
  readonly plan: Plan;
  /** Null where only the plan is known. */
  readonly cost: number | null;
}

/** What files turned out to be. */
export type Opened =
  | { readonly kind: 'problem'; readonly data: LooseRecord; readonly lines: readonly string[] }
  | { readonly kind: 'plan'; readonly pinned: PinnedPlan }
  | { readonly kind: 'needs'; readonly request: ImportRequest };

/** An import that lacks something. */
export interface ImportRequest {
  readonly format: ImportFormat;
  readonly files: readonly SourceFile[];
  readonly options: ImportOptions;
  /** What it lacks, or what is wrong. */
  readonly issues: readonly InputIssue[];
}

/** Rejects with InputError where the files are nothing that is known. */
export async function openFiles(files: readonly SourceFile[]): Promise<Opened> {
  const [only] = files;
  if (files.length === 1 && only !== undefined) {
    const data = await dataOf(only);
    const format = typeof data?.format === 'string' ? data.format : '';
    if (data !== null && /^rolla-(fleet|instance)\//.test(format)) {
      return { kind: 'problem', data, lines: [`Opened ${only.name}.`] };
    }
    if (data !== null && /^rolla-(plan|result)\//.test(format))
      return { kind: 'plan', pinned: planOf(only.name, data) };
  }
  const { importFormatOf } = await import('../../src/exchange/import/importFleet.ts');
  return importAs({ format: await importFormatOf(files), files, options: {}, issues: [] });
}

/** The fleet of an import; asked for again where something is missing. */
export async function importAs({ format, files, options }: ImportRequest): Promise<Opened> {
  const { importFleet } = await import('../../src/exchange/import/importFleet.ts');
  try {
    const { fleet, read, leftOut, warnings } = await importFleet(format, files, { ...options, askedBy: 'field' });
    const lines = [
      `Imported from ${format}: ${read.join('; ')}.`,
      ...leftOut.map((line) => `Left out: ${line}.`),
      ...warnings.map((line) => `Look at ${line}`),
    ];
    return { kind: 'problem', data: fleet as unknown as LooseRecord, lines };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { kind: 'needs', request: { format, files, options, issues: error.issues } };
  }
}

/** JSON or YAML; null for a table. */
async function dataOf({ name, text }: SourceFile): Promise<LooseRecord | null> {
  if (/^\uFEFF?\s*[{[]/.test(text)) return asRecord(parseLenient(text));
  if (/\.csv$/i.test(name)) return null;
  const { parseYaml } = await import('../../src/exchange/yamlText.ts');
  return asRecord(parseYaml(text));
}

/** Files of Python programs have NaN in them, which the importers read; a file of ours has none. */
function parseLenient(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    if (/\b(NaN|Infinity)\b/.test(text)) return {};
    throw error;
  }
}

function planOf(name: string, data: LooseRecord): PinnedPlan {
  const plan = parsePlan('plan' in data ? data.plan : data);
  const cost = Number(asRecord(data.cost).total ?? Number.NaN);
  return { name, plan, cost: Number.isFinite(cost) ? cost : null };
}

/** What a person is asked for: prices and rates by name. */
export interface AskedValue {
  readonly kind: 'prices' | 'rates' | 'available';
  readonly name: string;
}

export function askedOf(issues: readonly InputIssue[]): AskedValue[] {
  return issues.flatMap(({ path }) => {
    const match = /^(prices|rates|available)(?:\.([\w$]+)|\[("(?:[^"\\]|\\.)*")\])$/.exec(path);
    if (match === null) return [];
    const [, kind, plain, quoted] = match;
    return [{ kind: kind as AskedValue['kind'], name: plain ?? (JSON.parse(quoted!) as string) }];
  });
}
