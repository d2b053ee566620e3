/** The contract of relaxations for the dynamic program before patterns: where it settles the root, and where not. */
import { defaultPatternParameters, type PatternParameters } from '../../../src/patterns/parameters.ts';
import { PatternRelaxation } from '../../../src/patterns/patternRelaxation.ts';
import { SubsetRelaxation } from '../../../src/patterns/subsets/subsetRelaxation.ts';
import { SubsetSearch } from '../../../src/patterns/subsets/subsetSearch.ts';
import { hasFewSubsets } from '../../../src/patterns/subsets/subsetService.ts';
import { conformsToRelaxation } from '../../bnb/relaxationConformance.ts';
import { planningProblems } from '../../planner/plansConformance.ts';

const problems = await planningProblems('single', 40, 7);

/** The case of each problem that the dynamic program can serve. */
function cases(parameters: PatternParameters) {
  return problems.flatMap((caseOf) => {
    let isServed = false;
    const made = caseOf((problem) => {
      isServed = hasFewSubsets(problem);
      const usual = new PatternRelaxation(problem, { heuristics: false, reducedCostFixing: false, cuts: false });
      return new SubsetRelaxation(new SubsetSearch(problem, parameters), usual);
    });
    made.make();
    return isServed ? [made] : [];
  });
}

const { subsets } = defaultPatternParameters;
conformsToRelaxation('the dynamic program, settled or given up', [
  ...cases(defaultPatternParameters),
  ...cases({ ...defaultPatternParameters, subsets: { ...subsets, mostLabels: 2 } }),
  ...cases({ ...defaultPatternParameters, subsets: { ...subsets, mostSets: 0 } }),
]);
