/**
 * Inputs of every kind, each altered in one to three places, given to the command that reads it: whatever they have
 * become, the command ends with an exit code of its own and with words, never with an error of ours. Case `n` of a seed
 * is always the same, so that a failing one can be run alone.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import alea, { type AleaStream } from 'seedrandom/lib/alea.js';
import { expect } from 'vitest';
import { parseVary } from '../../src/analysis/grids.ts';
import { InputError, parseInstance, Solve, type SolveOptions } from '../../src/index.ts';
import { openSweepJournal } from '../../src/runs/sweepJournal.ts';
import { runCaptured } from './capturedCli.ts';
import { handMadeInstance, handMadePlan } from './handMadePlan.ts';

const oddTexts = ['', '-', 'NaN', '-1', '0', '1e999', '1e308', '0x10', '∞', '--', '\u0000', '{}', '[', 'null', '../..'];
const oddValues: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -0,
  -1,
  0.5,
  1e-320,
  1e308,
  2 ** 53,
  '',
  'x',
  '=1+1',
  '\0\n',
  '__proto__',
  [],
  {},
  [[]],
  [null],
  { format: 'rolla-plan/1' },
  'y'.repeat(5e3),
];

function pick<T>(items: readonly T[], random: AleaStream): T {
  return items[Math.floor(random() * items.length)];
}

/** One change to a text: a character put in, taken out or exchanged, a piece cut off, doubled or taken out. */
function alteredText(text: string, random: AleaStream): string {
  const at = Math.floor(random() * (text.length + 1));
  const to = Math.min(text.length, at + 1 + Math.floor(random() * 40));
  switch (Math.floor(random() * 6)) {
    case 0:
      return (
        text.slice(0, at) +
        pick(['0', '-', '"', ',', ' ', '\n', '{', ']', 'e', '\u0000', '\ud800'], random) +
        text.slice(at)
      );
    case 1:
      return text.slice(0, at) + text.slice(to);
    case 2:
      return text.slice(0, to) + text.slice(at);
    case 3:
      return text.slice(0, at);
    case 4:
      return text.slice(0, at) + pick(oddTexts, random) + text.slice(to);
    default:
      return text.slice(0, at) + String(Math.floor(random() * 10)) + text.slice(at + 1);
  }
}

/** One change to data: a value exchanged, taken out, doubled, or put under another key. */
function alteredData(data: unknown, random: AleaStream): unknown {
  if (typeof data !== 'object' || data === null || random() < 0.1) return pick(oddValues, random);
  const entries = Object.entries(data);
  if (entries.length === 0) return pick(oddValues, random);
  const at = Math.floor(random() * entries.length);
  const [key, value] = entries[at];
  const choice = random();
  if (choice < 0.1) entries.splice(at, 1);
  else if (choice < 0.2) entries.splice(at, 0, [`${key}${pick(['', 's', ' '], random)}`, value]);
  else entries[at] = [key, choice < 0.4 ? pick(oddValues, random) : alteredData(value, random)];
  return Array.isArray(data) ? entries.map(([, entry]) => entry) : Object.fromEntries(entries);
}

function altered(text: string, random: AleaStream): string {
  let changed = text;
  for (let changes = 1 + Math.floor(3 * random() * random()); changes > 0; changes--) {
    if (random() < 0.5) changed = alteredText(changed, random);
    else {
      try {
        changed = JSON.stringify(alteredData(JSON.parse(changed), random));
      } catch {
        changed = alteredText(changed, random);
      }
    }
  }
  return changed;
}

const limits = ['--node-limit', '1', '--time-limit', '0.2'];
const instanceText = JSON.stringify(handMadeInstance);
const mps = `NAME P
OBJSENSE
    MAX
ROWS
 N cost
 L row
 G low
COLUMNS
 M1 'MARKER' 'INTORG'
 x cost 1 row 1
 M2 'MARKER' 'INTEND'
 y cost 2 row 3
 y low 1
RHS
 RHS row 7.5 low 1
RANGES
 R row 2
BOUNDS
 UP B x 4
 MI B y
ENDATA
`;
const lp =
  'Maximize\n cost: x + 2 y\nSubject To\n row: x + 3 y <= 7.5\n low: y >= 1\nBounds\n 0 <= x <= 4\nGeneral\n x\nEnd\n';
const flagWords = `
  solve lp sweep compare explain verify lint export generate compile help --gap --seed --preset
  --placement --reductions --strategy --time-limit --node-limit --memory-limit --threads --robust
  --relaxation --max-replicas --gamma --draws --vary --resume --start-plan --json --quiet --format
  --size --total-time-limit --save-interval --distribution --unmet-cap --name --help --version -o -
  split single all none 1 0 0.5 2x2x2 price=0.8,1 gamma=0:1:0.5 patterns uniform`
  .trim()
  .split(/\s+/)
  .concat(oddTexts);

interface Kind {
  /** Gives a file for the altered text to `run`, which says how it ended. */
  readonly run: (folder: string, random: AleaStream) => Promise<Outcome>;
}
type Outcome = { readonly exitCode: number; readonly err: string };

function ofFile(name: string, text: string, args: (path: string, folder: string) => readonly string[]): Kind {
  return {
    run: (folder, random) => {
      const path = join(folder, name);
      writeFileSync(path, altered(text, random));
      return runCaptured(args(path, folder));
    },
  };
}

const instanceOf = (folder: string): string => {
  const path = join(folder, 'instance.json');
  writeFileSync(path, instanceText);
  return path;
};

function savedText(): string {
  const solve = new Solve(parseInstance(instanceText), { nodeLimit: 0 });
  solve.run();
  return JSON.stringify(solve.save());
}

const sweep = {
  instance: parseInstance(instanceText),
  grid: { name: 'own', title: 'own', axes: [parseVary('price=0.9,1.1')] },
  options: {},
};

function journalText(folder: string): string {
  const path = join(folder, 'whole.journal.jsonl');
  rmSync(path, { force: true });
  const journal = openSweepJournal(path, sweep, false);
  for (const cell of [0, 1]) journal.append({ cell, row: { status: 'optimal' }, plan: handMadePlan });
  return readFileSync(path, 'utf8');
}

/** The exit code that the command line would give. */
function outcomeOf(act: () => void): Outcome {
  try {
    act();
    return { exitCode: 0, err: '' };
  } catch (error) {
    if (error instanceof InputError) return { exitCode: 2, err: error.message };
    return { exitCode: 1, err: `rolla: internal error\n${error instanceof Error ? error.stack : String(error)}` };
  }
}

const kinds: Readonly<Record<string, Kind>> = {
  instance: ofFile('i.json', instanceText, (path) => ['solve', path, '--json', ...limits]),
  'instance of another command': ofFile('i.json', instanceText, (path) => ['lint', path]),
  plan: ofFile('p.json', JSON.stringify(handMadePlan), (path, folder) => ['verify', instanceOf(folder), path]),
  'start plan': ofFile('p.json', JSON.stringify(handMadePlan), (path, folder) => [
    'solve',
    instanceOf(folder),
    '--start-plan',
    path,
    ...limits,
  ]),
  state: ofFile('s.search', savedText(), (path, folder) => ['solve', instanceOf(folder), '--resume', path, ...limits]),
  journal: {
    run: async (folder, random) => {
      const path = join(folder, 'a.journal.jsonl');
      writeFileSync(path, altered(journalText(folder), random));
      return outcomeOf(() => openSweepJournal(path, sweep, true));
    },
  },
  mps: ofFile('m.mps', mps, (path) => ['lp', path, '--json', ...limits]),
  lp: ofFile('m.lp', lp, (path) => ['lp', path, '--json', ...limits]),
  options: {
    run: async (_folder, random) => {
      const options = alteredData(
        {
          preset: 'corrected',
          placement: 'split',
          gap: 0.01,
          seed: 2,
          reductions: true,
          strategy: 'plain',
          nodeLimit: 1,
        },
        random,
      ) as SolveOptions;
      return outcomeOf(() => void new Solve(sweep.instance, { ...options, timeLimit: 0.2 }).run());
    },
  },
  flags: {
    run: (folder, random) => {
      const words = Array.from({ length: 1 + Math.floor(random() * 5) }, () => pick(flagWords, random));
      const isNamed = random() < 0.7;
      const command = isNamed ? ['solve', instanceOf(folder), ...limits] : [];
      // What writes files or runs long for want of a limit is left to other tests.
      const isWild = !isNamed && words.some((word) => ['sweep', 'compare', 'explain', '-o'].includes(word));
      return runCaptured([
        ...command,
        ...words.filter((word) => !isNamed || word !== '-o'),
        ...(isWild ? ['--help'] : []),
      ]);
    },
  },
};

const ownCodes = [0, 2, 3, 4, 5, 6];

/** Runs the cases `first` to `last` of a seed, the kinds in turn. */
export async function expectMutationsToBeRefused(folder: string, seed: number, first: number, last: number) {
  const names = Object.keys(kinds);
  const faults: unknown[] = [];
  for (let number = first; number <= last; number++) {
    const name = names[number % names.length];
    const { exitCode, err } = await kinds[name].run(folder, alea(`${seed}:${number}`));
    const isSilent = exitCode === 2 && err === '';
    if (!ownCodes.includes(exitCode) || /rolla: internal error|\n {4}at /.test(err) || isSilent)
      faults.push({ case: number, name, exitCode, err: err.slice(0, 600) });
  }
  expect(faults).toEqual([]);
}
