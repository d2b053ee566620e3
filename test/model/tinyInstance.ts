/** A hand-sized instance (2 query types, 2 models, 2 tiers) whose figures are round enough to check on paper. */
import type { Plan, PublishedInstance } from '../../src/model/instance.ts';

type Changeable<T> = T extends object ? { -readonly [Key in keyof T]: Changeable<T[Key]> } : T;

/** A fresh copy each time, free to be changed. */
export function tinyInstance(): Changeable<PublishedInstance> {
  return {
    format: 'rolla-instance/1',
    name: 'tiny',
    queryTypes: [
      {
        name: 'chat',
        inputTokens: 60,
        outputTokens: 40, // r = 100
        arrivalRate: 10,
        computePerToken: 0.5, // 50 TFLOPs for all of it
        tokenSize: 0.01, // 10 GB of query data
        delayPenalty: 0.002,
        unmetPenalty: 3, // $30 for dropping all of it
        delayThreshold: 500,
        errorThreshold: 0.1,
        unmetCap: 0.5,
      },
      {
        name: 'code',
        inputTokens: 150,
        outputTokens: 50, // r = 200
        arrivalRate: 5,
        computePerToken: 0.2, // 40 TFLOPs
        tokenSize: 0.02, // 20 GB
        delayPenalty: 0.001,
        unmetPenalty: 8, // $40
        delayThreshold: 900,
        errorThreshold: 0.2,
        unmetCap: 0.5,
      },
    ],
    models: [
      { name: 'small', weightSize: 8, kvCachePerToken: 0.01 },
      { name: 'large', weightSize: 32, kvCachePerToken: 0.04 },
    ],
    tiers: [
      { name: 'plain', memory: 16, compute: 60, price: 1, tpDegrees: [1, 2, 4] },
      { name: 'fast', memory: 32, compute: 100, price: 3, tpDegrees: [1, 2] },
    ],
    delay: {
      nominal: [
        [
          [2, 1],
          [8, 4],
        ],
        [
          [2, 1],
          [6, 3],
        ],
      ],
      deviation: [
        [
          [1, 0.5],
          [4, 2],
        ],
        [
          [0.5, 0.25],
          [3, 1.5],
        ],
      ],
    },
    error: {
      nominal: [
        [
          [0.06, 0.06],
          [0.02, 0.02],
        ],
        [
          [0.1, 0.1],
          [0.04, 0.04],
        ],
      ],
      deviation: [
        [
          [0.02, 0.02],
          [0.01, 0.01],
        ],
        [
          [0.04, 0.04],
          [0.02, 0.02],
        ],
      ],
    },
    residency: 0.5,
    uncertaintyBudget: { delay: 1, error: 1 },
    rentalPeriod: 10,
    budget: 200,
    storageCapacity: 100,
    storagePrice: 0.1,
  } as Changeable<PublishedInstance>;
}

/** Chat on one GPU of `small` on `plain`, code on two of `large` on `fast`, a tenth of chat dropped. */
export function tinyPlan(): Changeable<Plan> {
  return {
    format: 'rolla-plan/1',
    deployments: [
      { model: 'small', tier: 'plain', tpDegree: 1, replicas: 1, gpus: 1 },
      { model: 'large', tier: 'fast', tpDegree: 2, replicas: 1, gpus: 2 },
    ],
    routing: [
      { queryType: 'chat', model: 'small', tier: 'plain', fraction: 0.9 },
      { queryType: 'code', model: 'large', tier: 'fast', fraction: 1 },
    ],
    unmet: [
      { queryType: 'chat', fraction: 0.1 },
      { queryType: 'code', fraction: 0 },
    ],
  };
}
