/**
 * Profiles of a fleet one by one: `catalogue: all` stands for those of the catalogue that fit its models and GPU tiers.
 */
import { type CatalogueProfile, catalogueProfiles } from '../catalogue/throughputTables.ts';
import type { Fleet, FleetProfile } from './fleetSchema.ts';

interface SingleProfile extends FleetProfile {
  readonly model: string;
  readonly gpu: string;
}

export interface ExpandedProfile {
  readonly profile: SingleProfile;
  /** Where it comes from in `profiles` of the fleet. */
  readonly position: number;
  readonly tpDegree: number;
  readonly pipelineDegree: number;
}

/**
 * In the order of the file. Entries without a model or GPU that are not `all` are left out: the validation names them.
 */
export function expandProfiles(fleet: Fleet): ExpandedProfile[] {
  const own = fleet.profiles.map((profile, position) => {
    if (profile.catalogue === 'all' || profile.model === undefined || profile.gpu === undefined) return null;
    const { model, gpu } = profile;
    return withDegrees({ ...profile, model, gpu }, position, entryById.get(profile.catalogue));
  });
  const taken = new Set(own.flatMap((expanded) => (expanded === null ? [] : [configurationOf(expanded)])));
  return fleet.profiles.flatMap((profile, position) => {
    const single = own[position];
    if (single !== null) return [single];
    if (profile.catalogue !== 'all') return [];
    return fromCatalogue(fleet, profile, position).filter((expanded) => {
      const configuration = configurationOf(expanded);
      if (taken.has(configuration)) return false;
      taken.add(configuration);
      return true;
    });
  });
}

const entryById = new Map<string | undefined, CatalogueProfile>(catalogueProfiles.map((entry) => [entry.id, entry]));

function fromCatalogue({ models, gpus }: Fleet, { model, gpu }: FleetProfile, position: number): ExpandedProfile[] {
  return models
    .filter(({ name }) => (model ?? name) === name)
    .flatMap((candidate) =>
      gpus
        .filter(({ name }) => (gpu ?? name) === name)
        .flatMap((tier) =>
          catalogueProfiles
            .filter((entry) => entry.model === candidate.catalogue && entry.gpu === tier.catalogue)
            .filter(({ precision }) => precision === tier.precision)
            // Degrees that the model's own list leaves out are not asked for.
            .filter(({ tpDegree }) => candidate.tpDegrees?.includes(tpDegree) ?? true)
            .map((entry) =>
              withDegrees({ model: candidate.name, gpu: tier.name, catalogue: entry.id }, position, entry),
            ),
        ),
    );
}

function withDegrees(profile: SingleProfile, position: number, entry: CatalogueProfile | undefined): ExpandedProfile {
  return {
    profile,
    position,
    tpDegree: profile.tp ?? entry?.tpDegree ?? 1,
    pipelineDegree: profile.pipeline ?? entry?.pipelineDegree ?? 1,
  };
}

function configurationOf({ profile, tpDegree, pipelineDegree }: ExpandedProfile): string {
  return JSON.stringify([profile.model, profile.gpu, tpDegree, pipelineDegree]);
}
