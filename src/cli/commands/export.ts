/** `rolla export`: writes the mixed-integer program of an instance for any other solver. */
import type { Instance } from '../../model/instance.ts';
import type { PlanningOptions } from '../../model/options.ts';
import { resolveSolve } from '../../planner/resolveSolve.ts';
import { exitCodes } from '../exitCodes.ts';
import { OutputFiles } from '../files.ts';
import { type CliCommand, type FlagTable, forceFlag, onlyOutput } from '../flags.ts';
import { instanceArgument, instanceOrReference } from '../instanceArgument.ts';
import { addOptionFlags, givenOptions, inFlags, problemOptions } from '../optionFlags.ts';
import type { CommandContext } from '../terminal.ts';
import { choiceText } from '../textRules.ts';

interface ExportFlags {
  readonly format: 'mps' | 'lp';
  readonly formulation: 'published' | 'strengthened';
  readonly robust: 'projected' | 'dual';
  readonly fixed?: boolean;
  readonly output: string;
  readonly force?: boolean;
}

/** Which program is meant, also by `rolla import solution`. */
export const programFlags = {
  formulation: {
    argument: '<name>',
    does: 'which program',
    value: choiceText(['strengthened', 'published']),
    default: 'strengthened',
  },
  robust: {
    argument: '<form>',
    does: 'robust counterpart of the strengthened program; projected only where exact',
    value: choiceText(['projected', 'dual']),
    default: 'projected',
    excludes: { formulation: ['published'] },
  },
} as const satisfies FlagTable;

const examples = `
Examples:
  rolla export reference.json -o reference.mps
  rolla export reference.json --format lp --formulation published --preset reference -o published.lp`;

export function addExportCommand(program: CliCommand, { terminal, finish }: CommandContext): void {
  const command = program
    .command('export')
    .summary('write the program of an instance as MPS or LP')
    .description('Write the mixed-integer program of an instance as MPS or in CPLEX-LP format.')
    .argument(...instanceArgument);
  addOptionFlags(command, problemOptions)
    .addFlags({
      format: { argument: '<name>', does: 'file format', value: choiceText(['mps', 'lp']), default: 'mps' },
      ...programFlags,
      fixed: {
        does: 'MPS in fixed form, names of 8 and numbers of 12 characters (rounded)',
        excludes: { format: ['lp'] },
      },
      ...onlyOutput,
      ...forceFlag,
    })
    .addHelpText('after', examples)
    .action(async (path: string | undefined, flags: ExportFlags & Readonly<Record<string, unknown>>) => {
      const files = new OutputFiles(terminal, flags);
      const instance = await instanceOrReference(path, terminal);
      const { planning } = inFlags(() => resolveSolve(instance, givenOptions(flags, problemOptions)));
      files.write(flags.output, await programText(instance, planning, flags));
      if (!files.isComplete) finish(exitCodes.badInput);
    });
}

async function programText(instance: Instance, options: PlanningOptions, flags: ExportFlags): Promise<string> {
  const [{ buildPublished }, { buildStrengthened }, { compileProblem }, { writeMps }, { writeLpFile }] =
    await Promise.all([
      import('../../model/formulations/published.ts'),
      import('../../model/formulations/strengthened.ts'),
      import('../../model/compiled/compileProblem.ts'),
      import('../../lp/files/mpsWriter.ts'),
      import('../../lp/files/lpFileWriter.ts'),
    ]);
  const { program } =
    flags.formulation === 'published'
      ? buildPublished(instance, options)
      : buildStrengthened(compileProblem(instance, options), { robust: flags.robust });
  return flags.format === 'lp' ? writeLpFile(program) : writeMps(program, { format: flags.fixed ? 'fixed' : 'free' });
}
