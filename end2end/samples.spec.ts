// The samples of an operation: one language at a time, remembered, copied; and the server that they call.

import type { Page } from '@playwright/test';

import { expect, test } from './test.ts';

const PARCELS = '/docs/parcels/2026-09/operations';

test('a language that was chosen is open on the next page too, and is what is copied', async ({ page }) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await open(page, `${PARCELS}/createShipment`);
  expect(await openSample(page)).toMatch(/^curl /);
  await language(page, 'Python').click();
  expect(await openSample(page)).toMatch(/^import os\n/);
  await page.getByRole('button', { name: 'Copy the request' }).click();
  await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(await openSample(page));

  await open(page, `${PARCELS}/listShipments`);
  await expect(language(page, 'Python')).toBeVisible();
  expect(await openSample(page)).toContain('requests.get(');
  await language(page, 'curl').click();
  await expect.poll(() => page.evaluate(() => localStorage.getItem('language'))).toBe('curl');
  await page.reload();
  expect(await openSample(page)).toMatch(/^curl /);
});

test('languages are chosen with a keyboard', async ({ page }) => {
  await open(page, `${PARCELS}/createShipment`);
  await language(page, 'JavaScript').focus();
  await page.keyboard.press('Enter');
  expect(await openSample(page)).toContain('await fetch(');
  await page.keyboard.press('Tab');
  await expect(page.locator('#samples details[open] pre').first(), 'the code can be scrolled').toBeFocused();
});

for (const width of [1440, 320]) {
  test(`all languages are in view at ${width}`, async ({ page }) => {
    await page.setViewportSize({ width, height: 900 });
    await open(page, `${PARCELS}/createShipment`);
    for (const name of ['JavaScript', 'Python', 'Go', 'Ruby', 'PHP', 'Java', 'C#', 'Rust', 'curl']) {
      await language(page, name).click();
      await expect(page.locator('#samples .tabs').first().locator('details[open]')).toHaveCount(1);
    }
  });
}

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('curl comes first, every language can be opened, and the server chosen', async ({ page }) => {
    await page.goto(`${PARCELS}/createShipment`);
    expect(await openSample(page)).toMatch(/^curl /);
    await expect(page.getByRole('button', { name: 'Copy the request' })).toHaveCount(0);
    await language(page, 'Ruby').click();
    expect(await openSample(page)).toContain('Net::HTTP::Post');

    await page.getByText('Server: Sandbox').click();
    await page.getByLabel('The samples call').selectOption({ index: 1 });
    await page.getByRole('button', { name: 'Show samples' }).click();
    expect(await openSample(page)).toContain('https://api.larkfield.example/v1/shipments');
    await expect(page.locator('#samples')).toContainText('This is not the sandbox');
  });
});

async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await expect(page.locator('html')).toHaveAttribute('data-islands', 'ready');
}

function language(page: Page, name: string) {
  return page.getByRole('group', { name: 'Request' }).locator('summary').getByText(name, { exact: true });
}

async function openSample(page: Page): Promise<string> {
  return (await page.getByRole('group', { name: 'Request' }).locator('details[open] pre').textContent()) ?? '';
}
