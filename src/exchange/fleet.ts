/**
 * The public face of fleets (`rolla/fleet`): reading and compiling `rolla-fleet/1`, the catalogue of GPUs, models and
 * measured profiles, and fitting service times to measurements. Only `parseFleet` needs the YAML library.
 */
import type { Fleet } from '../generator/fleet/fleetSchema.ts';
import { validateFleet } from '../generator/fleet/validateFleet.ts';
import { parseYaml } from './yamlText.ts';

export { type CatalogueGpu, catalogueGpus } from '../generator/catalogue/gpus.ts';
export {
  type CatalogueModelCard,
  cachePerTokenOf,
  catalogueModels,
  tpDegreesOfHeads,
  weightsOf,
} from '../generator/catalogue/models.ts';
export { estimatedLatency, serviceTimesOf } from '../generator/catalogue/profiles.ts';
export { type CatalogueProfile, catalogueProfiles } from '../generator/catalogue/throughputTables.ts';
export { compileFleet } from '../generator/fleet/compileFleet.ts';
export { fitServiceTimes, type MeasuredThroughput } from '../generator/fleet/fitServiceTimes.ts';
export type {
  Fleet,
  FleetError,
  FleetGpu,
  FleetModel,
  FleetPairing,
  FleetProfile,
  FleetQueryType,
} from '../generator/fleet/fleetSchema.ts';
export type { Quantity } from '../generator/fleet/units.ts';
export { type FleetOptions, generateFleet } from '../generator/generateFleet.ts';
export { validateFleet };

/**
 * A fleet from YAML or JSON text (JSON is YAML). Throws InputError; for text that is neither its path is the line and
 * column.
 */
export function parseFleet(text: string): Fleet {
  return validateFleet(parseYaml(text));
}
