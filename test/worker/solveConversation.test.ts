import { expect, it } from 'vitest';
import { checkedTask, optionsLeft } from '../../src/worker/solveConversation.ts';
import { handMadeInstance } from '../cli/handMadePlan.ts';

it('the time that a worker takes to start counts against the time limit', async () => {
  const task = checkedTask(handMadeInstance, { timeLimit: 5, seed: 3 }, {});
  const late = await optionsLeft({ ...task, began: task.began - 2000 });
  expect(late).toEqual({ timeLimit: expect.any(Number), seed: 3 });
  expect(late.timeLimit).toBeLessThanOrEqual(3);
  expect((await optionsLeft({ ...task, began: task.began - 6000 })).timeLimit).toBe(0);
  expect(await optionsLeft({ ...task, options: {}, began: task.began - 6000 })).toEqual({});
});
