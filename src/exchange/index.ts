/**
 * The public face of exchange (`rolla/exchange`): fleets from files of other planners and profilers, or from tables of
 * one's own, and as text that a person can edit; plans as manifests, metrics and commands.
 */
export { type Demand, type DemandOptions, type DemandRow, demandColumns, demandOfTrace, readDemand } from './demand.ts';
export type { DeployOptions } from './deploy/deployedUnits.ts';
export { deployNotes } from './deploy/deployNotes.ts';
export { kubernetesManifests, kubernetesText } from './deploy/kubernetes.ts';
export { commandsText, prometheusText } from './deploy/otherTargets.ts';
export { fleetText } from './fleetText.ts';
export { type ImportFormat, importFleet, importFormats } from './import/importFleet.ts';
export type { ImportedFleet, ImportOptions, SourceFile } from './import/importLedger.ts';
