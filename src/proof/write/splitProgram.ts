/**
 * The linear program that proofs of split placement are written from: which configurations are rented (w), their
 * replicas (m) and what is served where (v), in the rows of `SplitRows` and those of each configuration. What is placed
 * costs its part v / (largest v), as in the search's own program (src/model/formulations/withoutPlacements.ts), until a
 * split says that it is placed. It is a guide to prices and splits. Numbers are the checker's, in doubles.
 */
import { createLinearSolver } from '../../lp/createLinearSolver.ts';
import { MixedIntegerProgramBuilder, type SparseRow } from '../../lp/linearProgram.ts';
import type { Basis, LinearSolver, LpStatus } from '../../lp/simplexTypes.ts';
import type { Steps } from '../../lp/steps.ts';
import type { Region } from '../check/region.ts';
import type { RoundedFacts } from '../check/roundedFacts.ts';
import { type BoundedRow, type Coupling, type SplitPoint, type SplitRows, worstKinds } from './splitRows.ts';

/** A scenario row is added where the worst case exceeds what the rows so far say by this, relatively. */
const scenarioTolerance = 1e-7;
/** Values below this are rounding. */
const leastValue = 1e-9;
/** Rows that others imply but for this, relatively, are left out. */
const impliedTolerance = 1e-12;

/** What a column stands for, but for those that the rows describe (worst costs, GPUs beyond what is committed). */
type Meaning =
  | { readonly kind: 'rented' | 'replicas' | 'beyond'; readonly of: Configured }
  | { readonly kind: 'served'; readonly of: Configured; readonly item: Item }
  | { readonly kind: 'placed'; readonly queryType: number; readonly pair: number };

interface Column {
  readonly column: number;
  readonly meaning: Meaning;
}

interface Item {
  readonly queryType: number;
  readonly column: number;
  /** The largest fraction. */
  readonly most: number;
  /** Of the room of a replica, for serving all of it. */
  readonly cache: number;
  readonly load: number;
}

/** A configuration in the program. */
interface Configured {
  readonly pair: number;
  readonly configuration: number;
  /** Columns, as `replicas` and `beyond`. */
  readonly rented: number;
  /** That of `rented` where there is never more than one replica. */
  readonly replicas: number;
  /** Replicas; Infinity: no limit. */
  readonly most: number;
  readonly least: number;
  /** GPUs beyond the current ones of the pair, in replicas; -1 where the current ones are less than one. */
  readonly beyond: number;
  /** Replicas that the current GPUs would make. */
  readonly holds: number;
  readonly items: readonly Item[];
}

export class SplitProgram {
  readonly rows: SplitRows;
  readonly solver: LinearSolver;
  readonly #facts: RoundedFacts;
  /** Of slacks alone. */
  readonly #firstBasis: Basis;
  /** (row of `rows`): that of the solver. */
  readonly #rowOf: number[] = [];
  readonly #configured: readonly Configured[];
  readonly #columns: Column[] = [];
  readonly #thetas: number[] = [];
  /** Placements that splits have named: the row that says they are whole. */
  readonly #placed = new Map<string, { readonly queryType: number; readonly pair: number; readonly row: number }>();

  /** `configurations`: those that it holds. */
  constructor(
    facts: RoundedFacts,
    rows: SplitRows,
    configurations: readonly { readonly pair: number; readonly configuration: number }[],
  ) {
    this.#facts = facts;
    this.rows = rows;
    const builder = new MixedIntegerProgramBuilder();
    builder.addToOffset(rows.offset);
    const extras = rows.extras.map(({ cost, entries }) => ({ column: builder.addColumn({ cost }), entries }));
    for (let at = 0; at < rows.numCostScenarios; at++) this.#thetas.push(builder.addColumn({ cost: 1 }));
    let numColumns = extras.length + this.#thetas.length;
    this.#configured = configurations.map(({ pair, configuration }) => {
      const configured = this.#describe(pair, configuration, numColumns);
      for (const column of columnsOf(configured)) {
        const { meaning } = column;
        builder.addColumn({ cost: this.#cost(meaning), upper: meaning.kind === 'rented' ? 1 : Infinity });
        this.#columns.push(column);
        numColumns++;
      }
      return configured;
    });
    rows.list.forEach((row, at) => {
      const sparse = this.#sparseRow(row);
      for (const { column, entries } of extras)
        for (const [of, value] of entries) {
          if (of !== at) continue;
          sparse.indices.push(column);
          sparse.values.push(value);
        }
      this.#rowOf.push(builder.addRow(sparse));
    });
    for (const row of this.#configured.flatMap(ownRows)) builder.addRow(row);
    this.solver = createLinearSolver(builder.build());
    this.#firstBasis = this.solver.saveBasis();
  }

  /** Once more from the slacks where the basis at hand leads nowhere. */
  *solve(shouldStop: () => boolean): Steps<LpStatus> {
    const status = yield* this.solver.solveInSteps({ shouldStop });
    if (status !== 'numerical-trouble') return status;
    this.solver.loadBasis(this.#firstBasis);
    return yield* this.solver.solveInSteps({ shouldStop });
  }

  /** How many configurations it holds. */
  get size(): number {
    return this.#configured.length;
  }

  #describe(pair: number, configuration: number, firstColumn: number): Configured {
    const { current, configurations } = this.#facts.pairs[pair];
    const { gpus, placements } = configurations[configuration];
    const { leastReplicas, mostReplicas } = this.#facts.facts.pairs[pair].configurations[configuration];
    const most = mostReplicas === null ? Infinity : Number(mostReplicas);
    let column = firstColumn;
    const rented = column++;
    const replicas = most === 1 ? rented : column++;
    const holds = most === 1 ? 0 : Number(current) / Number(gpus);
    const beyond = holds >= 1 ? column++ : -1;
    const items = placements.flatMap((placement, queryType): Item[] => {
      if (placement === null) return [];
      const [cache, load, own] = [placement.cache, placement.load, placement.most].map(share);
      const largest = Math.min(own, cache > 0 ? most / cache : Infinity, load > 0 ? most / load : Infinity);
      return largest > leastValue ? [{ queryType, column: column++, most: largest, cache, load }] : [];
    });
    return { pair, configuration, rented, replicas, beyond, most, least: Number(leastReplicas), holds, items };
  }

  #cost(meaning: Meaning): number {
    if (meaning.kind !== 'beyond') return coefficient(this.rows.cost, meaning);
    const { pair, configuration, holds } = meaning.of;
    const at = (replicas: number) => this.rows.cost.pattern(pair, configuration, replicas);
    const above = Math.ceil(holds);
    return at(above + 1) - at(above) - (at(1) - at(0));
  }

  /** Leaves what the region leaves; of its configurations the program holds all. */
  restrict(region: Region): void {
    const { solver, rows } = this;
    region.mayBeEmpty.forEach((may, pair) => {
      solver.setRowBounds(this.#rowOf[rows.pairRow(pair)], may ? 0 : 1, 1);
    });
    for (const { pair, configuration, rented, replicas, items } of this.#configured) {
      const bounds = region.configurations[pair][configuration];
      solver.setColumnBounds(rented, 0, bounds === null ? 0 : 1);
      if (replicas !== rented) {
        const isOnly =
          !region.mayBeEmpty[pair] && region.configurations[pair].every((each) => each === null || each === bounds);
        solver.setColumnBounds(replicas, isOnly ? Number(bounds?.least ?? 0) : 0, Number(bounds?.most ?? Infinity));
      }
      for (const { queryType, column } of items)
        solver.setColumnBounds(column, 0, region.mayPlace[queryType][pair] ? Infinity : 0);
    }
    const ofSplits = rows.limit(region);
    this.#catchUp();
    for (const at of ofSplits) solver.setRowBounds(this.#rowOf[at], rows.list[at].lower, rows.list[at].upper);
    region.mustPlace.forEach((row, queryType) => {
      row.forEach((must, pair) => {
        if (must) this.#name(queryType, pair);
      });
    });
    for (const { queryType, pair, row } of this.#placed.values())
      solver.setRowBounds(row, region.mustPlace[queryType][pair] ? 1 : -Infinity, Infinity);
  }

  /** Takes in the rows that have come. */
  #catchUp(): void {
    const { rows, solver } = this;
    const added = rows.list.slice(this.#rowOf.length).map((row) => this.#sparseRow(row));
    added.forEach((_, at) => {
      this.#rowOf.push(solver.numRows + at);
    });
    solver.addRows(added);
  }

  #sparseRow(row: BoundedRow) {
    const indices: number[] = [];
    const values: number[] = [];
    for (const { column, meaning } of this.#columns) {
      const value = coefficient(row, meaning);
      if (value === 0) continue;
      indices.push(column);
      values.push(value);
    }
    if (row.theta !== undefined) {
      indices.push(this.#thetas[row.theta]);
      values.push(-1);
    }
    return { lower: row.lower, upper: row.upper, indices, values };
  }

  /** Sum of v / (largest v) + what the placement exceeds it by >= 1 where it is placed. */
  #name(queryType: number, pair: number): void {
    const key = `${queryType} ${pair}`;
    if (this.#placed.has(key)) return;
    const meaning: Meaning = { kind: 'placed', queryType, pair };
    const { solver, rows } = this;
    const column = solver.numColumns;
    const entries = rows.list.flatMap((row, at) => {
      const value = coefficient(row, meaning);
      return value === 0 ? [] : [[this.#rowOf[at], value] as const];
    });
    const indices = entries.map(([row]) => row);
    const values = entries.map(([, value]) => value);
    solver.addColumns([{ cost: this.#cost(meaning), lower: 0, upper: 1, indices, values }]);
    this.#columns.push({ column, meaning });
    const served = this.#configured.flatMap(({ pair: at, items }) =>
      at === pair ? items.filter((item) => item.queryType === queryType) : [],
    );
    this.#placed.set(key, { queryType, pair, row: solver.numRows });
    solver.addRows([
      {
        lower: -Infinity,
        upper: Infinity,
        indices: [column, ...served.map((item) => item.column)],
        values: [1, ...served.map(({ most }) => 1 / most)],
      },
    ]);
  }

  /** Of the rows that couple pairs: duals, or in the first phase a ray that says that there is no point. */
  multipliers(phase: 1 | 2): Float64Array {
    const all = phase === 1 ? this.solver.farkasRay! : this.solver.duals;
    const given = Float64Array.from(this.#rowOf, (row) => all[row]);
    if (phase === 2) return given;
    const size = given.reduce((most, y) => Math.max(most, Math.abs(y)), 0) || 1;
    return given.map((y) => y / size);
  }

  /** What is rented at the present point, in parts. */
  point(): SplitPoint {
    const { primal } = this.solver;
    return this.#configured.flatMap(({ pair, configuration, rented, replicas, most, items }) => {
      if (primal[rented] <= leastValue) return [];
      const served = items.flatMap(({ queryType, column, most: largest }) =>
        primal[column] > leastValue ? [{ queryType, fraction: primal[column], part: primal[column] / largest }] : [],
      );
      return [
        { pair, configuration, rented: primal[rented], replicas: primal[replicas], isSingle: most === 1, served },
      ];
    });
  }

  /** Adds rows of the scenarios that the point violates; returns how many. */
  addScenarios(point: SplitPoint): number {
    const { primal, objective } = this.solver;
    const size = Math.abs(objective);
    const violated = worstKinds.flatMap((kind) =>
      this.rows.scenariosOf(kind, point).flatMap((scenario) => {
        const { key, worst, limit } = scenario;
        const said = kind === 'cost' ? primal[this.#thetas[key]] : limit;
        // Below it amounts are nothing.
        const least = kind === 'cost' ? size : 0;
        return worst > said + scenarioTolerance * Math.max(Math.abs(worst), least) ? [{ kind, scenario }] : [];
      }),
    );
    for (const { kind, scenario } of violated) this.rows.addScenario(kind, scenario);
    this.#catchUp();
    return violated.length;
  }
}

const share = (value: bigint) => Number(value) * 2 ** -64;

/** In their order. */
function columnsOf(of: Configured): Column[] {
  const { rented, replicas, beyond, items } = of;
  const columns: Column[] = [{ column: rented, meaning: { kind: 'rented', of } }];
  if (replicas !== rented) columns.push({ column: replicas, meaning: { kind: 'replicas', of } });
  if (beyond >= 0) columns.push({ column: beyond, meaning: { kind: 'beyond', of } });
  for (const item of items) columns.push({ column: item.column, meaning: { kind: 'served', of, item } });
  return columns;
}

/** Of a row that couples pairs, or of the cost, as a line in m up to the current GPUs. */
function coefficient(row: Coupling, meaning: Meaning): number {
  if (meaning.kind === 'placed') return row.placed(meaning.queryType, meaning.pair);
  const { pair, configuration, beyond, most } = meaning.of;
  if (meaning.kind === 'served') {
    const { queryType, most: largest } = meaning.item;
    return row.fraction(queryType, pair, configuration) + row.placed(queryType, pair) / largest;
  }
  if (meaning.kind === 'beyond') return 0;
  const at = (replicas: number) => row.pattern(pair, configuration, replicas);
  if (most === 1) return at(1);
  const from = beyond >= 0 ? 0 : 1;
  const slope = at(from + 1) - at(from);
  return meaning.kind === 'replicas' ? slope : at(from) - slope * from;
}

/** Memory and load within the replicas, v <= (largest v) w, least w <= m <= most w, GPUs beyond the current ones. */
function ownRows({ rented, replicas, beyond, most, least, holds, items }: Configured): SparseRow[] {
  const list: SparseRow[] = [];
  const add = (entries: readonly (readonly [column: number, value: number])[]) => {
    const used = entries.filter(([, value]) => value !== 0);
    list.push({
      lower: -Infinity,
      upper: 0,
      indices: used.map(([column]) => column),
      values: used.map(([, value]) => value),
    });
  };
  const uses = ['cache', 'load'] as const;
  const limiting = uses.filter((use) => items.reduce((sum, item) => sum + item[use] * item.most, 0) > 1);
  for (const use of limiting) add([...items.map((item) => [item.column, item[use]] as const), [replicas, -1]]);
  for (const item of items) {
    const isImplied = most === 1 && limiting.some((use) => item[use] * item.most * (1 + impliedTolerance) >= 1);
    if (!isImplied)
      add([
        [item.column, 1],
        [rented, -item.most],
      ]);
  }
  if (replicas !== rented) {
    add([
      [rented, least],
      [replicas, -1],
    ]);
    if (most < Infinity)
      add([
        [replicas, 1],
        [rented, -most],
      ]);
  }
  if (beyond >= 0)
    add([
      [replicas, 1],
      [rented, -holds],
      [beyond, -1],
    ]);
  return list;
}
