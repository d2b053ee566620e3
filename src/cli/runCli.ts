/**
 * The command line as a function: arguments in, exit code out. Every command is in a file of its own under `commands/`.
 */
import { Command, CommanderError } from 'commander';
import { ProgramFileError } from '../lp/files/programFile.ts';
import { InputError } from '../model/inputError.ts';
import { shortened, visible } from '../model/visibleText.ts';
import { MissingPackageError } from '../report/missingPackageError.ts';
import { version } from '../version.ts';
import { addCheckCommand } from './commands/check.ts';
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
import { type CommandContext, printableTerminal, type Streams, type Terminal } from './terminal.ts';

const addCommands: readonly ((program: Command, context: CommandContext) => void)[] = [
  addSolveCommand,
  addGenerateCommand,
  addInitCommand,
  addCompileCommand,
  addVerifyCommand,
  addCheckCommand,
  addLintCommand,
  addExplainCommand,
  addSweepCommand,
  addCompareCommand,
  addExportCommand,
  addLpCommand,
];

const exitCodeHelp = `
Exit codes: 0 done (a solve: proven or within the gap), 1 internal error, 2 bad input, 3 infeasible or (verify) the plan
violates something, 4 limit without plan, 5 limit with plan, 6 (lp) numerical trouble, 7 (check) the proof is wrong.`;

/** Runs one command. Never throws and never ends the process. */
export async function runCli(args: readonly string[], streams: Streams): Promise<ExitCode> {
  const terminal = printableTerminal(streams);
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
      outputError: (text) => complain(text.trimEnd().replace(/^error: /, ''), terminal),
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
    if (args.length === 0) {
      program.outputHelp();
      return exitCodes.ok;
    }
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.badInput;
    if (isCallersFault(error)) {
      complain(error.message, terminal);
      return exitCodes.badInput;
    }
    terminal.err(`rolla: internal error\n${error instanceof Error ? error.stack : String(error)}\n`);
    return exitCodes.internalError;
  }
}

/** Input, usage, what is installed, and what the system refused: not ours to mend. */
function isCallersFault(error: unknown): error is Error {
  return (
    error instanceof UsageError ||
    error instanceof InputError ||
    error instanceof ProgramFileError ||
    error instanceof MissingPackageError ||
    (error instanceof Error && 'syscall' in error)
  );
}

/** Lines of one complaint beyond this many are counted, not printed. */
const mostLines = 40;

/** Every fault on a line of its own, none longer than can be read. */
function complain(message: string, terminal: Terminal): void {
  const lines = message.split('\n');
  for (const line of lines.slice(0, mostLines)) terminal.err(`rolla: ${shortened(visible(line))}\n`);
  if (lines.length > mostLines) terminal.err(`rolla: and ${lines.length - mostLines} more\n`);
}
