/** `rolla explain`: why an instance has no plan, or what limits its best plan. */
import { explainDefaults } from '../../explain/explainDefaults.ts';
import { atLeastZero } from '../../model/schemaFields.ts';
import { analysisOptions } from '../../planner/optionTable.ts';
import { resolveSolve } from '../../planner/resolveSolve.ts';
import { explanationReport } from '../../report/explanationReport.ts';
import { exitCodes } from '../exitCodes.ts';
import { OutputFiles } from '../files.ts';
import { type CliCommand, forceFlag, jsonFlag, outputFlag } from '../flags.ts';
import { instanceArgument, instanceOrReference } from '../instanceArgument.ts';
import { withInterruption } from '../interruption.ts';
import { addOptionFlags, givenOptions, inFlags } from '../optionFlags.ts';
import type { CommandContext } from '../terminal.ts';
import { fieldText } from '../textRules.ts';

interface ExplainFlags {
  readonly totalTimeLimit?: number;
  readonly json?: boolean;
  readonly output?: string;
  readonly force?: boolean;
}

const examples = `
Examples:
  rolla explain tight.json
  rolla explain reference.json --preset reference --total-time-limit 60 --json

Exit code 0: there is a plan, and its limits are explained; 3: there is none, and the conflict is explained; 4: a limit struck
first; 5: interrupted, what is known so far is explained.`;

export function addExplainCommand(program: CliCommand, { terminal, finish }: CommandContext): void {
  const command = program
    .command('explain')
    .summary('why there is no plan, or what limits the best one')
    .description(
      'For an infeasible instance: a smallest set of conflicting requirements and the least changes that make it feasible. ' +
        'Else: what binds the best plan and what a little more of it would save.',
    )
    .argument(...instanceArgument);
  addOptionFlags(command, analysisOptions, {
    timeLimit: { does: 'seconds of each solve' },
    gap: { does: 'relative gap of each solve' },
  })
    .addFlags({
      totalTimeLimit: {
        argument: '<s>',
        does: 'seconds of all solves together',
        value: fieldText(atLeastZero('seconds')),
        otherwise: String(explainDefaults.totalTimeLimit),
      },
      ...jsonFlag('print the explanation as JSON (rolla-explanation/1)'),
      ...outputFlag('also write the explanation as JSON to a file'),
      ...forceFlag,
    })
    .addHelpText('after', examples)
    .action(async (path: string | undefined, flags: ExplainFlags & Readonly<Record<string, unknown>>) => {
      const instance = await instanceOrReference(path, terminal);
      const { totalTimeLimit } = flags;
      const options = {
        ...givenOptions(flags, analysisOptions),
        ...(totalTimeLimit !== undefined && { totalTimeLimit }),
      };
      inFlags(() => resolveSolve(instance, givenOptions(flags, analysisOptions)));
      await withInterruption(async (signal) => {
        const { explainAsync } = await import('../../explain/index.ts');
        const explanation = await explainAsync(instance, { ...options, signal });
        for (const notice of explanation.notices) terminal.err(`rolla: note: ${notice}\n`);
        const json = `${JSON.stringify(explanation, null, 1)}\n`;
        if (flags.output !== '-') terminal.out(flags.json ? json : explanationReport(instance, explanation));
        const files = new OutputFiles(terminal, flags);
        if (flags.output !== undefined) files.write(flags.output, json);
        if (!files.isComplete) finish(exitCodes.badInput);
        else if (explanation.status !== 'infeasible' && explanation.status !== 'feasible')
          finish(exitCodes.limitWithoutPlan);
        else if (signal.aborted) finish(exitCodes.limitWithPlan);
        else if (explanation.status === 'infeasible') finish(exitCodes.infeasible);
      });
    });
}
