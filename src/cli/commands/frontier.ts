/** `rolla frontier`: the least cost at each value of a limit, proven point by point. */

import { type GridAxis, parseVary } from '../../analysis/grids.ts';
import { fault, showValue } from '../../input/inputError.ts';
import { visible } from '../../model/visibleText.ts';
import { analysisOptions } from '../../planner/optionTable.ts';
import { resolveSolve } from '../../planner/resolveSolve.ts';
import { markdownLayout, textLayout } from '../../report/layout.ts';
import { exitCodes } from '../exitCodes.ts';
import { OutputFiles } from '../files.ts';
import { type CliCommand, fileOutput, forceFlag, outputFlag, printedForms } from '../flags.ts';
import { instanceArgument, instanceOrReference } from '../instanceArgument.ts';
import { withInterruption } from '../interruption.ts';
import { addOptionFlags, givenOptions, inFlags } from '../optionFlags.ts';
import type { CommandContext } from '../terminal.ts';
import { countText, spelling } from '../textRules.ts';

interface FrontierFlags {
  readonly over: GridAxis | 'gpus';
  readonly points: number;
  readonly json?: boolean;
  readonly markdown?: boolean;
  readonly output?: string;
  readonly csv?: string;
  readonly svg?: string;
  readonly force?: boolean;
}

function numericAxis(text: string): GridAxis {
  const axis = parseVary(text);
  const word = axis.values.find((value) => typeof value !== 'number');
  if (word !== undefined) throw fault('--over', showValue(word), `a number: ${axis.factor.name} has no order`);
  return axis;
}

const examples = `
Examples:
  rolla frontier --over error=0.55:1.5:0.05
  rolla frontier fleet.yaml --over gpus --svg gpus.svg
  rolla frontier family.json --over gamma=0:2:0.1 --csv gamma.csv

--over takes every numeric factor of rolla sweep, with values as there; gpus alone goes from plan to plan, each with fewer GPUs.
Exit code 0: every point is proven; 3: no point has a plan, proven; 4 or 5: a limit or a signal stopped something; 2: bad input.`;

export function addFrontierCommand(program: CliCommand, { terminal, finish }: CommandContext): void {
  const command = program
    .command('frontier')
    .summary('the least cost at each value of a limit')
    .description(
      'Find and prove the least cost at each value of a limit or another factor, and show which points are dominated.',
    )
    .argument(...instanceArgument)
    .addFlags({
      over: {
        argument: '<factor=values>',
        does: 'name=from:to:step, name=a,b,c, or gpus alone',
        value: spelling('gpus alone, or a numeric factor and its values', 'budget=0.3:0.5:0.05', (text) =>
          text === 'gpus' ? text : numericAxis(text),
        ),
        isRequired: true,
      },
    });
  addOptionFlags(command, analysisOptions, {
    timeLimit: { does: 'seconds for each point' },
    gap: { does: 'relative gap of each point' },
  })
    .addFlags({
      points: {
        argument: '<n>',
        does: 'most points, where --over gpus stands alone',
        value: countText(1, 'points', 10_000),
        default: 20,
        needs: { over: ['gpus'] },
      },
      ...printedForms('print everything as JSON (rolla-frontier/1)', 'print the report as Markdown'),
      ...outputFlag('also write everything as JSON to a file'),
      csv: fileOutput('also write the points as CSV'),
      svg: fileOutput('also draw cost over the limit (needs the packages vega and vega-lite)'),
      ...forceFlag,
    })
    .addHelpText('after', examples)
    .action(async (path: string | undefined, flags: FrontierFlags & Readonly<Record<string, unknown>>) => {
      if (flags.svg !== undefined) {
        const { checkChartPackages } = await import('../../report/chart.ts');
        await checkChartPackages({ png: false });
      }
      const instance = await instanceOrReference(path, terminal);
      const given = givenOptions(flags, analysisOptions);
      for (const notice of inFlags(() => resolveSolve(instance, given)).notices)
        terminal.err(`rolla: note: ${notice}\n`);
      const axis = flags.over === 'gpus' ? null : flags.over;
      await withInterruption(async (signal) => {
        const { frontierAsync, gpuFrontierAsync } = await import('../../analysis/frontier.ts');
        const options = { ...given, signal };
        const found = await (axis === null
          ? gpuFrontierAsync(instance, flags.points, options)
          : frontierAsync(instance, axis, options));
        const report = await import('../../report/frontierReport.ts');
        const layout = flags.markdown ? markdownLayout : textLayout;
        const json = `${JSON.stringify(found, null, 1)}\n`;
        if (flags.output !== '-') terminal.out(flags.json ? json : report.frontierReport(instance, found, layout));
        const files = new OutputFiles(terminal, flags);
        if (flags.output !== undefined) files.write(flags.output, json);
        if (flags.csv !== undefined) {
          const { toCsv } = await import('../../report/csv.ts');
          files.write(flags.csv, toCsv(report.frontierColumns, report.frontierRows(found)));
        }
        if (flags.svg !== undefined) {
          const { renderSvg } = await import('../../report/chart.ts');
          const title = `Frontier: ${visible(instance.name ?? 'instance')}`;
          files.write(flags.svg, await renderSvg(report.frontierChart(title, found)));
        }
        const hasPlan = found.points.some(({ plan }) => plan !== null);
        const isProven = !signal.aborted && found.points.every(({ provenBy }) => provenBy !== null);
        if (!files.isComplete) finish(exitCodes.badInput);
        else if (!isProven) finish(hasPlan ? exitCodes.limitWithPlan : exitCodes.limitWithoutPlan);
        else if (!hasPlan) finish(exitCodes.infeasible);
      });
    });
}
