/** A Redis server for tests, which keeps what it was given as the docs ask, and processes of `rolla` beside it. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { builtCli } from '../builtPackage.ts';

/** Where it is missing, tests of the queue are skipped. */
export const hasRedis = spawnSync('redis-server', ['--version']).status === 0;

export interface QueueServer {
  readonly url: string;
  /** Kills the server as a power failure would, and starts it on what it kept. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export async function startQueueServer(folder: string): Promise<QueueServer> {
  const port = await freePort();
  const start = async (): Promise<ChildProcess> => {
    const flags = ['--port', String(port), '--dir', folder, '--save', '', '--appendonly', 'yes'];
    const server = spawn('redis-server', [...flags, '--appendfsync', 'always'], { stdio: 'ignore' });
    while (spawnSync('redis-cli', ['-p', String(port), 'ping'], { encoding: 'utf8' }).stdout !== 'PONG\n')
      await pause(50);
    return server;
  };
  let server = await start();
  const kill = async () => {
    server.kill('SIGKILL');
    if (server.exitCode === null && server.signalCode === null) await once(server, 'exit');
  };
  return {
    url: `redis://localhost:${port}`,
    restart: async () => {
      await kill();
      server = await start();
    },
    stop: kill,
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('a server without a port');
  return address.port;
}

/** Output of the built command line; throws unless it ends well. */
export function rolla(...args: readonly string[]): string {
  return execFileSync(process.execPath, [builtCli(), ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Starts the built command line and does not wait for it. */
export function startRolla(...args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [builtCli(), ...args], { stdio: 'ignore' });
}
