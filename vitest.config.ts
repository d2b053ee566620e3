import { defineConfig } from 'vitest/config';

/** Ends a test that hangs; no test that works comes near it, however busy the machine is. */
const hour = 3_600_000;

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/long/**'],
    testTimeout: hour,
    hookTimeout: hour,
    maxWorkers: 2,
  },
});
