/** The contract of relaxations for the one by patterns: with pools of patterns, and by pricing alone. */
import { PatternRelaxation } from '../../src/patterns/patternRelaxation.ts';
import { conformsToRelaxation } from '../bnb/relaxationConformance.ts';
import { planningProblems } from '../planner/plansConformance.ts';

const problems = await planningProblems('single', 10, 3);

conformsToRelaxation(
  'patterns',
  problems.map((caseOf) => caseOf((problem) => new PatternRelaxation(problem))),
);
conformsToRelaxation(
  'patterns, priced',
  problems.map((caseOf) =>
    caseOf((problem) => new PatternRelaxation(problem, { heuristics: false, reducedCostFixing: false })),
  ),
);
