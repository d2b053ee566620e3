/** `rolla generate`: writes the published reference instance, or a family member of any size, as `rolla-instance/1`. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { generateInstance } from '../../generator/generateInstance.ts';
import { generateReference } from '../../generator/generateReference.ts';
import { exitCodes, UsageError } from '../exitCodes.ts';
import { checkOutputs, OutputFiles } from '../files.ts';
import { numberFrom, numberWithin, wholeNumber } from '../optionFlags.ts';
import type { CommandContext } from '../terminal.ts';

interface GenerateFlags {
  readonly seed?: number;
  readonly size?: { readonly queryTypes: number; readonly models: number; readonly tiers: number };
  readonly parameterSet?: 'published' | 'article';
  readonly unmetCap?: number;
  readonly unmetCapPerRate?: number;
  readonly relief?: boolean;
  readonly output: string;
  readonly force?: boolean;
}

const examples = `
Examples:
  rolla generate -o reference.json
  rolla generate --seed 7 --size 24x10x20 -o family.json
  rolla generate --unmet-cap-per-rate 0.01 | rolla solve - --preset reference`;

export function addGenerateCommand(program: Command, { terminal, finish }: CommandContext): void {
  program
    .command('generate')
    .summary('write an instance')
    .description('Write the published reference instance or, with --size, a larger one of its kind.')
    .option('--seed <n>', 'seed (default: 42, the published one; with --size: 1)', wholeNumber(0, 0xffffffff))
    .option('--size <IxJxK>', 'query types x models x tiers, such as 24x10x20', parseSize)
    .addOption(
      new Option(
        '--parameter-set <name>',
        'parameters of the published code or of the article; not with --size',
      ).choices(['published', 'article']),
    )
    .option(
      '--unmet-cap <share>',
      'largest share of a query type that may be dropped (default: 0.01; with --size: 1)',
      numberWithin(0, 1),
    )
    .addOption(
      new Option('--unmet-cap-per-rate <c>', 'cap min(1, c * arrival rate) instead')
        .argParser(numberFrom(0))
        .conflicts('unmetCap'),
    )
    .option('--relief', 'with relief data for decision-dependent uncertainty')
    .option('-o, --output <file>', 'file to write; - is stdout', '-')
    .option('--force', 'replace a file that exists')
    .addHelpText('after', examples)
    .action((flags: GenerateFlags) => {
      checkOutputs([flags.output], flags);
      const files = new OutputFiles(terminal, flags);
      files.write(flags.output, `${JSON.stringify(generate(flags), null, 1)}\n`);
      if (!files.isComplete) finish(exitCodes.badInput);
    });
}

function generate({ seed, size, parameterSet, unmetCap, unmetCapPerRate, relief }: GenerateFlags) {
  const common = {
    ...(seed !== undefined && { seed }),
    ...(unmetCap !== undefined && { unmetCap }),
    ...(unmetCapPerRate !== undefined && { unmetCapPerRate }),
    ...(relief !== undefined && { relief }),
  };
  if (size === undefined) return generateReference({ ...common, ...(parameterSet !== undefined && { parameterSet }) });
  if (parameterSet !== undefined) {
    throw new UsageError(`--parameter-set: found ${parameterSet} beside --size, expected one of the two`);
  }
  return generateInstance({ ...common, ...size });
}

function parseSize(text: string) {
  const match = /^([1-9]\d*)x([1-9]\d*)x([1-9]\d*)$/i.exec(text);
  if (match === null) throw new InvalidArgumentError('Expected IxJxK, three whole numbers >= 1, such as 24x10x20.');
  const [queryTypes, models, tiers] = match.slice(1).map(Number) as [number, number, number];
  return { queryTypes, models, tiers };
}
