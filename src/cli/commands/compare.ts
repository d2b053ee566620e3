/** `rolla compare`: robust plans against the deterministic one, by cost and by simulated violations. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type DrawDistribution, drawDistributions } from '../../analysis/stress.ts';
import { generateReference } from '../../generator/generateReference.ts';
import { visible } from '../../model/visibleText.ts';
import { analysisOptions } from '../../planner/optionTable.ts';
import { resolveSolve } from '../../planner/resolveSolve.ts';
import { exitCodes, UsageError } from '../exitCodes.ts';
import { checkOutputs, OutputFiles, readInstance } from '../files.ts';
import { withInterruption } from '../interruption.ts';
import { addOptionFlags, givenOptions, inFlags, wholeNumber } from '../optionFlags.ts';
import type { CommandContext } from '../terminal.ts';

interface CompareFlags {
  readonly gamma?: readonly number[];
  readonly distribution?: readonly DrawDistribution[];
  readonly draws: number;
  readonly json?: boolean;
  readonly markdown?: boolean;
  readonly csv?: string;
  readonly svg?: string;
  readonly force?: boolean;
}

const examples = `
Examples:
  rolla compare
  rolla compare family.json --gamma 0,0.5,1,2 --distribution uniform two-point --svg price.svg --csv price.csv

The deterministic plan always comes first. Plans that use the same query type, model and tier meet the same draws of it.
Exit code 0: done, whatever the single plans ended with; 4 or 5: interrupted without or with a plan, the table so far is
printed; 2: bad input.`;

export function addCompareCommand(program: Command, { terminal, finish }: CommandContext): void {
  const command = program
    .command('compare')
    .summary('price of robustness against the deterministic plan')
    .description(
      'Plan for several Gamma and for nominal values, and draw delays and errors to see how often limits break.',
    )
    .argument(
      '[instance]',
      'rolla-instance/1 or rolla-fleet/1 file; - reads stdin; default: the published reference instance',
    );
  addOptionFlags(command, analysisOptions, {
    timeLimit: 'seconds for each plan',
    gap: 'relative gap of each plan',
    seed: 'seed of draws and heuristics',
  })
    .option('--gamma <list>', 'values of Gamma (default: 0,0.25,0.5,0.75,1,2)', numbers)
    .addOption(
      new Option('--distribution <name...>', 'how deviations are drawn (default: uniform heavy-tail)').choices(
        drawDistributions,
      ),
    )
    .option('--draws <n>', 'draws for each plan and distribution', wholeNumber(1, 10_000_000), 2000)
    .option('--json', 'print everything as JSON')
    .option('--markdown', 'print the table as Markdown')
    .option('--csv <file>', 'also write the table as CSV')
    .option('--svg <file>', 'also draw the curve (needs the packages vega and vega-lite)')
    .option('--force', 'replace files that exist')
    .addHelpText('after', examples)
    .action(async (path: string | undefined, flags: CompareFlags & Readonly<Record<string, unknown>>) => {
      checkOutputs([flags.csv, flags.svg], flags);
      if (flags.svg !== undefined) {
        const { checkChartPackages } = await import('../../report/chart.ts');
        await checkChartPackages({ png: false });
      }
      const instance = path === undefined ? generateReference() : await readInstance(path, terminal);
      const { uncertainty = 'budgeted', ...options } = givenOptions(flags, analysisOptions);
      if (uncertainty === 'none')
        throw new UsageError(
          '--uncertainty: found none, expected budgeted or decision-dependent (the deterministic plan is always compared)',
        );
      for (const notice of inFlags(() => resolveSolve(instance, { ...options, uncertainty })).notices)
        terminal.err(`rolla: note: ${notice}\n`);
      await withInterruption(async (signal) => {
        const { priceOfRobustnessAsync } = await import('../../analysis/priceOfRobustness.ts');
        const points = await priceOfRobustnessAsync(instance, {
          ...options,
          signal,
          uncertainty,
          draws: flags.draws,
          ...(flags.gamma === undefined ? {} : { gammas: flags.gamma }),
          ...(flags.distribution === undefined ? {} : { distributions: flags.distribution }),
          onPoint: ({ gamma, result }) => terminal.err(`Gamma ${gamma ?? 'none'}: ${result.status}\n`),
        });
        const report = await import('../../report/robustnessReport.ts');
        const { markdownLayout, textLayout } = await import('../../report/layout.ts');
        const table = report.robustnessTable(points, flags.markdown ? markdownLayout : textLayout);
        terminal.out(flags.json ? `${JSON.stringify(points, null, 1)}\n` : `${table}\n`);
        const files = new OutputFiles(terminal, flags);
        if (flags.csv !== undefined) {
          const { toCsv } = await import('../../report/csv.ts');
          files.write(flags.csv, toCsv(report.robustnessColumns, report.robustnessRows(points)));
        }
        if (flags.svg !== undefined) {
          const { renderSvg } = await import('../../report/chart.ts');
          const title = `Price of robustness: ${visible(instance.name ?? 'instance')}`;
          files.write(flags.svg, await renderSvg(report.robustnessChart(title, points)));
        }
        if (!files.isComplete) finish(exitCodes.badInput);
        else if (signal.aborted)
          finish(
            points.some(({ result }) => result.plan !== null) ? exitCodes.limitWithPlan : exitCodes.limitWithoutPlan,
          );
      });
    });
}

function numbers(text: string): number[] {
  const values = text.split(',').map(Number);
  if (
    values.length === 0 ||
    !values.every((value) => Number.isFinite(value) && value >= 0) ||
    /(^|,)\s*(,|$)/.test(text)
  ) {
    throw new InvalidArgumentError('Expected numbers >= 0 separated by commas.');
  }
  return values;
}
