/** `rolla init`: writes a commented fleet file to start from. */
import { exitCodes } from '../exitCodes.ts';
import { OutputFiles } from '../files.ts';
import { type CliCommand, forceFlag, outputFlag } from '../flags.ts';
import type { CommandContext } from '../terminal.ts';

interface InitFlags {
  readonly output: string;
  readonly force?: boolean;
}

const examples = `
Examples:
  rolla init
  rolla init -o support-desk.yaml && rolla solve support-desk.yaml`;

export function addInitCommand(program: CliCommand, { terminal, finish }: CommandContext): void {
  program
    .command('init')
    .summary('write a fleet file to start from')
    .description(
      'Write a commented rolla-fleet/1 (YAML) with GPUs, models and measured profiles of the catalogue: edit it, then solve it.',
    )
    .addFlags({ ...outputFlag('file to write; - is stdout', 'fleet.yaml'), ...forceFlag })
    .addHelpText('after', examples)
    .action(async (flags: InitFlags) => {
      const files = new OutputFiles(terminal, flags);
      const { starterFleet } = await import('../../generator/fleet/starterFleet.ts');
      files.write(flags.output, starterFleet());
      if (!files.isComplete) finish(exitCodes.badInput);
    });
}
