/** `rolla missing`: lists the scenarios of a file that have no result yet. */
import { InputError, type InputIssue, refuse } from '../../input/inputError.ts';
import { exitCodes } from '../exitCodes.ts';
import { readInstance } from '../files.ts';
import type { CliCommand } from '../flags.ts';
import type { CommandContext } from '../terminal.ts';
import { countText } from '../textRules.ts';
import { resultsFlag } from './scenarioFlags.ts';

interface MissingFlags {
  readonly results: readonly string[];
  readonly shards?: number;
}

const examples = `
Examples:
  rolla missing scenarios.jsonl --results results
  rolla missing scenarios.jsonl --results results --shards 16

Prints a line for each: its identity, or with --shards the shards that have gaps (as --shard takes them). Exit code 0:
nothing is missing; 5: something is; 2: bad input, or results that cannot be used.`;

export function addMissingCommand(program: CliCommand, context: CommandContext): void {
  program
    .command('missing')
    .summary('list scenarios without a result')
    .description('List the scenarios of a file that have no result, or the shards that have gaps.')
    .argument('<scenarios>', 'rolla-scenarios/1 file (JSON lines)')
    .addFlags({
      ...resultsFlag,
      shards: { argument: '<n>', does: 'list shards of so many instead', value: countText(1, 'shards') },
    })
    .addHelpText('after', examples)
    .action((path: string, flags: MissingFlags) => run(path, flags, context));
}

async function run(path: string, flags: MissingFlags, { terminal, finish }: CommandContext): Promise<void> {
  const { readScenarioChains } = await import('../../scenarios/scenarioFile.ts');
  const { openResultStore } = await import('../../scenarios/resultStore.ts');
  const stores = flags.results.map((folder) => openResultStore(folder));
  const faults: InputIssue[] = [];
  const shards = new Set<number>();
  let missing = 0;
  let total = 0;
  for await (const { index, scenarios } of readScenarioChains(path, (each) => readInstance(each, terminal)))
    for (const { id } of scenarios) {
      total++;
      if (isThere(id)) continue;
      missing++;
      if (flags.shards === undefined) terminal.out(`${id}\n`);
      else shards.add((index % flags.shards) + 1);
    }
  for (const number of [...shards].sort((a, b) => a - b)) terminal.out(`${number}/${flags.shards}\n`);
  refuse(faults);
  terminal.err(`${missing} of ${total} scenarios have no result\n`);
  if (missing > 0) finish(exitCodes.limitWithPlan);

  /** A result that cannot be used is a fault, not a gap: a run would not replace it. */
  function isThere(id: string): boolean {
    try {
      return stores.some((store) => store.read(id) !== null);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      faults.push(...error.issues);
      return true;
    }
  }
}
