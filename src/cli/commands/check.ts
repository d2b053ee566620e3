/** `rolla check`: holds a proof against its instance by exact arithmetic, without any solver. */
import type { Command } from 'commander';
import { parseJson } from '../../model/jsonText.ts';
import { type CheckedProof, checkProof, type RefusedProof } from '../../proof/check/checkProof.ts';
import { counted, seconds } from '../../report/numberText.ts';
import { instanceLine, optionsLine } from '../../report/solveReport.ts';
import { exitCodes } from '../exitCodes.ts';
import { readFileAs, readInstance } from '../files.ts';
import type { CommandContext, Terminal } from '../terminal.ts';

const examples = `
Examples:
  rolla check reference.json reference.proof.json

Exit code 0: everything that the proof claims holds; 7: the proof does not show what it claims; 2: bad input.`;

/** Seconds between two drawings of the progress line. */
const redrawInterval = 0.2;

export function addCheckCommand(program: Command, { terminal, finish }: CommandContext): void {
  program
    .command('check')
    .summary('check a proof against an instance')
    .description('Check what a proof claims of an instance, in exact arithmetic and without a solver.')
    .argument('<instance>', 'rolla-instance/1 or rolla-fleet/1 file')
    .argument('<proof>', 'rolla-proof/1 file; - reads stdin (one of the two)')
    .option('--json', 'print the outcome as JSON')
    .addHelpText('after', examples)
    .action(async (instancePath: string, proofPath: string, flags: { readonly json?: boolean }) => {
      const instance = await readInstance(instancePath, terminal);
      const began = performance.now();
      const outcome = await readFileAs(proofPath, terminal, (text) =>
        checkProof(instance, parseJson(text), { onProgress: liveCount(terminal) }),
      );
      if (terminal.errIsTerminal) terminal.redraw('');
      const took = (performance.now() - began) / 1000;
      terminal.out(
        flags.json
          ? `${JSON.stringify({ format: 'rolla-check/1', ...outcome, seconds: took }, null, 1)}\n`
          : `Instance  ${instanceLine(instance)}\n${outcome.ok ? shownText(outcome) : refusalText(outcome)}Time      ${seconds(took)}\n`,
      );
      finish(outcome.ok ? exitCodes.ok : exitCodes.wrongProof);
    });
}

function shownText({ cost, bound, gap, largestViolation, leaves, options }: CheckedProof): string {
  const lines: string[] = [`Options   ${optionsLine(options)}`];
  if (cost !== null) {
    const exactly =
      largestViolation === 0
        ? 'every row exactly'
        : `every row within ${largestViolation?.toPrecision(2)} of its limit`;
    lines.push(`Plan      is feasible (${exactly}) and costs $ ${cost}`);
  }
  lines.push(bound === null ? 'Bound     no plan is feasible' : `Bound     no plan costs less than $ ${bound}`);
  if (gap !== null) lines.push(`Gap       ${gap.toPrecision(3)}`);
  lines.push(`Proof     ${counted(leaves, 'leaf', 'leaves')}, every one checked`);
  return `${lines.join('\n')}\n`;
}

function refusalText({ path, reason }: RefusedProof): string {
  return `WRONG     ${path}: ${reason}\n`;
}

function liveCount(terminal: Terminal): (leaves: number) => void {
  if (!terminal.errIsTerminal) return () => {};
  let last = performance.now();
  return (leaves) => {
    const now = performance.now();
    if (now - last < redrawInterval * 1000) return;
    last = now;
    terminal.redraw(`${counted(leaves, 'leaf', 'leaves')} checked`);
  };
}
