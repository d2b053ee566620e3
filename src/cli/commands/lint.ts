/** `rolla lint`: oddities of an instance that are no errors. */
import { type ReadInstance, readInstanceText } from '../../exchange/instanceText.ts';
import { generateReference } from '../../generator/generateReference.ts';
import { visible } from '../../model/visibleText.ts';
import { lintInstance } from '../../planner/questions.ts';
import { counted } from '../../report/numberText.ts';
import { readFileAs } from '../files.ts';
import { type CliCommand, jsonFlag } from '../flags.ts';
import { instanceArgument } from '../instanceArgument.ts';
import { addOptionFlags, givenOptions, inFlags, problemOptions } from '../optionFlags.ts';
import type { CommandContext } from '../terminal.ts';

const reference = (): ReadInstance => ({ instance: generateReference(), pathInText: (path) => path });

const examples = `
Examples:
  rolla lint reference.json
  rolla lint reference.json --preset reference --json

Warnings are no errors: the exit code is 0 for every valid instance.`;

export function addLintCommand(program: CliCommand, { terminal }: CommandContext): void {
  const command = program
    .command('lint')
    .summary('warn of oddities in an instance')
    .description('Warn of what is probably a slip of units or data, and of what can have no effect.')
    .argument(...instanceArgument);
  addOptionFlags(command, problemOptions)
    .addFlags(jsonFlag('print the warnings as JSON'))
    .addHelpText('after', examples)
    .action(async (path: string | undefined, flags: Readonly<Record<string, unknown>>) => {
      const { instance, pathInText } =
        path === undefined ? reference() : await readFileAs(path, terminal, readInstanceText);
      const found = inFlags(() => lintInstance(instance, givenOptions(flags, problemOptions)));
      const warnings = found.map((warning) => ({ ...warning, path: pathInText(warning.path) }));
      if (flags.json) {
        terminal.out(`${JSON.stringify(warnings, null, 1)}\n`);
        return;
      }
      for (const { path: where, message, code } of warnings)
        terminal.out(`${visible(`${where}: ${message}`)} (${code})\n`);
      terminal.out(`${counted(warnings.length, 'warning')}\n`);
    });
}
