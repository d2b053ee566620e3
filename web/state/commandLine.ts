/** The command that gives the same result as the page. */
import { kebabCase } from '../../src/model/kebabCase.ts';
import { optionTable } from '../../src/planner/optionTable.ts';
import type { SolveOptions } from '../../src/planner/solveOptions.ts';

/** `rolla solve fleet.json --preset paper -o result.json`; only options that are flags. */
export function commandLine(file: string, options: SolveOptions): string {
  const flags = Object.entries(options).flatMap(([name, value]) => {
    const isFlag = Object.hasOwn(optionTable, name) && optionTable[name as keyof SolveOptions].argument !== null;
    if (!isFlag || (typeof value !== 'string' && typeof value !== 'number')) return [];
    const text = String(value);
    const word = /^[\w.+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
    return [`--${kebabCase(name)} ${word}`];
  });
  return ['npx rolla solve', file, ...flags, '-o result.json'].join(' ');
}
