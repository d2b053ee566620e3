/** The linear programs of sets of deployments that are rented together and alone (rentedSets.ts). */
import type { Steps } from '../../lp/steps.ts';
import { priceDuals } from '../master/dualPrices.ts';
import { countBetween, type NodeRestrictions } from '../master/patternDecision.ts';
import { generateColumns } from '../master/pricedColumns.ts';
import { RestrictedMaster } from '../master/restrictedMaster.ts';
import type { Pattern } from '../pricing/pattern.ts';
import { PatternPricer } from '../pricing/patternPricer.ts';
import type { SetBound } from './setBounds.ts';

export interface SolvedSet {
  /** On the plans of the set; at least the cutoff, or the program's optimum within the tolerance. */
  readonly bound: number;
  readonly simplexIterations: number;
  /** The duals of the bound with the rows that they are of. */
  readonly certificate: { readonly master: RestrictedMaster; readonly duals: Float64Array } | null;
}

/** Patterns that one has priced are at hand for the others. */
export class SetPrograms {
  readonly #master: RestrictedMaster;
  readonly #restrictions: NodeRestrictions;
  /** (d): its patterns so far. */
  readonly #patterns = new Map<number, Pattern[]>();
  readonly #pricer: PatternPricer;

  constructor(master: RestrictedMaster, restrictions: NodeRestrictions) {
    this.#master = master;
    this.#restrictions = restrictions;
    this.#pricer = new PatternPricer(master.table);
    for (const pattern of master.patterns) this.#patternsOf(pattern.deployment).push(pattern);
  }

  #patternsOf(d: number): Pattern[] {
    const known = this.#patterns.get(d) ?? [];
    this.#patterns.set(d, known);
    return known;
  }

  *solve(deployments: readonly number[], cutoff: number, shouldStop: () => boolean): Steps<SolvedSet> {
    const { table } = this.#master;
    const { copies } = table.alike.pairs;
    let within: NodeRestrictions = {
      ...this.#restrictions,
      closed: new Uint8Array(table.numDeployments).fill(1),
      required: new Uint8Array(table.problem.numPairs),
      counts: new Map(),
    };
    for (const d of new Set(deployments)) {
      const pair = table.pair[d];
      within.closed[d] = 0;
      if (copies[pair] === 1) {
        within.required[pair] = 1;
        continue;
      }
      const count = deployments.filter((other) => other === d).length;
      within = countBetween(within, { kind: 'count', pairs: [pair], on: [d], least: count, most: count });
    }
    const master = new RestrictedMaster(table);
    master.restrict(within);
    this.#master.pooledRow.forEach((row, i) => {
      if (row >= 0) master.addPooledRow(i);
    });
    const known = [...new Set(deployments)].flatMap((d) => this.#patternsOf(d));
    master.add(known);
    const { bound, status, certificate } = yield* generateColumns(master, new PatternPricer(table), within, {
      cutoff,
      tolerance: table.parameters.rentedSets.tolerance,
      shouldStop,
    });
    for (const pattern of master.patterns.slice(known.length)) this.#patternsOf(pattern.deployment).push(pattern);
    return {
      bound: status === 'infeasible' ? Infinity : bound,
      simplexIterations: master.solver.iterations,
      certificate: certificate && { master, duals: certificate.duals },
    };
  }

  /** What duals say of any set; of `counts`, those that their rows count. */
  boundOf(
    { master, duals }: NonNullable<SolvedSet['certificate']>,
    cutoff: number,
    counts: NodeRestrictions['counts'] = new Map(),
  ): SetBound {
    const unpaired = duals.slice();
    for (const row of master.pairRow) if (row >= 0 && row < unpaired.length) unpaired[row] = 0;
    const restrictions = { ...this.#restrictions, counts };
    const { prices, base } = priceDuals(master, restrictions, unpaired, 2);
    const threshold = Math.max(1, cutoff - base);
    this.#pricer.nodeLimit = master.table.parameters.generation.roughNodeLimit;
    const reducedCost = Float64Array.from(restrictions.closed, (isClosed, d) =>
      isClosed === 1 ? Infinity : this.#pricer.search(d, prices, restrictions, threshold),
    );
    return { base, reducedCost, budgetPrice: Math.max(0, -(duals[master.budgetRow] ?? 0)) };
  }
}
