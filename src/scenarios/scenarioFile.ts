/**
 * Reading of `rolla-scenarios/1`: a stream of chains, each the scenarios that start from one another, in consecutive
 * lines. No more than one chain and the identities of all scenarios are held, so that memory does not grow with the
 * size of scenarios.
 */
import { createReadStream } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { findFactor } from '../analysis/factors.ts';
import type { ScenarioOptions, ScenarioPatch } from '../analysis/scenario.ts';
import { InputError, type InputIssue, mostFaults, refuse, showValue } from '../input/inputError.ts';
import { argumentIssues, checkedOptions, functionRule, rule } from '../input/optionRules.ts';
import { fingerprintOf } from '../model/fingerprint.ts';
import type { Instance } from '../model/instance.ts';
import { parseJson } from '../model/jsonText.ts';
import { toInputIssues } from '../model/schemaIssues.ts';
import { validateInstance } from '../model/validateInstance.ts';
import { version } from '../version.ts';
import { pathRule } from './argumentRules.ts';
import { scenarioId } from './scenarioIdentity.ts';
import { scenarioFormat, scenarioHeadSchema, scenarioSchema } from './scenarioSchema.ts';

/** A scenario as it is solved. */
export interface FileScenario {
  readonly id: string;
  readonly name: string | null;
  readonly instance: Instance;
  readonly patch: ScenarioPatch;
  readonly options: ScenarioOptions;
}

/** Scenarios of which each starts from the plan of the one before it: the unit of work. */
export interface ScenarioChain {
  /** From 0, in the order of the file. */
  readonly index: number;
  readonly scenarios: readonly FileScenario[];
}

export interface ScenarioHead {
  readonly title: string | null;
}

/** Reads the instance of a path; rejects with an error that names it. */
export type InstanceReader = (path: string) => Promise<Instance>;

/** Instances by path that are kept; beyond them the one that was read first goes. */
const keptInstances = 16;

interface KnownInstance {
  readonly instance: Instance;
  readonly fingerprint: string;
}

const readRules = { faults: rule('a list', Array.isArray), onHead: functionRule };

function readingIssues(path: string, readInstance: InstanceReader): InputIssue[] {
  return argumentIssues([
    ['path', path, pathRule],
    ['readInstance', readInstance, functionRule],
  ]);
}

/**
 * The chains of a file. Rejects with InputError that names path and line: at the first fault, or with `faults` after
 * all of them have been put there (the scenarios with faults are left out).
 */
export async function* readScenarioChains(
  path: string,
  readInstance: InstanceReader,
  options: { readonly faults?: InputIssue[]; readonly onHead?: (head: ScenarioHead) => void } = {},
): AsyncGenerator<ScenarioChain, void> {
  refuse([...readingIssues(path, readInstance), ...checkedOptions(options, readRules).issues]);
  const { faults, onHead } = options;
  const instances = knownInstances(dirname(path), readInstance);
  const lineOf = new Map<string, number>();
  let head: { readonly instance?: string | Record<string, unknown> } | null = null;
  let chain: FileScenario[] = [];
  let index = 0;
  /** The scenario of the line before; null behind a fault. */
  let before: FileScenario | null = null;
  for await (const [number, text] of linesOf(path)) {
    const at = `${path}, line ${number}`;
    try {
      const data = jsonOf(at, text);
      if (head === null) {
        head = headOf(at, data);
        onHead?.({ title: (head as ScenarioHead).title ?? null });
        continue;
      }
      const parsed = scenarioSchema.safeParse(data);
      if (!parsed.success) throw atPlace(at, toInputIssues(parsed.error, data));
      const { id: given, name, instance: own, after, patch = {}, options = {} } = parsed.data;
      if (after !== undefined && (before === null || (after !== 'previous' && after !== before.id)))
        refuse([{ path: `${at}: after`, value: showValue(after), expected: 'the scenario in the line before' }]);
      const known = await instances(at, own ?? head.instance);
      const sound = patch as ScenarioPatch;
      factorIssues(at, sound);
      const id = scenarioId(
        known.fingerprint,
        sound,
        options as ScenarioOptions,
        after === undefined ? null : before!.id,
      );
      const twin = lineOf.get(id) ?? (given === undefined ? undefined : lineOf.get(given));
      if (given !== undefined && given !== id) {
        const found = `${showValue(given)}${twin === undefined ? '' : `, which line ${twin} has with other content`}`;
        refuse([{ path: `${at}: id`, value: found, expected: `"${id}", that of this content under rolla ${version}` }]);
      }
      if (twin !== undefined)
        refuse([{ path: at, value: `the scenario of line ${twin} again`, expected: 'each scenario once' }]);
      lineOf.set(id, number);
      const scenario: FileScenario = {
        id,
        name: name ?? null,
        instance: known.instance,
        patch: sound,
        options: options as ScenarioOptions,
      };
      if (after === undefined && chain.length > 0) {
        yield { index: index++, scenarios: chain };
        chain = [];
      }
      chain.push(scenario);
      before = scenario;
    } catch (error) {
      if (faults === undefined || head === null || !(error instanceof InputError)) throw error;
      before = null;
      faults.push(...error.issues);
      if (faults.length >= mostFaults) return;
    }
  }
  if (head === null) refuse([{ path, value: 'an empty file', expected: `the head of a ${scenarioFormat}` }]);
  if (chain.length > 0) yield { index, scenarios: chain };
}

/** What a file holds, all of it read once. Rejects with InputError naming all faults, before any work. */
export async function surveyScenarios(
  path: string,
  readInstance: InstanceReader,
  isWanted: (chain: ScenarioChain) => boolean = () => true,
): Promise<ScenarioHead & { readonly scenarios: number }> {
  refuse([...readingIssues(path, readInstance), ...argumentIssues([['isWanted', isWanted, functionRule]])]);
  const faults: InputIssue[] = [];
  let head: ScenarioHead = { title: null };
  let scenarios = 0;
  const chains = readScenarioChains(path, readInstance, { faults, onHead: (found) => (head = found) });
  for await (const chain of chains) if (isWanted(chain)) scenarios += chain.scenarios.length;
  refuse(faults);
  return { ...head, scenarios };
}

/** Lines that hold something, numbered from 1. */
async function* linesOf(path: string): AsyncGenerator<readonly [number, string]> {
  const stream = createReadStream(path, 'utf8');
  // Thrown where the lines are read, not at whoever happens to listen.
  const opened = new Promise<void>((done, fail) => stream.once('open', () => done()).once('error', fail));
  try {
    await opened;
    let number = 0;
    for await (const text of createInterface({ input: stream, crlfDelay: Infinity })) {
      number++;
      if (text.trim() !== '') yield [number, text];
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new InputError([{ path, value: code === 'ENOENT' ? 'nothing' : code, expected: 'a readable file' }]);
  } finally {
    stream.destroy();
  }
}

function jsonOf(at: string, text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    throw error instanceof InputError ? atPlace(at, error.issues) : error;
  }
}

function atPlace(at: string, issues: readonly InputIssue[]): InputError {
  const placed = issues.map((issue) => ({ ...issue, path: issue.path === '' ? at : `${at}: ${issue.path}` }));
  return new InputError(placed as [InputIssue, ...InputIssue[]]);
}

function headOf(at: string, data: unknown): { readonly instance?: string | Record<string, unknown> } {
  const parsed = scenarioHeadSchema.safeParse(data);
  if (!parsed.success) throw atPlace(at, toInputIssues(parsed.error, data));
  if (parsed.data.version !== undefined && parsed.data.version !== version)
    refuse([{ path: `${at}: version`, value: showValue(parsed.data.version), expected: `"${version}", this one` }]);
  return parsed.data as ReturnType<typeof headOf>;
}

function factorIssues(at: string, { factors = [] }: ScenarioPatch): void {
  const issues: InputIssue[] = [];
  const seen = new Set<string>();
  factors.forEach(([name, value], f) => {
    const path = `${at}: patch.factors[${f}]`;
    try {
      const factor = findFactor(name);
      if (!factor.accepts(value)) issues.push({ path, value: showValue(value), expected: factor.expected });
      if (seen.has(name)) issues.push({ path, value: `${name} again`, expected: 'each factor once' });
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      issues.push({ path, value: error.value, expected: error.expected });
    }
    seen.add(name);
  });
  refuse(issues);
}

/** Gives instances by path or as they stand in a line; those by path are read once. */
function knownInstances(folder: string, readInstance: InstanceReader) {
  const byPath = new Map<string, KnownInstance>();
  const byData = new WeakMap<object, KnownInstance>();
  const known = (instance: Instance): KnownInstance => ({ instance, fingerprint: fingerprintOf(instance) });
  return async (at: string, source: string | Record<string, unknown> | undefined): Promise<KnownInstance> => {
    if (source === undefined)
      throw new InputError([{ path: `${at}: instance`, value: 'missing', expected: 'one here or in the head' }]);
    if (typeof source !== 'string') {
      let found = byData.get(source);
      if (found === undefined) {
        try {
          found = known(validateInstance(source));
        } catch (error) {
          throw error instanceof InputError ? atPlace(`${at}: instance`, error.issues) : error;
        }
        byData.set(source, found);
      }
      return found;
    }
    const path = resolve(folder, source);
    let found = byPath.get(path);
    if (found === undefined) {
      try {
        found = known(await readInstance(path));
      } catch (error) {
        const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
        const value = `${showValue(source)} (${reason})`;
        throw new InputError([{ path: `${at}: instance`, value, expected: 'an instance or fleet that can be read' }]);
      }
      if (byPath.size >= keptInstances) byPath.delete(byPath.keys().next().value!);
      byPath.set(path, found);
    }
    return found;
  };
}
