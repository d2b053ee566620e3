/** The contract of relaxations for the compact one in its forms, and for the one over sets of deployments. */
import { drain } from '../../../src/lp/steps.ts';
import { compactRelaxation } from '../../../src/planner/relaxations/compactRelaxation.ts';
import { rentedSetRelaxation } from '../../../src/planner/relaxations/rentedSetRelaxation.ts';
import { resolveSolve } from '../../../src/planner/resolveSolve.ts';
import type { SolveOptions } from '../../../src/planner/solveOptions.ts';
import { conformsToRelaxation } from '../../bnb/relaxationConformance.ts';
import { referenceInstance } from '../../oracle/testInstances.ts';
import { planningProblems } from '../plansConformance.ts';

const settingsOf = (options: SolveOptions) => resolveSolve(referenceInstance(), options).settings;
const single = await planningProblems('single', 5, 1);
const split = await planningProblems('split', 5, 2);

const forms: readonly [string, SolveOptions][] = [
  ['published', { formulation: 'published' }],
  ['strengthened', {}],
  ['set branching', { strategy: { base: 'plain', setBranching: true } }],
];
for (const [name, options] of forms) {
  const settings = settingsOf({ ...options, relaxation: 'compact' });
  conformsToRelaxation(
    `compact, ${name}`,
    single.map((caseOf) => caseOf((problem) => drain(compactRelaxation(problem, settings)))),
  );
}
const adversarial = settingsOf({ relaxation: 'compact', robust: 'adversarial' });
conformsToRelaxation(
  'compact, adversarial',
  [...single, ...split].map((caseOf) => caseOf((problem) => drain(compactRelaxation(problem, adversarial)))),
);
const projected = settingsOf({ relaxation: 'compact' });
conformsToRelaxation(
  'rented sets',
  split.map((caseOf) => caseOf((problem) => drain(rentedSetRelaxation(problem, projected))!)),
);
const setsAsNodes = settingsOf({
  relaxation: 'compact',
  strategy: { parameters: { 'compact.sets.firstNodes': 1, 'compact.sets.cutRounds': 0 } },
});
conformsToRelaxation(
  'rented sets, each that one node does not settle a node of its own',
  split.map((caseOf) => caseOf((problem) => drain(rentedSetRelaxation(problem, setsAsNodes))!)),
);
