/** `rolla diff`: how to get from one plan to another without losing capacity on the way. */
import { diffPlans } from '../../analysis/planDiff.ts';
import { markdownLayout, textLayout } from '../../report/layout.ts';
import { planDiffReport } from '../../report/planDiffReport.ts';
import { readInstance } from '../files.ts';
import { type CliCommand, printedForms } from '../flags.ts';
import { readPlan } from '../planFile.ts';
import type { CommandContext } from '../terminal.ts';

interface DiffFlags {
  readonly instance?: string;
  readonly json?: boolean;
  readonly markdown?: boolean;
}

const examples = `
Examples:
  rolla diff monday.json tuesday.json
  rolla diff monday.json tuesday.json --instance fleet.yaml --markdown

Additions come first, then routing, then removals. With an instance: $ per hour before, during and after, the switching costs, and
limits that do not hold while both plans are up.`;

export function addDiffCommand(program: CliCommand, { terminal }: CommandContext): void {
  program
    .command('diff')
    .summary('steps from one plan to another')
    .description('What to add, reroute and remove, in an order that never loses capacity, and what the change costs.')
    .argument('<old>', 'rolla-plan/1 or rolla-result/1 file; - reads stdin (one of the two)')
    .argument('<new>', 'rolla-plan/1 or rolla-result/1 file')
    .addFlags({
      instance: {
        argument: '<file>',
        does: 'rolla-instance/1 or rolla-fleet/1 with prices, switching costs and limits',
      },
      ...printedForms('print the change as JSON (rolla-diff/1)', 'print the change as Markdown'),
    })
    .addHelpText('after', examples)
    .action(async (oldPath: string, newPath: string, flags: DiffFlags) => {
      const before = await readPlan(oldPath, terminal);
      const after = await readPlan(newPath, terminal);
      const instance = flags.instance === undefined ? null : await readInstance(flags.instance, terminal);
      const diff = diffPlans(before, after, instance);
      const layout = flags.markdown ? markdownLayout : textLayout;
      terminal.out(flags.json ? `${JSON.stringify(diff, null, 1)}\n` : planDiffReport(diff, layout));
    });
}
