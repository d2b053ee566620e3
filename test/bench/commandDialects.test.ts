/**
 * Logs and solution files as the solvers themselves wrote them, for the strengthened program of the reference instance
 * with wide caps.
 */
import { describe, expect, it } from 'vitest';
import { commandDialects, type LogLine } from '../../bench/commandDialects.ts';

const read = (name: string, log: string, solution: string) => {
  const lines = log.split('\n').map((text, seconds): LogLine => ({ seconds, text }));
  return commandDialects[name].read(lines, solution);
};

describe('logs of HiGHS 1.10', () => {
  const log = `Src  Proc. InQueue |  Leaves   Expl. | BestBound       BestSol              Gap |   Cuts   InLp Confl. | LpIters     Time

         0       0         0   0.00%   -84638.913151   inf                  inf        0      0      0         0     0.2s
 R       0       0         0   0.00%   562.0827292     633.4639515       11.27%        0      0      0       724     0.3s
 L       0       0         0   0.00%   587.0470586     612.6715744        4.18%      212      9    318       777     0.4s
         0       0         0   0.00%   601.2560348     612.6715744        1.86%        3      3      7      1122     0.6s
         1       0         1 100.00%   612.6715744     612.6715744        0.00%       37      5      8      1133     0.6s

Solving report
  Model             hard
  Status            Optimal
  Primal bound      612.671574372
  Dual bound        612.671574372
  Nodes             1
  LP iterations     1133 (total)`;
  const solution = `Model status
Optimal

# Primal solution values
Feasible
Objective 612.6715743723323
# Columns 3
C0 0
C1 0.25
C2 1
# Rows 1
R0 0.5
`;

  it('tells status, bounds, the root before and after cuts, work and the trace', () => {
    expect(read('highs', log, solution)).toEqual({
      status: 'optimal',
      values: new Map([
        ['C0', 0],
        ['C1', 0.25],
        ['C2', 1],
      ]),
      bound: 612.671574372,
      nodes: 1,
      simplexIterations: 1133,
      firstRootBound: 562.0827292,
      rootBound: 601.2560348,
      trace: [
        { seconds: 2, cost: null, bound: -84638.913151 },
        { seconds: 3, cost: 633.4639515, bound: 562.0827292 },
        { seconds: 4, cost: 612.6715744, bound: 587.0470586 },
        { seconds: 5, cost: 612.6715744, bound: 601.2560348 },
        { seconds: 6, cost: 612.6715744, bound: 612.6715744 },
      ],
    });
  });

  it('has no plan where the solution file says None', () => {
    const stopped = log.replace('Status            Optimal', 'Status            Time limit reached');
    const none = 'Model status\nTime limit reached\n\n# Primal solution values\nNone\n\n# Dual solution values\nNone\n';
    expect(read('highs', stopped, none)).toMatchObject({ status: 'limit', values: null, bound: 612.671574372 });
    expect(read('highs', '  Status            Infeasible', none)).toMatchObject({ status: 'infeasible', values: null });
  });
});

describe('logs of CBC 2.10.8', () => {
  const log = `Continuous objective value is 562.083 - 0.01 seconds
Cbc0012I Integer solution of 632.9954 found by feasibility pump after 0 iterations and 0 nodes (0.97 seconds)
Cbc0010I After 0 nodes, 1 on tree, 632.9954 best solution, best possible 587.19416 (1.08 seconds)
Cbc0012I Integer solution of 612.67157 found by DiveCoefficient after 95 iterations and 4 nodes (1.17 seconds)
Cuts at root node changed objective from 562.083 to 587.194
Result - Optimal solution found
Enumerated nodes:               4
Total iterations:               110`;

  it('tells the same, by the times of its lines', () => {
    const solution = `Optimal - objective value 612.67157437
     37 C37                         1               48.137943
**   63 C63                      0.25               35.985698
`;
    expect(read('cbc', log, solution)).toEqual({
      status: 'optimal',
      values: new Map([
        ['C37', 1],
        ['C63', 0.25],
      ]),
      bound: null,
      nodes: 4,
      simplexIterations: 110,
      firstRootBound: 562.083,
      rootBound: 587.194,
      trace: [
        { seconds: 0.97, cost: 632.9954, bound: null },
        { seconds: 1.08, cost: 632.9954, bound: 587.19416 },
        { seconds: 1.17, cost: 612.67157, bound: null },
      ],
    });
  });

  it.each([
    ['Optimal (within gap tolerance) - objective value 632.99539814', 'optimal', true],
    ['Stopped on time - objective value 1230.63919707', 'limit', true],
    ['Stopped on time (no integer solution - continuous used) - objective value 400.1', 'limit', false],
    ['Infeasible - objective value 3829.66029822', 'infeasible', false],
    ['Integer infeasible - objective value 3829.66029822', 'infeasible', false],
  ] as const)('reads the head %s', (head, status, hasPlan) => {
    const reading = read(
      'cbc',
      'Lower bound:                    397.367',
      `${head}\n     19 C19               0.13424435     0\n`,
    );
    expect([reading.status, reading.values !== null, reading.bound]).toEqual([status, hasPlan, 397.367]);
  });
});

describe('logs of GLPK 5.0', () => {
  const log = `      0: obj =  -2.978334933e+03 inf =   6.626e+00 (10)
*   867: obj =   5.620827292e+02 inf =   1.036e-14 (0) 2
OPTIMAL LP SOLUTION FOUND
Integer optimization begins...
+   867: mip =     not found yet >=              -inf        (1; 0)
+   900: mip =     not found yet >=   6.025203897e+02        (1; 0)
+  1069: >>>>>   6.327571620e+02 >=   6.025203897e+02   1.8% (9; 0)
+  1311: >>>>>   6.126715744e+02 >=   6.126715744e+02   0.0% (4; 10)
+  1311: mip =   6.126715744e+02 >=     tree is empty   0.0% (0; 23)
INTEGER OPTIMAL SOLUTION FOUND`;

  it('tells the same, with columns by number', () => {
    const solution = 'c Status:     INTEGER OPTIMAL\ns mip 2 3 o 612.671574372\ni 1 0\nj 1 0.25\nj 2 0\nj 3 1\ne o f\n';
    expect(read('glpsol', log, solution)).toEqual({
      status: 'optimal',
      values: new Map([
        ['C0', 0.25],
        ['C1', 0],
        ['C2', 1],
      ]),
      bound: null,
      nodes: null,
      simplexIterations: 1311,
      firstRootBound: 562.0827292,
      rootBound: 602.5203897,
      trace: [
        { seconds: 4, cost: null, bound: null },
        { seconds: 5, cost: null, bound: 602.5203897 },
        { seconds: 6, cost: 632.757162, bound: 602.5203897 },
        { seconds: 7, cost: 612.6715744, bound: 612.6715744 },
        { seconds: 8, cost: 612.6715744, bound: null },
      ],
    });
  });

  it('keeps a plan found before the time ran out, and none that is undefined', () => {
    const stopped = log.replace('INTEGER OPTIMAL SOLUTION FOUND', 'TIME LIMIT EXCEEDED; SEARCH TERMINATED');
    expect(read('glpsol', stopped, 's mip 2 1 f 700\nj 1 1\n')).toMatchObject({
      status: 'limit',
      bound: 612.6715744,
      values: new Map([['C0', 1]]),
    });
    expect(read('glpsol', stopped, 's mip 2 1 u 0\nj 1 0\n')).toMatchObject({ status: 'limit', values: null });
  });
});
