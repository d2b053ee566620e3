/** `rolla sweep`: solves every cell of a grid, on several threads, and writes table, charts and report. */
import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { type Command, Option } from 'commander';
import { type Grid, gridSize, type PublishedGridName, parseVary, publishedGrids } from '../../analysis/grids.ts';
import type { Sweep, SweepRecord } from '../../analysis/sweep.ts';
import { mostThreads } from '../../analysis/threadCount.ts';
import { generateReference } from '../../generator/generateReference.ts';
import { kebabCase } from '../../model/kebabCase.ts';
import { visible } from '../../model/visibleText.ts';
import { analysisOptions } from '../../planner/optionTable.ts';
import { resolveOptions, resolveSolve } from '../../planner/resolveSolve.ts';
import { absent, dollars } from '../../report/numberText.ts';
import type { SweepReportInput } from '../../report/sweepReport.ts';
import { version } from '../../version.ts';
import { exitCodes, UsageError } from '../exitCodes.ts';
import { makeFolder, readInstance, systemReason, writeText } from '../files.ts';
import { withInterruption } from '../interruption.ts';
import { addOptionFlags, collect, givenOptions, inFlags, wholeNumber } from '../optionFlags.ts';
import { showScenarioProgress } from '../scenarioProgress.ts';
import { checkReportOutputs, summaryText, writeReport } from '../sweepOutput.ts';
import type { CommandContext, Terminal } from '../terminal.ts';

interface SweepFlags {
  readonly grid?: PublishedGridName;
  readonly vary?: readonly string[];
  readonly name?: string;
  readonly threads?: number;
  readonly outputDir: string;
  readonly resume?: string;
  readonly charts: boolean;
  readonly force?: boolean;
  readonly emit?: string;
  readonly draw?: number;
  readonly drawSeed?: number;
  readonly seeds?: number;
}

const journalEnding = '.journal.jsonl';

const examples = `
Examples:
  rolla sweep --grid cost-budget
  rolla sweep family.json --vary price=0.4:0.65:0.05 --vary budget=0.3,0.35 --output-dir sweeps
  rolla sweep --vary gamma=0:2:0.5 --placement split
  rolla sweep --vary price=0.4:0.65:0.01 --vary rate=0.5:2:0.1 --draw 100 --emit scenarios.jsonl
  rolla sweep --grid cost-budget --resume sensitivity_cost_budget_20251106_112435${journalEnding}

Grids: ${Object.keys(publishedGrids).join(', ')}; their default preset is reference.
Without an instance the published reference instance (seed 42) is varied.
Writes sensitivity_<name>_<timestamp>.csv, .json, .html and charts as .svg and .png. An interrupted sweep leaves its finished
cells in a journal, from which --resume goes on. Exit code 0: all cells done; 5: interrupted; 2: bad input.`;

export function addSweepCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('sweep')
    .summary('solve a grid of scenarios')
    .description('Vary one or more factors of an instance, solve every combination, and chart the outcome.')
    .argument(
      '[instance]',
      'rolla-instance/1 or rolla-fleet/1 file; - reads stdin; default: the published reference instance',
    );
  addOptionFlags(command, analysisOptions, { timeLimit: 'seconds for each cell', gap: 'relative gap of each cell' })
    .addOption(new Option('--grid <name>', 'a published grid').choices(Object.keys(publishedGrids)))
    .option('--vary <factor=values>', 'a factor: from:to:step or a,b,c (repeat for more)', collect)
    .option('--name <name>', 'name of the sweep in file names (default: the factors)')
    .option('--threads <n>', 'worker threads (default: one for each core)', wholeNumber(1, mostThreads))
    .option('--output-dir <folder>', 'where the files go', '.')
    .option('--resume <journal>', 'go on with an interrupted sweep')
    .option('--no-charts', 'tables only; charts need the packages vega, vega-lite and @napi-rs/canvas')
    .option('--emit <file>', 'write the cells as scenarios for rolla run instead; - is stdout')
    .option('--draw <n>', 'with --emit: a Latin hypercube of so many cells', wholeNumber(1))
    .option('--draw-seed <n>', 'with --draw: its seed (default: 1)', wholeNumber(0))
    .option('--seeds <n>', 'with --emit: every cell with so many seeds, from --seed on', wholeNumber(1))
    .option('--force', 'replace files that exist')
    .addHelpText('after', examples)
    .action((path: string | undefined, flags: SweepFlags & Readonly<Record<string, unknown>>) =>
      run(path, flags, context),
    );
}

async function run(
  path: string | undefined,
  flags: SweepFlags & Readonly<Record<string, unknown>>,
  { terminal, finish }: CommandContext,
): Promise<void> {
  const grid = gridOf(flags);
  const instance = path === undefined ? generateReference() : await readInstance(path, terminal);
  const sweep: Sweep = { instance, grid, options: sweepOptions(flags) };
  for (const notice of inFlags(() => resolveSolve(instance, sweep.options)).notices)
    terminal.err(`rolla: note: ${notice}\n`);
  if (flags.emit !== undefined) {
    await emit(sweep, flags.emit, flags, terminal);
    return;
  }
  for (const name of ['draw', 'drawSeed', 'seeds'] as const)
    if (flags[name] !== undefined) throw new UsageError(`--${kebabCase(name)}: found no --emit, expected it too`);
  const folder = flags.resume === undefined ? flags.outputDir : dirname(flags.resume);
  const stem = flags.resume === undefined ? `sensitivity_${grid.name}_${timestamp()}` : stemOf(flags.resume);
  const journalPath = flags.resume ?? join(folder, `${stem}${journalEnding}`);
  // Killed while it wrote its files, a sweep left some of them beside its journal; taken up again, it replaces them.
  const output = { force: flags.force === true || flags.resume !== undefined };
  makeFolder(folder);
  await checkReportOutputs(join(folder, stem), flags.charts, output);

  // Loaded here, so that help and usage errors come at once.
  const { openSweepJournal } = await import('../../runs/sweepJournal.ts');
  const journal = openSweepJournal(journalPath, sweep, flags.resume !== undefined);
  await withInterruption(async (signal) => {
    const records = await solveCells(sweep, journal, flags, signal, terminal);
    if (records.length < gridSize(grid)) {
      terminal.err(
        `${records.length} of ${gridSize(grid)} cells are done; go on with --resume ${visible(journalPath)}\n`,
      );
      finish(exitCodes.limitWithPlan);
      return;
    }
    const input = await reportInput(stem, sweep, records);
    const files = await writeReport(input, folder, flags.charts, terminal, output);
    if (files === null) {
      terminal.err(`rolla: the finished cells are in ${visible(journalPath)}; --resume writes the files anew\n`);
      finish(exitCodes.badInput);
      return;
    }
    rmSync(journalPath);
    terminal.out(summaryText(input, folder, files));
  });
}

/** Writes the cells as scenarios. */
async function emit(sweep: Sweep, path: string, flags: SweepFlags, terminal: Terminal): Promise<void> {
  if (flags.resume !== undefined) throw new UsageError('--emit: found --resume, expected one of them');
  if (flags.drawSeed !== undefined && flags.draw === undefined)
    throw new UsageError('--draw-seed: found no --draw, expected it too');
  const { scenarioLines } = await import('../../scenarios/scenarioDesign.ts');
  const lines = [
    ...scenarioLines(sweep, {
      draws: flags.draw ?? null,
      drawSeed: flags.drawSeed ?? 1,
      seeds: flags.seeds ?? 1,
    }),
  ];
  writeText(path, lines.join(''), terminal, flags);
  if (path !== '-') terminal.err(`${lines.length - 1} scenarios in ${visible(path)}\n`);
}

/** Runs the cells that the journal does not have yet. */
async function solveCells(
  sweep: Sweep,
  journal: { readonly finished: ReadonlyMap<number, SweepRecord>; append(record: SweepRecord): void },
  flags: SweepFlags,
  signal: AbortSignal,
  terminal: Terminal,
): Promise<SweepRecord[]> {
  const { runSweep } = await import('../../analysis/sweep.ts');
  const { startScenarioPool } = await import('../../runs/scenarioPool.ts');
  const threads = Math.min(flags.threads ?? availableParallelism(), mostThreads, gridSize(sweep.grid));
  const pool = threads > 1 ? startScenarioPool(threads) : null;
  const progress = showScenarioProgress(gridSize(sweep.grid), terminal);
  for (const { row } of journal.finished.values()) progress.step({ failed: row.status === 'failed', isNew: false });
  let isJournalLost = false;
  /** Without its journal a sweep cannot be taken up again, but it ends. */
  const keep = (record: SweepRecord) => {
    if (isJournalLost) return;
    try {
      journal.append(record);
    } catch (error) {
      isJournalLost = true;
      terminal.err(`rolla: warning: the journal ends here: found ${systemReason(error)}\n`);
    }
  };
  try {
    return await runSweep(sweep, {
      finished: journal.finished,
      signal,
      concurrency: threads,
      ...(pool === null ? {} : { solve: pool.solve }),
      onRecord: (record) => {
        keep(record);
        const { cell, row } = record;
        const values = sweep.grid.axes.map(({ factor }) => `${factor.name}=${row[factor.column]}`).join(' ');
        const cost = typeof row.total_cost === 'number' ? `$ ${dollars(row.total_cost)}` : absent;
        const text = `cell ${cell}  ${values}  ${row.status}  ${cost}`;
        progress.step({ failed: row.status === 'failed', isNew: true, text });
      },
    });
  } finally {
    progress.end();
    await pool?.close();
  }
}

function gridOf({ grid, vary, name }: SweepFlags): Grid {
  if ((grid === undefined) === (vary === undefined)) throw new UsageError('expected one of --grid and --vary');
  if (grid !== undefined) return publishedGrids[grid];
  const axes = vary!.map(parseVary);
  const names = axes.map(({ factor }) => factor.name);
  if (new Set(names).size !== names.length) throw new UsageError('--vary: found a factor twice, expected each once');
  if (name !== undefined && !/^[\w-]+$/.test(name)) {
    throw new UsageError(`--name: found ${name}, expected letters, digits, _ and - only`);
  }
  const title = axes.map(({ factor }) => factor.label).join(' and ');
  return { name: name ?? names.join('_').replaceAll('-', '_'), title, axes };
}

function sweepOptions(flags: SweepFlags & Readonly<Record<string, unknown>>): Sweep['options'] {
  return {
    ...(flags.grid === undefined ? {} : { preset: 'reference' }),
    ...givenOptions(flags, analysisOptions),
  };
}

function stemOf(journal: string): string {
  if (!journal.endsWith(journalEnding)) {
    throw new UsageError(`--resume: found ${journal}, expected a file that ends in ${journalEnding}`);
  }
  return basename(journal).slice(0, -journalEnding.length);
}

/** As in the published file names: 20251106_112435, local time. */
function timestamp(now = new Date()): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const date = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  return `${date}_${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
}

async function reportInput(stem: string, sweep: Sweep, records: readonly SweepRecord[]): Promise<SweepReportInput> {
  const { sweepColumns } = await import('../../analysis/sweepRow.ts');
  const { grid, instance } = sweep;
  return {
    stem,
    title: grid.title,
    axes: grid.axes.map(({ factor, values }) => ({ column: factor.column, label: factor.label, values })),
    columns: sweepColumns(sweep),
    rows: records.map(({ row }) => row),
    about: { instance: instance.name ?? null, options: resolveOptions(sweep.options), version },
  };
}
