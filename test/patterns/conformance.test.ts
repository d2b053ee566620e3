/** The contract of relaxations for the one by patterns: with pools of patterns, and by pricing alone. */
import { defaultPatternParameters } from '../../src/patterns/parameters.ts';
import { PatternRelaxation } from '../../src/patterns/patternRelaxation.ts';
import type { Rival } from '../../src/patterns/rivalry.ts';
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

// A rival that knows half of what there is to know, at once; its plan may be no better than the incumbent.
const parameters = { ...defaultPatternParameters, rival: { ...defaultPatternParameters.rival, firstWork: 1 } };
conformsToRelaxation(
  'patterns with a rival',
  problems.map((caseOf) => {
    const { known, optimum } = caseOf((problem) => new PatternRelaxation(problem));
    const rival: Rival = function* () {
      yield;
      return { bound: optimum / 2, solution: known[0] ?? null, simplexIterations: 7 };
    };
    return caseOf(
      (problem) => new PatternRelaxation(problem, { rival, parameters, heuristics: false, reducedCostFixing: false }),
    );
  }),
);
