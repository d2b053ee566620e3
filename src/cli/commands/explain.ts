/** `rolla explain`: why an instance has no plan, or what limits its best plan. */
import type { Command } from 'commander';
import { generateReference } from '../../generator/generateReference.ts';
import { explanationReport } from '../../report/explanationReport.ts';
import { exitCodes } from '../exitCodes.ts';
import { checkWritable, readInstance, writeText } from '../files.ts';
import { addPlanningFlags, numberFrom, planningFlags } from '../optionFlags.ts';
import type { CommandContext } from '../terminal.ts';

interface ExplainFlags {
  readonly timeLimit?: number;
  readonly totalTimeLimit?: number;
  readonly gap?: number;
  readonly json?: boolean;
  readonly output?: string;
  readonly force?: boolean;
}

const examples = `
Examples:
  rolla explain tight.json
  rolla explain reference.json --preset reference --total-time-limit 60 --json

Exit code 0: there is a plan, and its limits are explained; 3: there is none, and the conflict is explained; 4: a limit struck first.`;

export function addExplainCommand(program: Command, { terminal, finish }: CommandContext): void {
  const command = program
    .command('explain')
    .summary('why there is no plan, or what limits the best one')
    .description(
      'For an infeasible instance: a smallest set of conflicting requirements and the least changes that make it feasible. ' +
        'Else: what binds the best plan and what a little more of it would save.',
    )
    .argument('[instance]', 'rolla-instance/1 file; - reads stdin; default: the published reference instance');
  addPlanningFlags(command)
    .option('--time-limit <s>', 'seconds of each solve', numberFrom(0))
    .option('--total-time-limit <s>', 'seconds of all solves together (default: 300)', numberFrom(0))
    .option('--gap <fraction>', 'relative gap of each solve (default: 1e-6)', numberFrom(0, 1))
    .option('--json', 'print the explanation as JSON (rolla-explanation/1)')
    .option('-o, --output <file>', 'also write the explanation as JSON to a file')
    .option('--force', 'replace a file that exists')
    .addHelpText('after', examples)
    .action(async (path: string | undefined, flags: ExplainFlags & Readonly<Record<string, unknown>>) => {
      if (flags.output !== undefined) checkWritable(flags.output, flags);
      const instance = path === undefined ? generateReference() : await readInstance(path, terminal);
      const { timeLimit, totalTimeLimit, gap } = flags;
      const options = {
        ...planningFlags(flags),
        ...(timeLimit !== undefined && { timeLimit }),
        ...(totalTimeLimit !== undefined && { totalTimeLimit }),
        ...(gap !== undefined && { gap }),
      };
      const { explain } = await import('../../explain/index.ts');
      const explanation = explain(instance, options);
      const json = `${JSON.stringify(explanation, null, 1)}\n`;
      if (flags.output !== undefined) writeText(flags.output, json, terminal, flags);
      if (flags.output !== '-') terminal.out(flags.json ? json : explanationReport(instance, explanation));
      if (explanation.status === 'infeasible') finish(exitCodes.infeasible);
      else if (explanation.status !== 'feasible') finish(exitCodes.limitWithoutPlan);
    });
}
