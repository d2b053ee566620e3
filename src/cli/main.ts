#!/usr/bin/env node
/** The `rolla` program: connects the command line to the process. */
import { text } from 'node:stream/consumers';
import { runCli } from './runCli.ts';

// A reader that has seen enough (`rolla solve | head`) closes the pipe; that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await runCli(process.argv.slice(2), {
  out: (output) => process.stdout.write(output),
  err: (output) => process.stderr.write(output),
  readStdin: () => text(process.stdin),
  errIsTerminal: process.stderr.isTTY === true,
});
