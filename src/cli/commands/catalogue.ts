/** `rolla catalogue`: the GPUs, models and measured profiles that a fleet file may name by id. */
import { fault, showValue } from '../../input/inputError.ts';
import { catalogueReport, listedCatalogue } from '../../report/catalogueReport.ts';
import { type CliCommand, jsonFlag } from '../flags.ts';
import type { CommandContext } from '../terminal.ts';

const examples = `
Examples:
  rolla catalogue
  rolla catalogue h100
  rolla catalogue llama-3.1-70b --json

JSON has the measured shapes and the sources too.`;

export function addCatalogueCommand(program: CliCommand, { terminal }: CommandContext): void {
  program
    .command('catalogue')
    .summary('list the GPUs, models and measured profiles that a fleet may name')
    .description(
      'List the catalogue: GPUs with memory and price, models with weights, cache and TP degrees, measured profiles.',
    )
    .argument('[text]', 'only what has this in its id, and the profiles of such models and GPUs')
    .addFlags(jsonFlag('print everything as JSON'))
    .addHelpText('after', examples)
    .action((wanted: string | undefined, flags: { readonly json?: boolean }) => {
      const listed = listedCatalogue(wanted);
      if (Object.values(listed).every((list) => list.length === 0))
        throw fault("argument 'text'", showValue(wanted), 'a part of an id of the catalogue');
      terminal.out(flags.json ? `${JSON.stringify(listed, null, 1)}\n` : catalogueReport(listed));
    });
}
