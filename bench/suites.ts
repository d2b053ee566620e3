/** The suites by name: which cases, which solvers, which limits. */
import { publishedCases, referenceCases, scaleCases, splitCases } from './cases.ts';
import type { SuitePlan } from './harness.ts';

const wasm = ['highs-wasm:published', 'highs-wasm:strengthened'] as const;

/** The default strategy less one component each; the ablation's rows. */
const ablatedStrategies = [
  'rolla',
  'rolla/no-cuts',
  'rolla/no-heuristics',
  'rolla/no-propagation',
  'rolla/no-fixing',
  'rolla/plain',
] as const;

export interface SuiteChoice {
  /** Seconds for each run; each suite has its own default. */
  readonly timeLimit?: number;
  readonly repeats?: number;
  /** Solvers found on the PATH; each gets both programs. */
  readonly commands?: readonly string[];
  /** Every n-th published row. */
  readonly step?: number;
  /** Largest number of query types of the families. */
  readonly largest?: number;
  /** How many seeds of each family. */
  readonly seeds?: number;
}

type SuiteBuilder = (choice: SuiteChoice) => SuitePlan;

const withCommands = (solvers: readonly string[], { commands = [] }: SuiteChoice): string[] => [
  ...solvers,
  ...commands.flatMap((name) => [`${name}:published`, `${name}:strengthened`]),
];

export const suites: Readonly<Record<string, SuiteBuilder>> = {
  /** A look in three minutes. */
  quick: (choice) => ({
    name: 'quick',
    cases: [
      ...referenceCases().slice(0, 3),
      ...publishedCases(61),
      ...splitCases([50]),
      ...scaleCases({ largest: 12, seeds: [1], variants: ['separable'] }),
    ],
    solvers: withCommands(['rolla', 'highs-wasm:published', 'highs-wasm:strengthened'], choice),
    timeLimit: choice.timeLimit ?? 10,
    repeats: choice.repeats ?? 1,
  }),
  reference: (choice) => ({
    name: 'reference',
    cases: referenceCases(),
    solvers: withCommands(['rolla', 'rolla:compact', ...wasm], choice),
    timeLimit: choice.timeLimit ?? 60,
    repeats: choice.repeats ?? 3,
  }),
  published: (choice) => ({
    name: 'published',
    cases: publishedCases(choice.step ?? 12),
    solvers: withCommands(['rolla', ...wasm], choice),
    timeLimit: choice.timeLimit ?? 60,
    repeats: choice.repeats ?? 1,
  }),
  split: (choice) => ({
    name: 'split',
    cases: splitCases(),
    solvers: withCommands(['rolla', ...wasm], choice),
    timeLimit: choice.timeLimit ?? 120,
    repeats: choice.repeats ?? 1,
  }),
  scale: (choice) => ({
    name: 'scale',
    cases: scaleCases({ largest: choice.largest ?? 100, seeds: [1, 2, 3].slice(0, choice.seeds ?? 3) }),
    solvers: withCommands(['rolla', 'highs-wasm:strengthened'], choice),
    timeLimit: choice.timeLimit ?? 60,
    repeats: choice.repeats ?? 1,
    fresh: true,
  }),
  /** The same families with query types, models and tiers shuffled: how much luck is in a time. */
  variability: (choice) => ({
    name: 'variability',
    cases: scaleCases({ largest: 12, permutations: [0, 1, 2, 3], variants: ['separable'] }),
    solvers: withCommands(['rolla', 'highs-wasm:strengthened'], choice),
    timeLimit: choice.timeLimit ?? 30,
    repeats: choice.repeats ?? 1,
  }),
  strategies: (choice) => ({
    name: 'strategies',
    cases: [...publishedCases(choice.step ?? 15), ...referenceCases().slice(0, 6)],
    solvers: [
      'rolla:patterns',
      'rolla:compact',
      'rolla/plain:compact',
      'rolla/cuts-only:compact',
      'rolla/heuristics-only:compact',
      'rolla/depth-first:compact',
      'rolla/best-estimate:compact',
      'rolla/strong-branching:compact',
      'rolla/most-fractional:compact',
    ],
    timeLimit: choice.timeLimit ?? 20,
    repeats: choice.repeats ?? 1,
  }),
  ablation: (choice) => ({
    name: 'ablation',
    cases: [...publishedCases(choice.step ?? 5), ...referenceCases().slice(0, 6)],
    solvers: ablatedStrategies.map((name) => `${name}:compact`),
    timeLimit: choice.timeLimit ?? 20,
    repeats: choice.repeats ?? 1,
  }),
};
