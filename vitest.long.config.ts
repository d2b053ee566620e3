import { defineConfig, mergeConfig } from 'vitest/config';
import base from './vitest.config.ts';

/** Long matrices: `npm run test:long`. */
export default mergeConfig(
  { ...base, test: { ...base.test, include: [], exclude: [] } },
  defineConfig({ test: { include: ['test/long/**/*.test.ts'] } }),
);
