/** `rolla roll`: a fleet through windows of demand, each planned from the one before. */
import { rollDefaults } from '../../analysis/rollDefaults.ts';
import { visible } from '../../model/visibleText.ts';
import { analysisOptions } from '../../planner/optionTable.ts';
import { resolveSolve } from '../../planner/resolveSolve.ts';
import { markdownLayout, textLayout } from '../../report/layout.ts';
import { exitCodes } from '../exitCodes.ts';
import { OutputFiles, readFileAs, readInstance } from '../files.ts';
import { type CliCommand, fileOutput, forceFlag, outputFlag, printedForms } from '../flags.ts';
import { withInterruption } from '../interruption.ts';
import { addOptionFlags, givenOptions, inFlags } from '../optionFlags.ts';
import type { CommandContext } from '../terminal.ts';

interface RollFlags {
  readonly demand: string;
  readonly json?: boolean;
  readonly markdown?: boolean;
  readonly csv?: string;
  readonly svg?: string;
  readonly output?: string;
  readonly force?: boolean;
}

const rollMeanings = {
  timeLimit: { does: 'seconds for each plan', default: rollDefaults.timeLimit },
  gap: { does: 'relative gap of each plan', default: rollDefaults.gap },
};
const examples = `
Examples:
  rolla roll fleet.yaml --demand demand.csv
  rolla roll fleet.yaml --demand demand.csv --csv windows.csv --svg windows.svg

The table has start, hours, queryType and rate (queries per hour); rolla demand makes it of a trace. Costs of switching are those of
the instance (switchingCost); the first window changes from its currentPlan, if there is one.
Exit code 0: done, whatever the windows ended with; 3: no window has a plan; 4 or 5: interrupted; 2: bad input.`;

export function addRollCommand(program: CliCommand, { terminal, finish }: CommandContext): void {
  const command = program
    .command('roll')
    .summary('plans through windows of demand')
    .description(
      'Plan each window from the one before it, with what switching costs; beside it one plan for the peak, and each window alone as a bound.',
    )
    .argument('<instance>', 'rolla-instance/1 or rolla-fleet/1 file; - reads stdin')
    .addFlags({ demand: { argument: '<file>', does: 'CSV of rates by window', isRequired: true } });
  addOptionFlags(command, analysisOptions, rollMeanings)
    .addFlags({
      ...printedForms('print everything as JSON (rolla-roll/1)', 'print the report as Markdown'),
      ...outputFlag('also write everything as JSON to a file'),
      csv: fileOutput('also write the windows as CSV'),
      svg: fileOutput('also draw demand, GPUs and cost over time (needs the packages vega and vega-lite)'),
      ...forceFlag,
    })
    .addHelpText('after', examples)
    .action(async (path: string, flags: RollFlags & Readonly<Record<string, unknown>>) => {
      if (flags.svg !== undefined) {
        const { checkChartPackages } = await import('../../report/chart.ts');
        await checkChartPackages({ png: false });
      }
      const instance = await readInstance(path, terminal);
      const options = givenOptions(flags, analysisOptions);
      for (const notice of inFlags(() => resolveSolve(instance, options)).notices)
        terminal.err(`rolla: note: ${notice}\n`);
      const { readDemand } = await import('../../exchange/demand.ts');
      const { checkWindows, rollWindows } = await import('../../analysis/rollingWindows.ts');
      const windows = await readFileAs(flags.demand, terminal, async (text) => {
        const read = await readDemand(text);
        checkWindows(read, instance);
        return read;
      });
      await withInterruption(async (signal) => {
        const rolled = await rollWindows(instance, windows, { ...options, signal });
        const { rollChart, rollColumns, rollReport, rollRows } = await import('../../report/rollReport.ts');
        const layout = flags.markdown ? markdownLayout : textLayout;
        const json = `${JSON.stringify(rolled, null, 1)}\n`;
        if (flags.output !== '-') terminal.out(flags.json ? json : rollReport(rolled, layout));
        const files = new OutputFiles(terminal, flags);
        if (flags.output !== undefined) files.write(flags.output, json);
        if (flags.csv !== undefined) {
          const { toCsv } = await import('../../report/csv.ts');
          files.write(flags.csv, toCsv(rollColumns, rollRows(rolled)));
        }
        if (flags.svg !== undefined) {
          const { renderSvg } = await import('../../report/chart.ts');
          const title = `Demand, GPUs and cost: ${visible(instance.name ?? 'instance')}`;
          files.write(flags.svg, await renderSvg(rollChart(title, rolled)));
        }
        const hasPlan = rolled.windows.some(({ plan }) => plan !== null);
        if (!files.isComplete) finish(exitCodes.badInput);
        else if (signal.aborted) finish(hasPlan ? exitCodes.limitWithPlan : exitCodes.limitWithoutPlan);
        else if (!hasPlan) finish(exitCodes.infeasible);
      });
    });
}
