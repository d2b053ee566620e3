/**
 * The end of a node of patterns whose point gives nothing to branch on: it is whole within the tolerance, or there is
 * none. Its plan settles the node if the door lets it in at the node's bound; else the node is branched on what is
 * still open, and where nothing is, the exact linear program of the one choice left decides. Over a merged table
 * nothing can be branched on: what its plan does not settle is left to another way.
 */
import type { IndexedPlan } from '../../model/compiled/indexedPlan.ts';
import { planIsFeasible } from '../../model/compiled/indexedPlanCheck.ts';
import type { PlanningProblem } from '../../model/compiled/planningProblem.ts';
import type { MasterPoint } from '../master/masterPoint.ts';
import type { NodeRestrictions } from '../master/patternDecision.ts';
import { decidedPlan, undecidedCandidates } from '../master/undecided.ts';
import type { PatternOutcome } from '../nodeRequest.ts';
import { exactPlan } from './exactPlan.ts';

type End = Pick<PatternOutcome, 'status' | 'bound' | 'solution' | 'candidates'>;

/** `end` is what the master says; its plan, where fractions of it break a limit, with the best fractions. */
export function endOfNode(
  restrictions: NodeRestrictions,
  point: MasterPoint | null,
  end: Pick<End, 'status' | 'bound' | 'solution'>,
): End {
  const { problem } = restrictions.table;
  const candidates = undecidedCandidates(restrictions, point);
  const decided = candidates.length === 0 ? decidedPlan(restrictions) : null;
  if (decided === null) return { ...end, solution: end.solution && repaired(problem, end.solution), candidates };
  const exact = exactPlan(problem, decided);
  if (exact.status === 'infeasible') return { status: 'infeasible', bound: Infinity, solution: null, candidates };
  if (exact.status !== 'solved') return { ...end, candidates };
  return { status: 'solved', bound: Math.max(end.bound, exact.cost), solution: exact.plan, candidates };
}

function repaired(problem: PlanningProblem, plan: IndexedPlan): IndexedPlan | null {
  if (planIsFeasible(problem, plan)) return plan;
  const exact = exactPlan(problem, plan);
  return exact.status === 'solved' ? exact.plan : null;
}
