/**
 * What each plan of a roll is asked for where nothing else is. Forecasts of demand are no finer than the gap. A window
 * begins near a plan, from which the search after the root's rounding finds little: without it a day of 96 windows (12
 * query types, 6 models, 10 tiers) took 20 s of CPU instead of 29.
 */
export const rollDefaults = {
  gap: 1e-3,
  timeLimit: 10,
  strategy: { parameters: { 'patterns.plans.searchedRootSize': 1 } },
} as const;
