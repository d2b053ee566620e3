/** The cuts that need nothing but rows and columns, for any mixed-integer program. */
import { aggregatedRoundingCuts } from './aggregatedRounding.ts';
import { cliqueCuts } from './clique.ts';
import { gomoryCuts } from './gomory.ts';
import { knapsackCoverCuts } from './knapsackCover.ts';
import type { CutSeparator } from './separator.ts';

export const generalCuts: readonly CutSeparator[] = [cliqueCuts, knapsackCoverCuts, aggregatedRoundingCuts, gomoryCuts];
