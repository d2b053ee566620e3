/**
 * Long work as a generator that yields wherever it may pause, so that one body serves those who wait and those who let
 * an event loop run in between.
 */
export type Steps<Result> = Generator<void, Result, void>;

/** Does the work without a pause. */
export function drain<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** When the event loop last ran between steps, of all work: many short pieces keep it waiting as one long does. */
let lastPause = -Infinity;

/** Does the work, letting the event loop run whenever `interval` milliseconds have passed since it last did. */
export async function drainAsync<Result>(steps: Steps<Result>, interval: number): Promise<Result> {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (performance.now() - lastPause < interval) continue;
    await new Promise<void>((resolve) => setTimeout(resolve));
    lastPause = performance.now();
  }
}

/** Does the work for one who gives out other things besides, giving null where it may pause. */
export function* pausing<Result>(steps: Steps<Result>): Generator<null, Result, void> {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    yield null;
  }
}
