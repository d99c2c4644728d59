// What an owner does with a key: rotating it on evidence with real calls, settings, switching it off; by page, with
// JavaScript and without, and with the commands of the guide.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { type Page, expect } from '@playwright/test';

import { overflow, unfold, violations } from './accessible.ts';
import { linkIn } from './mailbox.ts';
import { confirmAddress, letterInOutbox, signIn, signUp, somebody } from './people.ts';
import { ROOT } from './portal.ts';
import { shared } from './shared.ts';
import { type Received, runCurl } from './shell.ts';
import { test } from './test.ts';

const CALL = () => `curl "${shared().url}/sandbox/parcels/2026-09/shipments" -H "Authorization: Bearer $SANDBOX_KEY"`;

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled });

    test('a key is rotated on evidence, and its owner may think again', async ({ page, newVisitor }) => {
      test.setTimeout(120_000);
      const staff = await (await newVisitor({ storageState: shared().administratorState })).newPage();
      await settle(page, staff);
      const { keyPage, secret: old } = await issue(page, 'Staging');
      const advice = page.locator('.verdict');

      const first = await test.step('without a call, nobody may have the new secret', async () => {
        const secret = await rotate(page, keyPage);
        await expect(advice).toContainText('nobody may have taken the new one over yet');
        return secret;
      });

      await test.step('with a call of the new one, the old one is safe to retire', async () => {
        expect((await called(first)).status).toBe(200);
        await noticed(page, keyPage, 'Safe to retire the old secret');
        await expect(advice).toContainText(`…${old.slice(-4)} was not used since the rotation, and …${first.slice(-4)} is in use: safe.`);
      });

      await test.step('with a call of the old one, it is not', async () => {
        const answer = await called(old);
        expect(answer.status).toBe(200);
        expect(answer.headers.get('deprecation')).toMatch(/^@\d+$/);
        expect(Date.parse(answer.headers.get('sunset') ?? '')).toBeGreaterThan(Date.now());
        await noticed(page, keyPage, 'Not yet safe to retire the old secret');
        await expect(advice).toContainText(/last used .* by 127\.0\.0\.1: not yet/);
        const origins = page.getByRole('table', { name: 'Who uses which secret' });
        await expect(origins.getByRole('row', { name: `Old …${old.slice(-4)}` })).toContainText('127.0.0.1');
        await expect(page.getByRole('table', { name: 'Secrets' })).toContainText('1 in the last hour');
      });

      await test.step('the page suits everybody, in each theme and width', async () => {
        if (!javaScriptEnabled) return; // axe is a script
        await unfold(page);
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
          expect(await violations(page), colorScheme).toEqual([]);
        }
        await page.setViewportSize({ width: 320, height: 640 });
        expect(await violations(page)).toEqual([]);
        expect(await overflow(page)).toEqual([]);
        await page.emulateMedia({ colorScheme: 'light' });
        await page.setViewportSize({ width: 1440, height: 900 });
      });

      await test.step('the overlap is extended', async () => {
        await page.getByLabel('From now on, the old secret works for').selectOption('1 hour');
        await page.getByRole('button', { name: 'Extend overlap' }).click();
        await expect(page.getByRole('main')).toContainText('That would end the old secret sooner than it ends now.');
        await page.getByLabel('From now on, the old secret works for').selectOption('7 days');
        await page.getByRole('button', { name: 'Extend overlap' }).click();
        await expect(page.getByRole('status')).toContainText('The old secret works until');
      });

      await test.step('the rotation is cancelled: the new secret goes, the old one stays', async () => {
        await page.getByRole('button', { name: 'Cancel rotation…' }).click();
        await expect(page.getByRole('dialog')).toContainText('These use');
        await page.getByRole('button', { name: `End …${first.slice(-4)}` }).click();
        await expect(page.getByRole('status')).toContainText('The rotation was cancelled');
        expect((await called(first)).status).toBe(401);
        const answer = await called(old);
        expect([answer.status, answer.headers.get('sunset')]).toEqual([200, null]);
      });

      const second = await rotate(page, keyPage);
      await test.step('the old secret is retired', async () => {
        await page.goto(keyPage);
        await page.getByRole('button', { name: `Retire …${old.slice(-4)} now…` }).click();
        await page.getByRole('button', { name: `Retire …${old.slice(-4)}`, exact: true }).click();
        await expect(page.getByRole('status')).toContainText('was retired');
        expect(JSON.parse((await called(old)).body).code).toBe('key_expired');
        expect((await called(second)).status).toBe(200);
      });

      await test.step('settings hold for the next call', async () => {
        await page.getByRole('link', { name: 'Key settings' }).click();
        await page.getByLabel('Allowed addresses').fill('example.com');
        await page.getByRole('button', { name: 'Save settings' }).click();
        await expect(page.getByRole('alert')).toContainText('The key was not changed');
        await expect(page.getByLabel('Allowed addresses')).toHaveValue('example.com');
        await page.getByLabel('Allowed addresses').fill('203.0.113.0/24\n2001:db8::/32');
        await page.getByLabel('Calls a minute').fill('30');
        await page.getByRole('button', { name: 'Save settings' }).click();
        await expect(page.getByRole('status')).toContainText('The key was changed.');
        const refused = await called(second);
        expect([refused.status, JSON.parse(refused.body).code]).toEqual([403, 'address_not_allowed']);
        await page.getByRole('link', { name: 'Key settings' }).click();
        await page.getByLabel('Allowed addresses').fill('');
        await page.getByRole('button', { name: 'Save settings' }).click();
        const answer = await called(second);
        expect([answer.status, answer.headers.get('x-ratelimit-limit')]).toEqual([200, '30']);
      });

      await test.step('the key is switched off and on again', async () => {
        await page.getByRole('button', { name: 'Switch key off…' }).click();
        await page.getByRole('button', { name: 'Switch key off', exact: true }).click();
        await expect(page.getByRole('status')).toContainText('switched off');
        expect(JSON.parse((await called(second)).body).code).toBe('key_disabled');
        await page.getByRole('button', { name: 'Switch key on' }).click();
        await expect(page.getByRole('status')).toContainText('switched on');
        expect((await called(second)).status).toBe(200);
      });

      await test.step('whoever finds the key reports it, and its owner is told', async () => {
        const body = JSON.stringify({ keys: [second], source: 'a public repository' });
        const report = (json: string) =>
          runCurl(`curl -X POST "${shared().url}/api/v1/keys/report-leak" -H "Content-Type: application/json" -d '${json}'`);
        const known = await report(body);
        const unknown = await report(body.replace(second, 'vst_sandbox_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17'));
        expect([known.status, known.body]).toEqual([202, unknown.body]);
        await expect(async () => expect((await called(second)).status).toBe(401)).toPass({ timeout: 10_000 });
        await page.goto(keyPage);
        await expect(page.getByRole('main')).toContainText('This key is revoked');
        await staff.goto('/admin/mail');
        await expect(staff.getByRole('main')).toContainText('The key Staging was reported as leaked and is revoked');
      });
    });
  });
}

test('the commands of the guide do what it says', async ({ page, newVisitor }) => {
  test.setTimeout(90_000);
  const staff = await (await newVisitor({ storageState: shared().administratorState })).newPage();
  await settle(page, staff);
  const { keyPage, secret } = await issue(page, 'Nightly');
  const found = await issue(page, 'Found', keyPage);
  await page.goto('/dashboard/tokens');
  await page.getByLabel('Name').fill('Guide');
  for (const scope of await page.getByRole('group', { name: 'It may' }).getByRole('checkbox').all()) await scope.check();
  await page.getByRole('button', { name: 'Make token' }).click();
  const token = (await page.locator('.secret code').textContent()) ?? '';

  const environment: Record<string, string> = {
    MANAGEMENT_TOKEN: token,
    KEY: keyPage.split('/').at(-1)!,
    NEW_SECRET: secret,
    FOUND_KEY: found.secret,
  };
  const commands = [...readFileSync(join(ROOT, 'content/guides/keys.md'), 'utf8').matchAll(/^( *)```sh\n([^]*?)^ *```$/gm)];
  expect(commands.length).toBeGreaterThan(8);
  for (const [, indent, text] of commands) {
    const command = text.replaceAll(`\n${indent}`, '\n').trim().replaceAll('{{base_url}}', shared().url);
    const { status, body } = await runCurl(command, environment);
    expect([200, 202], `${command}\n${body}`).toContain(status);
    environment.NEW_SECRET = JSON.parse(body).secret ?? environment.NEW_SECRET;
  }
  await page.goto(keyPage);
  await expect(page.getByRole('main')).toContainText('This key is revoked');
});

/** Signs somebody up and in. */
async function settle(page: Page, staff: Page): Promise<void> {
  const ines = somebody('Ines Halloran');
  await signUp(page, ines);
  await confirmAddress(page, linkIn(await letterInOutbox(staff, ines.email, 'Confirm your address'), '/verify-email'));
  await signIn(page, ines);
}

/** Issues a key: in a new app, or in the one of another key. */
async function issue(page: Page, name: string, beside?: string): Promise<{ keyPage: string; secret: string }> {
  if (beside) {
    await page.goto(beside);
    await page.getByRole('main').getByRole('link', { name: 'Web shop' }).click();
  } else {
    await page.goto('/dashboard/apps/new');
    await page.getByLabel('Name').fill('Web shop');
    await page.getByRole('button', { name: 'Create app' }).click();
  }
  await page.getByLabel('Name').fill(name);
  await page.getByRole('button', { name: 'Issue sandbox key' }).click();
  const secret = (await page.locator('.secret code').textContent()) ?? '';
  return { keyPage: new URL(page.url()).pathname, secret };
}

/** Rotates a key with the overlap that is offered; gives the new secret. */
async function rotate(page: Page, keyPage: string): Promise<string> {
  await page.goto(keyPage);
  await page.getByRole('button', { name: 'Rotate secret' }).click();
  const secret = (await page.locator('.secret code').textContent()) ?? '';
  await page.goto(keyPage);
  return secret;
}

function called(secret: string): Promise<Received> {
  return runCurl(CALL(), { SANDBOX_KEY: secret });
}

/** Waits until the calls are written down, which takes about a second. */
async function noticed(page: Page, keyPage: string, judgement: string): Promise<void> {
  await expect(async () => {
    await page.goto(keyPage);
    await expect(page.locator('.verdict h2')).toHaveText(judgement, { timeout: 100 });
  }).toPass({ timeout: 15_000 });
}
