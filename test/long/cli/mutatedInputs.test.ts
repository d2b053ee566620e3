import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../cli/capturedCli.ts';
import { expectMutationsToBeRefused } from '../../cli/mutatedInputs.ts';

const folder = dirname(temporaryFolder()('x'));

it('20,000 altered inputs of every kind end with words and an exit code of their own', async () => {
  expect.hasAssertions();
  await expectMutationsToBeRefused(folder, 16, 0, 19_999);
});
