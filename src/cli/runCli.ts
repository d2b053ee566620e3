/**
 * The command line as a function: arguments in, exit code out. Every command is in a file of its own under `commands/`.
 */
import { CommanderError } from 'commander';
import { PluginError } from '../bnb/plugins/plugin.ts';
import { InputError, mostFaults } from '../input/inputError.ts';
import { ProgramFileError } from '../lp/files/programFile.ts';
import { MissingPackageError } from '../model/missingPackageError.ts';
import { shortened, visible } from '../model/visibleText.ts';
import { version } from '../version.ts';
import { type ExitCode, exitCodes } from './exitCodes.ts';
import { CliCommand } from './flags.ts';
import { type CommandContext, printableTerminal, type Streams, type Terminal } from './terminal.ts';

type AddCommand = (program: CliCommand, context: CommandContext) => void;

/** In the order of help. Each is loaded where it is asked for: a solve needs none of the others. */
const commands: Readonly<Record<string, () => Promise<AddCommand>>> = {
  solve: async () => (await import('./commands/solve.ts')).addSolveCommand,
  generate: async () => (await import('./commands/generate.ts')).addGenerateCommand,
  init: async () => (await import('./commands/init.ts')).addInitCommand,
  import: async () => (await import('./commands/import.ts')).addImportCommand,
  catalogue: async () => (await import('./commands/catalogue.ts')).addCatalogueCommand,
  compile: async () => (await import('./commands/compile.ts')).addCompileCommand,
  verify: async () => (await import('./commands/verify.ts')).addVerifyCommand,
  check: async () => (await import('./commands/check.ts')).addCheckCommand,
  lint: async () => (await import('./commands/lint.ts')).addLintCommand,
  explain: async () => (await import('./commands/explain.ts')).addExplainCommand,
  diff: async () => (await import('./commands/diff.ts')).addDiffCommand,
  deploy: async () => (await import('./commands/deploy.ts')).addDeployCommand,
  demand: async () => (await import('./commands/demand.ts')).addDemandCommand,
  roll: async () => (await import('./commands/roll.ts')).addRollCommand,
  sweep: async () => (await import('./commands/sweep.ts')).addSweepCommand,
  run: async () => (await import('./commands/run.ts')).addRunCommand,
  missing: async () => (await import('./commands/missing.ts')).addMissingCommand,
  merge: async () => (await import('./commands/merge.ts')).addMergeCommand,
  queue: async () => (await import('./commands/queue.ts')).addQueueCommand,
  frontier: async () => (await import('./commands/frontier.ts')).addFrontierCommand,
  compare: async () => (await import('./commands/compare.ts')).addCompareCommand,
  bench: async () => (await import('./commands/bench.ts')).addBenchCommand,
  strategies: async () => (await import('./commands/strategies.ts')).addStrategiesCommand,
  tree: async () => (await import('./commands/tree.ts')).addTreeCommand,
  export: async () => (await import('./commands/export.ts')).addExportCommand,
  lp: async () => (await import('./commands/lp.ts')).addLpCommand,
};

const exitCodeHelp = `
Exit codes: 0 done (a solve: proven or within the gap), 1 internal error, 2 bad input, 3 infeasible or (verify) the plan
violates something, 4 limit without plan, 5 limit with plan, 6 (lp) numerical trouble, 7 (check) the proof is wrong.`;

/** The program without its commands. What is wrong with the words of a command is said before it begins. */
function emptyProgram(): CliCommand {
  return (
    new CliCommand('rolla')
      .description('Plans LLM serving fleets: which models on which rented GPUs, proven optimal and robust.')
      .version(version)
      .addHelpText('after', exitCodeHelp)
      // Flags behind a command are that command's.
      .enablePositionalOptions()
      .hook('preAction', (_program, command) => (command as CliCommand).refuseFaults())
  );
}

/** Every command with its flags, for tests and tools. */
export async function wholeProgram(context: CommandContext): Promise<CliCommand> {
  const program = emptyProgram();
  for (const load of Object.values(commands)) (await load())(program, context);
  return program;
}

/** Runs one command. Never throws and never ends the process. */
export async function runCli(args: readonly string[], streams: Streams): Promise<ExitCode> {
  const terminal = printableTerminal(streams);
  let exitCode: ExitCode = exitCodes.ok;
  const program = emptyProgram()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out(text),
      writeErr: (text) => terminal.err(text),
      getOutHelpWidth: () => 110,
      getErrHelpWidth: () => 110,
      outputError: (text) => complain(text.trimEnd().replace(/^error: /, ''), terminal),
    });
  const context: CommandContext = {
    terminal,
    finish: (code) => {
      exitCode = code;
    },
  };
  try {
    for (const load of commandsFor(args)) (await load())(program, context);
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

/** The command that the arguments begin with; all of them where that is none, for help and hints. */
function commandsFor([first]: readonly string[]): readonly (() => Promise<AddCommand>)[] {
  return first !== undefined && Object.hasOwn(commands, first) ? [commands[first]] : Object.values(commands);
}

/** Input, usage, what is installed, and what the system refused: not ours to mend. */
function isCallersFault(error: unknown): error is Error {
  return (
    error instanceof PluginError ||
    error instanceof InputError ||
    error instanceof ProgramFileError ||
    error instanceof MissingPackageError ||
    (error instanceof Error && 'syscall' in error)
  );
}

/** Every fault on a line of its own, none longer than can be read; those beyond `mostFaults` are counted. */
function complain(message: string, terminal: Terminal): void {
  const lines = message.split('\n');
  for (const line of lines.slice(0, mostFaults)) terminal.err(`rolla: ${shortened(visible(line))}\n`);
  if (lines.length > mostFaults) terminal.err(`rolla: and ${lines.length - mostFaults} more\n`);
}
