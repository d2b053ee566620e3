/** The classes of length that requests are put into where nothing else is said: largest tokens of all but the last. */

export const demandDefaults = {
  inputClasses: [512, 2048, 8192],
  outputClasses: [128, 512],
} as const;
