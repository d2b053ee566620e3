/**
 * Results of scenarios in a folder: one file for each, `<first two digits>/<id>.json`, written under another name and
 * renamed, so that it is there whole or not at all, however often and by however many processes a scenario is solved.
 * A checksum tells what was cut or changed afterwards; such a file is named and never overwritten.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { checkedLine, contentOf } from '../analysis/checkedLine.ts';
import type { SolvedScenario } from '../analysis/scenario.ts';
import { InputError, refuse, showValue } from '../input/inputError.ts';
import { argumentIssues, checkedOptions, switchRule } from '../input/optionRules.ts';
import { version } from '../version.ts';
import { pathRule } from './argumentRules.ts';

const resultFormat = 'rolla-scenario-result/1';

/** What a file holds. */
export interface ScenarioResult extends SolvedScenario {
  readonly format: typeof resultFormat;
  readonly id: string;
  readonly version: string;
  /** What its limits were multiplied by, as an earlier attempt did not end; 1: the limits asked for. */
  readonly limitScale: number;
}

export function scenarioResult(id: string, { row, plan }: SolvedScenario, limitScale = 1): ScenarioResult {
  return { format: resultFormat, id, version, limitScale, row, plan };
}

export interface ResultStore {
  readonly folder: string;
  /** null: there is none. Throws InputError for a file that is torn, altered, or of another scenario or version. */
  read(id: string): ScenarioResult | null;
  /** Throws InputError if it cannot be written. */
  write(result: ScenarioResult): void;
}

/**
 * The folder is made with the first result. `flush`: results are on the disk when `write` returns, so that what they
 * were taken from may be thrown away; else a power failure may cut one, which then is named and solved again.
 */
export function openResultStore(folder: string, options: { readonly flush?: boolean } = {}): ResultStore {
  refuse([...argumentIssues([['folder', folder, pathRule]]), ...checkedOptions(options, { flush: switchRule }).issues]);
  const { flush = false } = options;
  const made = new Set<string>();
  return {
    folder,
    read: (id) => readResult(resultPath(folder, id), id),
    write: (result) => {
      const path = resultPath(folder, result.id);
      const temporary = `${path}.${process.pid}.${threadId}.tmp`;
      try {
        const part = join(folder, result.id.slice(0, 2));
        if (!made.has(part)) mkdirSync(part, { recursive: true });
        made.add(part);
        writeFileSync(temporary, checkedLine('', result).text, { flush });
        renameSync(temporary, path);
      } catch (error) {
        rmSync(temporary, { force: true });
        const { code } = error as NodeJS.ErrnoException;
        throw new InputError([{ path, value: code ?? String(error), expected: 'a place to write' }]);
      }
    },
  };
}

function resultPath(folder: string, id: string): string {
  return join(folder, id.slice(0, 2), `${id}.json`);
}

function readResult(path: string, id: string): ScenarioResult | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return null;
    throw new InputError([{ path, value: code ?? String(error), expected: 'a readable file' }]);
  }
  const content = contentOf(path, text) as Partial<ScenarioResult> | null;
  const expected = 'a result as it was written (take the file away and the scenario is solved anew)';
  if (content?.format !== resultFormat || checkedLine('', content).text !== text)
    refuse([{ path, value: 'a torn or altered file', expected }]);
  if (content!.version !== version)
    refuse([{ path, value: `a result of rolla ${showValue(content!.version)}`, expected: `one of "${version}"` }]);
  if (content!.id !== id) refuse([{ path, value: `the result of ${showValue(content!.id)}`, expected }]);
  return content as ScenarioResult;
}
