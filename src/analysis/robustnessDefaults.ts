/** What comparisons of robust plans are asked for where nothing else is. */

/** Draws for each plan and distribution. */
export const defaultDraws = 2000;

export const robustnessDefaults = {
  /** Values of Gamma_d = Gamma_e. */
  gammas: [0, 0.25, 0.5, 0.75, 1, 2],
  distributions: ['uniform', 'heavy-tail'],
  draws: defaultDraws,
} as const;
