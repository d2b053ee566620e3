/**
 * TP coupling and strong linking for the published program, whose x and z do not know TP degrees. With f_n the largest
 * servable fraction of a query type on (j, k) at degree n (0 where it is impossible), and N its possible degrees:
 *
 *   x <= sum_n f_n w_n        x <= (max_n f_n) z        z <= sum_{n in N} w_n  (single placement)
 *
 * Valid: exactly one w_n of a rented pair is 1, and then at most f_n can be served; a placement needs a degree that can
 * hold it (under split placement an unused z may be 1 anywhere, so the third is left out). In the strengthened program
 * z and v are split by degree and v <= f z <= f w says all of this.
 */

import type { PlanningProblem } from '../../model/compiled/planningProblem.ts';
import type { PublishedFormulation } from '../../model/formulations/published.ts';
import { type ModelCut, RowBuilder } from './modelCut.ts';

export function degreeCouplingCuts(problem: PlanningProblem, { columns, triples }: PublishedFormulation): ModelCut {
  const { deployments, deploymentsOfPair, numQueryTypes, numTiers, maxFraction } = problem;
  const single = problem.placement.isSingle;
  return {
    name: 'degree coupling',
    *separate(point) {
      for (let pair = 0; pair < deploymentsOfPair.length; pair++) {
        const j = Math.floor(pair / numTiers);
        const k = pair % numTiers;
        for (let i = 0; i < numQueryTypes; i++) {
          const x = columns.x[i][j][k];
          const z = columns.z[i][j][k];
          if (point[x] <= 1e-9 && point[z] <= 1e-9) continue;
          const served = new RowBuilder();
          const placed = new RowBuilder();
          const linked = new RowBuilder();
          let most = 0;
          served.add(x, 1);
          placed.add(z, 1);
          for (const d of deploymentsOfPair[pair]) {
            const fraction = maxFraction[i * deployments.count + d];
            if (fraction < 0) continue;
            const w = columns.w[j][k][triples[d].t];
            served.add(w, -fraction);
            placed.add(w, -1);
            most = Math.max(most, fraction);
          }
          linked.add(x, 1);
          linked.add(z, -most);
          for (const row of single ? [served, placed, linked] : [served, linked]) {
            const cut = row.atMost(0, point);
            if (cut !== null) yield cut;
          }
        }
      }
    },
  };
}
