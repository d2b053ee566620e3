/** `rolla solve`: plans an instance and proves the plan; without one, the published reference instance. */
import type { ProgressEvent } from '../../bnb/progress.ts';
import { checkPlan } from '../../model/check/verifier.ts';
import type { Instance } from '../../model/instance.ts';
import { parseJson } from '../../model/jsonText.ts';
import { atLeastZero } from '../../model/schemaFields.ts';
import { validatePlan } from '../../model/validatePlan.ts';
import { optionTable } from '../../planner/optionTable.ts';
import { resolveOptions, resolveSolve } from '../../planner/resolveSolve.ts';
import type { SavedSolve } from '../../planner/savedSolve.ts';
import type { SolveOptions } from '../../planner/solveOptions.ts';
import type { SolveResult } from '../../planner/solveResult.ts';
import { markdownLayout, textLayout } from '../../report/layout.ts';
import { solveReport } from '../../report/solveReport.ts';
import { type ExitCode, exitCodes } from '../exitCodes.ts';
import { OutputFiles, readFileAs } from '../files.ts';
import { type CliCommand, fileOutput, forceFlag, outputFlag, printedForms } from '../flags.ts';
import { instanceArgument, instanceOrReference } from '../instanceArgument.ts';
import { withInterruption } from '../interruption.ts';
import {
  addOptionFlags,
  addStrategyFlags,
  givenOptions,
  inFlags,
  type OptionName,
  type StrategyFlags,
  strategyOf,
} from '../optionFlags.ts';
import { watchProgress, writeTree } from '../progressOutput.ts';
import { withProof, writePlanProof } from '../proofFiles.ts';
import { StateKeeper } from '../stateKeeper.ts';
import type { CommandContext, Terminal } from '../terminal.ts';
import { fieldText } from '../textRules.ts';
import { type AlternativesFlags, alternativesFlags, solveAlternatives } from './solveAlternatives.ts';

/** Every option that is a flag of its own kind. */
const solveOptions = (Object.keys(optionTable) as OptionName[]).filter((name) => optionTable[name].argument !== null);

interface SolveFlags extends StrategyFlags, AlternativesFlags {
  readonly startPlan?: string;
  readonly saveState?: string;
  readonly saveInterval: number;
  readonly resume?: string;
  readonly log?: boolean;
  readonly quiet?: boolean;
  readonly logJson?: string;
  readonly html?: string;
  readonly svg?: string;
  readonly tree?: string;
  readonly proof?: string;
}

const examples = `
Examples:
  rolla solve
  rolla solve --preset reference --log
  rolla solve family.json --placement split --time-limit 60 --gap 0.001 -o result.json
  rolla solve family.json --strategy depth-first --relaxation compact --json
  rolla solve family.json --time-limit 60 --save-state family.search
  rolla solve family.json --resume family.search
  rolla solve family.json --alternatives 5

Without an instance the published reference instance (seed 42) is solved; - reads stdin.
Exit code 0: proven within the gap; 3: infeasible; 4: a limit struck before any plan was found; 5: with a plan; 2: bad input.`;

export function addSolveCommand(program: CliCommand, context: CommandContext): void {
  const command = program
    .command('solve')
    .summary('find and prove a plan of least cost')
    .description('Find a plan of least cost, prove it, verify it and print it.')
    .argument(...instanceArgument);
  addStrategyFlags(addOptionFlags(command, solveOptions), (strategy) =>
    resolveOptions(strategy === undefined ? {} : { strategy }),
  )
    .addFlags({
      startPlan: { argument: '<file>', does: 'rolla-plan/1 or rolla-result/1 to start from' },
      saveState: fileOutput('where to save the search while it goes, and when a limit or a signal stops it'),
      saveInterval: {
        argument: '<s>',
        does: 'seconds between two savings while it goes',
        value: fieldText(atLeastZero('seconds')),
        default: 60,
        needs: { saveState: true },
      },
      resume: {
        argument: '<file>',
        does: 'go on with a saved search: same instance and options, limits of its own',
      },
      ...alternativesFlags,
      ...printedForms(
        'print the result as JSON (rolla-result/1) instead of the report',
        'print the report as Markdown',
      ),
      ...outputFlag('also write the result as JSON to a file'),
      html: fileOutput('also write a page with a picture of the plan and the report'),
      svg: fileOutput('also write the picture of the plan alone'),
      tree: fileOutput('also write a picture of the search tree'),
      proof: fileOutput('also write a proof of the result (rolla-proof/1), for rolla check'),
      ...forceFlag,
      log: { does: 'print the search log to stderr' },
      logJson: fileOutput('write progress events as JSON lines to a file'),
      quiet: { does: 'no progress line on a terminal' },
    })
    .addHelpText('after', examples)
    .action((path: string | undefined, flags: SolveFlags & Readonly<Record<string, unknown>>) =>
      solve(path, flags, context),
    );
}

async function solve(
  path: string | undefined,
  flags: SolveFlags & Readonly<Record<string, unknown>>,
  { terminal, finish }: CommandContext,
): Promise<void> {
  const instance = await instanceOrReference(path, terminal);
  const named = givenOptions(flags, solveOptions);
  const options = { ...named, ...(await strategyOf(named.strategy, flags)) };
  const { settings } = inFlags(() => resolveSolve(instance, options));
  const startPlan = flags.startPlan === undefined ? {} : await readStartPlan(flags.startPlan, instance, terminal);
  await withInterruption(async (signal) => {
    if (flags.alternatives !== undefined) {
      const { alternatives: count, differIn } = flags;
      const asked = { ...options, ...startPlan, signal, count, ...(differIn !== undefined && { differIn }) };
      finish(await solveAlternatives(instance, asked, flags, terminal));
      return;
    }
    const keeper = flags.saveState === undefined ? null : new StateKeeper(flags.saveState, flags, terminal);
    const given = { ...options, ...startPlan, signal };
    const { result, saved, events } = await solveWatched(instance, given, flags, keeper, terminal);
    for (const notice of result.notices) terminal.err(`rolla: note: ${notice}\n`);
    // The search first, whoever stops waiting; that it could not be saved must not cost the plan.
    const notSaved = keeper?.end(saved) ?? null;
    const exitCode = await tell(instance, result, events, flags, { gap: settings.gap, signal, terminal });
    if (notSaved !== null) throw notSaved;
    finish(exitCode);
  });
}

/** What is printed is safe, whatever happens to the files. */
async function tell(
  instance: Instance,
  result: SolveResult,
  events: readonly ProgressEvent[],
  flags: SolveFlags,
  { gap, signal, terminal }: { readonly gap: number; readonly signal: AbortSignal; readonly terminal: Terminal },
): Promise<ExitCode> {
  if (flags.output !== '-')
    terminal.out(
      flags.json ? jsonText(result) : solveReport(instance, result, flags.markdown ? markdownLayout : textLayout),
    );
  const files = new OutputFiles(terminal, flags);
  if (flags.output !== undefined) files.write(flags.output, jsonText(result));
  if (flags.html !== undefined || flags.svg !== undefined) await writePictures(instance, result, flags, files);
  if (flags.tree !== undefined) await writeTree(instance.name ?? 'Search', events, flags.tree, files);
  const desk = { files, terminal, signal, quiet: flags.quiet === true };
  const proof =
    flags.proof === undefined ? 'complete' : await writePlanProof(instance, result, { path: flags.proof, gap }, desk);
  return files.isComplete ? withProof(proof, exitCodeOf(result), result.plan !== null) : exitCodes.badInput;
}

async function writePictures(
  instance: Instance,
  result: SolveResult,
  flags: SolveFlags,
  files: OutputFiles,
): Promise<void> {
  // Without a plan there is nothing to draw; the exit code says so already.
  if (result.plan === null) return;
  if (flags.svg !== undefined) {
    const { planPicture } = await import('../../report/planPicture.ts');
    const verification = checkPlan(instance, result.options, result.plan);
    files.write(flags.svg, planPicture(instance.name ?? 'Plan', instance, result.plan, verification));
  }
  if (flags.html !== undefined) {
    const { solvePage } = await import('../../report/solvePage.ts');
    files.write(flags.html, solvePage(instance, result));
  }
}

/** Solves with log and, if so asked, the search kept in a file; `saved` only if something stopped it. */
async function solveWatched(
  instance: Instance,
  options: SolveOptions,
  flags: SolveFlags,
  keeper: StateKeeper | null,
  terminal: Terminal,
): Promise<{
  readonly result: SolveResult;
  readonly saved: SavedSolve | null;
  readonly events: readonly ProgressEvent[];
}> {
  // Loaded here, so that help and usage errors come at once.
  const { Solve } = await import('../../planner/solve.ts');
  const watch = watchProgress(flags, terminal);
  try {
    const watched = { ...options, onProgress: watch.onProgress };
    const start = (saved?: SavedSolve) => new Solve(instance, watched, saved);
    const solve =
      flags.resume === undefined
        ? start()
        : await readFileAs(flags.resume, terminal, (text) => start(parseJson(text) as SavedSolve));
    keeper?.begin(flags.saveInterval, () => solve.save());
    const result = await solve.runAsync();
    const isSettled = result.status === 'optimal' || result.status === 'infeasible';
    const saved = keeper === null || isSettled ? null : solve.save();
    return { result, saved, events: watch.events };
  } finally {
    keeper?.cancel();
    watch.end();
  }
}

function readStartPlan(path: string, instance: Instance, terminal: Terminal): Promise<Pick<SolveOptions, 'startPlan'>> {
  return readFileAs(path, terminal, (text) => {
    const data = parseJson(text);
    const isResult =
      typeof data === 'object' && data !== null && (data as { format?: unknown }).format === 'rolla-result/1';
    return { startPlan: validatePlan(isResult ? (data as { plan?: unknown }).plan : data, instance) };
  });
}

function jsonText(result: SolveResult): string {
  return `${JSON.stringify(result, null, 1)}\n`;
}

function exitCodeOf({ status, plan }: SolveResult): ExitCode {
  if (status === 'optimal') return exitCodes.ok;
  if (status === 'infeasible') return exitCodes.infeasible;
  return plan === null ? exitCodes.limitWithoutPlan : exitCodes.limitWithPlan;
}
