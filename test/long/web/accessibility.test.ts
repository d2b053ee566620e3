/** The page against the rules of axe-core: no serious finding, light and dark, wide and on a phone. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, PageHost } from '../../../bench/pageHost.ts';
import { showTab, solve } from './openedPage.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
interface Finding {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

let host: PageHost;

describe.skipIf(chromiumPath === undefined)('accessibility (skipped: chromium is not installed)', () => {
  beforeAll(async () => {
    host = await PageHost.start();
  });
  afterAll(() => host?.end());

  it.each([
    [1300, 'light'],
    [1300, 'dark'],
    [390, 'light'],
    [390, 'dark'],
  ] as const)('at %i px, %s', async (width, colorScheme) => {
    const { page } = await host.open(undefined, { viewport: { width, height: 900 }, colorScheme, bypassCSP: true });
    const findings: string[] = [];
    const look = async (where: string) => {
      await page.evaluate(axe);
      const { violations } = (await page.evaluate('axe.run()')) as { readonly violations: readonly Finding[] };
      for (const { id, impact, nodes } of violations) {
        if (impact !== 'serious' && impact !== 'critical') continue;
        findings.push(`${where}: ${id}: ${nodes[0].html.slice(0, 200)} ${nodes[0].failureSummary}`);
      }
    };
    await page.getByLabel('Rate, chat').fill('fast');
    await page.getByLabel('Rate, chat').press('Tab');
    await look('with a fault');
    await page.getByRole('button', { name: 'Undo' }).click();
    await solve(page);
    await page.locator('details').evaluateAll((all) => {
      for (const each of all) each.setAttribute('open', '');
    });
    await look('plan');
    for (const tab of ['Why', 'Robustness', 'Frontier', 'Alternatives', 'Compare', 'Proof', 'Deploy']) {
      await showTab(page, tab);
      for (const name of [
        'Find what binds',
        'Price robustness',
        'Draw the frontier',
        'Find alternatives',
        'Pin this plan',
      ]) {
        const button = page.getByRole('button', { name });
        if (await button.isVisible()) await button.click();
      }
      await page.waitForTimeout(1000);
      await look(tab);
    }
    expect(findings).toEqual([]);
  });

  it('is worked by the keyboard alone', async () => {
    const { page } = await host.open();
    await page.keyboard.press('Control+Enter');
    await page.locator('.headline').waitFor({ timeout: 60_000 });
    await page.getByRole('tab', { name: 'Plan' }).focus();
    await page.keyboard.press('ArrowRight');
    expect(await page.getByRole('tab', { name: 'Why' }).getAttribute('aria-selected')).toBe('true');
    await page.keyboard.press('End');
    expect(await page.getByRole('tab', { name: 'Deploy' }).getAttribute('aria-selected')).toBe('true');
  });
});
