import { describe, expect, it } from 'vitest';
import { type ConstraintGroup, checkPlan, type Verification } from '../../../src/model/check/verifier.ts';
import type { Plan, PublishedInstance } from '../../../src/model/instance.ts';
import { type PlanningOptions, presets } from '../../../src/model/options.ts';
import { tinyInstance, tinyPlan } from '../tinyInstance.ts';

const corrected = presets.corrected;

function verify(
  options: Partial<PlanningOptions> = {},
  change: (instance: ReturnType<typeof tinyInstance>, plan: ReturnType<typeof tinyPlan>) => void = () => {},
): Verification {
  const instance = tinyInstance();
  const plan = tinyPlan();
  change(instance, plan);
  return checkPlan(instance, { ...corrected, ...options }, plan);
}

function line(verification: Verification, group: ConstraintGroup, subject: string) {
  const found = verification.constraints.filter((check) => check.group === group && check.subject === subject);
  expect(found).toHaveLength(1);
  return found[0];
}

/** The groups that fail, each once. */
const failing = (verification: Verification) => [...new Set(verification.violations.map((check) => check.group))];

// All figures below are computed on paper from test/model/tinyInstance.ts.
describe('cost of the tiny plan', () => {
  it('adds up its parts under the corrected options', () => {
    const { cost, ok } = verify();
    expect(ok).toBe(true);
    expect(cost.rental).toBeCloseTo(70, 10); // 10 h * ($1 + 2 * $3)
    expect(cost.storage.model).toBeCloseTo(40, 10); // 10 h * $0.1 * (8 + 32) GB
    expect(cost.storage.data).toBeCloseTo(29, 10); // 10 h * $0.1 * (0.9 * 10 + 20) GB
    expect(cost.delay).toBeCloseTo(8.4, 10); // nominal 3.6 + 3, worst deviation max(1.8, 1.5)
    expect(cost.unmet).toBeCloseTo(3, 10); // a tenth of 10 queries at $3
    expect(cost.total).toBeCloseTo(150.4, 10);
    expect(cost).not.toHaveProperty('switching');
  });

  it.each<[Partial<PlanningOptions>, number, number]>([
    [{ delayCost: 'deviation' }, 1, 1.8],
    [{ delayCostBudget: 'per-query' }, 1, 6.6 + 1.8 + 1.5],
    [{ delayCostBudget: 'per-query', delayCost: 'deviation' }, 0.5, (1.8 + 1.5) / 2],
    [{ delayCost: 'deviation' }, 1.5, 1.8 + 0.75],
    [{ delayCost: 'deviation' }, 50, 3.3],
    [{ uncertainty: 'none' }, 1, 6.6],
    [{ uncertainty: 'none', delayCost: 'deviation' }, 1, 6.6],
    [{}, 0, 6.6],
  ])('charges delay under %j with Gamma %d', (options, gamma, expected) => {
    const { cost } = verify(options, (instance) => {
      instance.uncertaintyBudget.delay = gamma;
    });
    expect(cost.delay).toBeCloseTo(expected, 10);
  });

  it('lets relief shrink what a delay entry can take of Gamma', () => {
    const withRelief = (instance: ReturnType<typeof tinyInstance>) => {
      instance.delay.relief = [
        [0.25, 0],
        [0, 0.5],
      ];
      instance.error.relief = [
        [0.5, 0],
        [0, 0.1],
      ];
    };
    const verification = verify({ uncertainty: 'decision-dependent' }, withRelief);
    expect(verification.cost.delay).toBeCloseTo(6.6 + 0.75 * 1.8 + 0.25 * 1.5, 10);
    expect(line(verification, 'delay', 'chat').left).toBeCloseTo(180 + 0.75 * 90, 10);
    expect(line(verification, 'delay', 'code').left).toBeCloseTo(300 + 0.5 * 150, 10);
    expect(line(verification, 'error', 'chat').left).toBeCloseTo(0.9 * (0.06 + 0.5 * 0.02), 12);
    expect(line(verification, 'error', 'code').left).toBeCloseTo(0.04 + 0.9 * 0.02, 12);
    expect(() => verify({ uncertainty: 'decision-dependent' })).toThrow(/relief/);
  });

  it('stores weights per placement or once per deployment, also of what serves nothing', () => {
    const share = (instance: ReturnType<typeof tinyInstance>, plan: ReturnType<typeof tinyPlan>) => {
      instance.queryTypes[0].unmetCap = 1;
      plan.routing[0] = { queryType: 'chat', model: 'large', tier: 'fast', fraction: 0 };
      plan.unmet[0].fraction = 1;
    };
    const perPlacement = verify({ weightStorage: 'per-placement' }, share);
    expect(line(perPlacement, 'storage', 'stored weights').left).toBe(64); // 32 GB twice, none on the idle GPU
    expect(perPlacement.cost.storage.model).toBeCloseTo(64, 10);
    const perDeployment = verify({ weightStorage: 'per-deployment' }, share);
    expect(line(perDeployment, 'storage', 'stored weights').left).toBe(40); // 32 GB and the idle 8 GB
  });

  it('charges GPUs added and removed against the current plan', () => {
    const { cost } = verify({}, (instance) => {
      instance.switchingCost = { added: 5, removed: 2 };
      instance.currentPlan = {
        format: 'rolla-plan/1',
        deployments: [
          { model: 'large', tier: 'fast', tpDegree: 1, replicas: 1, gpus: 1 }, // one more is added
          { model: 'small', tier: 'fast', tpDegree: 2, replicas: 2, gpus: 4 }, // all four go
        ],
        routing: [],
        unmet: [],
      };
    });
    expect(cost.switching).toBeCloseTo(5 * (1 + 1) + 2 * 4, 10);
    expect(cost.total).toBeCloseTo(150.4 + 18, 10);
  });

  it('takes no current plan for nothing rented', () => {
    const { cost } = verify({}, (instance) => {
      instance.switchingCost = { added: 5, removed: 2 };
    });
    expect(cost.switching).toBeCloseTo(15, 10);
  });

  it('scales rental with replicas', () => {
    const { cost, ok } = verify({ maxReplicas: 2 }, (_, plan) => {
      plan.deployments[0] = { model: 'small', tier: 'plain', tpDegree: 1, replicas: 2, gpus: 2 };
    });
    expect(ok).toBe(true);
    expect(cost.rental).toBeCloseTo(80, 10);
  });
});

describe('constraints of the tiny plan', () => {
  it('reports left side, limit and use of each', () => {
    const verification = verify();
    expect(verification.violations).toEqual([]);
    expect(verification.largestViolation).toBe(0);
    const expected: [ConstraintGroup, string, number, number | null][] = [
      ['demand', 'chat', 1, 1],
      ['budget', 'rental and storage', 139, 200],
      ['memory', 'small on plain TP 1', 12.5, 16], // 8 + 0.9 * 5
      ['memory', 'large on fast TP 2', 26, 32], // 32 / 2 + 20 / 2
      ['compute', 'small on plain TP 1', 45, 60],
      ['compute', 'large on fast TP 2', 40, 200],
      ['storage', 'stored weights', 40, 100],
      ['delay', 'chat', 270, 500], // 0.9 * 100 * (2 + 1)
      ['delay', 'code', 450, 900], // 200 * (3 + 1.5) / 2
      ['error', 'chat', 0.072, 0.1],
      ['error', 'code', 0.06, 0.2],
      ['unmet', 'chat', 0.1, 0.5],
    ];
    for (const [group, subject, left, limit] of expected) {
      const check = line(verification, group, subject);
      expect(check.left).toBeCloseTo(left, 10);
      expect(check.limit).toBe(limit);
      expect(check.use).toBeCloseTo(left / limit!, 10);
      expect(check.ok).toBe(true);
    }
  });

  it('has no limit where the instance sets none', () => {
    const verification = verify({}, (instance) => {
      delete (instance as { budget?: number }).budget;
      delete (instance as { storageCapacity?: number }).storageCapacity;
    });
    expect(line(verification, 'budget', 'rental and storage')).toMatchObject({ limit: null, use: null, ok: true });
    expect(line(verification, 'storage', 'stored weights')).toMatchObject({ limit: null, use: null, ok: true });
  });

  it('stretches delay limits by the TP degrees that the rule names', () => {
    const pooled = verify({ delayRule: 'pooled' });
    expect(line(pooled, 'delay', 'chat')).toMatchObject({ left: 270, limit: 1500 });
    expect(line(pooled, 'delay', 'code')).toMatchObject({ left: 900, limit: 2700 });
    const last = verify({ delayRule: 'last-deployment' });
    expect(line(last, 'delay', 'chat')).toMatchObject({ left: 270, limit: 1000 });
    expect(line(last, 'delay', 'code')).toMatchObject({ left: 900, limit: 1800 });
    const closed = verify({ delayRule: 'last-deployment' }, (_, plan) => {
      plan.deployments[1].tier = plan.routing[1].tier = 'plain';
    });
    expect(line(closed, 'delay', 'chat')).toMatchObject({ limit: 0, use: null, ok: false });
  });

  it('counts the degree, not the replicas, in pooled limits and delays', () => {
    const twice = (_: unknown, plan: ReturnType<typeof tinyPlan>) => {
      plan.deployments[0] = { model: 'small', tier: 'plain', tpDegree: 1, replicas: 2, gpus: 2 };
    };
    expect(line(verify({ delayRule: 'pooled', maxReplicas: 2 }, twice), 'delay', 'chat').limit).toBe(1500);
    const verification = verify({ maxReplicas: 2 }, twice);
    expect(line(verification, 'delay', 'chat').left).toBeCloseTo(270, 10);
    expect(line(verification, 'memory', 'small on plain TP 1').left).toBeCloseTo(8 + 4.5 / 2, 10);
    expect(line(verification, 'compute', 'small on plain TP 1').limit).toBe(120);
  });

  it('fills the worst case of a split query type largest deviation first', () => {
    const split = (gamma: number) =>
      verify({ placement: 'split' }, (instance, plan) => {
        instance.uncertaintyBudget = { delay: gamma, error: gamma };
        plan.routing = [
          // nominal 100, deviation 50; error 0.03, 0.01
          { queryType: 'chat', model: 'small', tier: 'plain', fraction: 0.5 },
          { queryType: 'chat', model: 'large', tier: 'fast', fraction: 0.4 }, // 80, 40; 0.008, 0.004
          { queryType: 'code', model: 'large', tier: 'fast', fraction: 1 },
        ];
      });
    expect(line(split(0), 'delay', 'chat').left).toBeCloseTo(180, 10);
    expect(line(split(1), 'delay', 'chat').left).toBeCloseTo(230, 10);
    expect(line(split(1.25), 'delay', 'chat').left).toBeCloseTo(240, 10);
    expect(line(split(2), 'delay', 'chat').left).toBeCloseTo(270, 10);
    expect(line(split(9), 'delay', 'chat').left).toBeCloseTo(270, 10);
    expect(line(split(1.5), 'error', 'chat').left).toBeCloseTo(0.038 + 0.01 + 0.002, 12);
    expect(failing(split(2))).toEqual([]);
  });

  const broken: [
    string,
    Partial<PlanningOptions>,
    (i: ReturnType<typeof tinyInstance>, p: ReturnType<typeof tinyPlan>) => void,
    ConstraintGroup[],
  ][] = [
    ['served and dropped shares that miss 1', {}, (_, p) => (p.unmet[0].fraction = 0.05), ['demand']],
    [
      'a negative share',
      { placement: 'split' },
      (_, p) => {
        p.routing[0].fraction = 1.1;
        p.unmet[0].fraction = -0.1;
      },
      ['demand'],
    ],
    ['a budget one dollar short', {}, (i) => (i.budget = 138), ['budget']],
    ['rental counted once per query type', { rentalInBudget: 'per-query-type' }, () => {}, ['budget']],
    [
      'two TP degrees of one pair',
      {},
      (_, p) => p.deployments.push({ model: 'small', tier: 'plain', tpDegree: 2, replicas: 1, gpus: 2 }),
      ['one-degree'],
    ],
    [
      'a degree that the tier lacks',
      {},
      (_, p) => {
        p.deployments[1].tpDegree = p.deployments[1].gpus = 4;
      },
      ['tp-degree'],
    ],
    [
      'weights that do not fit',
      {},
      (_, p) => {
        p.deployments[1] = { model: 'large', tier: 'plain', tpDegree: 1, replicas: 1, gpus: 1 };
        p.routing[1].tier = 'plain';
      },
      ['tp-degree', 'memory', 'delay'],
    ],
    [
      'a second replica',
      {},
      (_, p) => {
        p.deployments[0].replicas = p.deployments[0].gpus = 2;
      },
      ['replicas'],
    ],
    ['a GPU that is not paid', {}, (_, p) => (p.deployments[1].gpus = 1), ['gpus']],
    ['too little memory', {}, (i) => (i.tiers[0].memory = 12.4), ['memory']],
    ['too little compute', {}, (i) => (i.tiers[0].compute = 44.9), ['compute']],
    ['too little storage', {}, (i) => (i.storageCapacity = 39), ['storage']],
    [
      'two placements',
      {},
      (_, p) => {
        p.routing[0].fraction = 0.4;
        p.routing.push({ queryType: 'chat', model: 'large', tier: 'fast', fraction: 0.5 });
      },
      ['placement'],
    ],
    [
      'no placement',
      {},
      (i, p) => {
        i.queryTypes[0].unmetCap = 1;
        p.routing.shift();
        p.unmet[0].fraction = 1;
      },
      ['placement'],
    ],
    ['a route to what is not rented', { placement: 'split' }, (_, p) => (p.routing[0].tier = 'fast'), ['placement']],
    ['a delay limit just below', {}, (i) => (i.queryTypes[1].delayThreshold = 449.9), ['delay']],
    ['an error limit just below', {}, (i) => (i.queryTypes[0].errorThreshold = 0.0719), ['error']],
    ['too much dropped', {}, (i) => (i.queryTypes[0].unmetCap = 0.09), ['unmet']],
    ['too little served', {}, (i) => (i.queryTypes[0].minimumServed = 0.95), ['minimum-served']],
    ['more GPUs than there are', {}, (i) => (i.tiers[1].available = 1), ['availability']],
    ['none available', {}, (i) => (i.tiers[0].available = 0), ['availability']],
    [
      'a forbidden pair of query type and model',
      {},
      (i) => (i.forbidden = [{ queryType: 'chat', model: 'small' }]),
      ['pairing'],
    ],
    [
      'a triple that is not allowed',
      {},
      (i) => (i.allowed = [{ tier: 'plain' }, { queryType: 'chat', tier: 'fast' }]),
      ['pairing'],
    ],
    [
      'a fraction that is no number',
      {},
      (_, p) => (p.routing[1].fraction = Number.NaN),
      ['demand', 'budget', 'memory', 'compute', 'delay', 'error'],
    ],
  ];
  it.each(broken)('sees %s', (_name, options, change, groups) => {
    expect(failing(verify(options, change))).toEqual(groups);
  });

  it('gives the violated amount', () => {
    const verification = verify({ rentalInBudget: 'per-query-type' });
    expect(verification.violations).toHaveLength(1);
    expect(verification.violations[0].violation).toBeCloseTo(9, 10); // 2 * 70 + 69 against 200
    expect(verification.largestViolation).toBeCloseTo(9 / 200, 10);
  });

  it('forgives rounding and no more', () => {
    const dropped = (excess: number) => (i: PublishedInstance, p: Plan) => {
      Object.assign(i.queryTypes[0], { unmetCap: 0.1 });
      Object.assign(p.unmet[0], { fraction: 0.1 + excess });
      Object.assign(p.routing[0], { fraction: 0.9 - excess });
    };
    expect(verify({}, dropped(0.9e-8)).ok).toBe(true);
    expect(verify({}, dropped(1.2e-8)).ok).toBe(false);
  });

  it('lets a rented pair stand idle unless renting it is forbidden', () => {
    const idle = (i: ReturnType<typeof tinyInstance>, p: ReturnType<typeof tinyPlan>) => {
      p.deployments.push({ model: 'small', tier: 'fast', tpDegree: 1, replicas: 1, gpus: 1 });
      i.forbidden = [
        { queryType: 'chat', tier: 'fast' },
        { queryType: 'code', model: 'small', tier: 'fast' },
      ];
    };
    expect(failing(verify({}, idle))).toEqual([]);
    expect(
      failing(
        verify({}, (i, p) => {
          idle(i, p);
          i.forbidden = [{ model: 'small', tier: 'fast' }];
        }),
      ),
    ).toEqual(['pairing']);
    expect(
      failing(
        verify({}, (i, p) => {
          idle(i, p);
          i.allowed = [{}];
        }),
      ),
    ).toEqual(['pairing']);
  });

  it('throws for names that the instance does not have', () => {
    expect(() => verify({}, (_, p) => (p.routing[0].model = 'huge'))).toThrow(
      /model that the instance does not have: huge/,
    );
  });
});
