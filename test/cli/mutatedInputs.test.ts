import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from './capturedCli.ts';
import { expectMutationsToBeRefused } from './mutatedInputs.ts';

const folder = dirname(temporaryFolder()('x'));

it('altered inputs of every kind end with words and an exit code of their own', async () => {
  expect.hasAssertions();
  await expectMutationsToBeRefused(folder, 15, 0, 399);
});
