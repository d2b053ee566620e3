/** `rolla compare`: robust plans against the deterministic one, by cost and by simulated violations. */
import { robustnessDefaults } from '../../analysis/robustnessDefaults.ts';
import { type DrawDistribution, drawDistributions } from '../../analysis/stress.ts';
import { visible } from '../../model/visibleText.ts';
import { analysisOptions } from '../../planner/optionTable.ts';
import { resolveSolve } from '../../planner/resolveSolve.ts';
import { exitCodes } from '../exitCodes.ts';
import { OutputFiles } from '../files.ts';
import { type CliCommand, fileOutput, forceFlag, printedForms } from '../flags.ts';
import { instanceArgument, instanceOrReference } from '../instanceArgument.ts';
import { withInterruption } from '../interruption.ts';
import { addOptionFlags, givenOptions, inFlags } from '../optionFlags.ts';
import type { CommandContext } from '../terminal.ts';
import { choiceText, countText, numberList } from '../textRules.ts';

interface CompareFlags {
  readonly uncertainty: 'budgeted' | 'decision-dependent';
  readonly gamma?: readonly number[];
  readonly distribution?: readonly DrawDistribution[];
  readonly draws: number;
  readonly json?: boolean;
  readonly markdown?: boolean;
  readonly csv?: string;
  readonly svg?: string;
  readonly force?: boolean;
}

const comparedOptions = analysisOptions.filter((name) => name !== 'uncertainty');

const examples = `
Examples:
  rolla compare
  rolla compare family.json --gamma 0,0.5,1,2 --distribution uniform two-point --svg price.svg --csv price.csv

The deterministic plan always comes first. Plans that use the same query type, model and tier meet the same draws of it.
Exit code 0: done, whatever the single plans ended with; 4 or 5: interrupted without or with a plan, the table so far is
printed; 2: bad input.`;

export function addCompareCommand(program: CliCommand, { terminal, finish }: CommandContext): void {
  const command = program
    .command('compare')
    .summary('price of robustness against the deterministic plan')
    .description(
      'Plan for several Gamma and for nominal values, and draw delays and errors to see how often limits break.',
    )
    .argument(...instanceArgument);
  addOptionFlags(command, comparedOptions, {
    timeLimit: { does: 'seconds for each plan' },
    gap: { does: 'relative gap of each plan' },
    seed: { does: 'seed of draws and heuristics' },
  })
    .addFlags({
      uncertainty: {
        argument: '<choice>',
        does: 'how the plans that are compared with the deterministic one see uncertainty',
        value: choiceText(['budgeted', 'decision-dependent']),
        default: 'budgeted',
      },
      gamma: {
        argument: '<list>',
        does: 'values of Gamma',
        value: numberList('numbers >= 0', '0,0.5,1', (values) => values.every((value) => value >= 0)),
        otherwise: robustnessDefaults.gammas.join(','),
      },
      distribution: {
        argument: '<name...>',
        does: 'how deviations are drawn',
        value: choiceText(drawDistributions),
        otherwise: robustnessDefaults.distributions.join(' '),
      },
      draws: {
        argument: '<n>',
        does: 'draws for each plan and distribution',
        value: countText(1, 'draws', 10_000_000),
        default: robustnessDefaults.draws,
      },
      ...printedForms('print everything as JSON', 'print the table as Markdown'),
      csv: fileOutput('also write the table as CSV'),
      svg: fileOutput('also draw the curve (needs the packages vega and vega-lite)'),
      ...forceFlag,
    })
    .addHelpText('after', examples)
    .action(async (path: string | undefined, flags: CompareFlags & Readonly<Record<string, unknown>>) => {
      if (flags.svg !== undefined) {
        const { checkChartPackages } = await import('../../report/chart.ts');
        await checkChartPackages({ png: false });
      }
      const instance = await instanceOrReference(path, terminal);
      const options = givenOptions(flags, comparedOptions);
      const { uncertainty } = flags;
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
