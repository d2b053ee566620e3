/** `rolla compile`: writes the instance that a fleet file stands for. */
import { exitCodes } from '../exitCodes.ts';
import { OutputFiles, readInstance } from '../files.ts';
import { type CliCommand, forceFlag, onlyOutput } from '../flags.ts';
import type { CommandContext } from '../terminal.ts';

interface CompileFlags {
  readonly output: string;
  readonly force?: boolean;
}

const examples = `
Examples:
  rolla compile fleet.yaml -o instance.json
  rolla compile fleet.yaml | less`;

export function addCompileCommand(program: CliCommand, { terminal, finish }: CommandContext): void {
  program
    .command('compile')
    .summary('write the instance of a fleet file')
    .description(
      'Write the rolla-instance/1 that a fleet file stands for: units, catalogue and tables laid out. Every command does so by itself.',
    )
    .argument('<fleet>', 'rolla-fleet/1 file (YAML or JSON); - reads stdin')
    .addFlags({ ...onlyOutput, ...forceFlag })
    .addHelpText('after', examples)
    .action(async (path: string, flags: CompileFlags) => {
      const files = new OutputFiles(terminal, flags);
      const instance = await readInstance(path, terminal);
      files.write(flags.output, `${JSON.stringify(instance, null, 1)}\n`);
      if (!files.isComplete) finish(exitCodes.badInput);
    });
}
