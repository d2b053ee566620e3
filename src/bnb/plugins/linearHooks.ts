/**
 * A linear relaxation's hooks with a strategy's own separators and program heuristics beside those of the model. What
 * they give is looked at before it goes on: a row or a point that is none is an error that names its plugin.
 */
import type { MixedIntegerProgram, SparseRow } from '../../lp/linearProgram.ts';
import { type DualPricing, type DualPricingName, dualPricings } from '../../lp/simplex/dualPricing.ts';
import type { CutSeparator, ProgramSeparator } from '../cuts/separator.ts';
import type { LinearRelaxationOptions, NodePoint, RoundingState } from '../linear/linearDecision.ts';
import type { ModelSeparator } from '../linear/modelSeparator.ts';
import { defaultSearchParameters } from '../parameters.ts';
import type { SearchStrategy } from '../strategy.ts';
import {
  calling,
  each,
  type Plugin,
  PluginError,
  type ProgramHeuristic,
  type ProgramHeuristicState,
} from './plugin.ts';
import { searchNearby } from './searchNearby.ts';

/** What plugins see of a program: its first columns may be all that was given. */
interface ShownProgram<Solution> {
  readonly program: MixedIntegerProgram;
  /** Between its points and solutions; null for a solution that is none of its points. */
  readonly decode: (point: Float64Array) => Solution;
  readonly encode: (solution: Solution) => Float64Array | null;
}

/** The options of a relaxation with the strategy's plugins, and with the check of cuts where it is asked for. */
export function withPluginHooks<Solution>(
  options: LinearRelaxationOptions<Solution>,
  { plugins, checkCuts, lpPricing }: Pick<SearchStrategy, 'plugins' | 'checkCuts' | 'lpPricing'>,
  { program, decode, encode }: ShownProgram<Solution>,
): LinearRelaxationOptions<Solution> {
  const { separators = [], modelCuts = [], round, parameters = defaultSearchParameters } = options;
  const shown = (values: Float64Array) => values.subarray(0, program.numColumns);
  const ofLp = plugins.filter(seesRelaxation);
  const ofProgram = plugins.filter(seesProgram);
  const heuristics = plugins.filter(isProgramHeuristic);
  return {
    ...options,
    ...(checkCuts ? { pointOf: encode } : {}),
    pricing: pricingOf(lpPricing, plugins),
    separators: [...separators, ...ofLp.map(checkedSeparator)],
    ...(modelCuts.length + ofProgram.length === 0
      ? {}
      : { modelCuts: [...modelCuts, ...ofProgram.map((separator) => asModelSeparator(separator, program, shown))] }),
    ...(heuristics.length === 0
      ? {}
      : {
          round: function* (node: NodePoint, state: RoundingState<Solution>) {
            if (round !== undefined) yield* round(node, state);
            const incumbent = state.incumbent === null ? null : encode(state.incumbent);
            for (const heuristic of heuristics) {
              if (state.shouldStop()) return;
              const seen: ProgramHeuristicState = {
                program,
                point: shown(node.point),
                lower: shown(node.lower),
                upper: shown(node.upper),
                objective: node.objective,
                depth: node.depth,
                node: node.id,
                incumbent,
                incumbentCost: state.incumbentCost,
                shouldStop: state.shouldStop,
                parameters,
                solve: (smaller, limits) => searchNearby(smaller, { ...limits, isInterrupted: state.shouldStop }),
              };
              for (const point of each(heuristic, () => heuristic.run(seen)))
                yield { solution: decode(checkedPoint(heuristic, point, program)), source: heuristic.name };
            }
          },
        }),
  };
}

/** The rule that a strategy names; a user's own is called as plugins are. */
export function pricingOf(name: string, plugins: readonly Plugin[]): DualPricing {
  const own = plugins.find((plugin) => plugin.kind === 'lp-pricing' && plugin.name === name);
  if (own?.kind !== 'lp-pricing') return dualPricings[name as DualPricingName];
  return {
    kind: 'lp-pricing',
    name,
    usesTau: own.usesTau,
    ofChosen: (weight, squaredNorm) => calling(own, () => own.ofChosen(weight, squaredNorm)),
    updated: (weight, ratio, leaving, tau) => calling(own, () => own.updated(weight, ratio, leaving, tau)),
    ofEntering: (leaving, pivot) => calling(own, () => own.ofEntering(leaving, pivot)),
  };
}

const seesRelaxation = (plugin: Plugin): plugin is CutSeparator =>
  plugin.kind === 'separator' && plugin.sees === 'relaxation';

const seesProgram = (plugin: Plugin): plugin is ProgramSeparator =>
  plugin.kind === 'separator' && plugin.sees === 'program';

const isProgramHeuristic = (plugin: Plugin): plugin is ProgramHeuristic =>
  plugin.kind === 'heuristic' && plugin.for === 'program';

function checkedSeparator(separator: CutSeparator): CutSeparator {
  return {
    kind: 'separator',
    sees: 'relaxation',
    name: separator.name,
    *separate(point, context) {
      for (const row of each(separator, () => separator.separate(point, context)))
        yield checkedRow(separator, row, context.program.numColumns);
    },
  };
}

function asModelSeparator(
  separator: ProgramSeparator,
  program: MixedIntegerProgram,
  shown: (values: Float64Array) => Float64Array,
): ModelSeparator {
  return {
    name: separator.name,
    belowRoot: separator.belowRoot ?? false,
    *separate(point, { upper }) {
      for (const row of each(separator, () => separator.separate(shown(point), { program, upper: shown(upper) })))
        yield checkedRow(separator, row, program.numColumns);
    },
  };
}

function checkedRow(separator: Plugin, row: SparseRow, numColumns: number): SparseRow {
  const { lower, upper, indices, values } = (row ?? {}) as Partial<SparseRow>;
  const fault = (() => {
    if (indices === undefined || values === undefined || indices.length !== values.length)
      return 'a row without as many values as indices';
    if (!(Number(lower) <= Number(upper))) return `a row with lower ${String(lower)} and upper ${String(upper)}`;
    const seen = new Set<number>();
    for (let at = 0; at < indices.length; at++) {
      if (!(Number.isInteger(indices[at]) && indices[at] >= 0 && indices[at] < numColumns) || seen.has(indices[at]))
        return `a row with column ${String(indices[at])}, where there are ${numColumns}, each once`;
      if (!Number.isFinite(values[at])) return `a row with value ${String(values[at])}`;
      seen.add(indices[at]);
    }
    return null;
  })();
  if (fault !== null) throw new PluginError(separator, `separate gave ${fault}`);
  return row;
}

function checkedPoint(heuristic: Plugin, point: ArrayLike<number>, { numColumns }: MixedIntegerProgram): Float64Array {
  if (point?.length !== numColumns)
    throw new PluginError(heuristic, `run gave ${point?.length ?? 'no'} values, expected ${numColumns}`);
  const copy = Float64Array.from(point);
  const bad = copy.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw new PluginError(heuristic, `run gave ${copy[bad]} for column ${bad}, expected a finite number`);
  return copy;
}
