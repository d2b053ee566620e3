/** Importers on made files with published or hand-calculated answers, and on files that are broken or of others. */
import { describe, expect, it } from 'vitest';
import { parseFleet } from '../../../src/exchange/fleet.ts';
import { fleetText, type ImportFormat, type ImportOptions, importFleet } from '../../../src/exchange/index.ts';
import { compileFleet } from '../../../src/generator/fleet/compileFleet.ts';
import { InputError } from '../../../src/input/inputError.ts';
import { optimize } from '../../../src/planner/optimize.ts';
import { aibrix, infernoSystem, melange, sweepHeader, sweepRow, systemYaml } from '../samples.ts';

type Files = Readonly<Record<string, unknown>>;

const read = (format: ImportFormat, files: Files, options: ImportOptions = {}) =>
  importFleet(
    format,
    Object.entries(files).map(([name, data]) => ({
      name,
      text: typeof data === 'string' ? data : JSON.stringify(data),
    })),
    options,
  );

async function issuesOf(reading: Promise<unknown>): Promise<string> {
  const error = await reading.then(
    () => null,
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(InputError);
  return (error as InputError).message;
}

describe('Mélange', () => {
  it('costs what its authors publish: 6.70 $/h with sizes placed whole, 4.68 split', async () => {
    const { fleet } = await read('melange', { 'm.json': melange });
    const instance = compileFleet(fleet);
    expect(optimize(instance, { placement: 'single' }).cost?.total).toBeCloseTo(6.7, 9);
    expect(optimize(instance, { placement: 'split' }).cost?.total).toBeCloseTo(4.68, 6);
  });

  it('is a fleet that stays the same through the text that people edit', async () => {
    const { fleet, leftOut } = await read('melange', { 'm.json': melange });
    const text = fleetText(fleet, leftOut);
    expect(parseFleet(text)).toEqual(fleet);
    expect(text).toMatch(/^# slice_factor/);
    expect(text).toContain('  - { name: in0-out0, rate: 21600, ');
  });

  it('forbids sizes that a GPU cannot serve, and drops those without traffic', async () => {
    const data = structuredClone(melange);
    data.gpu_info.A10G.tputs[1] = [0, 2];
    data.workload_distribution = [
      [0.4, 0],
      [0.4, 0.2],
    ];
    const { fleet } = await read('melange', { 'm.json': data });
    expect(fleet.queryTypes.map(({ name }) => name)).toEqual(['in0-out0', 'in1-out0', 'in1-out1']);
    const { plan } = optimize(compileFleet(fleet));
    expect(plan?.routing.find(({ queryType }) => queryType === 'in1-out0')?.tier).toBe('A100-80GB');
  });

  it('tells every fault at once', async () => {
    const data = {
      gpu_info: { A10G: { cost: -1, tputs: [[2]] }, A100: { cost: 1, tputs: [[1, 'x']] } },
      workload_distribution: [[0.5, 0.6]],
      total_request_rate: 0,
    };
    const text = await issuesOf(read('melange', { 'm.json': data }, { prices: { H100: 2 } }));
    expect(text).toContain('gpu_info.A10G.cost: found -1');
    expect(text).toContain('gpu_info.A10G.tputs[0][1]: found missing');
    expect(text).toContain('gpu_info.A100.tputs[0][1]: found "x"');
    expect(text).toContain('workload_distribution: found 1.1, expected shares that sum to 1');
    expect(text).toContain('total_request_rate: found 0');
    expect(text).toContain('prices.H100: found 2, expected the name of a GPU: A10G, A100');
  });

  it('warns of cents in place of dollars', async () => {
    const data = structuredClone(melange);
    data.gpu_info['A100-80GB'].cost = 36700;
    const { warnings } = await read('melange', { 'm.json': data });
    expect(warnings.join()).toContain('gpu_info["A100-80GB"].cost: 36700 is far');
  });
});

describe('AIBrix', () => {
  // NaN is no JSON: as Python writes it.
  const text = JSON.stringify(aibrix).replaceAll('"NaN"', 'NaN');

  it('reads rows as output tokens and columns as input tokens', async () => {
    const { fleet } = await read('aibrix', { 'l20.json': text }, { rates: { '512x64': '10 /s' } });
    expect(fleet.queryTypes).toEqual([{ name: '512x64', rate: '10 /s', inputTokens: 512, outputTokens: 64 }]);
    expect(fleet.profiles).toEqual([
      { model: 'model', gpu: 'L20', tp: 1, measured: [{ queryType: '512x64', rate: 4 * 3600 }] },
    ]);
    // 10 / 4 queries per second: three GPUs at 1.50 $/h.
    expect(optimize(compileFleet(fleet)).cost?.total).toBeCloseTo(4.5, 9);
  });

  it('forbids zeros and says where there is no data', async () => {
    const {
      fleet,
      read: sentences,
      leftOut,
    } = await read(
      'aibrix',
      {
        'l20.json': text,
        'v100.json': {
          ...aibrix,
          gpu: 'V100',
          tputs: [
            [1, 1, 1],
            [1, 1, 1],
          ],
        },
      },
      { rates: { '2048x64': 3600, '2048x256': 3600 } },
    );
    expect(sentences.join('\n')).toContain('L20 cannot keep its objectives for 2048x64');
    expect(leftOut.join('\n')).toContain('L20 has no data for 2048x256');
    const result = optimize(compileFleet(fleet), { placement: 'split' });
    expect(result.plan?.routing.map(({ tier }) => tier)).toEqual(['V100', 'V100']);
  });

  it('does not plan without traffic', async () => {
    expect(await issuesOf(read('aibrix', { 'l20.json': text }))).toMatch(/^rates: .*--rate 128x64=3\/s/);
  });

  it('takes latencies in seconds where every profile has them', async () => {
    const table = (value: number) => [
      [value, value, value],
      [value, value, value],
    ];
    const data = { ...aibrix, tputs: table(2), ttft: table(0.25), e2e: table(3.4) };
    const rates = { '128x64': 60 };
    const { fleet } = await read('aibrix', { 'a.json': data }, { rates, limits: { ttft: 300, tpot: 50 } });
    const [entry] = fleet.profiles[0].measured!;
    expect(entry).toMatchObject({ ttft: 250 });
    // (3.4 s - 0.25 s) over 63 further tokens.
    expect(entry.tpot).toBeCloseTo(50, 9);
    expect(optimize(compileFleet(fleet)).status).toBe('optimal');
    const tight = await read('aibrix', { 'a.json': data }, { rates, limits: { ttft: 200 } });
    expect(optimize(compileFleet(tight.fleet)).status).toBe('infeasible');
  });
});

describe('AIConfigurator', () => {
  const csv = `${sweepHeader}\n${sweepRow}\n`;

  it('turns a row into replicas: 12 queries/s at 4.214 a replica and utilization 0.8 are 4 of 2 GPUs', async () => {
    const options = { prices: { H200: 3.2 }, rates: { '2048x512': '12 /s' } };
    const { fleet } = await read('aiconfigurator', { 'sweep.csv': csv }, options);
    const { plan, cost } = optimize(compileFleet(fleet));
    expect(plan?.deployments).toEqual([{ model: 'Qwen3-32B', tier: 'H200', tpDegree: 2, replicas: 4, gpus: 8 }]);
    expect(cost?.total).toBeCloseTo(8 * 3.2, 9);
  });

  it('takes memory and what is reserved of it from the description of the system', async () => {
    const options = { prices: { h200_sxm: 3.2 }, rates: { '2048x512': 3600 } };
    const { fleet } = await read('aiconfigurator', { 'sweep.csv': csv, 'a/h200_sxm.yaml': systemYaml }, options);
    expect(fleet.gpus).toEqual([{ name: 'h200_sxm', price: 3.2, memory: 141, reserve: 4.5, gpusPerNode: 8 }]);
  });

  it('of several operating points takes the fastest that keeps the limits', async () => {
    const slower = sweepRow.replace(',64,488,29.1,15358.1,4.214,', ',16,210,14.6,7670.6,2.05,');
    const files = { 'sweep.csv': `${csv}${slower}\n` };
    const rated = { prices: { H200: 3.2 }, rates: { '2048x512': 3600 } };
    const rateOf = async (limits: object) => {
      const { fleet } = await read('aiconfigurator', files, { ...rated, limits });
      return Number(fleet.profiles[0].measured![0].rate) / 3600;
    };
    expect(await rateOf({})).toBeCloseTo(4.214, 12);
    expect(await rateOf({ ttft: 500 })).toBeCloseTo(4.214, 12);
    expect(await rateOf({ ttft: 400 })).toBeCloseTo(2.05, 12);
    expect(await rateOf({ tpot: 20 })).toBeCloseTo(2.05, 12);
    expect(await rateOf({ latency: '10 s' })).toBeCloseTo(2.05, 12);
    expect(await issuesOf(read('aiconfigurator', files, { ...rated, limits: { ttft: 100 } }))).toContain('profiles');
  });

  it('makes a tier of each precision, with one limit over them', async () => {
    const withGemm = `${sweepHeader},system,gemm\n${sweepRow},h200_sxm,fp8_block\n${sweepRow},h200_sxm,bfloat16\n`;
    const { fleet } = await read(
      'aiconfigurator',
      { 'sweep.csv': withGemm },
      { prices: { h200_sxm: 3.2 }, rates: { '2048x512': 3600 }, available: { h200_sxm: 16 } },
    );
    expect(fleet.gpus.map(({ name }) => name)).toEqual(['h200_sxm FP8', 'h200_sxm BF16']);
    expect(fleet.limits).toEqual([
      { name: 'h200_sxm', unit: 'GPUs', perGpu: { 'h200_sxm FP8': 1, 'h200_sxm BF16': 1 }, most: 16 },
    ]);
  });

  it('asks for prices and traffic together', async () => {
    const text = await issuesOf(read('aiconfigurator', { 'sweep.csv': csv, 'h200_sxm.yaml': systemYaml }));
    expect(text).toContain('--rate 2048x512=12/s');
    expect(text).toContain('--price h200_sxm=3.2');
  });
});

const tables = {
  'queryTypes.csv': 'name;rate;inputTokens;outputTokens\nchat;12 /s;900;300\n',
  'models.csv': 'name;weights.FP8;weights.BF16;cachePerToken;tpDegrees\n8B;8 GB;16 GB;131 kB;1 2\n',
  'gpus.csv': 'name;memory;price;precision\nH100;80 GB;2.49 $/h;FP8\n',
  'measured.csv': 'model;gpu;tp;queryType;rate\n8B;H100;1;chat;5 /s\n8B;H100;2;chat;9 /s\n',
};

describe('tables of one’s own', () => {
  it('make a fleet, as CSV with any delimiter', async () => {
    const { fleet } = await read('tables', tables, { utilization: 1, period: 24 });
    expect(fleet.models[0]).toEqual({
      name: '8B',
      weights: { FP8: '8 GB', BF16: '16 GB' },
      cachePerToken: '131 kB',
      tpDegrees: [1, 2],
    });
    // Three replicas of one GPU; two of two would be four GPUs.
    expect(optimize(compileFleet(fleet)).cost?.total).toBeCloseTo(3 * 2.49 * 24, 9);
  });

  it('make the same fleet as sheets of a YAML', async () => {
    const fromCsv = await read('tables', tables);
    const { fleet } = await read('tables', {
      'fleet.yaml': fleetText(fromCsv.fleet).replace('format: rolla-fleet/1\n', ''),
    });
    expect(fleet).toEqual(fromCsv.fleet);
  });

  it('tell faults by file, line and column', async () => {
    const broken = {
      ...tables,
      'gpus.csv': 'name;memory;price\nH100;80 GB;cheap\n',
      'measured.csv': `${tables['measured.csv']}8B;H100;4;chit;5 /s\n`,
    };
    const text = await issuesOf(read('tables', broken));
    expect(text).toContain('gpus.csv: line 2, price: found "cheap"');
    expect(text).toContain('measured.csv: line 4, queryType: found "chit"');
  });

  it('refuse a row that is cut off, a column that is there twice, a sheet that is missing', async () => {
    const cut = { ...tables, 'measured.csv': tables['measured.csv'].slice(0, -8) };
    expect(await issuesOf(read('tables', cut))).toContain('measured.csv: line 3: found 4 fields, expected 5');
    const twice = { ...tables, 'gpus.csv': 'name;price;price\nH100;1;2\n' };
    expect(await issuesOf(read('tables', twice))).toContain('gpus.csv: line 1, column 3: found "price"');
    const { 'models.csv': _, ...fewer } = tables;
    expect(await issuesOf(read('tables', fewer))).toContain('models: found missing, expected a table of models');
  });

  it('keep to the limit on aliases of YAML', async () => {
    const bomb = `a: &a [1,1,1,1,1,1,1,1,1]\n${'bcdefgh'
      .split('')
      .map((key, t) => `${key}: &${key} [${Array(9).fill(`*${'abcdefg'[t]}`).join(',')}]`)
      .join('\n')}\n`;
    expect(await issuesOf(read('tables', { 'bomb.yaml': bomb }))).toContain('few aliases');
  });
});

describe('what is missing', () => {
  const csv = `${sweepHeader}\n${sweepRow}\n`;
  it.each<[ImportFormat, Files]>([
    ['aiconfigurator', { 's.csv': csv, 'h200_sxm.yaml': systemYaml }],
    ['aiconfigurator', { 's.csv': csv }],
    ['aibrix', { 'p.json': aibrix }],
  ])('of %s is asked for in the words of a form, where there is one', async (format, files) => {
    const flags = await issuesOf(read(format, files));
    expect(flags).toMatch(/--rate \d+x\d+=/);
    const form = await issuesOf(read(format, files, { askedBy: 'field' }));
    expect(form).toMatch(/"\d+x\d+: \d+\/s"/);
    expect(form).not.toContain('--');
  });

  it('is left out in the words of a form as well', async () => {
    const rates = { '512x64': 60 };
    const profile = { 'p.json': aibrix };
    const told = async (askedBy: 'flag' | 'field') => {
      const { leftOut } = await read('aibrix', profile, { rates, askedBy });
      const melangeTold = await read('melange', { 'm.json': melange }, { askedBy });
      return [...leftOut, ...melangeTold.leftOut].join('\n');
    };
    expect(await told('flag')).toMatch(/--rate[\s\S]*--placement split/);
    expect(await told('field')).not.toContain('--');
  });
});

describe('numbers far from their unit', () => {
  const dear = infernoSystem(3, {});
  dear.system.acceleratorData.accelerators[0].cost = 2e7;
  const fast = { ...aibrix, tputs: aibrix.tputs.map((row) => row.map((rate) => (rate === 4 ? 4e6 : rate))) };
  const priced = { prices: { H200: 3.2 }, rates: { '2048x512': 60 } };
  it.each<[ImportFormat, Files, ImportOptions, string]>([
    ['aibrix', { 'p.json': fast }, { rates: { '512x64': 60 } }, 'tputs[0][1]: 4000000 is far from what requests per'],
    ['inferno', { 's.json': dear }, {}, 'cost: 200000 is far from what $ per hour'],
    [
      'aiconfigurator',
      { 's.csv': `${sweepHeader}\n${sweepRow.replace(',488,', ',0.00488,')}\n` },
      priced,
      '0.00488 is far',
    ],
  ])('of %s are warned of', async (format, files, options, expected) => {
    const { warnings } = await read(format, files, options);
    expect(warnings.join('\n')).toContain(expected);
  });
});

describe('files of other formats', () => {
  it.each<[ImportFormat, Files, string]>([
    ['melange', { 'p.json': aibrix }, 'p.json: found a profile of AIBrix'],
    ['aibrix', { 'm.json': melange }, 'm.json: found a JSON of Mélange'],
    ['inferno', { 'm.json': melange }, 'rolla import melange'],
    ['tables', { 's.csv': `${sweepHeader}\n${sweepRow}\n` }, 's.csv: found a sweep of AIConfigurator'],
    ['aiconfigurator', { 'i.json': { format: 'rolla-instance/1' } }, 'i.json: found a rolla-instance/1, which every'],
    ['tables', { 'f.yaml': 'format: rolla-fleet/2\n' }, 'f.yaml: found a rolla-fleet/2, expected tables'],
    ['melange', { 'p.json': { format: 'rolla-plan/1' } }, 'p.json: found a rolla-plan/1, expected a JSON of'],
    ['melange', { 'x.json': { a: 1 } }, 'x.json: found an object with keys a'],
    ['melange', { 'cut.json': JSON.stringify(melange).slice(0, 80) }, 'found the end of the text'],
    ['aibrix', { 'a.json': aibrix, 'b.json': melange, 'c.json': '[1]' }, 'c.json: found [1]'],
  ])('%s says what they are', async (format, files, expected) => {
    expect(await issuesOf(read(format, files))).toContain(expected);
  });
});
