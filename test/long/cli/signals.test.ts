import { describe, expect, it } from 'vitest';
import { expectNothingLost, longCommandNames, signals } from '../../cli/signalledCommands.ts';

describe.each(longCommandNames)('rolla %s', (command) => {
  it.each(signals)('loses nothing by %s', async (signal) => {
    expect.hasAssertions();
    await expectNothingLost(command, signal);
  });
});
