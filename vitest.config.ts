import { defineConfig } from 'vitest/config';

/** Ends a test that hangs; no test that works comes near it, however busy the machine is. */
const tenMinutes = 600_000;

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/long/**'],
    testTimeout: tenMinutes,
    hookTimeout: tenMinutes,
    maxWorkers: 2,
    // Modules of the solver are loaded, and compiled while hot, once per worker: 0.6 of the time. No test leaves
    // anything behind in them.
    isolate: false,
  },
});
