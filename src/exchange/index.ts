/**
 * The public face of exchange (`rolla/exchange`): fleets from files of other planners and profilers, or from tables of
 * one's own, and as text that a person can edit.
 */
export { fleetText } from './fleetText.ts';
export { type ImportFormat, importFleet, importFormats } from './import/importFleet.ts';
export type { ImportedFleet, ImportOptions, SourceFile } from './import/importLedger.ts';
