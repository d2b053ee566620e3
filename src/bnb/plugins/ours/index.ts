/**
 * Plugins of ours that no strategy has unless it names them: `plugins: ['rins']`, `--plugin rins`. They are there to be
 * compared with what the search does by default (docs/strategies.md).
 */
import type { Plugin } from '../plugin.ts';
import { coefficientDive, fractionalDive, guidedDive } from './dives.ts';
import { localBranching, rins } from './neighbourhoods.ts';

export const ownPlugins: readonly Plugin[] = [rins, localBranching, fractionalDive, guidedDive, coefficientDive];
