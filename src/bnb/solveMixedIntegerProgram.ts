/**
 * Solves a mixed-integer program given by its rows and columns: linear relaxation, general cuts, rounding, branch and
 * bound. Every solution is checked against the program itself before it counts.
 */
import { attempt, fault, type InputIssue, refuse, showValue } from '../input/inputError.ts';
import { checkedOptions, type OptionRule, rule } from '../input/optionRules.ts';
import { checkMixedIntegerProgram } from '../lp/checkProgram.ts';
import { type MixedIntegerProgram, MixedIntegerProgramBuilder } from '../lp/linearProgram.ts';
import { generalCuts } from './cuts/generalCuts.ts';
import { tightenIntegerRows } from './integers/integerRows.ts';
import { costOfFeasible } from './linear/costOfFeasible.ts';
import type { LinearDecision, LinearRelaxationOptions, LinearWarmStart, NodePoint } from './linear/linearDecision.ts';
import { PropagationRounding } from './linear/propagationRounding.ts';
import { ShrinkingRelaxation } from './linear/shrinkingRelaxation.ts';
import { withPluginHooks } from './plugins/linearHooks.ts';
import { nameOf } from './plugins/plugin.ts';
import type { SearchStatus } from './progress.ts';
import { searchRules } from './searchOptions.ts';
import type { SearchOptions, SearchResult } from './searchTypes.ts';
import { resolveStrategy, type SearchStrategy, type StrategyInput } from './strategy.ts';
import { TreeSearch } from './treeSearch.ts';

export interface MixedIntegerOptions
  extends Omit<SearchOptions<Float64Array>, 'door' | 'heuristics' | 'initialSolutions'> {
  /** Points to start from, a value for each column; those that violate something are passed over. Default: none. */
  readonly knownSolutions?: readonly ArrayLike<number>[];
}

type SearchFigures = Omit<SearchResult<Float64Array>, 'status' | 'solution' | 'cost' | 'bound' | 'gap'>;

/**
 * `status` tells what there is: `optimal` has a solution (a value for each column), its cost, bound and gap;
 * `infeasible` none; `unbounded` says that there are solutions, but none of least cost; the limits, `interrupted` and
 * `numerical-trouble` have what was known.
 */
export type MixedIntegerResult =
  | (SearchFigures & {
      readonly status: 'optimal';
      readonly solution: Float64Array;
      readonly cost: number;
      readonly bound: number;
      readonly gap: number;
    })
  | (SearchFigures & {
      readonly status: 'infeasible' | 'unbounded';
      readonly solution: null;
      readonly cost: null;
      readonly bound: null;
      readonly gap: null;
    })
  | (SearchFigures & {
      readonly status: Exclude<SearchStatus, 'optimal' | 'infeasible'>;
      readonly solution: Float64Array | null;
      readonly cost: number | null;
      readonly bound: number | null;
      readonly gap: number | null;
    });

const { door: _door, heuristics: _heuristics, initialSolutions: _solutions, ...rulesOfSearch } = searchRules;
const optionRules: { readonly [Name in keyof MixedIntegerOptions]-?: OptionRule } = {
  ...rulesOfSearch,
  knownSolutions: rule('an array of points', Array.isArray),
};

/** Throws InputError with every fault of the options and of data that are no program (`checkMixedIntegerProgram`). */
export function solveMixedIntegerProgram(
  program: MixedIntegerProgram,
  options: MixedIntegerOptions = {},
): MixedIntegerResult {
  const { relaxation, search } = mixedIntegerSearch(program, options);
  const result = search.run();
  if (!isUnbounded(result, relaxation)) return result as MixedIntegerResult;
  return settled(result, feasibilitySearch(program, options, result).run());
}

/** As `solveMixedIntegerProgram`, letting the event loop run, which may interrupt it. */
export async function solveMixedIntegerProgramAsync(
  program: MixedIntegerProgram,
  options: MixedIntegerOptions = {},
): Promise<MixedIntegerResult> {
  const { relaxation, search } = mixedIntegerSearch(program, options);
  const result = await search.runAsync();
  if (!isUnbounded(result, relaxation)) return result as MixedIntegerResult;
  return settled(result, await feasibilitySearch(program, options, result).runAsync());
}

function isUnbounded(result: SearchResult<Float64Array>, relaxation: ShrinkingRelaxation<Float64Array>): boolean {
  return result.status === 'numerical-trouble' && result.nodes === 1 && relaxation.isUnbounded;
}

/** Looks for any solution, within what is left of the limits. */
function feasibilitySearch(
  program: MixedIntegerProgram,
  { timeLimit, nodeLimit, ...options }: MixedIntegerOptions,
  { nodes, seconds }: SearchResult<Float64Array>,
) {
  const withoutCost = { ...program, cost: new Float64Array(program.numColumns), offset: 0 };
  return mixedIntegerSearch(withoutCost, {
    ...options,
    ...(timeLimit === undefined ? {} : { timeLimit: Math.max(0, timeLimit - seconds) }),
    ...(nodeLimit === undefined ? {} : { nodeLimit: Math.max(0, nodeLimit - nodes) }),
  }).search;
}

/**
 * A relaxation without a least value leaves two answers: no solution, or, if there is any, one of ever smaller cost
 * (Meyer 1974, for rational data, which doubles are).
 */
function settled(
  relaxed: SearchResult<Float64Array>,
  { status, nodes, simplexIterations, seconds }: SearchResult<Float64Array>,
): MixedIntegerResult {
  const figures = {
    ...relaxed,
    nodes: relaxed.nodes + nodes,
    simplexIterations: relaxed.simplexIterations + simplexIterations,
    seconds: relaxed.seconds + seconds,
  };
  const none = { solution: null, cost: null, bound: null, gap: null };
  if (status === 'infeasible') return { ...figures, ...none, status };
  if (status === 'optimal') return { ...figures, ...none, status: 'unbounded' };
  return { ...figures, status };
}

function mixedIntegerSearch(program: MixedIntegerProgram, options: MixedIntegerOptions) {
  const issues: InputIssue[] = [];
  attempt(() => checkMixedIntegerProgram(program), issues);
  const checked = checkedOptions(options, optionRules);
  issues.push(...checked.issues);
  const completed = attempt(() => programStrategy((options as MixedIntegerOptions | null)?.strategy), issues);
  if (program?.numColumns !== undefined) {
    const points = (checked.sound.knownSolutions ?? []) as readonly unknown[];
    issues.push(...points.flatMap((point, at) => pointIssues(point, `knownSolutions[${at}]`, program.numColumns)));
  }
  refuse(issues);
  const strategy = completed!;
  const { parameters } = strategy;
  const { program: searched, point } = tightenIntegerRows(program, parameters) ?? {
    program: withoutPoints(program),
    point: null,
  };
  const rounding = new PropagationRounding(searched, parameters);
  const hooks: LinearRelaxationOptions<Float64Array> = {
    program: searched,
    // Columns that divisors have added stand behind those of the program.
    decode: (point) => point.slice(0, program.numColumns),
    ...(strategy.heuristics && {
      round: (node: NodePoint) => {
        const solution = rounding.wants(node) ? rounding.round(node) : null;
        return solution === null ? [] : [{ solution: solution.slice(0, program.numColumns), source: 'rounding' }];
      },
    }),
    separators: strategy.cuts ? generalCuts : [],
    propagation: strategy.propagation,
    reducedCostFixing: strategy.reducedCostFixing,
    parameters,
  };
  const relaxation = new ShrinkingRelaxation<Float64Array>(
    withPluginHooks(hooks, strategy, {
      program,
      decode: (found) => found,
      encode: (solution) => solution,
    }),
  );
  const { knownSolutions = [], ...others } = options;
  const search = new TreeSearch<LinearDecision, Float64Array, LinearWarmStart>(relaxation, {
    ...others,
    initialSolutions: [
      ...knownSolutions.map((known) => ({ solution: Float64Array.from(known), source: 'given' })),
      ...(point === null ? [] : [{ solution: point, source: 'integer equations' }]),
    ],
    door: (point) => {
      const cost = costOfFeasible(program, point, parameters.tolerances.integrality);
      return cost === null ? null : { cost, solution: point };
    },
  });
  return { relaxation, search };
}

/**
 * The strategy of a general program, completed.
 * Throws InputError as `resolveStrategy`, and on heuristics for plans.
 */
export function programStrategy(input?: StrategyInput): SearchStrategy {
  const strategy = resolveStrategy(input);
  const foreign = strategy.plugins.filter((plugin) => plugin.kind === 'heuristic' && plugin.for === 'plan').map(nameOf);
  if (foreign.length > 0) throw fault('strategy.plugins', showValue(foreign), 'heuristics for "program"');
  return strategy;
}

function pointIssues(point: unknown, path: string, numColumns: number): InputIssue[] {
  const { length } = (point ?? {}) as Partial<ArrayLike<unknown>>;
  if (typeof point !== 'object' || length !== numColumns) {
    const value = typeof length === 'number' ? `${length} values` : showValue(point);
    return [{ path, value, expected: `${numColumns} values, one for each column` }];
  }
  return Array.from(point as ArrayLike<unknown>).flatMap((value, column) =>
    typeof value === 'number' && !Number.isNaN(value)
      ? []
      : [{ path: `${path}[${column}]`, value: showValue(value), expected: 'a number' }],
  );
}

/** What divisors prove about a program, as one that any relaxation sees to be infeasible. */
function withoutPoints(program: MixedIntegerProgram): MixedIntegerProgram {
  const builder = MixedIntegerProgramBuilder.from(program);
  builder.addRow({ lower: 1, upper: -1 });
  return builder.build(program.name);
}
