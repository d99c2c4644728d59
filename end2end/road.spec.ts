// The main road: from the first page to a first call and its end, as a partner goes it, with JavaScript and without.

import { crc32 } from 'node:zlib';

import { type Page, expect } from '@playwright/test';

import { linkIn } from './mailbox.ts';
import { confirmAddress, letterInOutbox, signIn, signUp, somebody } from './people.ts';
import { type Received, runCurl } from './shell.ts';
import { shared } from './shared.ts';
import { test } from './test.ts';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const OPERATION = '/docs/parcels/2026-09/operations/createShipment';

/** What the two journeys differ in. */
type Browsing = 'with JavaScript' | 'without JavaScript';

for (const browsing of ['with JavaScript', 'without JavaScript'] satisfies Browsing[]) {
  test.describe(browsing, () => {
    test.use({ javaScriptEnabled: browsing === 'with JavaScript' });

    test('from the first page to a first call, and to the end of its key', async ({ page, newVisitor }) => {
      test.setTimeout(120_000);
      const ines = somebody('Ines Halloran');

      await test.step('the first page explains the portal and leads to the sign-up', async () => {
        await page.goto('/');
        await expect(page.getByRole('heading', { name: 'Three steps to your first call' })).toBeVisible();
        await page.getByRole('link', { name: 'Get a sandbox key' }).first().click();
        await expect(page).toHaveURL('/signup');
        await signUp(page, ines);
      });

      await test.step('the link in the mail shows a page, and its button confirms the address', async () => {
        const staff = await (await newVisitor({ storageState: shared().administratorState })).newPage();
        const link = linkIn(await letterInOutbox(staff, ines.email, 'Confirm your address'), '/verify-email');
        for (let time = 0; time < 2; time += 1) {
          await page.goto(link);
          await expect(page.getByRole('heading', { level: 1 })).toHaveText('Confirm your address');
        }
        await signIn(page, ines);
        await expect(page.getByRole('alert'), 'looking at the page confirms nothing').toContainText('Not signed in');
        await confirmAddress(page, link);
      });

      await test.step('the dashboard shows the next step, and an app is created', async () => {
        await signIn(page, ines);
        await expect(page).toHaveURL('/dashboard');
        await expect(page.getByRole('heading', { level: 1 })).toHaveText(ines.organization);
        await expect(page.getByRole('main')).toContainText('0 of 3 steps done');
        await page.getByRole('main').getByRole('link', { name: 'Create an app' }).first().click();
        await page.getByLabel('Name').fill('Web shop');
        await page.getByRole('button', { name: 'Create app' }).click();
        await expect(page.getByRole('status')).toContainText('The app Web shop was created');
        await page.getByRole('navigation', { name: 'Dashboard' }).getByRole('link', { name: 'Overview' }).click();
        await expect(page.getByRole('main')).toContainText('1 of 3 steps done');
        await page.getByRole('main').getByRole('link', { name: 'Issue a sandbox key' }).click();
      });

      const { secret, firstCall, keyPage } = await test.step('a key is issued and its secret shown once', () =>
        issueKey(page, browsing),
      );

      await test.step('the call that is shown gets an example', async () => {
        const answer = await runCurl(firstCall);
        expect(answer.status, answer.body).toBe(200);
        expectHeadersOfSandbox(answer);
        JSON.parse(answer.body);
      });

      const createShipment = await test.step('the reference shows an operation whole', () => readOperation(page));

      await test.step('its example, in a shell, books an example', async () => {
        const answer = await runCurl(createShipment, { SANDBOX_KEY: secret });
        expect(answer.status, answer.body).toBe(201);
        expectHeadersOfSandbox(answer);
        expect(JSON.parse(answer.body)).toMatchObject({ state: 'booked', parcels: [{}] });
      });

      await test.step('without a key, or with one that is none, it is refused', async () => {
        const withoutKey = createShipment.replace(/ \\\n\s*-H "Authorization: [^"]*"/, '');
        expect(withoutKey).not.toContain('SANDBOX_KEY');
        expectProblem(await runCurl(withoutKey), 401, 'unauthenticated');
        expectProblem(await runCurl(createShipment, { SANDBOX_KEY: '' }), 401, 'unauthenticated');
        const mistyped = secret.slice(0, -1) + (secret.endsWith('0') ? '1' : '0');
        expectProblem(await runCurl(createShipment, { SANDBOX_KEY: mistyped }), 401, 'key_malformed');
        const foreign = 'vst_sandbox_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17';
        expectProblem(await runCurl(createShipment, { SANDBOX_KEY: foreign }), 401, 'key_not_found');
      });

      await test.step('the dashboard has noticed the calls', async () => {
        await expect(async () => {
          await page.goto('/dashboard');
          const lastCall = page.getByRole('row', { name: /Web shop/ }).locator('[data-label="Last call"]');
          await expect(lastCall).toContainText(/just now|seconds ago/, { timeout: 100 });
        }).toPass({ timeout: 15_000 });
        await expect(page.getByRole('main')).not.toContainText('steps done');
        await page.goto(keyPage);
        await expect(page.getByRole('table', { name: 'Secrets' })).toContainText('from 127.0.0.1');
      });

      await test.step('after the key is revoked it is refused within a second', async () => {
        await revoke(page, keyPage, 'Staging');
        const revokedAt = Date.now();
        let answer = await runCurl(createShipment, { SANDBOX_KEY: secret });
        while (answer.status !== 401 && Date.now() - revokedAt < 1000) {
          answer = await runCurl(createShipment, { SANDBOX_KEY: secret });
        }
        expectProblem(answer, 401, 'key_revoked');
        await expect(page.getByRole('main')).toContainText('This key is revoked');
      });

      await test.step('the trail of the organization tells it all', async () => {
        await page.goto('/dashboard/audit');
        const trail = page.getByRole('table');
        for (const action of ['organization.created', 'app.created', 'key.issued', 'key.revoked']) {
          await expect(trail.getByRole('row').filter({ hasText: action }), action).toContainText(ines.name);
        }
        expect(await page.content(), 'no secret is kept in it').not.toContain(secret);
      });
    });
  });
}

/** Issues a key on the page of an app, and reads what is shown once. */
async function issueKey(page: Page, browsing: Browsing): Promise<{ secret: string; firstCall: string; keyPage: string }> {
  await page.getByLabel('Name').fill('Staging');
  await page.getByRole('button', { name: 'Issue sandbox key' }).click();
  await expect(page.getByRole('heading', { name: 'Your new secret' })).toBeVisible();
  const secret = (await page.locator('.secret code').textContent()) ?? '';
  expect(secret).toMatch(/^vst_sandbox_[0-9A-Za-z]{36}$/);
  const [random, checksum] = [secret.slice(-36, -6), secret.slice(-6)];
  expect(checksum, 'which anybody can check').toBe(checksumOf(random));

  const firstCall = (await page.locator('figure.code', { hasText: 'A first call' }).locator('pre').textContent()) ?? '';
  expect(firstCall).toContain(`Authorization: Bearer ${secret}`);
  const copy = page.getByRole('button', { name: 'Copy secret' });
  if (browsing === 'with JavaScript') {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await copy.click();
    await expect(page.locator('.secret').getByRole('button')).toHaveText('Copied');
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(secret);
    await page.getByRole('button', { name: 'Copy call' }).click();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(firstCall);
  } else {
    await expect(copy, 'a button that could do nothing is not shown').toHaveCount(0);
  }

  const keyPage = new URL(page.url()).pathname;
  expect(page.url(), 'the secret is never in an address').not.toContain(secret);
  await page.reload();
  await expect(page.getByRole('table', { name: 'Secrets' })).toContainText(secret.slice(-4));
  expect(await page.content(), 'it was shown once').not.toContain(random);
  await page.goBack();
  expect(await page.content()).not.toContain(random);
  return { secret, firstCall, keyPage };
}

/** Goes from the list of APIs to an operation, sees its parts, and gives its example. */
async function readOperation(page: Page): Promise<string> {
  await page.getByRole('navigation', { name: 'Main', exact: true }).getByRole('link', { name: 'Docs' }).click();
  await expect(page).toHaveURL('/docs');
  await page.getByRole('main').getByRole('link', { name: /Parcels API/ }).first().click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Parcels');
  await page.locator(`a[href="${OPERATION}"]`).filter({ visible: true }).first().click();
  await expect(page).toHaveURL(OPERATION);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Create a shipment');
  const main = page.getByRole('main');
  for (const part of ['Idempotency-Key', 'reference', 'weight_grams', 'shipments:write']) await expect(main).toContainText(part);
  await expect(main.getByRole('heading', { name: 'Body' })).toBeVisible();
  await expect(main.getByRole('heading', { name: 'Responses' })).toBeVisible();
  await expect(main.getByText('201').first()).toBeVisible();
  const example = main.locator('pre').filter({ hasText: /^curl / }).first();
  await expect(example).toBeVisible();
  const line = (await example.textContent()) ?? '';
  expect(line).toContain(`${shared().url}/sandbox/parcels/2026-09/`);
  expect(line).toContain('Authorization: Bearer $SANDBOX_KEY');
  return line;
}

/** Revokes a key; a wrong name revokes nothing. */
async function revoke(page: Page, keyPage: string, name: string): Promise<void> {
  await page.goto(keyPage);
  await page.getByRole('button', { name: 'Revoke key…' }).click();
  await page.getByLabel(`Type ${name} to confirm`).fill('something else');
  await page.getByRole('button', { name: 'Revoke key', exact: true }).click();
  await expect(page.getByRole('dialog')).toContainText('Nothing was revoked');
  await page.getByLabel(`Type ${name} to confirm`).fill(name);
  await page.getByRole('button', { name: 'Revoke key', exact: true }).click();
  await expect(page.getByRole('status')).toContainText('The key was revoked');
}

/** What every answer of the sandbox carries once the key is known. */
function expectHeadersOfSandbox({ headers }: Received): void {
  expect(headers.get('content-type')).toContain('application/json');
  expect(headers.get('x-request-id')).toMatch(/^req_/);
  expect(headers.get('ratelimit-policy')).toMatch(/^"default";q=\d+;w=\d+$/);
  expect(headers.get('ratelimit')).toMatch(/^"default";r=\d+;t=\d+$/);
  for (const name of ['limit', 'remaining', 'reset']) expect(headers.get(`x-ratelimit-${name}`), name).toMatch(/^\d+$/);
}

function expectProblem({ status, headers, body }: Received, expected: number, code: string): void {
  expect(status, body).toBe(expected);
  expect(headers.get('content-type')).toBe('application/problem+json');
  const problem = JSON.parse(body);
  expect(problem).toMatchObject({ status: expected, code, retryable: false, request_id: headers.get('x-request-id') });
  for (const member of ['type', 'title', 'detail']) expect(problem[member], member).toMatch(/\S/);
  expect(problem.type).toMatch(new RegExp(`^${shared().url}/docs/.*/errors#${code}$`));
  expect(problem.instance).toMatch(/^\/sandbox\/parcels\//);
}

/** CRC-32 of the random part in base62, six digits. */
function checksumOf(random: string): string {
  let rest = crc32(random);
  let text = '';
  while (text.length < 6) {
    text = DIGITS[rest % 62] + text;
    rest = Math.floor(rest / 62);
  }
  return text;
}
