/**
 * The published formulation (specification 2-5 and 7), read off the instance line by line: every McCormick row of v = x
 * w and W = w q, every dual explicit, nothing left out. The literal reference that every other formulation must agree
 * with; slow on purpose.
 */
import { MixedIntegerProgramBuilder } from '../../lp/linearProgram.ts';
import type { IndexedPlan } from '../compiled/indexedPlan.ts';
import { compileProblem } from '../compiled/planningProblem.ts';
import type { Instance } from '../instance.ts';
import type { PlanningOptions } from '../options.ts';
import type { Formulation } from './formulation.ts';
import { addPublishedColumns, degreesOf, type PublishedColumns } from './publishedColumns.ts';
import { addRobustRows } from './publishedRobust.ts';

export interface PublishedFormulation extends Formulation {
  readonly columns: PublishedColumns;
}

/** Fractions at or below this are not routed under split placement: what a simplex leaves of a zero. */
const leastRoutedFraction = 1e-9;

/**
 * Builds the program. Decision-dependent uncertainty needs relief data. An infeasible instance gives an infeasible
 * program.
 */
export function buildPublished(instance: Instance, options: PlanningOptions): PublishedFormulation {
  const builder = new MixedIntegerProgramBuilder();
  const columns = addPublishedColumns(builder, instance, options);
  addDemandAndPlacementRows(builder, instance, options, columns);
  addProductRows(builder, instance, columns);
  addDegreeRows(builder, instance, options, columns);
  addCapacityRows(builder, instance, columns);
  addBudgetAndStorageRows(builder, instance, options, columns);
  const completeSwitching = addSwitchingRows(builder, instance, columns);
  const completeDuals = addRobustRows(builder, instance, options, columns);
  const program = builder.build('published');
  const triples = deploymentTriples(instance, options);
  const ascending = (list: number[]) => Int32Array.from(list).sort();
  return {
    name: 'published',
    program,
    columns,
    classes: {
      w: ascending(columns.w.flat(2)),
      z: ascending(columns.z.flat(2)),
      y: ascending([...(columns.m === columns.w ? [] : columns.m.flat(2)), ...columns.y.flat()]),
    },
    decode: (point) => decode(instance, options, triples, columns, point),
    encode: (plan) => {
      const point = encode(instance, triples, columns, program.numColumns, plan);
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
  instance.queryTypes.forEach((_, i) => {
    const served = x[i].flat();
    builder.addRow({
      lower: 1,
      upper: 1,
      indices: [...served, u[i]],
      values: ones(served.length + 1),
      name: `demand_${i}`,
    });
    const placed = z[i].flat();
    if (options.placement === 'single')
      builder.addRow({ lower: 1, upper: 1, indices: placed, values: ones(placed.length), name: `place_${i}` });
    instance.models.forEach((_, j) => {
      instance.tiers.forEach((_, k) => {
        builder.addRow({ upper: 0, indices: [x[i][j][k], z[i][j][k]], values: [1, -1], name: `placed_${i}_${j}_${k}` });
        builder.addRow({ upper: 0, indices: [z[i][j][k], q[j][k]], values: [1, -1], name: `rented_${i}_${j}_${k}` });
      });
    });
  });
}

/** v = x w and W = w q: v <= x, v <= w, v >= x + w - 1, and the same for W (0 <= v, W are bounds). */
function addProductRows(builder: MixedIntegerProgramBuilder, instance: Instance, columns: PublishedColumns): void {
  const { x, w, q, v, W } = columns;
  const product = (name: string, result: number, first: number, second: number) => {
    builder.addRow({ upper: 0, indices: [result, first], values: [1, -1], name: `${name}_a` });
    builder.addRow({ upper: 0, indices: [result, second], values: [1, -1], name: `${name}_b` });
    builder.addRow({ lower: -1, indices: [result, first, second], values: [1, -1, -1], name: `${name}_c` });
  };
  instance.models.forEach((_, j) => {
    instance.tiers.forEach((_, k) => {
      degreesOf(instance, k).forEach((n, t) => {
        product(`W_${j}_${k}_${n}`, W[j][k][t], w[j][k][t], q[j][k]);
        instance.queryTypes.forEach((_, i) => {
          product(`v_${i}_${j}_${k}_${n}`, v[i][j][k][t], x[i][j][k], w[j][k][t]);
        });
      });
    });
  });
}

/** sum_n w = q, y = sum_n n m, w <= m <= maxReplicas w (4.3), and the available GPUs of each tier. */
function addDegreeRows(
  builder: MixedIntegerProgramBuilder,
  instance: Instance,
  options: PlanningOptions,
  { y, q, w, m }: PublishedColumns,
): void {
  instance.models.forEach((_, j) => {
    instance.tiers.forEach((_, k) => {
      const degrees = degreesOf(instance, k);
      builder.addRow({
        lower: 0,
        upper: 0,
        indices: [...w[j][k], q[j][k]],
        values: [...ones(degrees.length), -1],
        name: `degree_${j}_${k}`,
      });
      builder.addRow({
        lower: 0,
        upper: 0,
        indices: [...m[j][k], y[j][k]],
        values: [...degrees, -1],
        name: `gpus_${j}_${k}`,
      });
      if (options.maxReplicas === 1) return;
      degrees.forEach((n, t) => {
        const pair = [m[j][k][t], w[j][k][t]];
        builder.addRow({ lower: 0, indices: pair, values: [1, -1], name: `some_${j}_${k}_${n}` });
        builder.addRow({ upper: 0, indices: pair, values: [1, -options.maxReplicas], name: `replicas_${j}_${k}_${n}` });
      });
    });
  });
  instance.tiers.forEach((tier, k) => {
    if (tier.available === undefined) return;
    const rented = instance.models.map((_, j) => y[j][k]);
    builder.addRow({ upper: tier.available, indices: rented, values: ones(rented.length), name: `available_${k}` });
  });
}

/**
 * Memory (4.4, summed over n): sum_n (B/n) W + sum_in (beta/n) r lambda T v <= C q for the first replica, and each
 * further one, m - w, brings B/n and C again. Compute (4.5): sum_i alpha r x <= P y.
 */
function addCapacityRows(builder: MixedIntegerProgramBuilder, instance: Instance, columns: PublishedColumns): void {
  const { x, y, q, w, m, W, v } = columns;
  const { queryTypes, models, tiers, residency } = instance;
  const tokens = queryTypes.map((query) => query.inputTokens + query.outputTokens);
  models.forEach((model, j) => {
    tiers.forEach((tier, k) => {
      const indices = [q[j][k]];
      const values = [-tier.memory];
      degreesOf(instance, k).forEach((n, t) => {
        indices.push(W[j][k][t], m[j][k][t], w[j][k][t]);
        const further = model.weightSize / n - tier.memory;
        values.push(model.weightSize / n, further, -further);
        queryTypes.forEach((query, i) => {
          const hours = typeof residency === 'number' ? residency : residency[i][j][k];
          indices.push(v[i][j][k][t]);
          values.push((model.kvCachePerToken / n) * tokens[i] * query.arrivalRate * hours);
        });
      });
      builder.addRow({ upper: 0, indices, values, name: `memory_${j}_${k}` });
      const load = queryTypes.map((query, i) => query.computePerToken * tokens[i]);
      const served = queryTypes.map((_, i) => x[i][j][k]);
      builder.addRow({
        upper: 0,
        indices: [...served, y[j][k]],
        values: [...load, -tier.compute],
        name: `compute_${j}_${k}`,
      });
    });
  });
}

/** c C1 + C2 <= delta (4.2) and S <= C_s (4.6). */
function addBudgetAndStorageRows(
  builder: MixedIntegerProgramBuilder,
  instance: Instance,
  options: PlanningOptions,
  { x, y, z, q }: PublishedColumns,
): void {
  const { queryTypes, models, tiers, rentalPeriod, storagePrice, budget, storageCapacity } = instance;
  const factor = options.rentalInBudget === 'once' ? 1 : queryTypes.length;
  const spent = { indices: [] as number[], values: [] as number[] };
  const stored = { indices: [] as number[], values: [] as number[] };
  models.forEach((model, j) => {
    tiers.forEach((tier, k) => {
      spent.indices.push(y[j][k]);
      spent.values.push(factor * rentalPeriod * tier.price);
      const storing = options.weightStorage === 'per-placement' ? z.map((zi) => zi[j][k]) : [q[j][k]];
      for (const column of storing) {
        stored.indices.push(column);
        stored.values.push(model.weightSize);
        spent.indices.push(column);
        spent.values.push(rentalPeriod * storagePrice * model.weightSize);
      }
      queryTypes.forEach((query, i) => {
        const data = query.tokenSize * (query.inputTokens + query.outputTokens) * query.arrivalRate;
        spent.indices.push(x[i][j][k]);
        spent.values.push(rentalPeriod * storagePrice * data);
      });
    });
  });
  if (budget !== undefined)
    builder.addRow({ upper: budget, indices: spent.indices, values: spent.values, name: 'budget' });
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

/** Model, tier and position in N_k of a deployment. */
interface DeploymentTriple {
  readonly j: number;
  readonly k: number;
  readonly t: number;
}

/**
 * Those of the compiled problem, in its order: what plans by index refer to. Degrees that cannot be rented are not
 * there.
 */
function deploymentTriples(instance: Instance, options: PlanningOptions): DeploymentTriple[] {
  const { deployments } = compileProblem(instance, options);
  return Array.from({ length: deployments.count }, (_, d) => {
    const k = deployments.tier[d];
    return { j: deployments.model[d], k, t: degreesOf(instance, k).indexOf(deployments.tpDegree[d]) };
  });
}

function decode(
  instance: Instance,
  options: PlanningOptions,
  triples: readonly DeploymentTriple[],
  { x, z, w, m }: PublishedColumns,
  point: ArrayLike<number>,
): IndexedPlan {
  const deployments: { deployment: number; replicas: number }[] = [];
  const placements: { queryType: number; deployment: number; fraction: number }[] = [];
  triples.forEach(({ j, k, t }, deployment) => {
    if (point[w[j][k][t]] < 0.5) return;
    deployments.push({ deployment, replicas: Math.max(1, Math.round(point[m[j][k][t]])) });
    instance.queryTypes.forEach((_, queryType) => {
      const fraction = Math.min(1, Math.max(0, point[x[queryType][j][k]]));
      const placed = point[z[queryType][j][k]] > 0.5;
      if (placed && (options.placement === 'single' || fraction > leastRoutedFraction)) {
        placements.push({ queryType, deployment, fraction });
      }
    });
  });
  const routing = instance.queryTypes.flatMap((_, i) => {
    const routes = placements.filter((route) => route.queryType === i);
    const total = routes.reduce((sum, route) => sum + route.fraction, 0);
    return routes.map((route) => ({ ...route, fraction: route.fraction / Math.max(1, total) }));
  });
  return { deployments, routing };
}

function encode(
  instance: Instance,
  triples: readonly DeploymentTriple[],
  { x, z, u, y, q, w, m, W, v }: PublishedColumns,
  numColumns: number,
  plan: IndexedPlan,
): Float64Array {
  const point = new Float64Array(numColumns);
  for (const column of u) point[column] = 1;
  for (const { deployment, replicas } of plan.deployments) {
    const { j, k, t } = triples[deployment];
    point[m[j][k][t]] = replicas;
    point[w[j][k][t]] = 1;
    point[W[j][k][t]] = 1;
    point[q[j][k]] = 1;
    point[y[j][k]] += replicas * degreesOf(instance, k)[t];
  }
  for (const { queryType, deployment, fraction } of plan.routing) {
    const { j, k, t } = triples[deployment];
    point[x[queryType][j][k]] = fraction;
    point[v[queryType][j][k][t]] = fraction;
    point[z[queryType][j][k]] = 1;
    point[u[queryType]] -= fraction;
  }
  return point;
}

function ones(length: number): number[] {
  return Array.from({ length }, () => 1);
}
