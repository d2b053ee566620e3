/** `rolla solve --alternatives`: the best plans that differ in what they rent. */
import type { Instance } from '../../model/instance.ts';
import type { AlternativesOptions } from '../../planner/alternatives.ts';
import { type Alternatives, type DifferIn, waysToDiffer } from '../../planner/alternativesResult.ts';
import { markdownLayout, textLayout } from '../../report/layout.ts';
import { type ExitCode, exitCodes } from '../exitCodes.ts';
import { OutputFiles } from '../files.ts';
import type { FlagTable } from '../flags.ts';
import type { Terminal } from '../terminal.ts';
import { choiceText, countText } from '../textRules.ts';

export interface AlternativesFlags {
  readonly alternatives?: number;
  readonly differIn?: DifferIn;
  readonly json?: boolean;
  readonly markdown?: boolean;
  readonly output?: string;
  readonly quiet?: boolean;
  readonly force?: boolean;
}

/** What is of one solve alone. */
const flagsOfOneSolve = ['saveState', 'resume', 'proof', 'html', 'svg', 'tree', 'log', 'logJson'] as const;

export const alternativesFlags = {
  alternatives: {
    argument: '<n>',
    does: 'the n best plans of which each does without something that each better one rents (each solved to its own limits)',
    value: countText(1, 'plans', 1000),
    excludes: Object.fromEntries(flagsOfOneSolve.map((name) => [name, true])),
  },
  differIn: {
    argument: '<what>',
    does: 'what alternatives do without: a (model, tier), a TP or pipeline degree, a tier',
    value: choiceText(waysToDiffer),
    needs: { alternatives: true },
  },
} satisfies FlagTable;

/** Solves and tells; returns the exit code. */
export async function solveAlternatives(
  instance: Instance,
  options: AlternativesOptions,
  flags: AlternativesFlags,
  terminal: Terminal,
): Promise<ExitCode> {
  const { planAlternativesAsync } = await import('../../planner/alternatives.ts');
  const found = await planAlternativesAsync(instance, {
    ...options,
    onAlternative: ({ cost }, position) => {
      if (!flags.quiet) terminal.err(`plan ${position + 1}: $ ${cost.total.toFixed(6)}\n`);
    },
  });
  for (const notice of found.notices) terminal.err(`rolla: note: ${notice}\n`);
  const { alternativesReport } = await import('../../report/alternativesReport.ts');
  const json = `${JSON.stringify(found, null, 1)}\n`;
  const report = () => alternativesReport(instance, found, flags.markdown ? markdownLayout : textLayout);
  if (flags.output !== '-') terminal.out(flags.json ? json : report());
  const files = new OutputFiles(terminal, flags);
  if (flags.output !== undefined) files.write(flags.output, json);
  return files.isComplete ? exitCodeOf(found) : exitCodes.badInput;
}

function exitCodeOf({ status, alternatives }: Alternatives): ExitCode {
  const isSettled = status === 'complete' || status === 'exhausted';
  if (isSettled && alternatives.every(({ isProven }) => isProven))
    return alternatives.length === 0 ? exitCodes.infeasible : exitCodes.ok;
  return alternatives.length === 0 ? exitCodes.limitWithoutPlan : exitCodes.limitWithPlan;
}
