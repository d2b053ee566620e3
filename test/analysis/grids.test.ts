import { describe, expect, it } from 'vitest';
import { cellValues, gridSize, parseVary, publishedGrids, range } from '../../src/analysis/grids.ts';
import { InputError } from '../../src/input/inputError.ts';
import { publishedRows as published } from '../oracle/publishedRows.ts';

describe('published grids', () => {
  it('have the published sizes', () => {
    const sizes = Object.fromEntries(Object.entries(publishedGrids).map(([name, grid]) => [name, gridSize(grid)]));
    expect(sizes).toEqual({ 'cost-budget': 30, 'delay-error': 55, 'gpu-cost-error': 121, 'memory-error': 64 });
  });

  it.each([
    ['cost-budget', 'sensitivity_cost_budget_20251106', ['priceScale', 'budgetScale']],
    ['delay-error', 'sensitivity_delay_error_threshold', ['delayScale', 'errorScale']],
    ['gpu-cost-error', 'sensitivity_gpu_cost_error', ['priceScale', 'errorScale']],
    ['memory-error', 'sensitivity_memory_error', ['memoryScale', 'errorScale']],
  ] as const)('%s numbers its cells as the published file does', (name, source, columns) => {
    const rows = published.filter((row) => row.source!.startsWith(source));
    expect(rows.length).toBeGreaterThan(20);
    for (const row of rows) {
      const values = cellValues(publishedGrids[name], Number(row.row));
      expect(values).toEqual(columns.map((column) => Number(row[column])));
      expect(publishedGrids[name].unmetCapPerRate).toBe(Number(row.unmetCapPerRate));
    }
  });
});

describe('range', () => {
  it('includes both ends and gives exact decimals', () => {
    expect(range(0.4, 0.65, 0.05)).toEqual([0.4, 0.45, 0.5, 0.55, 0.6, 0.65]);
    expect(range(0.4, 1.4, 0.1)).toHaveLength(11);
  });
});

describe('parseVary', () => {
  it('reads ranges, lists and options', () => {
    expect(parseVary('price=0.4:0.6:0.1').values).toEqual([0.4, 0.5, 0.6]);
    expect(parseVary('budget=0.3,0.35').values).toEqual([0.3, 0.35]);
    expect(parseVary('placement=single,split').values).toEqual(['single', 'split']);
  });

  it.each([
    ['price', 'name=from:to:step'],
    ['nonsense=1,2', 'one of price'],
    ['price=1:0:0.1', 'to >= from'],
    ['price=0:1:0', 'step > 0'],
    ['price=-1,2', 'a number >= 0'],
    ['memory=0,1', 'a number > 0'],
    ['price=1,1', 'different values'],
    ['price=abc', 'a number >= 0'],
    ['placement=both', 'one of single, split'],
    ['max-replicas=1.5', 'an integer >= 1'],
    ['unmet-cap=2', 'a fraction'],
    ['price=0:1e9:0.1', 'at most 10,000 values'],
  ])('refuses %s', (text, expected) => {
    expect(() => parseVary(text)).toThrow(InputError);
    expect(() => parseVary(text)).toThrow(expected);
  });
});
