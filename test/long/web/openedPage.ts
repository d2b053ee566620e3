/** What a person does on the page, for the tests. */
import type { Locator, Page } from 'playwright-core';

/** Presses Solve and waits for its end, whatever tab is shown. */
export async function solveOnly(page: Page): Promise<void> {
  const button = page.getByRole('button', { name: 'Solve', exact: true });
  await button.click();
  await button.waitFor({ timeout: 60_000 });
}

/** Solves and returns the headline of the plan's tab, which must be shown. */
export async function solve(page: Page): Promise<string> {
  await solveOnly(page);
  return (await page.locator('.headline').textContent()) ?? '';
}

export async function beginWith(page: Page, template: string): Promise<void> {
  await page.getByLabel('Begin with a template').selectOption({ label: template });
}

/** Opens files as if they had been chosen. */
export async function openFiles(
  page: Page,
  files: readonly { readonly name: string; readonly text: string }[],
): Promise<void> {
  const buffers = files.map(({ name, text }) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) }));
  await page.getByLabel('Files to open').setInputFiles(buffers);
}

export async function showTab(page: Page, name: string): Promise<void> {
  await page.getByRole('tab', { name }).click();
}

/** The panel of the tab that is shown; those that were shown before stay, hidden. */
export function tabPanel(page: Page): Locator {
  return page.getByRole('tabpanel');
}
