/** `--proof` and `--vipr` of `rolla lp`: the proof of an answer as files. */
import type { MixedIntegerProgram } from '../lp/linearProgram.ts';
import { drainAsync } from '../lp/steps.ts';
import type { ProvenResult } from '../proof/write/writeProgramProof.ts';
import type { OutputFiles } from './files.ts';
import { hearingInterval, withInterruption } from './interruption.ts';
import type { Terminal } from './terminal.ts';

export type { ProvenResult };

/** Returns whether what was asked for is there; without a proof the reason is said, and no file appears. */
export async function writeProgramProofs(
  program: MixedIntegerProgram,
  result: ProvenResult,
  { proof, vipr }: { readonly proof?: string; readonly vipr?: string },
  files: OutputFiles,
  terminal: Terminal,
): Promise<boolean> {
  if (proof === undefined && vipr === undefined) return true;
  const { ProofNotWritten } = await import('../proof/write/writeOptions.ts');
  const { programProofData, writeRows } = await import('../proof/write/writeProgramProof.ts');
  const certificate = await import('../proof/write/vipr.ts');
  try {
    const rows = await withInterruption((signal) =>
      drainAsync(
        writeRows(program, result, { shouldStop: () => signal.aborted, usesCuts: vipr === undefined }),
        hearingInterval,
      ),
    );
    if (proof !== undefined) files.write(proof, `${JSON.stringify(programProofData(program, rows))}\n`);
    if (vipr !== undefined) files.write(vipr, certificate.vipr(program, rows));
    return true;
  } catch (error) {
    if (!(error instanceof ProofNotWritten)) throw error;
    terminal.err(`rolla: no proof is written: ${error.message}\n`);
    return false;
  }
}
