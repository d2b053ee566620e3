/**
 * The planner page as a person uses it, in Chromium. The oracle of what it plans is the library, called here with the
 * same data; skipped where Debian's `chromium` is not installed.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, PageHost } from '../../../bench/pageHost.ts';
import { frontier } from '../../../src/analysis/frontier.ts';
import { parseVary } from '../../../src/analysis/grids.ts';
import { compileFleet } from '../../../src/generator/fleet/compileFleet.ts';
import { generateInstance, type Instance, optimize, parseInstance } from '../../../src/index.ts';
import { planAlternatives } from '../../../src/planner/alternatives.ts';
import { runCaptured, temporaryFolder } from '../../cli/capturedCli.ts';
import { aibrix, infernoSystem, melange, sweepHeader, sweepRow, systemYaml } from '../../exchange/samples.ts';
import { beginWith, openFiles, showTab, solve, solveOnly, tabPanel } from './openedPage.ts';

let host: PageHost;
const path = temporaryFolder();

const readText = (path: string) => readFileSync(new URL(`../../data/${path}`, import.meta.url), 'utf8');
/** What is pressed in every tab where names are hostile. */
const pressed = [
  'Find what binds',
  'Price robustness',
  'Draw the frontier',
  'Find alternatives',
  'Pin this plan',
  'Write the proof',
];
const total = (instance: Instance) => optimize(instance).cost!.total;

describe.skipIf(chromiumPath === undefined)('the page (skipped: chromium is not installed)', () => {
  beforeAll(async () => {
    host = await PageHost.start();
  });
  afterAll(() => host?.end());

  it('plans a template, and again after an edit, which undo takes back', async () => {
    const { page, requests, complaints } = await host.open();
    expect(await solve(page)).toContain('proven cheapest');
    const before = await page.locator('.headline strong').textContent();
    await page.getByLabel('Rate, chat').fill('80 /s');
    await page.getByLabel('Rate, chat').press('Enter');
    await page.getByText('This is of the problem before the last changes.').waitFor();
    expect(await solve(page)).toContain('proven cheapest');
    expect(await page.locator('.headline strong').textContent()).not.toBe(before);
    await page.getByRole('button', { name: 'Undo' }).click();
    expect(await page.getByLabel('Rate, chat').inputValue()).toBe('40 /s');
    await solve(page);
    expect(await page.locator('.headline strong').textContent()).toBe(before);
    expect(requests.filter((address) => !address.startsWith(host.address))).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('is loaded with the solver in less than 250 kB, packed', async () => {
    const { page, requests } = await host.open();
    await solve(page);
    expect(requests.some((address) => /thread/.test(address))).toBe(true);
    expect(host.packedBytes(requests)).toBeLessThan(250_000);
  });

  it('says what is wrong under the cell, and does not solve until it is mended', async () => {
    const { page } = await host.open();
    const cell = page.getByLabel('First token, chat');
    await cell.fill('800 kg');
    await cell.press('Tab');
    expect(await cell.getAttribute('aria-invalid')).toBe('true');
    const note = await cell.getAttribute('aria-describedby');
    expect(await page.locator(`[id="${note}"]`).textContent()).toMatch(/found "800 kg", expected a time > 0/);
    expect(await page.getByRole('button', { name: 'Solve', exact: true }).isDisabled()).toBe(true);
    await cell.fill('900 ms');
    await cell.press('Tab');
    expect(await page.getByRole('button', { name: 'Solve', exact: true }).isEnabled()).toBe(true);
  });

  it('plans an instance as the library does', async () => {
    const { page } = await host.open();
    const text = readText('instances/reference-seed42.json');
    await openFiles(page, [{ name: 'reference.json', text }]);
    await page.getByText('Opened reference.json.').waitFor();
    await solve(page);
    expect(await page.locator('.headline strong').textContent()).toBe(`$ ${total(parseInstance(text)).toFixed(2)}`);
  });

  it("plans a new user's own three query types, entered by keys and clicks", async () => {
    const { page } = await host.open();
    await beginWith(page, 'As little as possible');
    const enter = async (label: string, text: string) => {
      await page.getByLabel(label, { exact: true }).fill(text);
      await page.keyboard.press('Tab');
    };
    const row = async (placeholder: string, [name, rate, input, output, limit, most]: readonly string[]) => {
      await enter(`Name, ${placeholder}`, name);
      await enter(`Rate, ${name}`, rate);
      await enter(`Input, ${name}`, input);
      await enter(`Output, ${name}`, output);
      await enter(`${limit}, ${name}`, most);
    };
    await row('chat', ['support', '12 /s', '1500', '250', 'First token', '1 s']);
    await page.getByRole('button', { name: 'Add a query type' }).click();
    await row('query 2', ['mail drafts', '3000', '4000', '500', 'Whole query', '30 s']);
    await page.getByRole('button', { name: 'Add a query type' }).click();
    await row('query 3', ['code review', '1/s', '12000', '800', 'First token', '3000']);
    await page.getByRole('button', { name: 'Add a GPU' }).click();
    await page.getByLabel('From the catalogue, GPU 2').selectOption('l40s');
    await enter('Price, H100', '2,10');
    await page.getByText('Decimals are written with a point').waitFor();
    await page.getByLabel('Price, L40S').focus();
    await page.keyboard.press('Control+Enter');
    expect(await page.evaluate('document.activeElement.ariaLabel')).toBe('Price, H100');
    await enter('Price, H100', '2.10');
    await enter('Price, L40S', '0.85');
    await page.keyboard.press('Control+Enter');
    await page.locator('.headline').waitFor({ timeout: 60_000 });
    const own = compileFleet({
      format: 'rolla-fleet/1',
      period: '24 h',
      queryTypes: [
        { name: 'support', rate: '12 /s', inputTokens: 1500, outputTokens: 250, ttft: '1 s' },
        { name: 'mail drafts', rate: 3000, inputTokens: 4000, outputTokens: 500, latency: '30 s' },
        { name: 'code review', rate: '1 /s', inputTokens: 12_000, outputTokens: 800, ttft: '3 s' },
      ],
      models: [{ name: 'Llama-3.1-8B', catalogue: 'llama-3.1-8b' }],
      gpus: [
        { name: 'H100', catalogue: 'h100-sxm', precision: 'FP8', reserve: '6 GB', price: 2.1 },
        { name: 'L40S', catalogue: 'l40s', precision: 'FP8', price: 0.85 },
      ],
      profiles: [{ catalogue: 'all' }],
    });
    expect(await page.locator('.headline strong').textContent()).toBe(`$ ${total(own).toFixed(2)}`);
  });

  it('stops with the best plan so far', async () => {
    const { page } = await host.open();
    const large = generateInstance({ seed: 1, queryTypes: 48, models: 12, tiers: 20, unmetCap: 1 });
    await openFiles(page, [{ name: 'large.json', text: JSON.stringify(large) }]);
    await page.getByText('Opened large.json.').waitFor();
    await page.getByLabel('Variant of the problem').selectOption('paper');
    await page.getByRole('button', { name: 'Solve', exact: true }).click();
    await page.locator('.status', { hasText: /\$ / }).waitFor({ timeout: 60_000 });
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await page.locator('.headline').waitFor();
    expect(await page.locator('.headline').textContent()).toMatch(/best so far \(interrupted\)/);
  });

  it('explains why there is no plan, and what would help', async () => {
    const { page } = await host.open();
    await page.getByLabel('Budget', { exact: true }).fill('100');
    await page.getByLabel('Budget', { exact: true }).press('Enter');
    expect(await solve(page)).toContain('No plan keeps every limit');
    await page.getByText('What would help').waitFor({ timeout: 60_000 });
    expect(await page.locator('.worth').first().textContent()).toMatch(/budget from \$100 to at least \$\d/);
  });

  it('says what binds and what one more is worth', async () => {
    const { page } = await host.open();
    await page.getByLabel('Available, H200').fill('4');
    await page.getByLabel('Available, H200').press('Enter');
    await solve(page);
    await showTab(page, 'Why');
    await page.getByRole('button', { name: 'Find what binds' }).click();
    await page.getByText('What one more is worth').waitFor({ timeout: 60_000 });
    expect(await page.locator('.worth').first().textContent()).toMatch(
      /available GPUs of H200 from 4 GPUs to 5 GPUs saves \$/,
    );
  });

  it('writes a proof, checks it in another worker, and hands it out', async () => {
    const { page, complaints } = await host.open();
    await solve(page);
    await showTab(page, 'Proof');
    await page.getByRole('button', { name: 'Write the proof' }).click();
    await page.getByRole('button', { name: 'Check it' }).click({ timeout: 60_000 });
    await page.getByText('the plan and the bound hold').waitFor({ timeout: 60_000 });
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download', exact: true }).click(),
    ]);
    expect(JSON.parse(readFileSync(await file.path(), 'utf8'))).toHaveProperty('format', 'rolla-proof/1');
    expect(complaints).toEqual([]);
  });

  it('draws a frontier and finds alternatives, as the library does', async () => {
    const { page, complaints } = await host.open();
    const text = readText('instances/reference-seed42.json');
    const reference = parseInstance(text);
    await openFiles(page, [{ name: 'reference.json', text }]);
    await page.getByText('Opened reference.json.').waitFor();
    await solve(page);
    await showTab(page, 'Frontier');
    await page.getByLabel('Cost over').selectOption('error');
    await page.getByLabel('From').fill('0.9');
    await page.getByLabel('To', { exact: true }).fill('1.2');
    await page.getByLabel('Points').fill('4');
    await page.getByRole('button', { name: 'Draw the frontier' }).click();
    await page.getByRole('button', { name: 'Draw the frontier' }).waitFor({ timeout: 60_000 });
    const { points } = frontier(reference, parseVary('error=0.9,1,1.1,1.2'));
    const cells = (column: number) => tabPanel(page).locator(`tbody td:nth-child(${column})`).allTextContents();
    expect(await cells(3)).toEqual(points.map(({ cost }) => cost!.total.toFixed(2)));
    expect(await cells(7)).toEqual(points.map(({ isDominated }) => (isDominated ? 'dominated' : 'no')));
    expect(await tabPanel(page).locator('circle').count()).toBe(4);
    expect(await tabPanel(page).locator('circle.hollow').count()).toBe(
      points.filter(({ isDominated }) => isDominated).length,
    );
    writeFileSync(path('instance.json'), text);
    const shown = await tabPanel(page).locator('.command').textContent();
    const words = shown!.split(' ').slice(2);
    const { exitCode } = await runCaptured(words.map((word) => (word.endsWith('.json') ? path(word) : word)));
    expect(exitCode).toBe(0);
    const { points: commanded } = JSON.parse(readFileSync(path('frontier.json'), 'utf8'));
    expect(commanded).toEqual(JSON.parse(JSON.stringify(points)));
    await showTab(page, 'Alternatives');
    await page.getByLabel(/^Plans/).selectOption('3');
    await page.getByRole('button', { name: 'Find alternatives' }).click();
    await page.getByText('Status: complete').waitFor({ timeout: 60_000 });
    const { alternatives } = planAlternatives(reference, { count: 3 });
    expect(await cells(2)).toEqual(alternatives.map(({ cost }) => cost.total.toFixed(2)));
    expect(complaints).toEqual([]);
  });

  it('prices robustness, compares with a pinned plan, and shows deployment files', async () => {
    const { page, complaints } = await host.open();
    await solve(page);
    await showTab(page, 'Robustness');
    await page.getByRole('button', { name: 'Price robustness' }).click();
    await tabPanel(page).locator('table tbody tr').nth(5).waitFor({ timeout: 60_000 });
    await showTab(page, 'Compare');
    await page.getByRole('button', { name: 'Pin this plan' }).click();
    await page.getByLabel('Rate, chat').fill('90 /s');
    await page.getByLabel('Rate, chat').press('Enter');
    await solveOnly(page);
    await tabPanel(page).getByText('1. Add').waitFor();
    expect(await tabPanel(page).textContent()).toMatch(/1\. Add.*Llama/s);
    await showTab(page, 'Deploy');
    await page.locator('.file', { hasText: 'kind: Deployment' }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('restores a link, and after a reload what was edited last', async () => {
    const { page } = await host.open();
    await page.getByLabel('Name, chat').fill('talk <b>&</b>');
    await page.getByLabel('Name, chat').press('Enter');
    await page.getByLabel('Plan for').selectOption('none');
    await page.getByRole('button', { name: 'Link' }).click();
    await page.locator('.message').waitFor();
    const link = page.url();
    const other = await host.open(link);
    expect(await other.page.getByLabel('Name, talk <b>&</b>').inputValue()).toBe('talk <b>&</b>');
    expect(await other.page.getByLabel('Plan for').inputValue()).toBe('none');
    expect(other.requests.some((address) => address.includes('draft='))).toBe(false);
    await page.waitForTimeout(600);
    await page.goto(host.address);
    expect(await page.getByLabel('Name, talk <b>&</b>').inputValue()).toBe('talk <b>&</b>');
  });

  it('opens a page of one file from disk, and plans there without the network', async () => {
    const { page, requests, complaints } = await host.open(host.fileAddress, { offline: true });
    expect(await solve(page)).toContain('proven cheapest');
    await showTab(page, 'Why');
    await page.getByRole('button', { name: 'Find what binds' }).click();
    await page.getByText('What one more is worth').waitFor({ timeout: 60_000 });
    await showTab(page, 'Deploy');
    await page.locator('.file', { hasText: 'kind: Deployment' }).waitFor();
    await openFiles(page, [{ name: 'melange.json', text: JSON.stringify(melange) }]);
    await page.getByText(/Imported from melange/).waitFor();
    expect(requests).toEqual([host.fileAddress]);
    expect(complaints).toEqual([]);
  });

  it('has a policy without inline script, and one that forbids requests', async () => {
    const { page } = await host.open();
    const policy = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content');
    expect(policy).toMatch(/default-src 'none'; script-src 'self';/);
    expect(policy).not.toContain('unsafe');
    const sent = await page.evaluate(async () =>
      fetch('/').then(
        () => 'sent',
        () => 'refused',
      ),
    );
    expect(sent).toBe('refused');
  });

  it.each([
    ['melange', [{ name: 'melange.json', text: JSON.stringify(melange) }], {}],
    [
      'aibrix',
      [{ name: 'aibrix.json', text: JSON.stringify(aibrix).replaceAll('"NaN"', 'NaN') }],
      { rates: '128x64: 2 /s, 512x256: 1 /s' },
    ],
    [
      'aiconfigurator',
      [
        { name: 'sweep.csv', text: `${sweepHeader}\n${sweepRow}\n` },
        { name: 'h200_sxm.yaml', text: systemYaml },
      ],
      { rates: '2048x512: 2 /s', price: '3' },
    ],
    ['inferno', [{ name: 'inferno.json', text: JSON.stringify(infernoSystem(6, { A100: 100, G2: 100 })) }], {}],
    [
      'tables',
      [
        { name: 'queryTypes.csv', text: 'name,rate,inputTokens,outputTokens\nchat,10 /s,900,300\n' },
        { name: 'models.csv', text: 'name,weights,cachePerToken\nsmall,16 GB,131 kB\n' },
        { name: 'gpus.csv', text: 'name,memory,price\nA,80 GB,2 $/h\n' },
        { name: 'measured.csv', text: 'model,gpu,queryType,rate\nsmall,A,chat,7200 /h\n' },
      ],
      {},
    ],
  ] as const)('imports %s, asks for what it lacks, and plans it', async (format, files, given) => {
    const { page, complaints } = await host.open();
    await openFiles(page, files);
    const done = page.getByText(`Imported from ${format}`);
    await done
      .or(page.getByRole('button', { name: 'Import' }))
      .first()
      .waitFor();
    const answers: Readonly<Record<string, string>> = given;
    // Prices first, rates once prices are known.
    for (let round = 0; round < 3 && !(await done.isVisible()); round++) {
      for (const field of await page.locator('.import input[required]').all()) {
        const label = (await field.locator('xpath=..').textContent()) ?? '';
        const isList = label.includes(' each ');
        await field.fill((label.startsWith('Price') ? answers.price : isList ? answers.rates : answers.rate) ?? '');
      }
      await page.getByRole('button', { name: 'Import' }).click();
      await page.waitForTimeout(500);
    }
    await done.waitFor();
    expect(await solve(page)).toMatch(/proven cheapest/);
    expect(complaints).toEqual([]);
  });

  it('shows hostile names as text everywhere', async () => {
    const { page, requests, complaints } = await host.open();
    await openFiles(page, [{ name: '<img src=x onerror=1>.json', text: readText('instances/evil-names.json') }]);
    await solve(page);
    for (const tab of await page.getByRole('tab').all()) {
      await tab.click();
      for (const name of pressed) {
        const button = page.getByRole('button', { name });
        if (await button.isVisible()) await button.click();
      }
      await page.waitForTimeout(500);
    }
    await page.getByRole('button', { name: 'Command' }).click();
    expect(await page.evaluate("[document.title, 'PWN' in globalThis]")).toEqual(['rolla: plan a fleet', false]);
    expect(await page.locator('img, script:not([src]), iframe, object').count()).toBe(0);
    expect(requests.filter((address) => !address.startsWith(host.address))).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('prints all tables, and has them closed again afterwards', async () => {
    const { page } = await host.open();
    await solve(page);
    const openAt = async (moment: string) => {
      await page.evaluate(`dispatchEvent(new Event('${moment}'))`);
      return page.getByRole('table').filter({ hasText: 'Left side' }).isVisible();
    };
    expect(await openAt('beforeprint')).toBe(true);
    expect(await openAt('afterprint')).toBe(false);
  });

  it('takes everything along, with the command that gives the same result', async () => {
    const { page } = await host.open();
    await beginWith(page, 'As little as possible');
    await solve(page);
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download all' }).click(),
    ]);
    const archive = readFileSync(await file.path());
    for (const name of ['fleet.json', 'command.txt', 'result.json', 'report.html', 'plan.json', 'kubernetes.yaml']) {
      expect(archive.includes(name)).toBe(true);
    }
    expect(archive.includes('npx rolla solve fleet.json -o result.json')).toBe(true);
  });
});
