/**
 * Files of scenarios, for many machines (`rolla/scenarios`, Node only): written from grids, read as a stream, run into
 * folders of results, merged.
 */
export { type MergedResults, mergeResults } from './mergeResults.ts';
export { openResultStore, type ResultStore, type ScenarioResult } from './resultStore.ts';
export { runScenarios, type ScenarioRun } from './runScenarios.ts';
export { type ScenarioDesign, scenarioLines } from './scenarioDesign.ts';
export {
  type FileScenario,
  type InstanceReader,
  readScenarioChains,
  type ScenarioChain,
  surveyScenarios,
} from './scenarioFile.ts';
export { isInShard, type Shard } from './shards.ts';
