/** The `rolla` program: connects the command line to the process. */
import { exitCodes } from './exitCodes.ts';
import { runCli } from './runCli.ts';

let isOutputLost = false;

/** Writes to a stream of the process; a file's stream throws what others tell by an event. */
function writer(stream: NodeJS.WriteStream, onFailure: (error: NodeJS.ErrnoException) => void) {
  stream.on('error', onFailure);
  return (output: string): void => {
    try {
      stream.write(output);
    } catch (error) {
      onFailure(error as NodeJS.ErrnoException);
    }
  };
}

// Nobody is left to be told.
const err = writer(process.stderr, () => {});
const out = writer(process.stdout, ({ code, message }) => {
  // A reader that has seen enough (`rolla solve | head`) closes the pipe; that is no error.
  if (code === 'EPIPE' || isOutputLost) return;
  isOutputLost = true;
  err(`rolla: standard output: found ${message}, expected a place to write\n`);
});
process.on('exit', () => {
  if (isOutputLost) process.exitCode = exitCodes.badInput;
});

// Without `await` at the top, so that the bundle of it can be a function (cachedProgram.ts).
void runCli(process.argv.slice(2), {
  out,
  err,
  readStdin: async () => (await import('node:stream/consumers')).buffer(process.stdin),
  errIsTerminal: process.stderr.isTTY === true,
}).then((exitCode) => {
  process.exitCode = exitCode;
});
