/** The cuts that need nothing but rows and columns, for any mixed-integer program. */
import { aggregatedRoundingCuts } from './aggregatedRounding.ts';
import { makeCliqueCuts } from './clique.ts';
import { gomoryCuts } from './gomory.ts';
import { knapsackCoverCuts } from './knapsackCover.ts';
import type { CutSeparator } from './separator.ts';

export function generalCuts(): CutSeparator[] {
  return [makeCliqueCuts(), knapsackCoverCuts, aggregatedRoundingCuts, gomoryCuts];
}
