/** Flags that the commands of sweeps and scenarios share. */
import type { FlagTable } from '../flags.ts';

/** Folders of results, any number of them. */
export const resultsFlag = {
  results: {
    argument: '<folder>',
    does: 'a folder of results (repeat for more)',
    many: 'list',
    isRequired: true,
  },
} as const satisfies FlagTable;

export const chartsFlag = {
  noCharts: { does: 'tables only; charts need the packages vega, vega-lite and @napi-rs/canvas' },
} as const satisfies FlagTable;
