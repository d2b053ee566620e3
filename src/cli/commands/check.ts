/** `rolla check`: holds a proof against its instance, or its program, by exact arithmetic, without any solver. */
import { readProgram } from '../../lp/files/readProgram.ts';
import { parseJson } from '../../model/jsonText.ts';
import { checkProof } from '../../proof/check/checkProof.ts';
import type { CheckOptions, RefusedProof, ShownClaims } from '../../proof/check/claims.ts';
import { checkProgramProof } from '../../proof/check/programProof.ts';
import { deepestProof } from '../../proof/check/proofFormat.ts';
import { atMostText, counted, percentAtMost, seconds } from '../../report/numberText.ts';
import { instanceLine, optionsLine } from '../../report/solveReport.ts';
import { exitCodes } from '../exitCodes.ts';
import { readFileAs, readInstance, saidOf } from '../files.ts';
import { type CliCommand, jsonFlag } from '../flags.ts';
import { proofLine } from '../progressOutput.ts';
import type { CommandContext, Terminal } from '../terminal.ts';

const examples = `
Examples:
  rolla check reference.json reference.proof.json
  rolla check model.mps model.proof.json

Exit code 0: everything that the proof claims holds; 7: the proof does not show what it claims; 2: bad input.`;

interface ReadProof {
  /** What the proof is about. */
  readonly aboutPath: string;
  readonly proofPath: string;
  readonly proof: unknown;
}

/** What is said of a proof, before its outcome. */
interface Checked {
  readonly outcome: ShownClaims | RefusedProof;
  readonly head: readonly string[];
  /** What the claims are about: unit of costs, and what has them. */
  readonly words: {
    readonly point: string;
    readonly costs: (cost: string) => string;
    readonly bound: (bound: string) => string;
  };
}

export function addCheckCommand(program: CliCommand, { terminal, finish }: CommandContext): void {
  program
    .command('check')
    .summary('check a proof against an instance or a program')
    .description('Check what a proof claims, in exact arithmetic and without a solver.')
    .argument('<instance>', 'rolla-instance/1 or rolla-fleet/1 file; of a program its MPS or LP file')
    .argument('<proof>', 'rolla-proof/1 or rolla-program-proof/1 file; - reads stdin (one of the two)')
    .addFlags(jsonFlag('print the outcome as JSON'))
    .addHelpText('after', examples)
    .action(async (aboutPath: string, proofPath: string, flags: { readonly json?: boolean }) => {
      const began = performance.now();
      const progress = proofLine(terminal);
      const options: CheckOptions = {
        onProgress: (leaves) => progress.draw(() => `${counted(leaves, 'leaf', 'leaves')} checked`),
      };
      const proof = await readFileAs(proofPath, terminal, (text) => parseJson(text, deepestProof));
      const check = isOfProgram(proof) ? checkProgram : checkInstance;
      const checked = await check({ aboutPath, proofPath, proof }, options, terminal);
      progress.end();
      const { outcome, head } = checked;
      const took = (performance.now() - began) / 1000;
      const lines = [
        ...head,
        ...(outcome.ok ? shownLines(outcome, checked.words) : refusalLines(outcome)),
        `Time      ${seconds(took)}`,
      ];
      terminal.out(
        flags.json
          ? `${JSON.stringify({ format: 'rolla-check/1', ...outcome, seconds: took }, null, 1)}\n`
          : `${lines.join('\n')}\n`,
      );
      finish(outcome.ok ? exitCodes.ok : exitCodes.wrongProof);
    });
}

function isOfProgram(proof: unknown): boolean {
  return typeof proof === 'object' && proof !== null && 'format' in proof && proof.format === 'rolla-program-proof/1';
}

async function checkInstance(
  { aboutPath, proofPath, proof }: ReadProof,
  options: CheckOptions,
  terminal: Terminal,
): Promise<Checked> {
  const instance = await readInstance(aboutPath, terminal);
  const outcome = await saidOf(proofPath, () => checkProof(instance, proof, options));
  return {
    outcome,
    head: [`Instance  ${instanceLine(instance)}`, ...(outcome.ok ? [`Options   ${optionsLine(outcome.options)}`] : [])],
    words: { point: 'plan', costs: (cost) => `$ ${cost}`, bound: (bound) => `costs less than $ ${bound}` },
  };
}

/** Costs are said in the sense of the file. */
async function checkProgram(
  { aboutPath, proofPath, proof }: ReadProof,
  options: CheckOptions,
  terminal: Terminal,
): Promise<Checked> {
  const { program, sense } = await readFileAs(aboutPath, terminal, readProgram, { takesAnyByte: true });
  const inSense = (cost: string) => (sense === 'minimise' ? cost : negated(cost));
  return {
    outcome: await saidOf(proofPath, () => checkProgramProof(program, proof, options)),
    head: [`Program   ${counted(program.numRows, 'row')}, ${counted(program.numColumns, 'column')}, ${sense}`],
    words: {
      point: 'point',
      costs: inSense,
      bound: (bound) => `has ${sense === 'minimise' ? 'less' : 'more'} than ${inSense(bound)}`,
    },
  };
}

function negated(decimal: string): string {
  return decimal.startsWith('-') ? decimal.slice(1) : `-${decimal}`;
}

function shownLines({ cost, bound, gap, largestViolation, leaves }: ShownClaims, words: Checked['words']): string[] {
  const lines: string[] = [];
  if (cost !== null) {
    const exactly =
      largestViolation === 0
        ? 'every row exactly'
        : `every row within ${atMostText(largestViolation ?? 0)} of its limit`;
    lines.push(
      `${(words.point === 'plan' ? 'Plan' : 'Point').padEnd(9)} is feasible (${exactly}) and costs ${words.costs(cost)}`,
    );
  }
  lines.push(`Bound     no ${words.point} ${bound === null ? 'is feasible' : words.bound(bound)}`);
  if (gap !== null) lines.push(`Gap       ${percentAtMost(gap)} between this bound and this cost`);
  lines.push(`Proof     ${counted(leaves, 'leaf', 'leaves')}, every one checked`);
  return lines;
}

function refusalLines({ path, reason }: RefusedProof): string[] {
  return [`WRONG     ${path}: ${reason}`];
}
