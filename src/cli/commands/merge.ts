/** `rolla merge`: makes table, charts and page of the results of scenarios, whoever solved them. */
import { join } from 'node:path';
import { mergeResults } from '../../scenarios/mergeResults.ts';
import { openResultStore } from '../../scenarios/resultStore.ts';
import { readScenarioChains, type ScenarioHead } from '../../scenarios/scenarioFile.ts';
import { version } from '../../version.ts';
import { exitCodes } from '../exitCodes.ts';
import { makeFolder, readInstance } from '../files.ts';
import { type CliCommand, forceFlag } from '../flags.ts';
import { checkReportOutputs, summaryText, writeReport } from '../sweepOutput.ts';
import type { CommandContext } from '../terminal.ts';
import { plainName } from '../textRules.ts';
import { chartsFlag, resultsFlag } from './scenarioFlags.ts';

interface MergeFlags {
  readonly results: readonly string[];
  readonly outputDir: string;
  readonly name: string;
  readonly partial?: boolean;
  readonly charts: boolean;
  readonly force?: boolean;
}

const examples = `
Examples:
  rolla merge scenarios.jsonl --results results
  rolla merge scenarios.jsonl --results node1/results --results node2/results --output-dir report --name fleets

Writes <name>.csv, .json, .html and charts as .svg and .png. Refused are results that are torn, altered or of another
version, two folders that disagree, and scenarios whose options differ in more than the seed.
Exit code 0: done; 2: bad input; 5: scenarios without a result (--partial merges the others).`;

export function addMergeCommand(program: CliCommand, context: CommandContext): void {
  program
    .command('merge')
    .summary('make a report of the results of scenarios')
    .description('Make table, charts and page of the results of the scenarios of a file.')
    .argument('<scenarios>', 'rolla-scenarios/1 file (JSON lines)')
    .addFlags({
      ...resultsFlag,
      outputDir: { argument: '<folder>', does: 'where the files go', default: '.' },
      name: { argument: '<name>', does: 'stem of the names of files', value: plainName, default: 'scenarios' },
      partial: { does: 'merge what there is' },
      ...chartsFlag,
      ...forceFlag,
    })
    .addHelpText('after', examples)
    .action((path: string, flags: MergeFlags) => run(path, flags, context));
}

async function run(path: string, flags: MergeFlags, { terminal, finish }: CommandContext): Promise<void> {
  const output = { force: flags.force };
  makeFolder(flags.outputDir);
  await checkReportOutputs(join(flags.outputDir, flags.name), flags.charts, output);
  let head: ScenarioHead = { title: null };
  const chains = readScenarioChains(path, (each) => readInstance(each, terminal), {
    onHead: (found) => (head = found),
  });
  const merged = await mergeResults(
    chains,
    flags.results.map((folder) => openResultStore(folder)),
  );
  if (merged.missing.length > 0) {
    terminal.err(`rolla: ${merged.missing.length} scenarios have no result; rolla missing lists them\n`);
    finish(exitCodes.limitWithPlan);
    if (flags.partial !== true) return;
  }
  if (merged.lowered > 0)
    terminal.err(`rolla: note: ${merged.lowered} were solved under lower limits, as earlier attempts did not end\n`);
  const input = {
    stem: flags.name,
    title: head.title ?? 'Scenarios',
    axes: merged.axes,
    columns: merged.columns,
    rows: merged.rows,
    about: { instances: merged.instances, options: merged.options, version },
  };
  const files = await writeReport(input, flags.outputDir, flags.charts, terminal, output);
  if (files === null) finish(exitCodes.badInput);
  else terminal.out(summaryText(input, flags.outputDir, files));
}
