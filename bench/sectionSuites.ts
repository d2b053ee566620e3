/** Suites with tables of their own instead of solver comparisons on planning cases. */
import { benchCold } from './cold.ts';
import { benchComparison } from './comparison.ts';
import { benchKernels } from './kernels.ts';
import { benchLp } from './lp.ts';
import { benchPage } from './page.ts';
import { benchProofs } from './proofs.ts';
import type { Section } from './resultFiles.ts';
import { benchScenarios } from './scenarios.ts';
import type { SuiteChoice } from './suites.ts';

/** `folder`: where result files go. */
type SectionSuite = (choice: Pick<SuiteChoice, 'cases' | 'timeLimit' | 'repeats'>, folder: URL) => Promise<Section>;

export const sectionSuites: Readonly<Record<string, SectionSuite>> = {
  cold: benchCold,
  comparison: benchComparison,
  kernels: benchKernels,
  lp: benchLp,
  page: benchPage,
  proofs: benchProofs,
  scenarios: benchScenarios,
};
