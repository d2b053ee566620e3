/**
 * The command line as a function: arguments in, exit code out. Every command is in a file of its own under `commands/`.
 */
import { Command, CommanderError } from 'commander';
import { InputError } from '../model/inputError.ts';
import { MissingPackageError } from '../report/missingPackageError.ts';
import { version } from '../version.ts';
import { addCompareCommand } from './commands/compare.ts';
import { addCompileCommand } from './commands/compile.ts';
import { addExplainCommand } from './commands/explain.ts';
import { addExportCommand } from './commands/export.ts';
import { addGenerateCommand } from './commands/generate.ts';
import { addInitCommand } from './commands/init.ts';
import { addLintCommand } from './commands/lint.ts';
import { addLpCommand } from './commands/lp.ts';
import { addSolveCommand } from './commands/solve.ts';
import { addSweepCommand } from './commands/sweep.ts';
import { addVerifyCommand } from './commands/verify.ts';
import { type ExitCode, exitCodes, UsageError } from './exitCodes.ts';
import type { CommandContext, Terminal } from './terminal.ts';

const addCommands: readonly ((program: Command, context: CommandContext) => void)[] = [
  addSolveCommand,
  addGenerateCommand,
  addInitCommand,
  addCompileCommand,
  addVerifyCommand,
  addLintCommand,
  addExplainCommand,
  addSweepCommand,
  addCompareCommand,
  addExportCommand,
  addLpCommand,
];

const exitCodeHelp = `
Exit codes: 0 done (a solve: proven or within the gap), 1 internal error, 2 bad input, 3 infeasible or (verify) the plan
violates something, 4 limit without plan, 5 limit with plan, 6 (lp) numerical trouble.`;

/** Runs one command. Never throws and never ends the process. */
export async function runCli(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.ok;
  const program = new Command('rolla')
    .description('Plans LLM serving fleets: which models on which rented GPUs, proven optimal and robust.')
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out(text),
      writeErr: (text) => terminal.err(text),
      getOutHelpWidth: () => 110,
      getErrHelpWidth: () => 110,
      outputError: (text, write) => write(text.replace(/^error: /, 'rolla: ')),
    })
    .addHelpText('after', exitCodeHelp);
  const context: CommandContext = {
    terminal,
    finish: (code) => {
      exitCode = code;
    },
  };
  for (const addCommand of addCommands) addCommand(program, context);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.badInput;
    if (error instanceof UsageError || error instanceof InputError || error instanceof MissingPackageError) {
      for (const line of error.message.split('\n')) terminal.err(`rolla: ${line}\n`);
      return exitCodes.badInput;
    }
    terminal.err(`rolla: internal error\n${error instanceof Error ? error.stack : String(error)}\n`);
    return exitCodes.internalError;
  }
}
