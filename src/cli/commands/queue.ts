/** `rolla queue`: scenarios over a Redis or Valkey server, for workers on many machines. */
import { setTimeout as pause } from 'node:timers/promises';
import { mostThreads } from '../../analysis/threadCount.ts';
import { fault, refuse } from '../../input/inputError.ts';
import { visible } from '../../model/visibleText.ts';
import type { QueueAddress } from '../../scenarios/queue/index.ts';
import { makeFolder, readInstance } from '../files.ts';
import type { CliCommand } from '../flags.ts';
import { withInterruption } from '../interruption.ts';
import { showScenarioProgress } from '../scenarioProgress.ts';
import type { CommandContext, Terminal } from '../terminal.ts';
import { countText, plainName, spelling } from '../textRules.ts';

interface QueueFlags {
  readonly url?: string;
  readonly name: string;
}

/** Milliseconds between two looks at a queue. */
const lookInterval = 1000;

const examples = `
Examples:
  rolla queue push scenarios.jsonl --results results --url redis://queue:6379
  rolla queue work --url redis://queue:6379                     # on as many machines as you like
  rolla queue watch --url redis://queue:6379
  rolla queue drain --results results --url redis://queue:6379 --wait
  rolla merge scenarios.jsonl --results results

Needs the packages bullmq and ioredis. The server should keep what it was given: appendonly yes, appendfsync always.`;

export function addQueueCommand(program: CliCommand, { terminal }: CommandContext): void {
  const queue = program
    .command('queue')
    .summary('solve scenarios on many machines, over Redis')
    .description('Hand the scenarios of a file to workers on many machines, over a Redis or Valkey server.')
    .addHelpText('after', examples);
  const part = (name: string, summary: string) =>
    queue
      .command(name)
      .description(summary)
      .addFlags({
        url: { argument: '<url>', does: 'the server', value: serverUrl, otherwise: `REDIS_URL, else ${localServer}` },
        name: { argument: '<name>', does: 'name of the queue', value: plainName, default: 'rolla' },
      });
  part('push', 'Add the chains that have scenarios without a result; what the queue has already stays as it is.')
    .argument('<scenarios>', 'rolla-scenarios/1 file (JSON lines)')
    .addFlags({ results: { argument: '<folder>', does: 'results so far', isRequired: true } })
    .action((path: string, flags: QueueFlags & { results: string }) => push(path, flags, terminal));
  part('work', 'Solve chains until interrupted.')
    .addFlags({
      processes: {
        argument: '<n>',
        does: 'processes that solve',
        value: countText(1, 'processes', mostThreads),
        default: 1,
      },
    })
    .action((flags: QueueFlags & { processes: number }) => work(flags, terminal));
  part('watch', 'Show how far the queue is, until nothing waits.').action((flags: QueueFlags) =>
    watch(flags, terminal),
  );
  part('drain', 'Write finished results to files and take them off the server.')
    .addFlags({
      results: { argument: '<folder>', does: 'where results go', isRequired: true },
      wait: { does: 'until nothing waits' },
    })
    .action((flags: QueueFlags & { results: string; wait?: boolean }) => drain(flags, terminal));
}

const localServer = 'redis://localhost:6379';
const serverUrl = spelling('the address of a server', localServer, (text) =>
  /^rediss?:\/\/./.test(text) ? text : null,
);

function addressOf({ url, name }: QueueFlags): QueueAddress {
  if (url !== undefined) return { url, name };
  const given = process.env.REDIS_URL || localServer;
  refuse(serverUrl.check(given, 'REDIS_URL').issues);
  return { url: given, name };
}

const loadQueue = () => import('../../scenarios/queue/index.ts');

/** Runs `act`; a server that cannot be reached is the caller's to mend. */
async function reaching<T>({ url }: QueueAddress, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    const { code, name, message } = error as NodeJS.ErrnoException;
    if (
      code === 'ECONNREFUSED' ||
      code === 'ENOTFOUND' ||
      name === 'MaxRetriesPerRequestError' ||
      /Connection is closed/.test(message)
    )
      throw fault('--url', `no server at ${url.replace(/\/\/.*@/, '//')}`, 'Redis or Valkey there');
    throw error;
  }
}

async function push(path: string, flags: QueueFlags & { results: string }, terminal: Terminal): Promise<void> {
  const address = addressOf(flags);
  const { pushChains } = await loadQueue();
  const { openResultStore } = await import('../../scenarios/resultStore.ts');
  const { readScenarioChains, surveyScenarios } = await import('../../scenarios/scenarioFile.ts');
  const read = (each: string) => readInstance(each, terminal);
  await surveyScenarios(path, read);
  const store = openResultStore(flags.results);
  const pushed = await reaching(address, () => pushChains(address, readScenarioChains(path, read), store));
  terminal.out(`${pushed} chains are in the queue ${address.name}\n`);
}

async function work(flags: QueueFlags & { processes: number }, terminal: Terminal): Promise<void> {
  const address = addressOf(flags);
  const { queueCounts, workOnQueue } = await loadQueue();
  await reaching(address, () => queueCounts(address));
  await withInterruption((signal) =>
    workOnQueue(address, flags.processes, signal, (scenarios, failure) => {
      if (failure === null) terminal.err(`${scenarios} scenarios solved\n`);
      else terminal.err(`rolla: warning: an attempt at ${scenarios} scenarios failed: ${visible(failure)}\n`);
    }),
  );
}

async function watch(flags: QueueFlags, terminal: Terminal): Promise<void> {
  const address = addressOf(flags);
  const { queueCounts } = await loadQueue();
  const look = () => reaching(address, () => queueCounts(address));
  await withInterruption(async (signal) => {
    let counts = await look();
    const total = counts.waiting + counts.active + counts.completed + counts.failed;
    const progress = showScenarioProgress(total, terminal, 'chains');
    for (;;) {
      progress.set(counts.completed + counts.failed, counts.failed);
      if (counts.waiting + counts.active === 0 || signal.aborted) break;
      await pause(lookInterval, undefined, { signal }).catch(() => {});
      counts = await look();
    }
    progress.end();
    const { waiting, active, completed, failed, workers } = counts;
    terminal.out(
      `${waiting} chains wait, ${active} under way, ${completed} done, ${failed} failed; ${workers} workers\n`,
    );
  });
}

async function drain(flags: QueueFlags & { results: string; wait?: boolean }, terminal: Terminal): Promise<void> {
  const address = addressOf(flags);
  const { drainQueue, queueCounts } = await loadQueue();
  const { openResultStore } = await import('../../scenarios/resultStore.ts');
  makeFolder(flags.results);
  const store = openResultStore(flags.results, { flush: true });
  let written = 0;
  let failed = 0;
  await withInterruption((signal) =>
    reaching(address, async () => {
      for (;;) {
        // Counted first: what ends meanwhile is drained too.
        const { waiting, active } = await queueCounts(address);
        const drained = await drainQueue(address, store);
        written += drained.written;
        failed += drained.failed;
        if (flags.wait !== true || waiting + active === 0 || signal.aborted) break;
        await pause(lookInterval, undefined, { signal }).catch(() => {});
      }
    }),
  );
  terminal.out(`${written} results written to ${visible(flags.results)}; ${failed} failed\n`);
}
