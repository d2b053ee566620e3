/**
 * Gomory's mixed-integer cuts (1960): mixed-integer rounding of the tableau rows of fractional basic columns. Rounded
 * within the global bounds, such a cut holds for the whole program wherever it is found.
 */
import { MixedIntegerRounder } from './mixedIntegerRounding.ts';
import { RowAggregator } from './rowAggregation.ts';
import type { CutSeparator } from './separator.ts';

export const gomoryCuts: CutSeparator = {
  kind: 'separator',
  sees: 'relaxation',
  name: 'gomory',
  *separate(point, context) {
    const { integrality, numColumns } = context.program;
    const { tolerances, aggregation } = context.parameters;
    const fractional = Array.from({ length: numColumns }, (_, column) => column)
      .map((column) => ({ column, away: Math.abs(point[column] - Math.round(point[column])) }))
      .filter(({ column, away }) => integrality[column] === 1 && away > tolerances.integrality)
      .sort((a, b) => b.away - a.away)
      .slice(0, aggregation.mostTableauRows);
    if (fractional.length === 0) return;
    const rounder = new MixedIntegerRounder(point, context);
    const aggregator = new RowAggregator(context);
    for (const { column } of fractional) {
      const multipliers = context.multipliersOf([column], [1]);
      const rows = [...multipliers.keys()].filter((row) => multipliers[row] !== 0);
      const sum = aggregator.aggregate(
        rows,
        rows.map((row) => multipliers[row]),
      );
      const cut = rounder.derive(sum);
      if (cut !== null) yield cut;
    }
  },
};
