/** Which of two values of a factor is the tighter, where that is known for every instance. */
import type { Instance } from '../model/instance.ts';

/** Factors by which of two values is the tighter: no more plans, none of them cheaper. Others have no such order. */
const tighterValue: Readonly<Record<string, 'smaller' | 'larger'>> = {
  budget: 'smaller',
  delay: 'smaller',
  error: 'smaller',
  memory: 'smaller',
  compute: 'smaller',
  storage: 'smaller',
  ttft: 'smaller',
  tpot: 'smaller',
  utilization: 'smaller',
  available: 'smaller',
  'fleet-limits': 'smaller',
  gpus: 'smaller',
  'unmet-cap': 'smaller',
  'unmet-cap-per-rate': 'smaller',
  'service-time': 'larger',
  'memory-reserve': 'larger',
  'min-replicas': 'larger',
  'delay-penalty': 'larger',
  'unmet-penalty': 'larger',
  'delay-deviation': 'larger',
  'error-deviation': 'larger',
  'storage-price': 'larger',
  gamma: 'larger',
  'gamma-delay': 'larger',
  'gamma-error': 'larger',
};

/** Fewer available GPUs are no tighter where commitments, which are paid for anyway, shrink with them. */
export function tighterOf(factor: string, { tiers }: Instance): 'smaller' | 'larger' | null {
  const shrinks = factor === 'available' && tiers.some(({ committed = 0 }) => committed > 0);
  return shrinks ? null : (tighterValue[factor] ?? null);
}
