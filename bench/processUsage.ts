/** What another process uses, while it runs. */
import { readFileSync } from 'node:fs';

export interface ProcessUsage {
  readonly cpuSeconds: number;
  readonly peakMegabytes: number;
  readonly megabytes: number;
}

/** Clock ticks a second in /proc (USER_HZ, 100 on every Linux). */
const ticksPerSecond = 100;

/** CPU time and memory of a running process from /proc; null where there is no such thing. */
export function usageOf(pid: number | undefined): ProcessUsage | null {
  try {
    // After the name in parentheses: state, then fields 4 to ...; user and system time are fields 14 and 15.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const peak = /^VmHWM:\s+(\d+) kB/m.exec(status)?.[1];
    const now = /^VmRSS:\s+(\d+) kB/m.exec(status)?.[1];
    if (peak === undefined || now === undefined) return null;
    return {
      cpuSeconds: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond,
      peakMegabytes: Number(peak) / 1024,
      megabytes: Number(now) / 1024,
    };
  } catch {
    return null;
  }
}
