/**
 * Searches of a smaller program near what is known: RINS (Danna, Rothberg and Le Pape 2005) fixes the integer columns
 * in which the incumbent and the relaxation agree; local branching (Fischetti and Lodi 2003) keeps all but a few binary
 * columns as the incumbent has them. Both need an incumbent, and stop at a number of nodes of their own.
 */
import { type MixedIntegerProgram, MixedIntegerProgramBuilder } from '../../../lp/linearProgram.ts';
import type { ProgramHeuristic, ProgramHeuristicState } from '../plugin.ts';

export const rins: ProgramHeuristic = {
  kind: 'heuristic',
  for: 'program',
  name: 'rins',
  run: (state) => {
    if (!wantsNeighbourhood(state)) return [];
    const { program, point, incumbent, parameters } = state;
    const { integrality } = parameters.tolerances;
    const columnLower = program.columnLower.slice();
    const columnUpper = program.columnUpper.slice();
    let integers = 0;
    let fixed = 0;
    for (let column = 0; column < program.numColumns; column++) {
      if (program.integrality[column] !== 1) continue;
      integers++;
      if (Math.abs(point[column] - incumbent[column]) > integrality) continue;
      fixed++;
      columnLower[column] = Math.round(incumbent[column]);
      columnUpper[column] = columnLower[column];
    }
    if (fixed < parameters.neighbourhoods.leastFixed * integers) return [];
    return found(state, { ...program, columnLower, columnUpper });
  },
};

export const localBranching: ProgramHeuristic = {
  kind: 'heuristic',
  for: 'program',
  name: 'local-branching',
  run: (state) => {
    if (!wantsNeighbourhood(state)) return [];
    const { program, incumbent, parameters } = state;
    const indices: number[] = [];
    const values: number[] = [];
    let ones = 0;
    for (let column = 0; column < program.numColumns; column++) {
      const isBinary =
        program.integrality[column] === 1 && program.columnLower[column] === 0 && program.columnUpper[column] === 1;
      if (!isBinary) continue;
      const isOne = incumbent[column] > 0.5;
      indices.push(column);
      values.push(isOne ? -1 : 1);
      if (isOne) ones++;
    }
    if (indices.length === 0) return [];
    // sum over ones (1 - x) + sum over zeros x <= radius.
    const builder = MixedIntegerProgramBuilder.from(program);
    builder.addRow({ upper: parameters.neighbourhoods.radius - ones, indices, values });
    return found(state, builder.build(program.name));
  },
};

function wantsNeighbourhood(
  state: ProgramHeuristicState,
): state is ProgramHeuristicState & { readonly incumbent: Float64Array } {
  return state.incumbent !== null && state.node % state.parameters.neighbourhoods.nodeStep === 0;
}

function found(state: ProgramHeuristicState, program: MixedIntegerProgram): Float64Array[] {
  const { incumbentCost, parameters } = state;
  const solution = state.solve(program, { cutoff: incumbentCost, nodeLimit: parameters.neighbourhoods.mostNodes });
  return solution === null ? [] : [solution];
}
