/** `rolla compile`: writes the instance that a fleet file stands for. */
import type { Command } from 'commander';
import { exitCodes } from '../exitCodes.ts';
import { checkOutputs, OutputFiles, readInstance } from '../files.ts';
import type { CommandContext } from '../terminal.ts';

interface CompileFlags {
  readonly output: string;
  readonly force?: boolean;
}

const examples = `
Examples:
  rolla compile fleet.yaml -o instance.json
  rolla compile fleet.yaml | less`;

export function addCompileCommand(program: Command, { terminal, finish }: CommandContext): void {
  program
    .command('compile')
    .summary('write the instance of a fleet file')
    .description(
      'Write the rolla-instance/1 that a fleet file stands for: units, catalogue and tables laid out. Every command does so by itself.',
    )
    .argument('<fleet>', 'rolla-fleet/1 file (YAML or JSON); - reads stdin')
    .option('-o, --output <file>', 'file to write; - is stdout', '-')
    .option('--force', 'replace a file that exists')
    .addHelpText('after', examples)
    .action(async (path: string, flags: CompileFlags) => {
      checkOutputs([flags.output], flags);
      const files = new OutputFiles(terminal, flags);
      const instance = await readInstance(path, terminal);
      files.write(flags.output, `${JSON.stringify(instance, null, 1)}\n`);
      if (!files.isComplete) finish(exitCodes.badInput);
    });
}
