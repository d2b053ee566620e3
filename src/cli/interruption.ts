/**
 * What a signal does to a command: the first SIGINT (Ctrl-C), SIGTERM or SIGHUP asks the work to end with what it has,
 * which is then printed and saved as after a limit.
 */

/** Milliseconds between two moments at which long work lets a signal be heard. */
export const hearingInterval = 20;

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Milliseconds in which a second Ctrl-C is the echo of the first: a package manager passes on what the terminal has
 * already sent to all.
 */
const echo = 500;

/**
 * Does `work`, whose signal is aborted by the first of the three. A second Ctrl-C ends the process at once; a second of
 * the others changes nothing, as a closed terminal sends more than one.
 */
export async function withInterruption<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let began = Infinity;
  const onSignal = (name: NodeJS.Signals): void => {
    if (!controller.signal.aborted) {
      began = performance.now();
      controller.abort();
    } else if (name === 'SIGINT' && performance.now() - began >= echo) {
      release();
      process.kill(process.pid, name);
    }
  };
  const release = (): void => {
    for (const name of signals) process.off(name, onSignal);
  };
  for (const name of signals) process.on(name, onSignal);
  try {
    return await work(controller.signal);
  } finally {
    release();
  }
}
