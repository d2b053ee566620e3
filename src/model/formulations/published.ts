/**
 * The published formulation (specification 2-5 and 7), read off the instance line by line: every McCormick row of v = x
 * w and W = w q, every dual explicit, nothing left out. The literal reference that every other formulation must agree
 * with; slow on purpose.
 */
import { MixedIntegerProgramBuilder } from '../../lp/linearProgram.ts';
import { compileProblem } from '../compiled/compileProblem.ts';
import { effectiveUnmetCap, type Instance, tokensPerQuery } from '../instance.ts';
import type { PlanningOptions } from '../options.ts';
import type { Formulation } from './formulation.ts';
import { addPublishedColumns, configurationName, type PublishedColumns } from './publishedColumns.ts';
import { type PublishedConfiguration, type PublishedData, publishedData } from './publishedData.ts';
import { type ConfigurationTriple, configurationTriples, decodePublished, encodePublished } from './publishedPlans.ts';
import { addRobustRows } from './publishedRobust.ts';

export interface PublishedFormulation extends Formulation {
  readonly columns: PublishedColumns;
  /** (d): where the deployments of the compiled problem stand among the columns. */
  readonly triples: readonly ConfigurationTriple[];
}

/**
 * Builds the program. Decision-dependent uncertainty needs relief data. An infeasible instance gives an infeasible
 * program.
 */
export function buildPublished(instance: Instance, options: PlanningOptions): PublishedFormulation {
  const builder = new MixedIntegerProgramBuilder();
  const data = publishedData(instance, options);
  const columns = addPublishedColumns(builder, instance, options, data);
  addDemandAndPlacementRows(builder, instance, options, columns);
  addForbiddenConfigurations(builder, data, columns);
  addProductRows(builder, data, columns);
  addDegreeRows(builder, data, columns);
  addCapacityRows(builder, instance, data, columns);
  addFleetRows(builder, instance, columns);
  const extra = addCommitmentRows(builder, instance, columns);
  addBudgetAndStorageRows(builder, instance, options, data, columns, extra);
  const completeSwitching = addSwitchingRows(builder, instance, columns);
  const completeDuals = addRobustRows(builder, instance, options, data, columns);
  const program = builder.build('published');
  const triples = configurationTriples(compileProblem(instance, options), data);
  const ascending = (list: number[]) => Int32Array.from(list).sort();
  return {
    name: 'published',
    program,
    columns,
    triples,
    classes: {
      w: ascending(columns.w.flat(2)),
      z: ascending(columns.z.flat(2)),
      y: ascending([...(columns.m === columns.w ? [] : columns.m.flat(2)), ...columns.y.flat()]),
    },
    decode: (point) => decodePublished(instance, options, triples, columns, point),
    encode: (plan) => {
      const point = encodePublished(data, triples, columns, program.numColumns, plan);
      extra.complete(point);
      completeSwitching(point);
      completeDuals(point);
      return point;
    },
  };
}

/** sum_jk x + u = 1 (4.1); x <= z <= q, and sum_jk z = 1 under single placement (4.7). */
function addDemandAndPlacementRows(
  builder: MixedIntegerProgramBuilder,
  instance: Instance,
  options: PlanningOptions,
  { x, z, u, q }: PublishedColumns,
): void {
  instance.queryTypes.forEach((query, i) => {
    const served = x[i].flat();
    builder.addRow({
      lower: 1,
      upper: 1,
      indices: [...served, u[i]],
      values: ones(served.length + 1),
      name: `demand_${i}`,
    });
    const placed = z[i].flat();
    const mayStayOut = options.dropped === 'unplaced' && effectiveUnmetCap(query) >= 1;
    if (options.placement === 'single')
      builder.addRow({
        lower: mayStayOut ? 0 : 1,
        upper: 1,
        indices: placed,
        values: ones(placed.length),
        name: `place_${i}`,
      });
    instance.models.forEach((_, j) => {
      instance.tiers.forEach((_, k) => {
        builder.addRow({ upper: 0, indices: [x[i][j][k], z[i][j][k]], values: [1, -1], name: `placed_${i}_${j}_${k}` });
        builder.addRow({ upper: 0, indices: [z[i][j][k], q[j][k]], values: [1, -1], name: `rented_${i}_${j}_${k}` });
      });
    });
  });
}

/** z + w <= 1 where a configuration cannot serve a query type (no service time, or a latency beyond its limits). */
function addForbiddenConfigurations(
  builder: MixedIntegerProgramBuilder,
  { configurations }: PublishedData,
  { z, w }: PublishedColumns,
): void {
  forEachConfiguration(configurations, (j, k, t, configuration) => {
    configuration.services.forEach(({ isAllowed }, i) => {
      if (isAllowed) return;
      const name = `forbidden_${i}_${configurationName(j, k, configuration)}`;
      builder.addRow({ upper: 1, indices: [z[i][j][k], w[j][k][t]], values: [1, 1], name });
    });
  });
}

/** v = x w and W = w q: v <= x, v <= w, v >= x + w - 1, and the same for W (0 <= v, W are bounds). */
function addProductRows(
  builder: MixedIntegerProgramBuilder,
  { configurations }: PublishedData,
  { x, w, q, v, W }: PublishedColumns,
): void {
  const product = (name: string, result: number, first: number, second: number) => {
    builder.addRow({ upper: 0, indices: [result, first], values: [1, -1], name: `${name}_a` });
    builder.addRow({ upper: 0, indices: [result, second], values: [1, -1], name: `${name}_b` });
    builder.addRow({ lower: -1, indices: [result, first, second], values: [1, -1, -1], name: `${name}_c` });
  };
  forEachConfiguration(configurations, (j, k, t, configuration) => {
    const name = configurationName(j, k, configuration);
    product(`W_${name}`, W[j][k][t], w[j][k][t], q[j][k]);
    x.forEach((xi, i) => {
      product(`v_${i}_${name}`, v[i][j][k][t], xi[j][k], w[j][k][t]);
    });
  });
}

/** sum_n w = q, y = sum n p m, and minReplicas w <= m <= maxReplicas w (4.3). */
function addDegreeRows(
  builder: MixedIntegerProgramBuilder,
  { configurations }: PublishedData,
  { y, q, w, m }: PublishedColumns,
): void {
  y.forEach((row, j) => {
    row.forEach((gpusColumn, k) => {
      const here = configurations[j][k];
      const gpus = here.map((each) => each.gpus);
      builder.addRow({
        lower: 0,
        upper: 0,
        indices: [...w[j][k], q[j][k]],
        values: [...ones(here.length), -1],
        name: `degree_${j}_${k}`,
      });
      builder.addRow({
        lower: 0,
        upper: 0,
        indices: [...m[j][k], gpusColumn],
        values: [...gpus, -1],
        name: `gpus_${j}_${k}`,
      });
      if (m === w) return;
      here.forEach((configuration, t) => {
        const pair = [m[j][k][t], w[j][k][t]];
        const name = configurationName(j, k, configuration);
        builder.addRow({ lower: 0, indices: pair, values: [1, -configuration.leastReplicas], name: `some_${name}` });
        builder.addRow({ upper: 0, indices: pair, values: [1, -configuration.mostReplicas], name: `replicas_${name}` });
      });
    });
  });
}

/** GPUs of each tier within what is available, and within the fleet limits. */
function addFleetRows(builder: MixedIntegerProgramBuilder, instance: Instance, { y }: PublishedColumns): void {
  const { tiers, fleetLimits = [] } = instance;
  tiers.forEach((tier, k) => {
    if (tier.available === undefined) return;
    const rented = y.map((row) => row[k]);
    builder.addRow({ upper: tier.available, indices: rented, values: ones(rented.length), name: `available_${k}` });
  });
  fleetLimits.forEach(({ perGpu, most }, position) => {
    const indices: number[] = [];
    const values: number[] = [];
    tiers.forEach(({ name }, k) => {
      if (!Object.hasOwn(perGpu, name)) return;
      for (const row of y) {
        indices.push(row[k]);
        values.push(perGpu[name]);
      }
    });
    builder.addRow({ upper: most, indices, values, name: `fleet_${position}` });
  });
}

/** GPUs beyond what is committed, for each tier with commitments: extra >= sum_j y - committed, at the tier's price. */
interface CommitmentColumns {
  /** [k]: -1 where nothing is committed. */
  readonly extra: readonly number[];
  complete(point: Float64Array): void;
}

function addCommitmentRows(
  builder: MixedIntegerProgramBuilder,
  { tiers, rentalPeriod }: Instance,
  { y }: PublishedColumns,
): CommitmentColumns {
  const extra = tiers.map(({ committed = 0, price }, k) => {
    if (committed === 0) return -1;
    builder.addToOffset(rentalPeriod * price * committed);
    const column = builder.addColumn({ name: `extra_${k}`, cost: rentalPeriod * price });
    const rented = y.map((row) => row[k]);
    builder.addRow({
      lower: -committed,
      indices: [column, ...rented],
      values: [1, ...rented.map(() => -1)],
      name: `extra_${k}`,
    });
    return column;
  });
  return {
    extra,
    complete: (point) => {
      extra.forEach((column, k) => {
        if (column < 0) return;
        const gpus = y.reduce((sum, row) => sum + point[row[k]], 0);
        point[column] = Math.max(0, gpus - (tiers[k].committed ?? 0));
      });
    },
  };
}

/**
 * Memory (4.4, summed over configurations): sum (B/np) W + sum (beta/np) r lambda T v <= C q for the first replica, and
 * each further one, m - w, brings B/np and C again. Compute (4.5): sum_i alpha r x <= P y; or with profiles the load
 * (4.5'), for each configuration sum_i lambda s / 3600 v <= utilization m.
 */
function addCapacityRows(
  builder: MixedIntegerProgramBuilder,
  instance: Instance,
  { configurations, memory }: PublishedData,
  { x, y, q, w, m, W, v }: PublishedColumns,
): void {
  const { queryTypes, models, tiers, profiles } = instance;
  models.forEach((_, j) => {
    tiers.forEach((tier, k) => {
      const indices = [q[j][k]];
      const values = [-memory[k]];
      configurations[j][k].forEach(({ weights, gpus, services }, t) => {
        indices.push(W[j][k][t], m[j][k][t], w[j][k][t]);
        const further = weights - memory[k];
        values.push(weights, further, -further);
        services.forEach(({ cache }, i) => {
          indices.push(v[i][j][k][t]);
          values.push(cache / gpus);
        });
      });
      builder.addRow({ upper: 0, indices, values, name: `memory_${j}_${k}` });
      if (profiles === undefined && tier.compute !== undefined) {
        const load = queryTypes.map((query) => (query.computePerToken ?? 0) * tokensPerQuery(query));
        const served = queryTypes.map((_, i) => x[i][j][k]);
        builder.addRow({
          upper: 0,
          indices: [...served, y[j][k]],
          values: [...load, -tier.compute],
          name: `compute_${j}_${k}`,
        });
      }
    });
  });
  if (profiles === undefined) return;
  forEachConfiguration(configurations, (j, k, t, configuration) => {
    const served = queryTypes.map((_, i) => v[i][j][k][t]);
    const load = configuration.services.map((service) => service.load);
    const name = `load_${configurationName(j, k, configuration)}`;
    builder.addRow({ upper: 0, indices: [...served, m[j][k][t]], values: [...load, -configuration.utilization], name });
  });
}

/** c C1 + C2 <= delta (4.2) and S <= C_s (4.6). */
function addBudgetAndStorageRows(
  builder: MixedIntegerProgramBuilder,
  instance: Instance,
  options: PlanningOptions,
  { weightSize }: PublishedData,
  { x, y, z, q }: PublishedColumns,
  { extra }: CommitmentColumns,
): void {
  const { queryTypes, models, tiers, rentalPeriod, storagePrice = 0, budget, storageCapacity } = instance;
  const factor = options.rentalInBudget === 'once' ? 1 : queryTypes.length;
  const spent = { indices: [] as number[], values: [] as number[] };
  const stored = { indices: [] as number[], values: [] as number[] };
  models.forEach((_, j) => {
    tiers.forEach((tier, k) => {
      if (extra[k] < 0) {
        spent.indices.push(y[j][k]);
        spent.values.push(factor * rentalPeriod * tier.price);
      }
      const storing = options.weightStorage === 'per-placement' ? z.map((zi) => zi[j][k]) : [q[j][k]];
      for (const column of storing) {
        stored.indices.push(column);
        stored.values.push(weightSize[j][k]);
        spent.indices.push(column);
        spent.values.push(rentalPeriod * storagePrice * weightSize[j][k]);
      }
      queryTypes.forEach((query, i) => {
        const data = (query.tokenSize ?? 0) * tokensPerQuery(query) * query.arrivalRate;
        spent.indices.push(x[i][j][k]);
        spent.values.push(rentalPeriod * storagePrice * data);
      });
    });
  });
  let committed = 0;
  tiers.forEach((tier, k) => {
    if (extra[k] < 0) return;
    spent.indices.push(extra[k]);
    spent.values.push(factor * rentalPeriod * tier.price);
    committed += factor * rentalPeriod * tier.price * (tier.committed ?? 0);
  });
  if (budget !== undefined)
    builder.addRow({ upper: budget - committed, indices: spent.indices, values: spent.values, name: 'budget' });
  if (storageCapacity !== undefined)
    builder.addRow({ upper: storageCapacity, indices: stored.indices, values: stored.values, name: 'storage' });
}

/** added >= y - c, removed >= c - y for the c GPUs that each (model, tier) has now. */
function addSwitchingRows(
  builder: MixedIntegerProgramBuilder,
  instance: Instance,
  { y }: PublishedColumns,
): (point: Float64Array) => void {
  const { models, tiers, currentPlan, switchingCost } = instance;
  if (switchingCost === undefined) return () => {};
  const isKnown = (list: readonly { readonly name: string }[], name: string) => list.some((each) => each.name === name);
  for (const { model, tier, gpus } of currentPlan?.deployments ?? []) {
    if (!isKnown(models, model) || !isKnown(tiers, tier)) builder.addToOffset(switchingCost.removed * gpus);
  }
  const completions: ((point: Float64Array) => void)[] = [];
  models.forEach((model, j) => {
    tiers.forEach((tier, k) => {
      const here = (currentPlan?.deployments ?? []).filter((d) => d.model === model.name && d.tier === tier.name);
      const current = here.reduce((sum, deployment) => sum + deployment.gpus, 0);
      const added = builder.addColumn({ name: `added_${j}_${k}`, cost: switchingCost.added });
      const removed = builder.addColumn({ name: `removed_${j}_${k}`, cost: switchingCost.removed });
      builder.addRow({ lower: -current, indices: [added, y[j][k]], values: [1, -1], name: `added_${j}_${k}` });
      builder.addRow({ lower: current, indices: [removed, y[j][k]], values: [1, 1], name: `removed_${j}_${k}` });
      completions.push((point) => {
        point[added] = Math.max(0, point[y[j][k]] - current);
        point[removed] = Math.max(0, current - point[y[j][k]]);
      });
    });
  });
  return (point) => {
    for (const complete of completions) complete(point);
  };
}

function forEachConfiguration(
  configurations: PublishedData['configurations'],
  visit: (j: number, k: number, t: number, configuration: PublishedConfiguration) => void,
): void {
  configurations.forEach((row, j) => {
    row.forEach((list, k) => {
      list.forEach((configuration, t) => {
        visit(j, k, t, configuration);
      });
    });
  });
}

function ones(length: number): number[] {
  return Array.from({ length }, () => 1);
}
