/** `rolla strategies`: what a strategy may be told, each number with its default, range, reason and evidence. */
import { fault, showValue } from '../../input/inputError.ts';
import { listedStrategies, strategyReport } from '../../report/strategyReport.ts';
import { type CliCommand, jsonFlag } from '../flags.ts';
import type { CommandContext } from '../terminal.ts';

const examples = `
Examples:
  rolla strategies
  rolla strategies smoothing
  rolla strategies --json

A number is set by its path: rolla solve family.json --set patterns.generation.smoothing=0.4`;

export function addStrategiesCommand(program: CliCommand, { terminal }: CommandContext): void {
  program
    .command('strategies')
    .summary('list the strategies and every number of them')
    .description('List the strategies, their entries, and every number with default, range, reason and evidence.')
    .argument('[text]', 'only numbers whose path has this in it')
    .addFlags(jsonFlag('print everything as JSON'))
    .addHelpText('after', examples)
    .action((wanted: string | undefined, flags: { readonly json?: boolean }) => {
      const listed = listedStrategies();
      if (wanted !== undefined && !listed.parameters.some(({ path }) => path.includes(wanted)))
        throw fault("argument 'text'", showValue(wanted), "a part of a number's path");
      terminal.out(flags.json ? `${JSON.stringify(listed, null, 1)}\n` : strategyReport(wanted));
    });
}
