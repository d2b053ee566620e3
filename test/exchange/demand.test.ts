/** Traces under the names of public ones, counted by hand; and the way back from the table to windows. */
import { describe, expect, it } from 'vitest';
import { demandColumns, demandOfTrace, readDemand } from '../../src/exchange/index.ts';
import { InputError } from '../../src/input/inputError.ts';
import { toCsv } from '../../src/report/csv.ts';

const azure = `TIMESTAMP,ContextTokens,GeneratedTokens
2023-11-16 18:15:46.6805900,374,44
2023-11-16 18:15:50.9951690,396,109
2023-11-16 18:17:00.0000000,3000,55
2023-11-16 18:21:00.0000000,500,100
`;

describe('demand of a trace', () => {
  it('has a query type for each class of lengths, with rates and means by window', async () => {
    const { rows, queryTypes, requests } = await demandOfTrace(azure, { window: 5 / 60 });
    expect(requests).toBe(4);
    // Two short requests in the first five minutes are 24 an hour; one in the second is 12.
    expect(rows).toEqual([
      { start: 0, hours: 5 / 60, queryType: 'in-512 out-128', rate: 24, inputTokens: 385, outputTokens: 76.5 },
      { start: 0, hours: 5 / 60, queryType: 'in-8192 out-128', rate: 12, inputTokens: 3000, outputTokens: 55 },
      { start: 5 / 60, hours: 5 / 60, queryType: 'in-512 out-128', rate: 12, inputTokens: 500, outputTokens: 100 },
      { start: 5 / 60, hours: 5 / 60, queryType: 'in-8192 out-128', rate: 0, inputTokens: null, outputTokens: null },
    ]);
    expect(queryTypes[0]).toMatchObject({ name: 'in-512 out-128', rate: 24 });
    expect(queryTypes[0].inputTokens).toBeCloseTo((374 + 396 + 500) / 3, 9);
  });

  it.each([
    [
      'BurstGPT',
      'Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n5,ChatGPT,472,18,490,Conversation log\n45,ChatGPT,1087,230,1317,Conversation log\n',
      {},
    ],
    ['simulators', 'arrived_at,num_prefill_tokens,num_decode_tokens\n5,472,18\n45,1087,230\n', {}],
    [
      'milliseconds',
      'timestamp;input_length;output_length\n5000;472;18\n45000;1087;230\n',
      { timeUnit: 'ms' as const },
    ],
  ])('reads the columns of %s', async (_, text, options) => {
    const { rows } = await demandOfTrace(text, { window: 1 / 60, ...options });
    expect(rows.map(({ queryType, rate }) => [queryType, rate])).toEqual([
      ['in-512 out-128', 60],
      ['in-2048 out-512', 60],
    ]);
  });

  it('has classes of one’s own, the last without an end', async () => {
    const { queryTypes } = await demandOfTrace(azure, { window: 1, inputClasses: [400], outputClasses: [] });
    expect(queryTypes.map(({ name }) => name)).toEqual(['in-400 out-any', 'in-400+ out-any']);
  });

  it('counts every request once, whatever the window', async () => {
    const text = `time,input,output\n`.replace('input', 'input_tokens').replace('output', 'output_tokens');
    const lines = Array.from(
      { length: 500 },
      (_, t) => `${((t * 7919) % 5000) / 10},${(t * 37) % 9000},${(t * 13) % 700}`,
    );
    for (const window of [7 / 3600, 1 / 60, 1]) {
      const { rows } = await demandOfTrace(`${text}${lines.join('\n')}`, { window });
      expect(rows.reduce((sum, { rate, hours }) => sum + rate * hours, 0)).toBeCloseTo(500, 6);
    }
  });

  it('comes back from its table as windows', async () => {
    const { rows } = await demandOfTrace(azure, { window: 5 / 60 });
    const windows = await readDemand(
      toCsv(
        demandColumns,
        rows.map((row) => ({ ...row })),
      ),
    );
    expect(windows).toEqual([
      { start: 0, hours: 5 / 60, rates: { 'in-512 out-128': 24, 'in-8192 out-128': 12 } },
      { start: 5 / 60, hours: 5 / 60, rates: { 'in-512 out-128': 12, 'in-8192 out-128': 0 } },
    ]);
  });

  it.each([
    [
      'a trace without tokens',
      () => demandOfTrace('timestamp,size\n1,2\n', { window: 1 }),
      'a column with the input tokens',
    ],
    [
      'a time that is none',
      () => demandOfTrace('time,input_tokens,output_tokens\nnoon,1,1\n', { window: 1 }),
      'line 2, time: found "noon"',
    ],
    [
      'times in another unit',
      () => demandOfTrace('time,input_tokens,output_tokens\n0,1,1\n99999999999,1,1\n', { window: 1 / 60 }),
      '--time-unit ms',
    ],
    ['no requests', () => demandOfTrace('time,input_tokens,output_tokens\n', { window: 1 }), 'one request or more'],
    ['a table of something else', () => readDemand('a,b\n1,2\n'), 'a column start'],
    ['a window with two lengths', () => readDemand('start,hours,queryType,rate\n0,1,a,1\n0,2,b,1\n'), 'line 3, hours'],
  ])('refuses %s', async (_, act, expected) => {
    const error = await act().then(
      () => null,
      (caught: unknown) => caught,
    );
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).message).toContain(expected);
  });
});
