/** `rolla sweep`: solves every cell of a grid, on several threads, and writes table, charts and report. */
import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import {
  type Grid,
  type GridAxis,
  gridSize,
  numChains,
  type PublishedGridName,
  parseVary,
  publishedGrids,
} from '../../analysis/grids.ts';
import type { Sweep, SweepRecord } from '../../analysis/sweep.ts';
import { mostThreads } from '../../analysis/threadCount.ts';
import { fault, type InputIssue, refuse, showValue } from '../../input/inputError.ts';
import { visible } from '../../model/visibleText.ts';
import { analysisOptions } from '../../planner/optionTable.ts';
import { resolveOptions, resolveSolve } from '../../planner/resolveSolve.ts';
import { absent, dollars } from '../../report/numberText.ts';
import type { SweepReportInput } from '../../report/sweepReport.ts';
import { version } from '../../version.ts';
import { exitCodes } from '../exitCodes.ts';
import { makeFolder, systemReason, writeText } from '../files.ts';
import { type CliCommand, fileOutput, forceFlag, type GivenFlags } from '../flags.ts';
import { instanceArgument, instanceOrReference } from '../instanceArgument.ts';
import { withInterruption } from '../interruption.ts';
import { addOptionFlags, givenOptions, inFlags } from '../optionFlags.ts';
import { showScenarioProgress } from '../scenarioProgress.ts';
import { checkReportOutputs, summaryText, writeReport } from '../sweepOutput.ts';
import type { CommandContext, Terminal } from '../terminal.ts';
import { choiceText, countText, plainName, spelling } from '../textRules.ts';
import { chartsFlag } from './scenarioFlags.ts';

interface SweepFlags {
  readonly grid?: PublishedGridName;
  readonly vary?: readonly GridAxis[];
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

const journalName = spelling(`a file that ends in ${journalEnding}`, `sweep${journalEnding}`, (text) =>
  text.endsWith(journalEnding) ? text : null,
);

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

export function addSweepCommand(program: CliCommand, context: CommandContext): void {
  const command = program
    .command('sweep')
    .summary('solve a grid of scenarios')
    .description('Vary one or more factors of an instance, solve every combination, and chart the outcome.')
    .argument(...instanceArgument);
  addOptionFlags(command, analysisOptions, {
    timeLimit: { does: 'seconds for each cell' },
    gap: { does: 'relative gap of each cell' },
  })
    .addFlags({
      grid: {
        argument: '<name>',
        does: 'a published grid',
        value: choiceText(Object.keys(publishedGrids)),
        excludes: { vary: true },
      },
      vary: {
        argument: '<factor=values>',
        does: 'a factor: from:to:step or a,b,c (repeat for more)',
        value: spelling('a factor and its values', 'price=0.4:0.65:0.05', parseVary),
        many: 'list',
      },
      name: {
        argument: '<name>',
        does: 'name of the sweep in file names',
        value: plainName,
        otherwise: 'the factors',
        needs: { vary: true },
        excludes: { emit: true },
      },
      threads: {
        argument: '<n>',
        does: 'threads at most; others than the first start once they save time',
        value: countText(1, 'threads', mostThreads),
        otherwise: 'one for each core',
        excludes: { emit: true },
      },
      outputDir: {
        argument: '<folder>',
        does: 'where the files go',
        default: '.',
        excludes: { emit: true },
      },
      resume: {
        argument: '<journal>',
        does: 'go on with an interrupted sweep',
        value: journalName,
      },
      ...chartsFlag,
      emit: {
        ...fileOutput('write the cells as scenarios for rolla run instead; - is stdout'),
        excludes: { resume: true, noCharts: true },
      },
      draw: {
        argument: '<n>',
        does: 'with --emit: a Latin hypercube of so many cells',
        value: countText(1, 'cells'),
        needs: { emit: true },
      },
      drawSeed: {
        argument: '<n>',
        does: 'with --draw: its seed',
        value: countText(0, 'seed'),
        otherwise: '1',
        needs: { draw: true },
      },
      seeds: {
        argument: '<n>',
        does: 'with --emit: every cell with so many seeds, from --seed on',
        value: countText(1, 'seeds'),
        needs: { emit: true },
      },
      ...forceFlag,
    })
    .checking(checkGrid)
    .checking(checkResumed)
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
  const instance = await instanceOrReference(path, terminal);
  const sweep: Sweep = { instance, grid, options: sweepOptions(flags) };
  for (const notice of inFlags(() => resolveSolve(instance, sweep.options)).notices)
    terminal.err(`rolla: note: ${notice}\n`);
  if (flags.emit !== undefined) {
    await emit(sweep, flags.emit, flags, terminal);
    return;
  }
  const folder = flags.resume === undefined ? flags.outputDir : dirname(flags.resume);
  const stem = flags.resume === undefined ? `${stemBefore(grid.name)}${timestamp()}` : stemOf(flags.resume);
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
  const { LaterThreads } = await import('../../runs/laterThreads.ts');
  const cells = gridSize(sweep.grid) - journal.finished.size;
  const concurrency = Math.min(flags.threads ?? availableParallelism(), mostThreads, numChains(sweep.grid));
  const threads = new LaterThreads(concurrency, cells, signal);
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
      concurrency,
      solve: (task) => threads.solve(task),
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
    await threads.close();
  }
}

/** Throws InputError where no grid is asked for, or a factor twice. */
function checkGrid({ vary }: { readonly vary?: readonly GridAxis[] }, given: GivenFlags): void {
  if (!given('grid') && !given('vary')) throw fault('--vary', 'missing', 'a factor and its values, or --grid');
  const names = (vary ?? []).map(({ factor }) => factor.name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw fault('--vary', `${twice} twice`, 'each factor once');
}

/** Throws InputError where a sweep is to go on under another name, or in another folder, than it began with. */
function checkResumed({ resume, name, outputDir }: Partial<SweepFlags>, given: GivenFlags): void {
  if (resume === undefined) return;
  const issues: InputIssue[] = [];
  const of = `as in ${visible(resume)}`;
  if (given('outputDir') && outputDir !== undefined && resolve(outputDir) !== resolve(dirname(resume)))
    issues.push({ path: '--output-dir', value: showValue(outputDir), expected: `the folder ${of}` });
  if (name !== undefined && !stemOf(resume).startsWith(stemBefore(name)))
    issues.push({ path: '--name', value: showValue(name), expected: `the name ${of}` });
  refuse(issues);
}

/** Of the names of a sweep's files: a time stands behind it. */
const stemBefore = (name: string) => `sensitivity_${name}_`;

function gridOf({ grid, vary, name }: SweepFlags): Grid {
  if (grid !== undefined) return publishedGrids[grid];
  const axes = vary!;
  const names = axes.map(({ factor }) => factor.name);
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
