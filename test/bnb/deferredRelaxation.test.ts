/** A deferred relaxation: made once, at the first node, and the same as the one that it makes. */
import { describe, expect, it } from 'vitest';
import { DeferredRelaxation } from '../../src/bnb/deferredRelaxation.ts';
import { TreeSearch } from '../../src/bnb/treeSearch.ts';
import { constructPlans, planCost } from '../../src/heuristics/index.ts';
import { drain } from '../../src/lp/steps.ts';
import { compileProblem } from '../../src/model/compiled/compileProblem.ts';
import { presets } from '../../src/model/options.ts';
import { reduceProblem } from '../../src/model/reductions/reduceProblem.ts';
import { ReducibleProblem } from '../../src/model/reductions/reducibleProblem.ts';
import { PatternRelaxation } from '../../src/patterns/patternRelaxation.ts';
import { incumbentDoor } from '../../src/planner/incumbentDoor.ts';
import { optimize } from '../../src/planner/optimize.ts';
import { drawInstance } from '../heuristics/randomInstance.ts';
import { referenceInstance } from '../oracle/testInstances.ts';
import { rootRequest } from './rootRequest.ts';

const problem = compileProblem(drawInstance(5, 6, 3, 3), presets.corrected);

function deferred() {
  const made: PatternRelaxation[] = [];
  const relaxation = new DeferredRelaxation(new PatternRelaxation(problem), function* () {
    yield;
    const fresh = new PatternRelaxation(problem);
    made.push(fresh);
    return fresh;
  });
  return { made, relaxation };
}

describe('a deferred relaxation', () => {
  it('is not made for what comes before the root', () => {
    const { made, relaxation } = deferred();
    const [plan] = [...constructPlans(problem)];
    relaxation.onIncumbent(planCost(problem, plan!), plan!);
    expect(relaxation.saveState()).toBeNull();
    expect(made.length).toBe(0);
  });

  it('is made once and searches like the relaxation that it makes', () => {
    const { made, relaxation } = deferred();
    const door = incumbentDoor(problem);
    const own = new TreeSearch(relaxation, { door }).run();
    const other = new TreeSearch(new PatternRelaxation(problem), { door }).run();
    expect(made.length).toBe(1);
    expect(own.status).toBe('optimal');
    const timeless = { seconds: 0, incumbents: [] };
    expect({ ...own, ...timeless }).toEqual({ ...other, ...timeless });
    expect(own.incumbents.map(({ cost }) => cost)).toEqual(other.incumbents.map(({ cost }) => cost));
  });

  it('takes a saved state once it is made', () => {
    const { made, relaxation } = deferred();
    const former = new PatternRelaxation(problem);
    new TreeSearch(former, { door: incumbentDoor(problem) }).run();
    const saved = former.saveState();
    relaxation.restoreState(saved);
    expect(made.length).toBe(0);
    expect(relaxation.saveState()).toBe(saved);
    drain(relaxation.solveInSteps(rootRequest));
    drain(former.solveInSteps(rootRequest));
    expect(made.length).toBe(1);
    expect(relaxation.saveState()).toEqual(former.saveState());
  });
});

describe('a reducible problem', () => {
  it('is reduced once, when asked', () => {
    const reducible = new ReducibleProblem(problem);
    const { reduced } = reducible;
    expect(reduced).toEqual(reduceProblem(problem).problem);
    expect(reducible.reduced).toBe(reduced);
    expect(reducible.compiled).toBe(problem);
  });
});

describe('a solve by patterns', () => {
  it('tells of a plan by construction before anything else', () => {
    const kinds: string[] = [];
    const onProgress = ({ kind }: { readonly kind: string }) => kinds.push(kind);
    const result = optimize(referenceInstance(), { strategy: 'no-dynamic-program', onProgress });
    expect(kinds[0]).toBe('incumbent');
    expect(result.incumbents[0].source).toBe('construction');
  });
});
