/**
 * What a proof costs: each case is solved, its proof written and then checked, all in this process after a first case
 * that is not counted. Processor seconds; sizes are of the file and gzipped.
 */
import { gzipSync } from 'node:zlib';
import { optimize } from '../src/planner/optimize.ts';
import { checkProof } from '../src/proof/check/checkProof.ts';
import { ProofNotWritten } from '../src/proof/write/writeOptions.ts';
import { writeProof } from '../src/proof/write/writeProof.ts';
import {
  type BenchCase,
  caseInstance,
  fleetCases,
  publishedCases,
  referenceCases,
  scaleCases,
  splitCases,
} from './cases.ts';
import { startClock } from './clock.ts';
import type { Section } from './resultFiles.ts';
import { median } from './statistics.ts';
import { markdownTable, numberText, percentText, secondsText } from './tables.ts';

type ProofRun = {
  readonly group: string;
  readonly case: string;
  /** `accepted`; else why there is no proof, or why it is refused. */
  readonly outcome: string;
  readonly solve: number;
  readonly write: number;
  readonly check: number | null;
  readonly gap: number | null;
  readonly bytes: number | null;
  readonly gzipped: number | null;
  readonly leaves: number | null;
};

const published = 'published rows';

export async function benchProofs({
  cases,
  timeLimit = 60,
}: {
  readonly cases?: readonly string[];
  readonly timeLimit?: number;
}): Promise<Section> {
  const groups: readonly (readonly [string, readonly BenchCase[]])[] = [
    [published, publishedCases(1)],
    ['reference instance', referenceCases()],
    ['families', scaleCases({ largest: 24, seeds: 1 })],
    ['fleets', fleetCases({ largest: 12 })],
    [
      'split placement',
      [
        ...splitCases(),
        ...underSplit(scaleCases({ largest: 12, seeds: 1 })),
        ...underSplit(fleetCases({ largest: 12 })),
      ],
    ],
  ];
  const asked = groups.flatMap(([group, list]) =>
    list
      .filter(({ name }) => cases === undefined || cases.some((part) => name.includes(part)))
      .map((benchCase) => ({ group, benchCase })),
  );
  if (asked.length === 0) throw new Error('no case is left by --cases');
  proofRun('warm-up', asked[0].benchCase, timeLimit);
  const runs = asked.map(({ group, benchCase }) => proofRun(group, benchCase, timeLimit));
  return {
    title: 'Suite proofs',
    body: [`${preface} Writing is given up after ${timeLimit} CPU seconds.`, summaryTable(runs), caseTable(runs)]
      .filter((part) => part !== '')
      .join('\n\n'),
    measurements: runs,
  };
}

/** The same under split placement, whose optima are others. */
function underSplit(cases: readonly BenchCase[]): BenchCase[] {
  return cases.map(({ source, size, gap, options, name }) => ({
    source,
    size,
    gap,
    name: `split, ${name}`,
    options: { ...options, placement: 'split' },
  }));
}

const preface =
  'CPU seconds to solve a case, to write its proof and to check it, one run each. Proofs are of the gap that the case asks for; sizes are of gzipped files.';

function proofRun(group: string, benchCase: BenchCase, timeLimit: number): ProofRun {
  const { options, gap } = benchCase;
  const instance = caseInstance(benchCase);
  const solving = startClock();
  const result = optimize(instance, { ...options, gap, timeLimit });
  const solve = solving().cpuSeconds;
  const writing = startClock();
  const run = { group, case: benchCase.name, solve };
  const nothing = { check: null, gap: null, bytes: null, gzipped: null, leaves: null };
  try {
    const signal = {
      get aborted() {
        return writing().cpuSeconds > timeLimit;
      },
    };
    const text = JSON.stringify(writeProof(instance, result, { gap, signal }));
    const write = writing().cpuSeconds;
    const checking = startClock();
    const checked = checkProof(instance, JSON.parse(text));
    const check = checking().cpuSeconds;
    const sizes = { bytes: text.length, gzipped: gzipSync(text).length };
    if (!checked.ok) return { ...run, ...nothing, ...sizes, write, check, outcome: `refused: ${checked.reason}` };
    return { ...run, ...sizes, write, check, gap: checked.gap, leaves: checked.leaves, outcome: 'accepted' };
  } catch (error) {
    if (!(error instanceof ProofNotWritten)) throw error;
    return { ...run, ...nothing, write: writing().cpuSeconds, outcome: error.message };
  }
}

/** Median and largest of each group. */
function summaryTable(runs: readonly ProofRun[]): string {
  const head = ['cases', 'accepted', 'solve', 'write', 'check', 'bytes', 'leaves', 'write / solve'];
  const rows = [...new Set(runs.map(({ group }) => group))].map((group) => {
    const all = runs.filter((run) => run.group === group);
    const accepted = all.filter(({ outcome }) => outcome === 'accepted');
    const both = (values: readonly number[], text: (value: number) => string) =>
      values.length === 0 ? '-' : `${text(median(values))} (${text(Math.max(...values))})`;
    return [
      `${group}, median (largest)`,
      `${accepted.length}/${all.length}`,
      both(
        accepted.map(({ solve }) => solve),
        secondsText,
      ),
      both(
        accepted.map(({ write }) => write),
        secondsText,
      ),
      both(
        accepted.flatMap(({ check }) => check ?? []),
        secondsText,
      ),
      both(
        accepted.flatMap(({ gzipped }) => gzipped ?? []),
        numberText,
      ),
      both(
        accepted.flatMap(({ leaves }) => leaves ?? []),
        numberText,
      ),
      both(
        accepted.map(({ write, solve }) => write / solve),
        (ratio) => numberText(ratio, 2),
      ),
    ];
  });
  return markdownTable({ head, rows });
}

/** A row for each case that is no published row, and for those that have no accepted proof. */
function caseTable(runs: readonly ProofRun[]): string {
  const shown = runs.filter(({ group, outcome }) => group !== published || outcome !== 'accepted');
  if (shown.length === 0) return '';
  const head = ['case', 'solve', 'write', 'check', 'gap', 'bytes', 'leaves', 'outcome'];
  const rows = shown.map(({ case: name, solve, write, check, gap, gzipped, leaves, outcome }) => [
    name,
    secondsText(solve),
    secondsText(write),
    secondsText(check),
    percentText(gap),
    numberText(gzipped),
    numberText(leaves),
    outcome,
  ]);
  return markdownTable({ head, rows });
}
