/** `rolla import`: a fleet from files of other planners and profilers, or from tables. */
import { type Command, InvalidArgumentError } from 'commander';
import type { ImportFormat } from '../../exchange/import/importFleet.ts';
import type { ImportOptions, SourceFile } from '../../exchange/import/importLedger.ts';
import { type Quantity, type QuantityName, quantityKinds, readQuantity } from '../../generator/fleet/units.ts';
import { visible } from '../../model/visibleText.ts';
import { exitCodes, UsageError } from '../exitCodes.ts';
import { checkOutputs, OutputFiles, readFileAs } from '../files.ts';
import type { CommandContext } from '../terminal.ts';
import { addSolutionCommand } from './importSolution.ts';

interface ImportFlags {
  readonly output: string;
  readonly force?: boolean;
  readonly price: Readonly<Record<string, Quantity>>;
  readonly rate: Readonly<Record<string, Quantity>>;
  readonly limit: Readonly<Record<string, Quantity>>;
  readonly available: Readonly<Record<string, number>>;
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

export function addImportCommand(program: Command, context: CommandContext): void {
  const { terminal, finish } = context;
  const command = program
    .command('import')
    .summary('a fleet from files of other planners, or from tables')
    .description('Write a rolla-fleet/1 (YAML; JSON where the output ends in .json) from files of another format.')
    .argument('<format>', 'format of the files', formatNamed)
    .argument('<files...>', 'files; - reads stdin')
    .option('-o, --output <file>', 'file to write; - is stdout', '-')
    .option('--force', 'replace a file that exists')
    .option(
      '--price <gpu=price>',
      '$/h of a GPU, where the files have none or instead of theirs',
      amounts('hourlyPrice'),
      {},
    )
    .option(
      '--rate <type=rate>',
      'queries of a query type, such as 512x128=3/s, where the files have none',
      amounts('rate'),
      {},
    )
    .option(
      '--limit <name=ms>',
      'ttft, tpot or latency of every query type',
      amounts('milliseconds', ['ttft', 'tpot', 'latency']),
      {},
    )
    .option('--available <gpu=n>', 'GPUs that can be had', counts, {})
    .option('--period <h>', 'how long GPUs are rented (default: 1 h)', quantityText('hours'))
    .option(
      '--utilization <share>',
      'how busy a replica may be (default: what the format means)',
      quantityText('share'),
    )
    .addHelpText('after', examples)
    .action(async (format: ImportFormat, paths: string[], flags: ImportFlags) => {
      checkOutputs([flags.output], flags);
      const sources: SourceFile[] = [];
      for (const path of paths) {
        const name = path === '-' ? 'stdin' : path;
        sources.push(await readFileAs(path, terminal, (text) => ({ name, text })));
      }
      const { importFleet } = await import('../../exchange/import/importFleet.ts');
      const { fleet, read, leftOut, warnings } = await importFleet(format, sources, optionsOf(flags));
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
    prices: flags.price,
    rates: flags.rate,
    limits: flags.limit,
    available: flags.available,
    ...(flags.period !== undefined && { period: flags.period }),
    ...(flags.utilization !== undefined && { utilization: flags.utilization }),
  };
}

function formatNamed(text: string): ImportFormat {
  const plain = text.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '');
  const format = Object.hasOwn(formats, plain) ? formats[plain] : undefined;
  if (format === undefined) {
    throw new UsageError(`format: found "${text}", expected one of ${Object.keys(formats).join(', ')}`);
  }
  return format;
}

/** Reads `name=amount`, again and again; the name may hold an equals sign. */
function amounts(kind: QuantityName, names?: readonly string[]) {
  const { what, units } = quantityKinds[kind];
  return (text: string, sofar: Readonly<Record<string, Quantity>>): Readonly<Record<string, Quantity>> => {
    const [name, amount] = named(text);
    if (names !== undefined && !names.includes(name))
      throw new InvalidArgumentError(`Expected one of ${names.join(', ')}.`);
    const value = readQuantity(amount, kind);
    if (value === null || value < 0) {
      throw new InvalidArgumentError(`Expected NAME=${what} >= 0 (units: ${Object.keys(units).join(', ')}).`);
    }
    return { ...sofar, [name]: value };
  };
}

function counts(text: string, sofar: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const [name, count] = named(text);
  if (!/^\d+$/.test(count)) throw new InvalidArgumentError('Expected NAME=N, a whole number of GPUs.');
  return { ...sofar, [name]: Number(count) };
}

function named(text: string): [name: string, value: string] {
  const at = text.lastIndexOf('=');
  if (at < 1) throw new InvalidArgumentError('Expected NAME=VALUE.');
  return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}

function quantityText(kind: QuantityName) {
  const { what, units } = quantityKinds[kind];
  return (text: string): Quantity => {
    const value = readQuantity(text, kind);
    if (value === null || value <= 0) {
      throw new InvalidArgumentError(`Expected ${what} > 0 (units: ${Object.keys(units).join(', ')}).`);
    }
    return value;
  };
}
