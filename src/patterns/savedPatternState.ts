/** What the pattern relaxation has learnt, as plain data. */
import type { BoundCertificate } from './master/dualPrices.ts';
import type { CountDecision, SavedRestrictions } from './master/patternDecision.ts';
import type { SavedMaster } from './master/restrictedMaster.ts';
import type { SavedPool } from './pool/patternPool.ts';
import type { SavedPricing } from './pricing/patternPricer.ts';
import type { SavedRivalry } from './rivalry.ts';

export interface SavedPatternState {
  /** Whether what is alike is merged. */
  readonly isMerged: boolean;
  readonly master: SavedMaster;
  readonly closed: Uint8Array;
  readonly counts: readonly CountDecision[];
  /** On the plans that these rule out. */
  readonly boundOfCounts: number;
  readonly pricings: readonly SavedPricing[];
  readonly rootCertificate: {
    readonly stretch: number;
    readonly restrictions: SavedRestrictions;
    readonly certificate: BoundCertificate;
  } | null;
  /** Null until there is one. */
  readonly pool: SavedPool | null;
  readonly hopelessGap: number;
  readonly rivalry: SavedRivalry;
  readonly solvedNodes: number;
  readonly dives: number;
}
