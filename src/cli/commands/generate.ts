/** `rolla generate`: writes the published reference instance, or a family member of any size, as `rolla-instance/1`. */
import { generateInstance } from '../../generator/generateInstance.ts';
import { generateReference } from '../../generator/generateReference.ts';
import { atLeastZero, share } from '../../model/schemaFields.ts';
import { exitCodes } from '../exitCodes.ts';
import { OutputFiles } from '../files.ts';
import { type CliCommand, forceFlag, onlyOutput } from '../flags.ts';
import type { CommandContext } from '../terminal.ts';
import { choiceText, countText, fieldText, spelling } from '../textRules.ts';

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

export function addGenerateCommand(program: CliCommand, { terminal, finish }: CommandContext): void {
  program
    .command('generate')
    .summary('write an instance')
    .description('Write the published reference instance or, with --size, a larger one of its kind.')
    .addFlags({
      seed: {
        argument: '<n>',
        does: 'seed',
        value: countText(0, 'seed', 0xffffffff),
        otherwise: '42, the published one; with --size: 1',
      },
      size: {
        argument: '<IxJxK>',
        does: 'query types x models x tiers, such as 24x10x20',
        value: spelling('IxJxK, three whole numbers >= 1', '24x10x20', sizeIn),
      },
      parameterSet: {
        argument: '<name>',
        does: 'parameters of the published code or of the article; not with --size',
        value: choiceText(['published', 'article']),
        excludes: { size: true },
      },
      unmetCap: {
        argument: '<share>',
        does: 'largest share of a query type that may be dropped',
        value: fieldText(share('share that may be dropped')),
        otherwise: '0.01; with --size: 1',
      },
      unmetCapPerRate: {
        argument: '<c>',
        does: 'cap min(1, c * arrival rate) instead',
        value: fieldText(atLeastZero('cap for each query per hour')),
        excludes: { unmetCap: true },
      },
      relief: { does: 'with relief data for decision-dependent uncertainty' },
      ...onlyOutput,
      ...forceFlag,
    })
    .addHelpText('after', examples)
    .action((flags: GenerateFlags) => {
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
  return generateInstance({ ...common, ...size });
}

/** Null: it is no size. */
function sizeIn(text: string) {
  const match = /^([1-9]\d*)x([1-9]\d*)x([1-9]\d*)$/i.exec(text);
  if (match === null) return null;
  const [queryTypes, models, tiers] = match.slice(1).map(Number) as [number, number, number];
  return { queryTypes, models, tiers };
}
