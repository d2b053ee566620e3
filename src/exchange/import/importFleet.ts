/**
 * From files of other planners and profilers, or tables of one's own, to a `rolla-fleet/1`. A file of another format is
 * refused by its name.
 */
import { compileFleet } from '../../generator/fleet/compileFleet.ts';
import type { Fleet } from '../../generator/fleet/fleetSchema.ts';
import { validateFleet } from '../../generator/fleet/validateFleet.ts';
import { InputError, type InputIssue, refuse, showValue } from '../../input/inputError.ts';
import { checkedOptions, isPlainObject, type OptionRule, rule } from '../../input/optionRules.ts';
import { parseJson } from '../../model/jsonText.ts';
import { asRecord, type LooseRecord } from '../../model/looseData.ts';
import { type CsvTable, readCsv } from '../csvText.ts';
import { importAibrix, isAibrixProfile } from './aibrix.ts';
import { importAiConfigurator, isSweep, isSystem } from './aiConfigurator.ts';
import { type ImportedFleet, ImportLedger, type ImportOptions, type SourceFile } from './importLedger.ts';
import { importInferno, isInferno } from './inferno.ts';
import { importMelange } from './melange.ts';
import { importOwnTables } from './ownTables.ts';

export const importFormats = ['melange', 'aibrix', 'inferno', 'aiconfigurator', 'tables'] as const;
export type ImportFormat = (typeof importFormats)[number];

type ReadFile =
  | { readonly name: string; readonly kind: 'data'; readonly data: LooseRecord }
  | { readonly name: string; readonly kind: 'table'; readonly table: CsvTable };

const isFile = (file: unknown) => isPlainObject(file) && typeof file.name === 'string' && typeof file.text === 'string';

const byName = rule('an object of values by name', isPlainObject);
const quantity = rule(
  'a number, or a text with its unit',
  (value) => typeof value === 'number' || typeof value === 'string',
);
/** Kinds alone: what a value means is said with its name where it is read. */
const importRules: { readonly [Name in keyof ImportOptions]-?: OptionRule } = {
  prices: byName,
  rates: byName,
  available: byName,
  limits: byName,
  period: quantity,
  utilization: quantity,
  askedBy: rule('"flag" or "field"', (value) => value === 'flag' || value === 'field'),
};

/**
 * A fleet from the files of one format, validated. Rejects with InputError, which has every fault: in the files, in
 * what is missing of prices, rates and limits, in names among the options that nothing has.
 */
export async function importFleet(
  format: ImportFormat,
  files: readonly SourceFile[],
  options: ImportOptions = {},
): Promise<ImportedFleet> {
  const issues: InputIssue[] = [];
  if (!importFormats.includes(format))
    issues.push({ path: 'format', value: showValue(format), expected: `one of ${importFormats.join(', ')}` });
  if (!Array.isArray(files) || !files.every(isFile))
    issues.push({ path: 'files', value: showValue(files), expected: 'an array of files: name and text' });
  issues.push(...checkedOptions(options, importRules).issues);
  refuse(issues);
  const read = await readFiles(files);
  refuseForeign(read, format);
  const ledger = new ImportLedger(options);
  const { fleet, origins } = fleetOf(format, read, ledger);
  ledger.close({ gpus: namesOf(fleet.gpus), queryTypes: namesOf(fleet.queryTypes) });
  try {
    compileFleet(validateFleet(fleet));
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const [first, ...rest] = error.issues.map((issue) => inWordsOfTheTables(issue, origins));
    throw new InputError([first, ...rest]);
  }
  const { read: sentences, leftOut, warnings } = ledger;
  return { fleet, read: sentences, leftOut, warnings };
}

/** The format that files give away; tables of one's own where they give nothing away. Rejects with InputError. */
export async function importFormatOf(files: readonly SourceFile[]): Promise<ImportFormat> {
  const read = await readFiles(files);
  for (const file of read) {
    const found = foundFormat(file);
    if (found !== null && found !== 'rolla') return found;
  }
  const isSystem = read.length > 0 && read.every((file) => file.kind === 'data' && isSection(file.data));
  return isSystem && !read.some((file) => file.kind === 'data' && 'gpus' in file.data) ? 'inferno' : 'tables';
}

const namesOf = (entries: readonly { readonly name: string }[] = []) => entries.map(({ name }) => name);

function fleetOf(
  format: ImportFormat,
  files: readonly ReadFile[],
  ledger: ImportLedger,
): { readonly fleet: Fleet; readonly origins: ReadonlyMap<string, string> } {
  const documents = files.flatMap((file) => (file.kind === 'data' ? [file] : []));
  const tables = files.flatMap((file) => (file.kind === 'table' ? [file] : []));
  const origins = new Map<string, string>();
  if (format === 'tables') return importOwnTables({ csv: tables, yaml: documents }, ledger);
  if (format === 'aiconfigurator') {
    const systems = documents.map(({ name, data }) => ({ name: stemOf(name), data }));
    return { fleet: importAiConfigurator({ sweeps: tables, systems }, ledger), origins };
  }
  if (format === 'aibrix') return { fleet: importAibrix(documents, ledger), origins };
  const data = documents.map((document) => document.data);
  if (format === 'inferno') return { fleet: importInferno(data, ledger), origins };
  if (data.length > 1) ledger.fault('', `${data.length} files`, 'one file of Mélange');
  return { fleet: importMelange(data[0], ledger), origins };
}

const stemOf = (file: string) => file.replace(/^.*[\\/]/, '').replace(/\.ya?ml$/i, '');

/** All files, whatever they are; their faults together, each with the name of its file. */
async function readFiles(files: readonly SourceFile[]): Promise<ReadFile[]> {
  const issues: InputIssue[] = [];
  const read: ReadFile[] = [];
  if (files.length === 0) issues.push({ path: '', value: 'no file', expected: 'one file or more' });
  for (const file of files) {
    try {
      read.push(await readFile(file));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      const named = (issue: InputIssue) => ({
        ...issue,
        path: issue.path === '' ? file.name : `${file.name}: ${issue.path}`,
      });
      issues.push(...error.issues.map(named));
    }
  }
  const [first, ...rest] = issues;
  if (first !== undefined) throw new InputError([first, ...rest]);
  return read;
}

/** JSON by its first brace, CSV by its name or a header with separators, else YAML. */
async function readFile({ name, text }: SourceFile): Promise<ReadFile> {
  const asData = (data: unknown): ReadFile => {
    if (typeof data === 'object' && data !== null && !Array.isArray(data)) {
      return { name, kind: 'data', data: asRecord(data) };
    }
    throw new InputError([{ path: '', value: showValue(data), expected: 'an object (JSON or YAML), or a CSV' }]);
  };
  if (/^\uFEFF?\s*[{[]/.test(text)) return asData(parseJson(withoutNaN(text)));
  const [firstLine] = text.split('\n', 1);
  const isCsv = /\.csv$/i.test(name) || (!/\.(ya?ml|json)$/i.test(name) && /^[^#:]*[,;\t][^:]*$/.test(firstLine));
  if (isCsv) return { name, kind: 'table', table: await readCsv(text) };
  const { parseYaml } = await import('../yamlText.ts');
  return asData(parseYaml(text));
}

/** NaN and Infinity, which Python writes and JSON does not have, as null, outside of strings. */
function withoutNaN(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g, (token) => (token.startsWith('"') ? token : 'null'));
}

/** What a file is, in the words of the command that reads it. */
function foundFormat(file: ReadFile): ImportFormat | 'rolla' | null {
  if (file.kind === 'table') return isSweep(file.table.columns) ? 'aiconfigurator' : null;
  const { data } = file;
  if (typeof data.format === 'string' && data.format.startsWith('rolla-')) return 'rolla';
  if ('gpu_info' in data) return 'melange';
  if (isAibrixProfile(data)) return 'aibrix';
  if (isSystem(data)) return 'aiconfigurator';
  if (isInferno(data)) return 'inferno';
  return null;
}

const titles: Readonly<Record<ImportFormat, string>> = {
  melange: "a JSON of Mélange ('gpu_info', 'workload_distribution')",
  aibrix: "a profile of AIBrix ('gpu', 'tputs', 'indexes')",
  inferno: "a system document of inferno or llm-d ('accelerators', 'servers', ...)",
  aiconfigurator: "a sweep of AIConfigurator as CSV ('isl', 'osl', 'seq/s', ...), or a system's YAML",
  tables: 'tables with the field names of a fleet',
};

function refuseForeign(files: readonly ReadFile[], format: ImportFormat): void {
  const issues = files.flatMap((file): InputIssue[] => {
    const found = foundFormat(file);
    if (found === format) return [];
    // What nothing gives away may be a section of a system document, or a table of one's own.
    const isOwnData = file.kind === 'data' && (found === null || (found === 'rolla' && isFleet(file.data)));
    if (format === 'tables' && (isOwnData || (file.kind === 'table' && found === null))) return [];
    if (format === 'inferno' && file.kind === 'data' && found === null && isSection(file.data)) return [];
    const ofRolla = file.kind === 'data' ? String(file.data.format) : '';
    const what =
      found === 'rolla'
        ? `a ${ofRolla}${takenAsTheyAre.includes(ofRolla) ? ', which every command takes as it is' : ''}`
        : found === null
          ? file.kind === 'table'
            ? `a table with columns ${file.table.columns.slice(0, 6).join(', ')}`
            : `an object with keys ${Object.keys(file.data).slice(0, 6).join(', ')}`
          : `${titles[found]} (rolla import ${found})`;
    return [{ path: file.name, value: what, expected: titles[format] }];
  });
  const [first, ...rest] = issues;
  if (first !== undefined) throw new InputError([first, ...rest]);
}

/** Of other versions and kinds the name says it all. */
const takenAsTheyAre = ['rolla-instance/1', 'rolla-fleet/1'];

const isFleet = ({ format }: LooseRecord) => format === 'rolla-fleet/1';
const isSection = (data: LooseRecord) =>
  Object.keys(data).some((key) => /^(models|optimizer|count|.*data)$/i.test(key));

/** A path of the fleet as file and line of the table that it came from. */
function inWordsOfTheTables(issue: InputIssue, origins: ReadonlyMap<string, string>): InputIssue {
  let longest = '';
  for (const prefix of origins.keys()) {
    if (issue.path.startsWith(prefix) && prefix.length > longest.length) longest = prefix;
  }
  if (longest === '') return issue;
  const rest = issue.path.slice(longest.length).replace(/^\./, '');
  return { ...issue, path: `${origins.get(longest)}${rest === '' ? '' : `, ${rest}`}` };
}
