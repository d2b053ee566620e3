/** Suites with tables of their own instead of solver comparisons on planning cases. */
import { benchKernels } from './kernels.ts';
import { benchLp } from './lp.ts';

export const sectionSuites: Readonly<Record<string, () => Promise<{ readonly title: string; readonly body: string }>>> =
  {
    kernels: benchKernels,
    lp: () => benchLp(),
  };
