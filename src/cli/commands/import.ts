/** `rolla import`: a fleet from files of other planners and profilers, or from tables. */
import type { ImportFormat } from '../../exchange/import/importFleet.ts';
import type { ImportOptions, SourceFile } from '../../exchange/import/importLedger.ts';
import { type Quantity, type QuantityName, quantityKinds, readQuantity } from '../../generator/fleet/units.ts';
import { fault, showValue } from '../../input/inputError.ts';
import { visible } from '../../model/visibleText.ts';
import { exitCodes } from '../exitCodes.ts';
import { OutputFiles, readFileAs } from '../files.ts';
import { type CliCommand, forceFlag, onlyOutput } from '../flags.ts';
import type { CommandContext } from '../terminal.ts';
import { spelling, type TextRule } from '../textRules.ts';
import { addSolutionCommand } from './importSolution.ts';

interface ImportFlags {
  readonly output: string;
  readonly force?: boolean;
  readonly price?: Readonly<Record<string, Quantity>>;
  readonly rate?: Readonly<Record<string, Quantity>>;
  readonly limit?: Readonly<Record<string, Quantity>>;
  readonly available?: Readonly<Record<string, number>>;
  readonly period?: Quantity;
  readonly utilization?: Quantity;
}

/** Names that people use for a format. */
const formats: Readonly<Record<string, ImportFormat>> = {
  melange: 'melange',
  aibrix: 'aibrix',
  inferno: 'inferno',
  'llm-d': 'inferno',
  aiconfigurator: 'aiconfigurator',
  tables: 'tables',
  csv: 'tables',
  yaml: 'tables',
};

const examples = `
Formats: ${Object.keys(formats).join(', ')}

Examples:
  rolla import melange melange.json -o fleet.yaml
  rolla import aibrix l20.json v100.json --rate 512x128=3/s -o fleet.yaml
  rolla import inferno system.json -o fleet.yaml
  rolla import aiconfigurator sweep.csv h200_sxm.yaml --price h200_sxm=3.2 --rate 2048x512=12/s --limit ttft=500
  rolla import tables queryTypes.csv models.csv gpus.csv profiles.csv -o fleet.yaml

What was read, what was left out and what looks like a slip is said on stderr and at the head of the file.`;

export function addImportCommand(program: CliCommand, context: CommandContext): void {
  const { terminal, finish } = context;
  const command = program
    .command('import')
    .summary('a fleet from files of other planners, or from tables')
    .description('Write a rolla-fleet/1 (YAML; JSON where the output ends in .json) from files of another format.')
    .enablePositionalOptions()
    .argument('<format>', `format of the files: ${Object.keys(formats).join(', ')}`)
    .argument('<files...>', 'files; - reads stdin')
    .addFlags({
      ...onlyOutput,
      ...forceFlag,
      price: {
        argument: '<gpu=price>',
        does: '$/h of a GPU, where the files have none or instead of theirs',
        value: quantityText('hourlyPrice', '>= 0', '2.49 $/h'),
        many: 'record',
      },
      rate: {
        argument: '<type=rate>',
        does: 'queries of a query type, such as 512x128=3/s, where the files have none',
        value: quantityText('rate', '>= 0', '3/s'),
        many: 'record',
      },
      limit: {
        argument: '<name=ms>',
        does: 'ttft, tpot or latency of every query type',
        value: quantityText('milliseconds', '>= 0', '500'),
        many: 'record',
        names: ['ttft', 'tpot', 'latency'],
      },
      available: {
        argument: '<gpu=n>',
        does: 'GPUs that can be had',
        value: spelling('a whole number of GPUs', '8', (text) => (/^\d+$/.test(text) ? Number(text) : null)),
        many: 'record',
      },
      period: {
        argument: '<h>',
        does: 'how long GPUs are rented',
        value: quantityText('hours', '> 0', '24 h'),
        otherwise: '1 h',
      },
      utilization: {
        argument: '<share>',
        does: 'how busy a replica may be',
        value: quantityText('share', '> 0', '80 %'),
        otherwise: 'what the format means',
      },
    })
    .checking((_flags, _given, [format]) => format !== undefined && formatNamed(format))
    .addHelpText('after', examples)
    .action(async (format: string, paths: string[], flags: ImportFlags) => {
      const sources: SourceFile[] = [];
      for (const path of paths) {
        const name = path === '-' ? 'stdin' : path;
        sources.push(await readFileAs(path, terminal, (text) => ({ name, text })));
      }
      const { importFleet } = await import('../../exchange/import/importFleet.ts');
      const { fleet, read, leftOut, warnings } = await importFleet(formatNamed(format), sources, optionsOf(flags));
      const comments = [
        ...read.map((sentence) => `read: ${sentence}`),
        ...leftOut.map((sentence) => `left out: ${sentence}`),
        ...warnings.map((sentence) => `check: ${sentence}`),
      ];
      for (const comment of comments) terminal.err(`${visible(comment)}\n`);
      const files = new OutputFiles(terminal, flags);
      if (/\.json$/i.test(flags.output)) {
        files.write(flags.output, `${JSON.stringify({ ...fleet, notes: comments }, null, 1)}\n`);
      } else {
        const { fleetText } = await import('../../exchange/fleetText.ts');
        files.write(flags.output, fleetText(fleet, comments));
      }
      if (!files.isComplete) finish(exitCodes.badInput);
    });
  addSolutionCommand(command, context);
}

function optionsOf(flags: ImportFlags): ImportOptions {
  return {
    prices: flags.price ?? {},
    rates: flags.rate ?? {},
    limits: flags.limit ?? {},
    available: flags.available ?? {},
    ...(flags.period !== undefined && { period: flags.period }),
    ...(flags.utilization !== undefined && { utilization: flags.utilization }),
  };
}

function formatNamed(text: string): ImportFormat {
  const plain = text.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '');
  const format = Object.hasOwn(formats, plain) ? formats[plain] : undefined;
  if (format === undefined)
    throw fault("argument 'format'", showValue(text), `one of ${Object.keys(formats).join(', ')}, or solution`);
  return format;
}

function quantityText(kind: QuantityName, range: '>= 0' | '> 0', example: string): TextRule {
  const { what, units } = quantityKinds[kind];
  return spelling(`${what} ${range} (units: ${Object.keys(units).join(', ')})`, example, (text) => {
    const value = readQuantity(text, kind);
    return value === null || value < 0 || (value === 0 && range === '> 0') ? null : value;
  });
}
