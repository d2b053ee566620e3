/** Work that lets the event loop run: many short pieces no less than one long one. */
import { expect, it } from 'vitest';
import { drainAsync, type Steps } from '../../src/lp/steps.ts';

/** Longer than the interval, in pieces and steps that are shorter. */
const interval = 5;
const piece = 2;
const pieces = 40;

function* busy(): Steps<void> {
  const end = performance.now() + piece;
  while (performance.now() < end) yield;
}

it('lets the event loop run while one short piece follows another', async () => {
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  for (let k = 0; k < pieces; k++) await drainAsync(busy(), interval);
  clearInterval(timer);
  // Due every 5 ms of 80, however busy the machine is.
  expect(turns).toBeGreaterThan(8);
});

it('does not let it run before the interval is over', async () => {
  await drainAsync(busy(), 0);
  let turns = 0;
  const timer = setImmediate(() => turns++);
  await drainAsync(busy(), 1e9);
  expect(turns).toBe(0);
  clearImmediate(timer);
});
