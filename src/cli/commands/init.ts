/** `rolla init`: writes a commented fleet file to start from. */
import type { Command } from 'commander';
import { exitCodes } from '../exitCodes.ts';
import { checkOutputs, OutputFiles } from '../files.ts';
import type { CommandContext } from '../terminal.ts';

interface InitFlags {
  readonly output: string;
  readonly force?: boolean;
}

const examples = `
Examples:
  rolla init
  rolla init -o support-desk.yaml && rolla solve support-desk.yaml`;

export function addInitCommand(program: Command, { terminal, finish }: CommandContext): void {
  program
    .command('init')
    .summary('write a fleet file to start from')
    .description(
      'Write a commented rolla-fleet/1 (YAML) with GPUs, models and measured profiles of the catalogue: edit it, then solve it.',
    )
    .option('-o, --output <file>', 'file to write; - is stdout', 'fleet.yaml')
    .option('--force', 'replace a file that exists')
    .addHelpText('after', examples)
    .action(async (flags: InitFlags) => {
      checkOutputs([flags.output], flags);
      const files = new OutputFiles(terminal, flags);
      const { starterFleet } = await import('../../generator/fleet/starterFleet.ts');
      files.write(flags.output, starterFleet());
      if (!files.isComplete) finish(exitCodes.badInput);
    });
}
