/** Signals that meet commands at work; all of them with all commands in `test/long/cli/signals.test.ts`. */
import { expect, it } from 'vitest';
import { expectNothingLost, type LongCommandName, type SignalName } from './signalledCommands.ts';

const some: readonly (readonly [SignalName, LongCommandName])[] = [
  ['SIGINT', 'solve'],
  ['SIGKILL', 'solve'],
  ['SIGINT', 'proof'],
  ['SIGTERM', 'sweep'],
  ['SIGHUP', 'explain'],
];

it.each(some)('%s loses nothing of %s', async (signal, command) => {
  expect.hasAssertions();
  await expectNothingLost(command, signal);
});
