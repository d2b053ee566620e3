/**
 * Sequences of changes and solves on which a warm-started solver once went wrong, recorded as a program and a list of
 * calls.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { readMps } from '../../../src/lp/files/mpsReader.ts';
import { SimplexSolver } from '../../../src/lp/simplex/simplexSolver.ts';
import type { LpStatus } from '../../../src/lp/simplexTypes.ts';
import { type HighsOracle, loadHighsOracle } from '../highsOracle.ts';

interface Sequence {
  /** MPS text of the program at the start. */
  readonly program: string;
  /**
   * Calls of the solver, method first; "solve" takes nothing, adding and removing take a list. Infinite numbers as
   * "inf".
   */
  readonly ops: readonly (readonly [method: string, ...args: never[]])[];
}

const folder = new URL('../../data/lp-sequences/', import.meta.url);

/**
 * set-cover-standstill: the dual simplex stood still for 29960 iterations after a cost and two row bounds had changed.
 */
const files = readdirSync(folder);

let highs: HighsOracle;
beforeAll(async () => {
  highs = await loadHighsOracle();
});

function readSequence(file: string): Sequence {
  return JSON.parse(readFileSync(new URL(file, folder), 'utf8'), (_, value) =>
    value === 'inf' ? Infinity : value === '-inf' ? -Infinity : value,
  );
}

describe('a recorded sequence of warm starts', () => {
  it.each(files)('%s ends at the optimum that HiGHS finds for its last program', (file) => {
    const { program, ops } = readSequence(file);
    const start = readMps(program);
    const solver = new SimplexSolver(start);
    const model = highs.runtime.createModel({ format: 'mps', data: new TextEncoder().encode(program) });
    let status: LpStatus | null = null;
    let last = 0;
    for (const [method, ...args] of ops) {
      switch (method) {
        case 'solve':
          last = solver.iterations;
          status = solver.solve();
          break;
        case 'addRows': {
          const row = args[0] as { lower: number; upper: number; indices: number[]; values: number[] };
          solver.addRows([row]);
          model.addRow(row.lower, row.upper, { indices: row.indices, values: row.values });
          break;
        }
        case 'removeRows':
          solver.removeRows(args);
          model.deleteRows({ kind: 'set', indices: args });
          break;
        case 'setCost':
          solver.setCost(args[0], args[1]);
          model.changeColCost(args[0], args[1]);
          break;
        case 'setRowBounds':
          solver.setRowBounds(args[0], args[1], args[2]);
          model.changeRowBounds(args[0], args[1], args[2]);
          break;
        case 'setColumnBounds':
          solver.setColumnBounds(args[0], args[1], args[2]);
          model.changeColBounds(args[0], args[1], args[2]);
          break;
        default:
          throw new Error(`${file}: unknown call ${method}`);
      }
    }
    model.options.set({ output_flag: false });
    model.run();
    expect(status).toBe('optimal');
    expect(solver.objective).toBeCloseTo(model.getObjectiveValue(), 8);
    model.dispose();
    // Far fewer than this where nothing stands still.
    expect(solver.iterations - last).toBeLessThan(10 * (start.numRows + start.numColumns));
  });
});
