// Trying an operation: from its page, in place and by keyboard; on a page of its own without JavaScript.

import type { Page } from '@playwright/test';

import { keyboardFaults, overflow, unfold, violations } from './accessible.ts';
import { test } from './partner.ts';
import { expect } from './test.ts';

const OPERATIONS = '/docs/parcels/2026-09/operations';

/** Opens the form on the page of an operation. */
async function openForm(page: Page, operation: string): Promise<void> {
  await page.goto(`${OPERATIONS}/${operation}`);
  await page.waitForFunction(() => document.documentElement.dataset.islands === 'ready');
  const link = page.locator('#try').getByRole('link', { name: 'Try it' });
  await link.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Send the call' })).toBeVisible();
  await expect(page, 'it opens in place').toHaveURL(`${OPERATIONS}/${operation}`);
}

const curl = (page: Page) => page.locator('#try figure.code', { hasText: 'This call as curl' }).locator('pre');

test('a call is filled in, seen as curl, sent as an app and read, with the keyboard alone', async ({ newVisitor, partner }) => {
  const page = await (await newVisitor({ storageState: partner.state })).newPage();
  await openForm(page, 'listShipments');
  await expect(page.getByLabel('The sandbox, as one of your apps')).toBeFocused();
  await expect(page.getByLabel('App', { exact: true })).toContainText('Web shop');
  await page.getByText(/optional values/).click();
  await page.getByLabel('limit').fill('7');
  await page.getByRole('group', { name: 'state' }).getByLabel('booked').check();
  await expect(curl(page)).toContainText('/shipments?state=booked&limit=7');
  await expect(curl(page)).toContainText('Bearer $SANDBOX_KEY');

  const send = page.getByRole('button', { name: 'Send the call' });
  await send.focus();
  await page.keyboard.press('Enter');
  const answer = page.locator('section.answer');
  await expect(answer).toContainText('200 OK');
  await expect(answer).toContainText('Matches the document');
  await expect(answer).toContainText(/req_\w+/);
  await expect(page.locator('#try [role=status]')).toContainText(/^The answer is 200 OK, in \d+ ms\.$/);
  await expect(send, 'one is where one was').toBeFocused();
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => !!document.activeElement?.closest('section.answer')), 'the answer is the next stop').toBe(true);
  await expect(page.getByLabel('limit'), 'what was typed is kept').toHaveValue('7');

  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await answer.getByRole('button', { name: 'Copy' }).click();
  JSON.parse(await page.evaluate(() => navigator.clipboard.readText()));
});

test('a body that cannot be read or is not allowed is shown at its place, and sent on demand', async ({ newVisitor, partner }) => {
  const page = await (await newVisitor({ storageState: partner.state })).newPage();
  await openForm(page, 'createShipment');
  const body = page.getByLabel('application/json');
  await expect(body).toHaveValue(/order-20417/);
  await page.getByRole('button', { name: 'One parcel to a locker' }).click();
  await expect(body).toHaveValue(/BW-0147/);

  await body.fill('{\n  "reference": oops\n}');
  await page.getByRole('button', { name: 'Send the call' }).click();
  await expect(page.locator('#try')).toContainText('Line 2, column 16: expected value.');
  await expect(body).toHaveAttribute('aria-invalid', 'true');
  await page.locator('#try').getByRole('link', { name: 'Body' }).click();
  await expect(body).toBeInViewport();

  await body.fill('{ "reference": 7 }');
  await page.getByRole('button', { name: 'Send the call' }).click();
  await expect(page.locator('#try')).toContainText('/reference This must be string.');
  await page.getByRole('button', { name: 'Send it anyway' }).click();
  await expect(page.locator('section.answer')).toContainText('201 Created');
  await expect(body).not.toHaveAttribute('aria-invalid', 'true');
});

test('a file goes as a part', async ({ newVisitor, partner }) => {
  const page = await (await newVisitor({ storageState: partner.state })).newPage();
  await openForm(page, 'uploadCustomsDocument');
  const buffer = Buffer.from('%PDF-1.7');
  await page.getByLabel('file', { exact: true }).setInputFiles({ name: 'invoice 7.pdf', mimeType: 'application/pdf', buffer });
  await expect(curl(page)).toContainText('file=@invoice 7.pdf');
  await page.getByRole('button', { name: 'Send the call' }).click();
  await expect(page.locator('section.answer')).toContainText('201 Created');
});

test('a key that was pasted is on no page and in no storage', async ({ page }) => {
  await openForm(page, 'listShipments');
  await page.getByLabel('The sandbox, with a key').check();
  const secret = 'vst_sandbox_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17';
  const sent: string[] = [];
  page.on('request', (request) => sent.push(`${request.url()} ${request.postData() ?? ''}`));
  await page.getByLabel('Key', { exact: true }).fill(secret);
  await page.getByText(/optional values/).click();
  await page.getByLabel('limit').fill('3');
  await expect(curl(page)).toContainText('limit=3');
  expect(sent.join('\n'), 'the line is made without it').not.toContain(secret);
  const answers: number[] = [];
  page.on('response', (response) => answers.push(response.status()));
  await page.getByRole('button', { name: 'Send the call' }).click();
  await expect(page.locator('section.answer')).toContainText('401 Unauthorized');
  await expect(page.locator('section.answer')).toContainText('key_not_found');
  expect(answers, 'the call of the page itself went well').toEqual([200]);
  expect(await page.content()).not.toContain(secret);
  const stored = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]));
  expect(stored).not.toContain(secret);
});

test('one can stop waiting', async ({ newVisitor, partner }) => {
  const page = await (await newVisitor({ storageState: partner.state })).newPage();
  await openForm(page, 'listShipments');
  let release = () => {};
  await page.route('**/calls?fragment=answer', async (route) => {
    await new Promise<void>((resolve) => (release = resolve));
    await route.abort().catch(() => {});
  });
  await page.getByRole('button', { name: 'Send the call' }).click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.locator('#try [role=status]')).toContainText('Cancelled.');
  await expect(page.getByRole('button', { name: 'Cancel' })).toBeHidden();
  release();
});

test('the open form and its answer suit everybody', async ({ newVisitor, partner }) => {
  test.setTimeout(120_000);
  const page = await (await newVisitor({ storageState: partner.state, reducedMotion: 'reduce' })).newPage();
  await openForm(page, 'createShipment');
  await page.getByRole('button', { name: 'Send the call' }).click();
  await expect(page.locator('section.answer')).toContainText('201 Created');
  const found: Record<string, string[]> = { keyboard: await keyboardFaults(page) };
  await unfold(page);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    found[colorScheme] = await violations(page);
  }
  await page.setViewportSize({ width: 320, height: 640 });
  found.narrow = await overflow(page);
  expect(Object.fromEntries(Object.entries(found).filter(([, faults]) => faults.length > 0))).toEqual({});
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('the form has a page of its own, and keeps what was typed', async ({ newVisitor, partner }) => {
    const page = await (await newVisitor({ storageState: partner.state })).newPage();
    await page.goto(`${OPERATIONS}/getShipment`);
    await page.locator('#try').getByRole('link', { name: 'Try it' }).click();
    await expect(page).toHaveURL(`${OPERATIONS}/getShipment/calls/new`);
    await expect(page.getByRole('button', { name: 'Copy' })).toHaveCount(0);
    await expect(page.getByLabel('Key', { exact: true }), 'only the fields of what is chosen').toBeHidden();
    const id = page.getByLabel('shipment_id');
    await id.fill('');
    await page.getByRole('button', { name: 'Send the call' }).click();
    await expect(page.getByRole('main')).toContainText('The address cannot be written without this.');
    await id.fill('shp_01kaj8f3t2e6v9q4m7x0');
    await page.getByRole('button', { name: 'Send the call' }).click();
    await expect(page.locator('section.answer')).toContainText('200 OK');
    await expect(id).toHaveValue('shp_01kaj8f3t2e6v9q4m7x0');
    await expect(page.locator('figure.code', { hasText: 'This call as curl' })).toContainText('shp_01kaj8f3t2e6v9q4m7x0');
  });
});
