/** `rolla demand`: rates of length classes by window from a trace of single requests. */
import { demandDefaults } from '../../exchange/demandDefaults.ts';
import { exitCodes } from '../exitCodes.ts';
import { OutputFiles, readFileAs } from '../files.ts';
import { type CliCommand, fileOutput, forceFlag, outputFlag } from '../flags.ts';
import type { CommandContext } from '../terminal.ts';
import { choiceText, numberList, spelling } from '../textRules.ts';

interface DemandFlags {
  readonly window: number;
  readonly inputClasses?: readonly number[];
  readonly outputClasses?: readonly number[];
  readonly timeUnit: 's' | 'ms';
  readonly output: string;
  readonly queryTypes?: string;
  readonly force?: boolean;
}

const examples = `
Examples:
  rolla demand trace.csv --window 5m -o demand.csv
  rolla demand trace.csv --window 1h --input-classes 1000,4000 --output-classes 200 --query-types queryTypes.csv -o demand.csv

The trace has a column each for time of arrival, input tokens and output tokens, under any of the names that public traces
use (TIMESTAMP, ContextTokens, GeneratedTokens; Request tokens, Response tokens; arrived_at, num_prefill_tokens, ...).`;

export function addDemandCommand(program: CliCommand, { terminal, finish }: CommandContext): void {
  program
    .command('demand')
    .summary('rates by window from a trace of requests')
    .description(
      'Turn a trace (CSV: time, input and output tokens) into query types by length and their rates by window.',
    )
    .argument('<trace>', 'CSV file; - reads stdin')
    .addFlags({
      window: {
        argument: '<time>',
        does: 'length of a window, such as 5m, 1h, 300s',
        value: spelling('a time > 0 with a unit (s, m, h, d)', '5m', windowHours),
        isRequired: true,
      },
      inputClasses: {
        argument: '<list>',
        does: 'largest input tokens of each class but the last',
        value: bounds,
        otherwise: demandDefaults.inputClasses.join(','),
      },
      outputClasses: {
        argument: '<list>',
        does: 'largest output tokens of each class but the last',
        value: bounds,
        otherwise: demandDefaults.outputClasses.join(','),
      },
      timeUnit: {
        argument: '<unit>',
        does: 'unit of times that are numbers',
        value: choiceText(['s', 'ms']),
        default: 's',
      },
      ...outputFlag('table for rolla roll; - is stdout', '-'),
      queryTypes: fileOutput('also write the classes at their busiest, a table for rolla import tables'),
      ...forceFlag,
    })
    .addHelpText('after', examples)
    .action(async (path: string, flags: DemandFlags) => {
      const { demandColumns, demandOfTrace } = await import('../../exchange/demand.ts');
      const { window, timeUnit, inputClasses, outputClasses } = flags;
      const options = {
        window,
        timeUnit,
        ...(inputClasses !== undefined && { inputClasses }),
        ...(outputClasses !== undefined && { outputClasses }),
      };
      const demand = await readFileAs(path, terminal, (text) => demandOfTrace(text, options));
      const { toCsv } = await import('../../report/csv.ts');
      const files = new OutputFiles(terminal, flags);
      files.write(
        flags.output,
        toCsv(
          demandColumns,
          demand.rows.map((row) => ({ ...row })),
        ),
      );
      if (flags.queryTypes !== undefined) {
        const columns = ['name', 'rate', 'inputTokens', 'outputTokens'];
        files.write(
          flags.queryTypes,
          toCsv(
            columns,
            demand.queryTypes.map((query) => ({ ...query })),
          ),
        );
      }
      const windows = new Set(demand.rows.map(({ start }) => start)).size;
      terminal.err(`${demand.requests} requests, ${demand.queryTypes.length} query types, ${windows} windows\n`);
      if (!files.isComplete) finish(exitCodes.badInput);
    });
}

const bounds = numberList('rising numbers > 0', '512,2048', (values) =>
  values.every((value, at) => value > (at === 0 ? 0 : values[at - 1])),
);

const hoursOfUnit: Readonly<Record<string, number>> = { s: 1 / 3600, m: 1 / 60, min: 1 / 60, h: 1, d: 24 };

/** Null: it is no time. */
function windowHours(text: string): number | null {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(s|m|min|h|d)\s*$/.exec(text);
  const hours = match === null ? 0 : Number(match[1]) * hoursOfUnit[match[2]];
  return hours > 0 ? hours : null;
}
