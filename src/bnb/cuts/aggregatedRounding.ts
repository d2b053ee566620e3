/**
 * Mixed-integer rounding cuts from rows of the program and short sums of rows: where a row alone gives no cut, a
 * continuous column far from its bounds is eliminated with another row, a few times (Marchand and Wolsey 2001).
 */
import type { SparseRow } from '../../lp/linearProgram.ts';
import { MixedIntegerRounder } from './mixedIntegerRounding.ts';
import { RowAggregator } from './rowAggregation.ts';
import type { CutSeparator, SeparationContext } from './separator.ts';

export const aggregatedRoundingCuts: CutSeparator = {
  kind: 'separator',
  sees: 'relaxation',
  name: 'rounding',
  *separate(point, context) {
    const rounder = new MixedIntegerRounder(point, context);
    const aggregator = new RowAggregator(context);
    const { longestRow, largestSlack } = context.parameters.aggregation;
    for (let row = 0; row < context.numProgramRows; row++) {
      const { rows, rowActivity } = context;
      if (rows.starts[row + 1] - rows.starts[row] > longestRow) continue;
      const slack = Math.min(rowActivity[row] - rows.lower[row], rows.upper[row] - rowActivity[row]);
      if (slack > largestSlack * Math.max(1, Math.abs(rowActivity[row]))) continue;
      const cut = cutFromRow(row, rounder, aggregator, context);
      if (cut !== null) yield cut;
    }
  },
};

function cutFromRow(
  start: number,
  rounder: MixedIntegerRounder,
  aggregator: RowAggregator,
  context: SeparationContext,
): SparseRow | null {
  const { mostRows, leastDistance } = context.parameters.aggregation;
  const rows = [start];
  const multipliers = [1];
  for (;;) {
    const sum = aggregator.aggregate(rows, multipliers);
    const cut = rounder.derive(sum);
    if (cut !== null || rows.length >= mostRows) return cut;
    let worst = -1;
    let worstValue = 0;
    let farthest = leastDistance;
    sum.indices.forEach((variable, t) => {
      if (variable >= context.program.numColumns || !rounder.isContinuous(variable)) return;
      const distance = rounder.distanceFromBounds(variable);
      if (distance <= farthest || Math.abs(sum.values[t]) < leastDistance) return;
      farthest = distance;
      worst = variable;
      worstValue = sum.values[t];
    });
    if (worst < 0) return null;
    const partner = eliminatingRow(worst, rows, context);
    if (partner === null) return null;
    rows.push(partner.row);
    multipliers.push(-worstValue / partner.value);
  }
}

/** The tightest row (then the shortest) with the column, that is not in use. */
function eliminatingRow(
  column: number,
  used: readonly number[],
  context: SeparationContext,
): { readonly row: number; readonly value: number } | null {
  const { program, rows, rowActivity } = context;
  const { leastDistance, slackPerEntry } = context.parameters.aggregation;
  let best: { row: number; value: number } | null = null;
  let bestScore = Infinity;
  for (let at = program.columnStarts[column]; at < program.columnStarts[column + 1]; at++) {
    const row = program.rowIndices[at];
    if (used.includes(row) || Math.abs(program.values[at]) < leastDistance) continue;
    const slack = Math.min(rowActivity[row] - rows.lower[row], rows.upper[row] - rowActivity[row]);
    const score = slack / (1 + Math.abs(rowActivity[row])) + (rows.starts[row + 1] - rows.starts[row]) * slackPerEntry;
    if (score < bestScore) {
      bestScore = score;
      best = { row, value: program.values[at] };
    }
  }
  return best;
}
