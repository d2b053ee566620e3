/**
 * Stands in for the solvers on the PATH, so that tests need none: a script under a solver's name that reads the MPS
 * file with HiGHS (WASM), and answers in that solver's words. `FAKE_ANSWER` makes it lie, hang or fall over.
 */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

export type FakeAnswer = 'true' | 'altered' | 'infeasible' | 'hang' | 'crash';
export type FakeName = 'highs' | 'cbc' | 'glpsol';

const script = `#!${process.execPath}
const { readFileSync, writeFileSync } = require('node:fs');
const { basename } = require('node:path');
const name = basename(process.argv[1]);
const args = process.argv.slice(2);
const mode = process.env.FAKE_ANSWER;
const after = (flag) => args[args.indexOf(flag) + 1];
const solution = { highs: after('--solution_file'), cbc: after('-solution'), glpsol: after('-w') }[name];
const model = name === 'glpsol' ? after('--freemps') : args[0];

async function main() {
  if (args.includes('--version') || args.includes('-quit')) return console.log('Fake solver\\nVersion: 9.8.7');
  if (mode === 'crash') {
    console.error('out of luck');
    process.exit(7);
  }
  if (mode === 'hang') return setInterval(() => {}, 1000);
  if (mode === 'infeasible') return answerInfeasible();
  const text = readFileSync(model, 'utf8');
  if (mode === 'altered') {
    // Nothing but the constant of the objective, in the last column.
    const count = 1 + Math.max(...Array.from(text.matchAll(/ C(\\d+) /g), (match) => Number(match[1])));
    return answer(new Array(count - 1).fill(0).concat(1), 1);
  }
  const load = (await import(${JSON.stringify(import.meta.resolve('highs'))})).default;
  const highs = await load();
  const read = highs.createModel({ format: 'mps', data: new TextEncoder().encode(text) });
  read.options.set({ output_flag: false, mip_rel_gap: 0, mip_feasibility_tolerance: 1e-9, primal_feasibility_tolerance: 1e-9 });
  read.run();
  if (read.getModelStatus() === 8) return answerInfeasible();
  const values = Array.from(read.getSolution().colValue);
  answer(values, read.getObjectiveValue());
}

function answer(values, cost) {
  if (name === 'highs') {
    console.log(' T       0       0         0   0.00%   ' + cost + '   ' + cost + '   0.00%   0   0   0   12   0.1s');
    console.log('  Status            Optimal\\n  Dual bound        ' + cost + '\\n  Nodes             3');
    const columns = values.map((value, t) => 'C' + t + ' ' + value).join('\\n');
    writeFileSync(solution, 'Model status\\nOptimal\\n\\n# Primal solution values\\nFeasible\\nObjective ' + cost + '\\n# Columns ' + values.length + '\\n' + columns + '\\n# Rows 1\\nR0 4711\\n');
  } else if (name === 'cbc') {
    console.log('Cbc0012I Integer solution of ' + cost + ' found by rounding after 3 iterations and 0 nodes (0.01 seconds)');
    console.log('Enumerated nodes:               3');
    // CBC leaves out zeros.
    const lines = values.flatMap((value, t) => (value === 0 ? [] : ['  ' + t + ' C' + t + '   ' + value + '   0']));
    writeFileSync(solution, 'Optimal - objective value ' + cost + '\\n' + lines.join('\\n') + '\\n');
  } else {
    console.log('+    12: mip =   ' + cost + ' >=   ' + cost + '   0.0% (1; 0)\\nINTEGER OPTIMAL SOLUTION FOUND');
    const lines = values.map((value, t) => 'j ' + (t + 1) + ' ' + value);
    writeFileSync(solution, 's mip 1 ' + values.length + ' o ' + cost + '\\ni 1 4711\\n' + lines.join('\\n') + '\\ne o f\\n');
  }
}

function answerInfeasible() {
  if (name === 'highs') console.log('  Status            Infeasible');
  else if (name === 'cbc') writeFileSync(solution, 'Infeasible - objective value 12.5\\n  0 C0  1  0\\n');
  else console.log('PROBLEM HAS NO PRIMAL FEASIBLE SOLUTION');
}

main();
`;

export interface FakePath {
  /** Environment in which the fakes are found first. */
  readonly environment: NodeJS.ProcessEnv;
  readonly remove: () => void;
}

/** A folder with the fakes, to be put before the PATH. */
export function fakePath(names: readonly FakeName[], answer: FakeAnswer): FakePath {
  const folder = mkdtempSync(join(tmpdir(), 'rolla-fakes-'));
  for (const name of names) {
    writeFileSync(join(folder, name), script);
    chmodSync(join(folder, name), 0o755);
  }
  const path = [folder, process.env.PATH].join(delimiter);
  return {
    environment: { ...process.env, PATH: path, FAKE_ANSWER: answer },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
