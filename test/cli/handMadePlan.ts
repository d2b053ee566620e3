/**
 * One query type, one model, one tier, small enough to compute by hand under preset `corrected`, with 90 % served:
 * rental 10 h * 1 $ = 10; weights 10 h * 0.01 $ * 2 GB = 0.2; data 10 h * 0.01 $ * 0.001 GB * 200
 * tokens * 10/h * 0.9 = 0.18; delay 0.01 $ * 10/h * 200 tokens * 0.9 * (0.5 + 0.1) ms = 10.8; unmet 5
 * $ * 10/h * 0.1 = 5; total 26.18. Memory 2 + 0.01 * 200 * 10 * 0.1 * 0.9 = 3.8 GB of 48; compute 0.1 * 200 * 0.9 = 18
 * TFLOPs of 50; delay 200 * 0.9 * 0.6 = 108 ms of 1000; error 0.9 * 0.06 = 0.054 of 0.1; budget 10 + 0.38 of 100.
 */
import type { Instance, Plan } from '../../src/model/instance.ts';

export const handMadeInstance: Instance = {
  format: 'rolla-instance/1',
  name: 'by-hand',
  queryTypes: [
    {
      name: 'Chat',
      inputTokens: 100,
      outputTokens: 100,
      arrivalRate: 10,
      computePerToken: 0.1,
      tokenSize: 0.001,
      delayPenalty: 0.01,
      unmetPenalty: 5,
      delayThreshold: 1000,
      errorThreshold: 0.1,
      unmetCap: 0.1,
    },
  ],
  models: [{ name: 'Small', weightSize: 2, kvCachePerToken: 0.01 }],
  tiers: [{ name: 'Card', memory: 48, compute: 50, price: 1 }],
  delay: { nominal: [[[0.5]]], deviation: [[[0.1]]] },
  error: { nominal: [[[0.05]]], deviation: [[[0.01]]] },
  residency: 0.1,
  uncertaintyBudget: { delay: 1, error: 1 },
  rentalPeriod: 10,
  budget: 100,
  storageCapacity: 100,
  storagePrice: 0.01,
};

export const handMadePlan: Plan = {
  format: 'rolla-plan/1',
  deployments: [{ model: 'Small', tier: 'Card', tpDegree: 1, replicas: 1, gpus: 1 }],
  routing: [{ queryType: 'Chat', model: 'Small', tier: 'Card', fraction: 0.9 }],
  unmet: [{ queryType: 'Chat', fraction: 0.1 }],
};
