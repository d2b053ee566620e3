/**
 * Clique cuts from conflicting placements: query types of which no two fit together on a deployment, by memory or by
 * compute at their least shares, are there one at a time: sum_{Q} z_i <= w. Valid: for w = 1 at most one z is 1, for
 * w = 0 none. Unlike a cover of one row a clique may mix both resources. Single placement with least shares above 0.
 */
import type { SparseRow } from '../../lp/linearProgram.ts';
import type { StrengthenedFormulation } from '../../model/formulations/formulation.ts';
import { type DeploymentLoad, deploymentLoads } from './deploymentLoads.ts';
import { type ModelCut, overloadTolerance, RowBuilder } from './modelCut.ts';

interface ConflictGraph {
  readonly w: number;
  /** Columns z of the query types with a conflict. */
  readonly z: readonly number[];
  /** conflicts[a] holds the positions in `z` that a excludes. */
  readonly conflicts: readonly ReadonlySet<number>[];
}

export function conflictCliqueCuts(formulation: StrengthenedFormulation): ModelCut {
  const graphs = conflictGraphs(deploymentLoads(formulation));
  return {
    name: 'conflict clique',
    *separate(point) {
      for (const graph of graphs) yield* violatedCliques(graph, point);
    },
  };
}

function conflictGraphs(loads: readonly DeploymentLoad[]): ConflictGraph[] {
  const byDeployment = new Map<number, DeploymentLoad[]>();
  for (const load of loads) {
    const list = byDeployment.get(load.deployment);
    if (list) list.push(load);
    else byDeployment.set(load.deployment, [load]);
  }
  const graphs: ConflictGraph[] = [];
  for (const resources of byDeployment.values()) {
    const conflicts = new Map<number, Set<number>>();
    for (const { z, use, least, capacity } of resources) {
      const limit = capacity * (1 + overloadTolerance);
      for (let a = 0; a < z.length; a++) {
        for (let b = a + 1; b < z.length; b++) {
          if (use[a] * least[a] + use[b] * least[b] <= limit) continue;
          note(conflicts, z[a], z[b]);
          note(conflicts, z[b], z[a]);
        }
      }
    }
    if (conflicts.size === 0) continue;
    const z = [...conflicts.keys()].sort((a, b) => a - b);
    const position = new Map(z.map((column, at) => [column, at]));
    graphs.push({
      w: resources[0].w,
      z,
      conflicts: z.map((column) => new Set([...conflicts.get(column)!].map((other) => position.get(other)!))),
    });
  }
  return graphs;
}

function note(conflicts: Map<number, Set<number>>, from: number, to: number): void {
  const set = conflicts.get(from);
  if (set) set.add(to);
  else conflicts.set(from, new Set([to]));
}

/** Grown greedily from each vertex by value, then extended with whatever conflicts with all members. */
function* violatedCliques({ w, z, conflicts }: ConflictGraph, point: Float64Array): Generator<SparseRow, void, void> {
  const order = [...z.keys()].sort((a, b) => point[z[b]] - point[z[a]] || a - b);
  const covered = new Set<number>();
  for (const seed of order) {
    if (covered.has(seed) || point[z[seed]] <= 1e-9) continue;
    const clique = [seed];
    for (const other of order) {
      if (other !== seed && clique.every((member) => conflicts[member].has(other))) clique.push(other);
    }
    const row = new RowBuilder();
    for (const member of clique) row.add(z[member], 1);
    row.add(w, -1);
    const cut = row.atMost(0, point);
    if (cut === null) continue;
    for (const member of clique) covered.add(member);
    yield cut;
  }
}
