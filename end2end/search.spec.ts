// The search: the palette by keyboard, the page without JavaScript, and the filter of the menu.

import type { Page } from '@playwright/test';

import { violations } from './accessible.ts';
import { expect, test } from './test.ts';

const OPERATION = '/docs/parcels/2026-09/operations/createShipment';

/** Waits for the index, which is written after the portal has started, and for the islands. */
async function ready(page: Page, path: string): Promise<void> {
  await expect(async () => {
    await page.goto('/search?q=createShipment');
    await expect(page.locator('.hits a').first()).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 20_000 });
  await page.goto(path);
  await expect(page.locator('html')).toHaveAttribute('data-islands', 'ready');
}

test('the palette is used by keyboard alone', async ({ page }) => {
  await ready(page, '/guides');
  const field = page.getByRole('combobox', { name: 'Search the portal' });
  await page.keyboard.press('/');
  await expect(field, 'a slash opens it').toBeFocused();
  await page.keyboard.press('Escape');
  await expect(field).toBeHidden();

  await page.keyboard.press('Control+k');
  await expect(field).toBeFocused();
  await field.pressSequentially('create shipm', { delay: 20 });
  const options = page.getByRole('option');
  await expect(options.first()).toContainText('Create a shipment');
  await expect(page.getByRole('dialog').getByRole('status')).toContainText(/result/);
  await expect(options.first()).toHaveAttribute('aria-selected', 'true');
  await expect(field).toHaveAttribute('aria-activedescendant', 'suggestion-0');
  await page.keyboard.press('ArrowDown');
  await expect(field).toHaveAttribute('aria-activedescendant', 'suggestion-1');
  await expect(options.nth(1)).toHaveAttribute('aria-selected', 'true');
  await expect(options.first()).toHaveAttribute('aria-selected', 'false');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  await expect(options.last(), 'the list is a circle').toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(OPERATION);
});

test('typos are forgiven, and what is not there is said', async ({ page }) => {
  await ready(page, '/');
  await page.keyboard.press('Control+k');
  const field = page.getByRole('combobox', { name: 'Search the portal' });
  const said = page.getByRole('dialog').getByRole('status');
  await field.fill('shipmnt');
  await expect(said).toContainText('shipment instead of shipmnt');
  await field.fill('zebracrossing');
  await expect(said).toHaveText('Nothing found for “zebracrossing”');
  await expect(page.getByRole('option')).toHaveCount(0);
  await field.fill('<zebracrossing>');
  await expect(said).toHaveText('Nothing found for “<zebracrossing>”');
  await page.keyboard.press('Enter');
  await expect(page, 'without a choice Enter leads to the page').toHaveURL(/\/search\?q=/);
});

test('an answer to an older question is dropped', async ({ page }) => {
  await ready(page, '/');
  await page.route('**/search/suggestions?q=label', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await route.continue();
  });
  await page.keyboard.press('Control+k');
  const field = page.getByRole('combobox', { name: 'Search the portal' });
  await field.fill('label');
  await page.waitForTimeout(300);
  await field.fill('idempotency');
  await expect(page.getByRole('option').first()).toContainText(/idempotency/i);
  await page.waitForTimeout(1700);
  await expect(page.getByRole('option').first()).toContainText(/idempotency/i);
});

test('a slash that is written stays where it is written', async ({ page }) => {
  await ready(page, '/login');
  await page.getByRole('textbox').first().press('/');
  await expect(page.getByRole('textbox').first()).toHaveValue('/');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('the field of the top bar opens the palette with what is in it', async ({ page }) => {
  await ready(page, '/');
  const inBar = page.getByRole('searchbox', { name: 'Search', exact: true });
  await inBar.click();
  const field = page.getByRole('combobox', { name: 'Search the portal' });
  await expect(field).toBeFocused();
  await page.mouse.click(5, 400);
  await expect(field, 'a click beside it closes it').toBeHidden();
  await page.setViewportSize({ width: 320, height: 640 });
  await inBar.click();
  await expect(field).toBeFocused();
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the palette suits everybody, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await ready(page, '/');
    await page.keyboard.press('/');
    expect(await violations(page), 'empty').toEqual([]);
    await page.getByRole('combobox', { name: 'Search the portal' }).fill('shipment');
    await expect(page.getByRole('option').first()).toBeVisible();
    expect(await violations(page), 'with results').toEqual([]);
    await page.setViewportSize({ width: 320, height: 640 });
    expect(await violations(page), 'narrow').toEqual([]);
  });
}

test('the menu is filtered, and shows where one is', async ({ page }) => {
  await page.setViewportSize({ width: 1440, height: 420 });
  await ready(page, await lastOperation(page));
  const menu = page.locator('.side');
  const current = menu.locator('[aria-current=page]');
  await expect(current).toBeInViewport();
  expect(await page.evaluate(() => window.scrollY), 'the page itself stays').toBe(0);

  const field = menu.getByRole('searchbox', { name: 'Find in Parcels API' });
  await field.fill('create shipment');
  await expect(menu.getByRole('link', { name: /Create a shipment/ })).toBeVisible();
  await expect(current).toBeHidden();
  await expect(menu.getByRole('status')).toHaveText(/found/);
  await field.fill('');
  await expect(current).toBeVisible();
  await field.fill('label');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/search\?q=label&api=parcels/);
});

/** The operation at the end of the menu. */
async function lastOperation(page: Page): Promise<string> {
  await page.goto(OPERATION);
  return (await page.locator('.side .menus a[href*="/operations/"]').last().getAttribute('href'))!;
}

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('the field leads to the page, and the page goes on', async ({ page }) => {
    await expect(async () => {
      await page.goto('/');
      await page.getByRole('searchbox', { name: 'Search', exact: true }).fill('shipment');
      await page.keyboard.press('Enter');
      await expect(page).toHaveURL('/search?q=shipment');
      await expect(page.locator('.hits a').first()).toBeVisible({ timeout: 500 });
    }).toPass({ timeout: 20_000 });
    await page.getByRole('navigation', { name: 'Kinds' }).getByRole('link', { name: /^Operations/ }).click();
    await expect(page).toHaveURL('/search?q=shipment&kind=operation');
    await page.getByRole('link', { name: 'Create a shipment' }).click();
    await expect(page).toHaveURL(OPERATION);
    await page.getByRole('searchbox', { name: 'Find in Parcels API' }).fill('label');
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL('/search?q=label&api=parcels');
  });

  test('on a phone the field opens over the bar', async ({ page }) => {
    await page.setViewportSize({ width: 320, height: 640 });
    await page.goto('/');
    const field = page.getByRole('searchbox', { name: 'Search', exact: true });
    await field.focus();
    expect((await field.boundingBox())!.width).toBeGreaterThan(250);
  });
});
