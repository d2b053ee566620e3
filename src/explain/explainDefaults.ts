/** What explaining is asked for where nothing else is. */

export const explainDefaults = {
  /**
   * Seconds. Near its least budget an instance with split placement can take hours to decide; five minutes answer the
   * others.
   */
  totalTimeLimit: 300,
} as const;
