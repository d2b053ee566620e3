/**
 * Set branching on the strengthened program: at most one of several columns is 1, and the children each forbid one half
 * of them. Of the TP degrees of a (model, tier), class `degrees`; under single placement of the places of a query type,
 * class `places`. Half of the columns goes in either child, where branching on one column forbids all the others in one
 * child and hardly anything in the other.
 */
import type { BoundChange, LinearDecision, NodePoint } from '../../bnb/linear/linearDecision.ts';
import type { BranchingCandidate } from '../../bnb/relaxation.ts';
import type { StrengthenedFormulation } from '../../model/formulations/formulation.ts';

/** Branching classes with sets, each set class before that of its columns. */
export const setBranchingClasses = ['degrees', 'w', 'places', 'z', 'y'] as const;

/** The set branchings of a node's point; shares this near 0 or 1 are none. */
export function setCandidates({ problem, columns }: StrengthenedFormulation, integralityTolerance: number) {
  const { deployments, deploymentsOfPair, numQueryTypes, placement } = problem;
  const sets: { readonly name: string; readonly branchingClass: string; readonly columns: readonly number[] }[] = [];
  deploymentsOfPair.forEach((list, pair) => {
    const degrees = list.map((d) => columns.w[d]).filter((column) => column >= 0);
    if (degrees.length > 1) sets.push({ name: `degrees of ${pair}`, branchingClass: 'degrees', columns: degrees });
  });
  for (let i = 0; i < numQueryTypes && placement.isSingle; i++) {
    const places = Array.from(columns.z.subarray(i * deployments.count, (i + 1) * deployments.count));
    const known = places.filter((column) => column >= 0);
    if (known.length > 1) sets.push({ name: `places of ${i}`, branchingClass: 'places', columns: known });
  }
  return (node: NodePoint): BranchingCandidate<LinearDecision>[] =>
    sets.flatMap(({ name, branchingClass, columns: members }) => {
      const halves = halvesOf(members, node, integralityTolerance);
      if (halves === null) return [];
      const { low, high, share } = halves;
      return [
        {
          branchingClass,
          key: `${name}, ${low.length} and ${high.length}`,
          value: share,
          downSize: low.length,
          upSize: high.length,
          down: { bounds: high.map(forbidden) },
          up: { bounds: low.map(forbidden) },
        },
      ];
    });
}

/**
 * The open members in two halves of about equal weight, and the share of the second; null if one column has all the
 * weight.
 */
function halvesOf(members: readonly number[], { point, upper }: NodePoint, integralityTolerance: number) {
  const open = members.filter((column) => upper[column] > 0);
  const total = open.reduce((sum, column) => sum + point[column], 0);
  let before = 0;
  let best = { at: 0, share: 0 };
  open.forEach((column, at) => {
    const share = total > 0 ? (total - before) / total : 0;
    if (at > 0 && Math.abs(share - 0.5) < Math.abs(best.share - 0.5)) best = { at, share };
    before += point[column];
  });
  if (best.share < integralityTolerance || best.share > 1 - integralityTolerance) return null;
  return { low: open.slice(0, best.at), high: open.slice(best.at), share: best.share };
}

function forbidden(column: number): BoundChange {
  return { column, lower: -Infinity, upper: 0 };
}
