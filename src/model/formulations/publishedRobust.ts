/**
 * The robust rows of the published formulation with every dual explicit (specification 5): tau0, sigma0 (delay), tau1,
 * sigma1 (error), tau2, sigma2 and varrho (delay cost). Under decision-dependent uncertainty (1 - gamma_jk) stands
 * before sigma_ijk.
 */
import type { MixedIntegerProgramBuilder } from '../../lp/linearProgram.ts';
import { delayRuleOf, stretchesLimits } from '../compiled/delayRule.ts';
import { type Instance, tokensPerQuery, type UncertainTensor } from '../instance.ts';
import type { PlanningOptions } from '../options.ts';
import { profilesTellLatency } from '../serviceTimes.ts';
import type { PublishedColumns } from './publishedColumns.ts';
import type { PublishedData } from './publishedData.ts';
import { worstScenario } from './robustCounterpart.ts';

/** Columns with coefficients. */
class Terms {
  readonly indices: number[] = [];
  readonly values: number[] = [];

  add(column: number, value: number): this {
    this.indices.push(column);
    this.values.push(value);
    return this;
  }

  addAll(terms: Terms, factor = 1): this {
    terms.indices.forEach((column, t) => {
      this.add(column, factor * terms.values[t]);
    });
    return this;
  }
}

/** One uncertain entry: its name, its share 1 - gamma_jk, and a_ijk as an expression. */
interface Entry {
  readonly name: string;
  readonly share: number;
  readonly terms: Terms;
}

/** Adds the rows; what it returns sets the dual columns of a point to their best values. */
export function addRobustRows(
  builder: MixedIntegerProgramBuilder,
  instance: Instance,
  options: PlanningOptions,
  { configurations, penaltyHours }: PublishedData,
  { x, v, w }: PublishedColumns,
): (point: Float64Array) => void {
  const { queryTypes, models, tiers, delay, error, uncertaintyBudget = { delay: 0, error: 0 } } = instance;
  const tellsLatency = profilesTellLatency(instance);
  const uncertain = options.uncertainty !== 'none';
  const completions: ((point: Float64Array) => void)[] = [];
  const share = (tensor: UncertainTensor | undefined, j: number, k: number) =>
    options.uncertainty === 'decision-dependent' && tensor !== undefined ? 1 - tensor.relief![j][k] : 1;
  const pairs = models.flatMap((_, j) => tiers.map((_, k) => ({ j, k })));

  /** Gamma tau + sum share sigma, with tau + sigma >= a for every entry. */
  const protect = (name: string, gamma: number, entries: readonly Entry[]): Terms => {
    if (!uncertain) return new Terms();
    const tau = builder.addColumn({ name: `tau${name}` });
    const sigma = entries.map((entry) => builder.addColumn({ name: `sigma${name[0]}_${entry.name}` }));
    const worstCase = new Terms().add(tau, gamma);
    entries.forEach((entry, g) => {
      worstCase.add(sigma[g], entry.share);
      const row = new Terms().add(tau, 1).add(sigma[g], 1).addAll(entry.terms, -1);
      builder.addRow({ lower: 0, indices: row.indices, values: row.values, name: `dual${name[0]}_${entry.name}` });
    });
    completions.push((point) => {
      const sizes = entries.map(({ terms }) => activity(terms, point));
      point[tau] = worstScenario(entries, sizes, gamma).marginalValue;
      sigma.forEach((column, g) => {
        point[column] = Math.max(0, sizes[g] - point[tau]);
      });
    });
    return worstCase;
  };

  const delayRule = delayRuleOf(options, pairs.length);
  const { divides } = delayRule;
  const costEntries: Entry[][] = [];
  const nominalCost = new Terms();
  queryTypes.forEach((query, i) => {
    const tokens = tokensPerQuery(query);
    /** rate * x, or with TP degrees that divide, sum_n (rate / n) v. */
    const delayTerms = (j: number, k: number, rate: number) => {
      if (!divides) return new Terms().add(x[i][j][k], rate);
      const terms = new Terms();
      configurations[j][k].forEach(({ tpDegree }, t) => {
        terms.add(v[i][j][k][t], rate / tpDegree);
      });
      return terms;
    };

    if (delay !== undefined && query.delayThreshold !== undefined) {
      const limit = query.delayThreshold;
      const delayRow = new Terms();
      for (const { j, k } of pairs) delayRow.addAll(delayTerms(j, k, delay.nominal[i][j][k] * tokens));
      const delayEntries = pairs.map(({ j, k }) => ({
        name: `${i}_${j}_${k}`,
        share: share(delay, j, k),
        terms: delayTerms(j, k, delay.deviation[i][j][k] * tokens),
      }));
      delayRow.addAll(protect(`0_${i}`, uncertaintyBudget.delay, delayEntries));
      for (const { j, k } of pairs.filter((_, pair) => stretchesLimits(delayRule, pair))) {
        configurations[j][k].forEach(({ tpDegree }, t) => {
          delayRow.add(w[j][k][t], -limit * tpDegree);
        });
      }
      builder.addRow({
        upper: divides ? limit : 0,
        indices: delayRow.indices,
        values: delayRow.values,
        name: `delay_${i}`,
      });
    }

    if (error !== undefined && query.errorThreshold !== undefined) {
      const errorRow = new Terms();
      for (const { j, k } of pairs) errorRow.add(x[i][j][k], error.nominal[i][j][k]);
      const errorEntries = pairs.map(({ j, k }) => ({
        name: `${i}_${j}_${k}`,
        share: share(error, j, k),
        terms: new Terms().add(x[i][j][k], error.deviation[i][j][k]),
      }));
      errorRow.addAll(protect(`1_${i}`, uncertaintyBudget.error, errorEntries));
      builder.addRow({
        upper: query.errorThreshold,
        indices: errorRow.indices,
        values: errorRow.values,
        name: `error_${i}`,
      });
    }

    const rate = (query.delayPenalty ?? 0) * query.arrivalRate * penaltyHours;
    /** rate * ms * x: by configuration where latency is theirs. */
    const costTerms = (j: number, k: number, of: 'delay' | 'deviation') => {
      const terms = new Terms();
      if (tellsLatency) {
        configurations[j][k].forEach(({ services }, t) => {
          terms.add(v[i][j][k][t], rate * services[i][of]);
        });
      } else if (delay !== undefined) {
        const perToken = delay[of === 'delay' ? 'nominal' : 'deviation'][i][j][k];
        terms.add(x[i][j][k], rate * tokens * perToken);
      }
      return terms;
    };
    for (const { j, k } of pairs) nominalCost.addAll(costTerms(j, k, 'delay'));
    costEntries.push(
      pairs.map(({ j, k }) => ({
        name: `${i}_${j}_${k}`,
        share: share(delay, j, k),
        terms: costTerms(j, k, 'deviation'),
      })),
    );
  });

  const varrho = builder.addColumn({ name: 'varrho', cost: 1 });
  const cost = new Terms();
  if (options.delayCost === 'total' || !uncertain) cost.addAll(nominalCost);
  if (options.delayCostBudget === 'joint') cost.addAll(protect('2', uncertaintyBudget.delay, costEntries.flat()));
  else {
    costEntries.forEach((entries, i) => {
      cost.addAll(protect(`2_${i}`, uncertaintyBudget.delay, entries));
    });
  }
  const row = new Terms().add(varrho, 1).addAll(cost, -1);
  builder.addRow({ lower: 0, indices: row.indices, values: row.values, name: 'delay_cost' });
  return (point) => {
    for (const complete of completions) complete(point);
    point[varrho] = activity(cost, point);
  };
}

function activity(terms: Terms, point: ArrayLike<number>): number {
  return terms.indices.reduce((sum, column, t) => sum + terms.values[t] * point[column], 0);
}
