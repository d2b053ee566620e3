/** Wall time, CPU time and peak memory of this process. */
import type { SolverAnswer } from './runRecord.ts';

/** Starts wall and CPU clocks; calling what it returns reads them. */
export function startClock(): () => Pick<SolverAnswer, 'wallSeconds' | 'cpuSeconds' | 'peakMegabytes'> {
  const wall = performance.now();
  const cpu = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(cpu);
    return {
      wallSeconds: (performance.now() - wall) / 1000,
      cpuSeconds: (user + system) / 1e6,
      peakMegabytes: process.resourceUsage().maxRSS / 1024,
    };
  };
}
