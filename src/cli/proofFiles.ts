/** `--proof` of `rolla solve`, `--proof` and `--vipr` of `rolla lp`: the proof of an answer as files. */
import type { MixedIntegerProgram } from '../lp/linearProgram.ts';
import type { Instance } from '../model/instance.ts';
import type { SolveResult } from '../planner/solveResult.ts';
import type { WriteOptions } from '../proof/write/writeOptions.ts';
import type { ProvenResult } from '../proof/write/writeProgramProof.ts';
import { counted, percent, percentAtMost } from '../report/numberText.ts';
import { type ExitCode, exitCodes } from './exitCodes.ts';
import type { OutputFiles } from './files.ts';
import { proofLine } from './progressOutput.ts';
import type { Terminal } from './terminal.ts';

export type { ProvenResult };

/** Where proofs go and what may end their writing. */
export interface ProofDesk {
  readonly files: OutputFiles;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
  readonly quiet: boolean;
}

/** What a command ends with whose proof is (or need not be) there, was not to be had, or was interrupted. */
export type ProofOutcome = 'complete' | 'missing' | 'interrupted';

/** The exit code of a command whose answer alone has `ofAnswer`. */
export function withProof(outcome: ProofOutcome, ofAnswer: ExitCode, hasPoint: boolean): ExitCode {
  if (outcome === 'complete') return ofAnswer;
  if (outcome === 'missing') return exitCodes.badInput;
  return hasPoint ? exitCodes.limitWithPlan : exitCodes.limitWithoutPlan;
}

export function writePlanProof(
  instance: Instance,
  result: SolveResult,
  { path, gap }: { readonly path: string; readonly gap: number },
  desk: ProofDesk,
): Promise<ProofOutcome> {
  return atDesk(desk, async (options) => {
    const { gapOf } = await import('../proof/write/target.ts');
    const { writeProofAsync } = await import('../proof/write/writeProof.ts');
    const proof = await writeProofAsync(instance, result, { ...options, gap });
    const shown = gapOf(result, { gap });
    // The search has mostly come nearer than what was asked of it, and of the proof.
    const asked = shown === gap ? ' (--gap)' : '';
    const about = proof.bound === null ? '' : `: a proof of a gap of ${percentAtMost(shown)}${asked}`;
    desk.files.write(path, `${JSON.stringify(proof)}\n`, about);
  });
}

export function writeProgramProofs(
  program: MixedIntegerProgram,
  result: ProvenResult,
  { proof, vipr, gap }: { readonly proof?: string; readonly vipr?: string; readonly gap?: number },
  desk: ProofDesk,
): Promise<ProofOutcome> {
  return atDesk(desk, async (options) => {
    const { programProofData, writeRowsAsync } = await import('../proof/write/writeProgramProof.ts');
    const asked = gap === undefined ? {} : { gap };
    const rows = await writeRowsAsync(program, result, { ...options, ...asked, usesCuts: vipr === undefined });
    if (proof !== undefined) desk.files.write(proof, `${JSON.stringify(programProofData(program, rows))}\n`);
    if (vipr === undefined) return;
    const certificate = await import('../proof/write/vipr.ts');
    desk.files.write(vipr, certificate.vipr(program, rows));
  });
}

/** Files are written once a proof is whole; without one the reason is said, and no file appears. */
async function atDesk(
  { terminal, signal, quiet }: ProofDesk,
  write: (options: WriteOptions) => Promise<void>,
): Promise<ProofOutcome> {
  const { ProofNotWritten } = await import('../proof/write/writeOptions.ts');
  const progress = quiet ? null : proofLine(terminal);
  const onProgress: WriteOptions['onProgress'] = ({ leaves, open, done }) =>
    progress?.draw(() => `${counted(leaves, 'leaf', 'leaves')} written, ${open} open, about ${percent(done)} done`);
  try {
    await write({ signal, onProgress }).finally(() => progress?.end());
    return 'complete';
  } catch (error) {
    if (!(error instanceof ProofNotWritten)) throw error;
    terminal.err(`rolla: no proof is written: ${error.message}\n`);
    return signal.aborted ? 'interrupted' : 'missing';
  }
}
