/** `rolla run`: solves the scenarios of a file, or one shard of them, into a folder of results. */
import { mostThreads } from '../../analysis/threadCount.ts';
import { refuse } from '../../input/inputError.ts';
import { visible } from '../../model/visibleText.ts';
import { parseShard, type Shard, shardOfEnvironment } from '../../scenarios/shards.ts';
import { exitCodes } from '../exitCodes.ts';
import { makeFolder, readInstance } from '../files.ts';
import type { CliCommand } from '../flags.ts';
import { withInterruption } from '../interruption.ts';
import { showScenarioProgress } from '../scenarioProgress.ts';
import type { CommandContext } from '../terminal.ts';
import { countText, spelling } from '../textRules.ts';

interface RunFlags {
  readonly results: string;
  readonly shard?: Shard;
  readonly threads?: number;
  readonly retryFailed?: boolean;
}

const examples = `
Examples:
  rolla run scenarios.jsonl --results results
  rolla run scenarios.jsonl --results results --shard 3/16

rolla sweep --emit writes such files; rolla merge makes a report of the results.
Without --shard, that of a Slurm array or an indexed Kubernetes Job (with JOB_COMPLETIONS set) is taken. What has a
result is not solved again. Exit code 0: all have results; 5: interrupted; 2: bad input, or results that cannot be used.`;

export function addRunCommand(program: CliCommand, context: CommandContext): void {
  program
    .command('run')
    .summary('solve the scenarios of a file')
    .description('Solve the scenarios of a file, or a shard of them, each into a file of its own.')
    .argument('<scenarios>', 'rolla-scenarios/1 file (JSON lines)')
    .addFlags({
      results: { argument: '<folder>', does: 'where results are and go', isRequired: true },
      shard: {
        argument: '<number/count>',
        does: 'every n-th chain only, as 3/16',
        value: spelling('number/count, the number from 1 to count', '3/16', parseShard),
      },
      threads: {
        argument: '<n>',
        does: 'worker threads',
        value: countText(1, 'threads', mostThreads),
        otherwise: 'one for each core',
      },
      retryFailed: { does: 'solve scenarios whose result is failed again' },
    })
    .addHelpText('after', examples)
    .action((path: string, flags: RunFlags) => run(path, flags, context));
}

async function run(path: string, flags: RunFlags, { terminal, finish }: CommandContext): Promise<void> {
  const fromEnvironment = flags.shard === undefined ? shardOfEnvironment(process.env) : null;
  const shard = flags.shard ?? fromEnvironment ?? { number: 1, count: 1 };
  if (fromEnvironment !== null) terminal.err(`rolla: note: shard ${shard.number}/${shard.count}, of the environment\n`);
  const [{ readScenarioChains, surveyScenarios }, { isInShard }, { openResultStore }, { runScenarios }, pools] =
    await Promise.all([
      import('../../scenarios/scenarioFile.ts'),
      import('../../scenarios/shards.ts'),
      import('../../scenarios/resultStore.ts'),
      import('../../scenarios/runScenarios.ts'),
      import('../../runs/scenarioPool.ts'),
    ]);
  const read = (instancePath: string) => readInstance(instancePath, terminal);
  const { scenarios } = await surveyScenarios(path, read, (chain) => isInShard(chain, shard));
  makeFolder(flags.results);
  await withInterruption(async (signal) => {
    const threads = Math.min(flags.threads ?? pools.defaultThreads(), Math.max(1, scenarios));
    const pool = pools.startScenarioPool(threads);
    const progress = showScenarioProgress(scenarios, terminal);
    let done = 0;
    let failed = 0;
    async function* chains() {
      for await (const chain of readScenarioChains(path, read)) if (isInShard(chain, shard)) yield chain;
    }
    try {
      const faults = await runScenarios(chains(), {
        store: openResultStore(flags.results),
        solve: pool.solve,
        concurrency: threads,
        signal,
        ...(flags.retryFailed === true ? { retryFailed: true } : {}),
        onResult: ({ row }, isNew) => {
          done++;
          if (row.status === 'failed') failed++;
          progress.step({ failed: row.status === 'failed', isNew });
        },
      });
      progress.end();
      refuse(faults);
    } catch (error) {
      progress.end();
      throw error;
    } finally {
      await pool.close();
    }
    if (done < scenarios) {
      terminal.err(`${done} of ${scenarios} scenarios have results; the same command goes on\n`);
      finish(exitCodes.limitWithPlan);
      return;
    }
    terminal.out(`${scenarios} scenarios have results in ${visible(flags.results)}; ${failed} failed\n`);
  });
}
