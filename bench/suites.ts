/** The suites by name: which cases, which solvers, which limits. */
import {
  type BenchCase,
  fleetCases,
  kindCases,
  publishedCases,
  referenceCases,
  scaleCases,
  splitCases,
  variabilityCases,
} from './cases.ts';
import type { SuitePlan, SuiteRun } from './harness.ts';

const wasm = ['highs-wasm:published', 'highs-wasm:strengthened'] as const;

/** The default strategy less one component each; the ablation's rows. */
const ablatedStrategies = [
  'rolla:compact',
  'rolla/no-cuts:compact',
  'rolla/no-heuristics:compact',
  'rolla/no-propagation:compact',
  'rolla/no-fixing:compact',
  'rolla/plain:compact',
] as const;

const comparedStrategies = [
  'rolla:patterns',
  'rolla:compact',
  'rolla/plain:compact',
  'rolla/cuts-only:compact',
  'rolla/heuristics-only:compact',
  'rolla/depth-first:compact',
  'rolla/best-estimate:compact',
  'rolla/strong-branching:compact',
  'rolla/most-fractional:compact',
] as const;

export interface SuiteChoice {
  /** Seconds for each run; each suite has its own default. */
  readonly timeLimit?: number;
  readonly repeats?: number;
  /** Solvers found on the PATH; each gets both programs (quick and families: the strengthened one). */
  readonly commands?: readonly string[];
  /** Every n-th published row. */
  readonly step?: number;
  /** Largest number of query types of the families. */
  readonly largest?: number;
  /** How many seeds of each family. */
  readonly seeds?: number;
  /** Largest number of query types of the families that other solvers take part in. */
  readonly othersLargest?: number;
  /** Only cases whose name contains one of these. */
  readonly cases?: readonly string[];
  /** Instead of the suite's own solvers. */
  readonly solvers?: readonly string[];
}

type SuiteBuilder = (choice: SuiteChoice) => SuitePlan;

interface SuiteRules {
  readonly name: string;
  readonly cases: readonly BenchCase[];
  readonly solvers: readonly string[];
  readonly repeats: number;
  readonly limitOf: (benchCase: BenchCase) => number;
  readonly takesPart?: (solver: string, benchCase: BenchCase) => boolean;
  readonly fresh?: boolean;
  readonly warmUp?: BenchCase;
}

/** Applies what was asked for to a suite's own rules. */
function planOf(rules: SuiteRules, { timeLimit, repeats, cases, solvers }: SuiteChoice): SuitePlan {
  const { takesPart = () => true } = rules;
  const runs = rules.cases
    .filter(({ name }) => cases === undefined || cases.some((part) => name.includes(part)))
    .map(
      (benchCase): SuiteRun => ({
        case: benchCase,
        solvers: solvers ?? rules.solvers.filter((solver) => takesPart(solver, benchCase)),
        timeLimit: timeLimit ?? rules.limitOf(benchCase),
      }),
    );
  return {
    name: rules.name,
    runs,
    repeats: repeats ?? rules.repeats,
    warmUp: rules.warmUp ?? rules.cases[0],
    ...(rules.fresh === undefined ? {} : { fresh: rules.fresh }),
  };
}

const onPath = (commands: readonly string[] = [], formulations = ['published', 'strengthened']): string[] =>
  commands.flatMap((name) => formulations.map((formulation) => `${name}:${formulation}`));

const isOurs = (solver: string): boolean => solver.startsWith('rolla');

const queryTypesOf = ({ source }: BenchCase): number =>
  source.kind !== 'file' ? source.queryTypes : Number(/\d+/.exec(source.name)?.[0]);

/** Seconds of the scale suite by number of query types: those of the figures that the project is held to. */
function scaleLimit(benchCase: BenchCase): number {
  const queryTypes = queryTypesOf(benchCase);
  return queryTypes <= 48 ? 60 : queryTypes <= 100 ? 120 : 600;
}

/** Beyond this size no other solver here has a bound or a plan of any use within the limits. */
const othersLargestScale = 48;
/** Beyond it another solver would take hours to repeat what the scale suite shows once. */
const othersLargestVariability = 12;

const withinSize =
  (largest: number) =>
  (solver: string, benchCase: BenchCase): boolean =>
    isOurs(solver) || queryTypesOf(benchCase) <= largest;

/** The quick suite's budget, less what starting, warming up and our own runs take of three minutes. */
const quickSeconds = 110;
/** The longest that a run of the quick suite may take, however few there are. */
const longestQuickRun = 10;

export const suites: Readonly<Record<string, SuiteBuilder>> = {
  /** A look in three minutes: the limit is what is left for each run of another solver if all of them run into it. */
  quick: (choice) => {
    const cases = [
      ...referenceCases().slice(0, 3),
      ...publishedCases(61),
      ...splitCases([50]),
      ...scaleCases({ largest: 12, seeds: 1, variants: ['separable'] }),
    ];
    const solvers = ['rolla', ...wasm, ...onPath(choice.commands, ['strengthened'])];
    const others = solvers.filter((solver) => !isOurs(solver)).length;
    const limit = Math.min(longestQuickRun, quickSeconds / (cases.length * others));
    return planOf({ name: 'quick', cases, solvers, repeats: 1, limitOf: () => limit }, choice);
  },
  reference: (choice) =>
    planOf(
      {
        name: 'reference',
        cases: referenceCases(),
        solvers: ['rolla', 'rolla:compact', ...wasm, ...onPath(choice.commands)],
        repeats: 3,
        limitOf: () => 60,
      },
      choice,
    ),
  published: (choice) =>
    planOf(
      {
        name: 'published',
        cases: publishedCases(choice.step ?? 12),
        solvers: ['rolla', ...wasm, ...onPath(choice.commands)],
        repeats: 1,
        limitOf: () => 60,
      },
      choice,
    ),
  split: (choice) =>
    planOf(
      {
        name: 'split',
        cases: splitCases(),
        solvers: ['rolla', ...wasm, ...onPath(choice.commands)],
        repeats: 1,
        limitOf: () => 120,
      },
      choice,
    ),
  scale: (choice) =>
    planOf(
      {
        name: 'scale',
        cases: scaleCases(choice),
        solvers: ['rolla', 'highs-wasm:strengthened', ...onPath(choice.commands, ['strengthened'])],
        repeats: 1,
        limitOf: scaleLimit,
        takesPart: withinSize(choice.othersLargest ?? othersLargestScale),
        fresh: true,
      },
      choice,
    ),
  /** Fleets that follow the load, with the limits that the figures are held to. */
  fleets: (choice) =>
    planOf(
      {
        name: 'fleets',
        cases: fleetCases(choice),
        solvers: ['rolla', 'highs-wasm:strengthened', ...onPath(choice.commands, ['strengthened'])],
        repeats: 1,
        limitOf: (benchCase) => (queryTypesOf(benchCase) <= 12 ? 10 : queryTypesOf(benchCase) <= 24 ? 30 : 120),
        fresh: true,
      },
      choice,
    ),
  /** What the families are not. */
  kinds: (choice) =>
    planOf(
      {
        name: 'kinds',
        cases: kindCases(choice),
        solvers: ['rolla', 'highs-wasm:strengthened', ...onPath(choice.commands, ['strengthened'])],
        repeats: 1,
        limitOf: () => 15,
        fresh: true,
      },
      choice,
    ),
  /** The same problem in other orders and under other seeds of the solver: how much luck is in a time. */
  variability: (choice) =>
    planOf(
      {
        name: 'variability',
        cases: variabilityCases({ largest: 48, ...choice }),
        solvers: ['rolla', 'highs-wasm:strengthened'],
        repeats: 1,
        limitOf: () => 30,
        takesPart: withinSize(choice.othersLargest ?? othersLargestVariability),
      },
      choice,
    ),
  strategies: (choice) =>
    planOf(
      {
        name: 'strategies',
        cases: [...publishedCases(choice.step ?? 15), ...referenceCases().slice(0, 6)],
        solvers: comparedStrategies,
        repeats: 1,
        limitOf: () => 20,
      },
      choice,
    ),
  ablation: (choice) =>
    planOf(
      {
        name: 'ablation',
        cases: [...publishedCases(choice.step ?? 5), ...referenceCases().slice(0, 6)],
        solvers: ablatedStrategies,
        repeats: 1,
        limitOf: () => 20,
      },
      choice,
    ),
};
