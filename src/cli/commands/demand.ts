/** `rolla demand`: rates of length classes by window from a trace of single requests. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { exitCodes } from '../exitCodes.ts';
import { checkOutputs, OutputFiles, readFileAs } from '../files.ts';
import type { CommandContext } from '../terminal.ts';

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

export function addDemandCommand(program: Command, { terminal, finish }: CommandContext): void {
  program
    .command('demand')
    .summary('rates by window from a trace of requests')
    .description(
      'Turn a trace (CSV: time, input and output tokens) into query types by length and their rates by window.',
    )
    .argument('<trace>', 'CSV file; - reads stdin')
    .addOption(
      new Option('--window <time>', 'length of a window, such as 5m, 1h, 300s')
        .argParser(windowHours)
        .makeOptionMandatory(),
    )
    .option(
      '--input-classes <list>',
      'largest input tokens of each class but the last (default: 512,2048,8192)',
      bounds,
    )
    .option('--output-classes <list>', 'largest output tokens of each class but the last (default: 128,512)', bounds)
    .addOption(new Option('--time-unit <unit>', 'unit of times that are numbers').choices(['s', 'ms']).default('s'))
    .option('-o, --output <file>', 'table for rolla roll; - is stdout', '-')
    .option('--query-types <file>', 'also write the classes at their busiest, a table for rolla import tables')
    .option('--force', 'replace files that exist')
    .addHelpText('after', examples)
    .action(async (path: string, flags: DemandFlags) => {
      checkOutputs([flags.output, flags.queryTypes], flags);
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

const hoursOfUnit: Readonly<Record<string, number>> = { s: 1 / 3600, m: 1 / 60, min: 1 / 60, h: 1, d: 24 };

function windowHours(text: string): number {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(s|m|min|h|d)\s*$/.exec(text);
  const hours = match === null ? 0 : Number(match[1]) * hoursOfUnit[match[2]];
  if (!(hours > 0)) throw new InvalidArgumentError('Expected a time > 0 with a unit (s, m, h, d), such as 5m.');
  return hours;
}

function bounds(text: string): number[] {
  const values = text.split(',').map(Number);
  if (!values.every((value, at) => value > (at === 0 ? 0 : values[at - 1]) && Number.isFinite(value))) {
    throw new InvalidArgumentError('Expected rising numbers > 0 separated by commas.');
  }
  return values;
}
