/** A Slurm cluster of one node for tests: controller, node and munge, all of them in a folder of their own. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, hostname, userInfo } from 'node:os';
import { join } from 'node:path';

export const slurmParts = ['munged', 'slurmctld', 'slurmd', 'sbatch', 'squeue'] as const;

interface SlurmCluster {
  /** For the commands that are to reach it. */
  readonly env: NodeJS.ProcessEnv;
  stop(): void;
}

export function startSlurm(folder: string): SlurmCluster {
  const within = (name: string) => join(folder, name);
  // munge refuses a socket that others cannot reach, and keys that others can read.
  chmodSync(folder, 0o755);
  for (const name of ['state', 'spool', 'munge']) mkdirSync(within(name));
  writeFileSync(within('munge/key'), randomBytes(128), { mode: 0o600 });
  const host = hostname().replace(/\..*$/, '');
  const config = within('slurm.conf');
  writeFileSync(
    config,
    `ClusterName=rolla
SlurmctldHost=${host}(127.0.0.1)
SlurmUser=${userInfo().username}
SlurmctldPort=7817
SlurmdPort=7818
AuthType=auth/munge
AuthInfo=socket=${within('munge/socket')}
CredType=cred/munge
StateSaveLocation=${within('state')}
SlurmdSpoolDir=${within('spool')}
SlurmctldPidFile=${within('slurmctld.pid')}
SlurmdPidFile=${within('slurmd.pid')}
SlurmctldLogFile=${within('slurmctld.log')}
SlurmdLogFile=${within('slurmd.log')}
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
ReturnToService=2
NodeName=${host} NodeAddr=127.0.0.1 CPUs=${availableParallelism()} State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES State=UP
`,
  );
  const munge = ['key-file=key', 'socket=socket', 'pid-file=pid', 'log-file=log', 'seed-file=seed'];
  execFileSync('munged', ['--force', ...munge.map((flag) => `--${flag.replace('=', `=${within('munge')}/`)}`)]);
  execFileSync('slurmctld', ['-f', config]);
  execFileSync('slurmd', ['-f', config]);
  return {
    env: { SLURM_CONF: config },
    stop: () => {
      for (const name of ['slurmd.pid', 'slurmctld.pid', 'munge/pid'])
        if (existsSync(within(name))) process.kill(Number(readFileSync(within(name), 'utf8')));
    },
  };
}
