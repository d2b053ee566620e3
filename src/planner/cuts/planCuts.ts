/** The cuts that know what the strengthened program's columns mean, by family; each is valid for every plan. */
import type { StrengthenedFormulation } from '../../model/formulations/formulation.ts';
import { conflictCliqueCuts } from './conflictClique.ts';
import { deploymentCoverCuts } from './deploymentCover.ts';
import { flowCoverCuts } from './flowCover.ts';
import { groupCoverCuts } from './groupCover.ts';
import type { ModelCut } from './modelCut.ts';
import { spreadProtectionCuts } from './spreadProtection.ts';

export type { ModelCut } from './modelCut.ts';

/** All families, for `LinearRelaxationOptions.modelCuts`. */
export function planCuts(formulation: StrengthenedFormulation): ModelCut[] {
  return [deploymentCoverCuts, conflictCliqueCuts, flowCoverCuts, groupCoverCuts, spreadProtectionCuts].map((make) =>
    make(formulation),
  );
}
