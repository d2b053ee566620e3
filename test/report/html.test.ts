import { createHash } from 'node:crypto';
import vm from 'node:vm';
import { describe, expect, it } from 'vitest';
import {
  escapeHtml,
  figureSection,
  htmlPage,
  sortableTable,
  sortScript,
  sortScriptHash,
} from '../../src/report/html.ts';

const hostile = `<script>alert("x")</script> & 'y'`;

describe('pages', () => {
  it('escape whatever comes from outside', () => {
    expect(escapeHtml(hostile)).toBe(`&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; 'y'`);
    const table = sortableTable([{ name: hostile, heading: hostile }], [{ [hostile]: hostile }], () => false);
    const page = htmlPage(hostile, hostile, [table, figureSection(hostile, '<svg/>')]);
    expect(page).not.toContain('<script>');
    expect(page.match(/&lt;script&gt;/g)!.length).toBeGreaterThanOrEqual(6);
  });

  it('run no script but ours, and load nothing', () => {
    const hash = createHash('sha256').update(sortScript).digest('base64');
    expect(sortScriptHash).toBe(`'sha256-${hash}'`);
    const policy = (page: string) => /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1];
    const others = "style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";
    expect(policy(htmlPage('Title', 'Facts', []))).toBe(`default-src 'none'; ${others}`);
    const sorting = policy(htmlPage('Title', 'Facts', [], sortScript));
    expect(sorting).toBe(`default-src 'none'; script-src ${sortScriptHash}; ${others}`);
  });

  it('need nothing from the network', () => {
    const page = htmlPage('Title', 'Facts', [], sortScript);
    expect(page).not.toMatch(/(src|href)=|@import|url\(/);
  });
});

describe('sortableTable', () => {
  it('shows missing values as empty cells, long numbers in short and exactly in their data', () => {
    const columns = ['cost', 'status'].map((name) => ({ name, heading: name }));
    const table = sortableTable(columns, [{ cost: 1 / 3, status: null }], () => true);
    expect(table).toContain('<tr class="without-plan"><td data-value="0.3333333333333333">0.333333</td>');
    expect(table).toContain('<td></td>');
  });

  it('sorts numbers as numbers, missing values last both ways', () => {
    const page = tableDouble([['10'], ['9'], [''], ['-1.5']]);
    expect(page.click()).toEqual(['-1.5', '9', '10', '']);
    expect(page.click()).toEqual(['10', '9', '-1.5', '']);
  });

  it('sorts numbers by all their digits', () => {
    expect(tableDouble([['1.23456789'], ['1.23456788']]).click()).toEqual(['1.23456788', '1.23456789']);
  });

  it('sorts words by the alphabet', () => {
    expect(tableDouble([['split'], ['optimal'], ['single']]).click()).toEqual(['optimal', 'single', 'split']);
  });
});

/** Just enough of a page for the script: one table with one column. */
function tableDouble(values: readonly (readonly string[])[]): { click(): string[] } {
  let listener = (): void => {};
  const attributes = new Map<string, string>();
  const head = {
    firstChild: {
      addEventListener: (_: string, added: () => void) => {
        listener = added;
      },
    },
    getAttribute: (name: string) => attributes.get(name) ?? null,
    setAttribute: (name: string, value: string) => attributes.set(name, value),
    removeAttribute: (name: string) => attributes.delete(name),
  };
  type Row = { cells: { dataset: { value?: string }; textContent: string }[] };
  let rows: Row[] = values.map((row) => ({
    cells: row.map((value) => ({ dataset: value.length > 6 ? { value } : {}, textContent: value.slice(0, 6) })),
  }));
  const body = {
    get rows() {
      return rows;
    },
    append: (...sorted: Row[]) => {
      rows = sorted;
    },
  };
  const table = { tHead: { rows: [{ cells: [head] }] }, tBodies: [body] };
  vm.runInNewContext(sortScript, { document: { querySelectorAll: () => [table] } });
  return {
    click: () => {
      listener();
      return rows.map(({ cells }) => cells[0].dataset.value ?? cells[0].textContent);
    },
  };
}
