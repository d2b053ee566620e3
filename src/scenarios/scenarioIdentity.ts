/** What tells one scenario from another, wherever it is solved. */
import type { ScenarioOptions, ScenarioPatch } from '../analysis/scenario.ts';
import { fingerprintOfData } from '../model/fingerprint.ts';
import { version } from '../version.ts';

/**
 * 32 hexadecimal digits. The start plan decides which of equally good plans is found, so what a scenario comes after is
 * part of it; so is the version of rolla.
 */
export function scenarioId(
  instanceFingerprint: string,
  patch: ScenarioPatch,
  options: ScenarioOptions,
  after: string | null,
): string {
  return fingerprintOfData({ instance: instanceFingerprint, patch, options, version, after });
}
