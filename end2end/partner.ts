// A partner with everything that the dashboard can show: made once for all tests that only look at pages.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Page } from '@playwright/test';

import { linkIn } from './mailbox.ts';
import { confirmAddress, letterInOutbox, signIn, signUp, somebody } from './people.ts';
import { shared } from './shared.ts';
import { test as base, expect } from './test.ts';

/** A partner, and where their things are. */
export interface Partner {
  /** Path of the cookies of a session of theirs. */
  state: string;
  organization: string;
  /** Pages of an app with a key, and of a key that is being rotated. */
  app: string;
  key: string;
  /** Page of a call with the key, and the secret that is on its way out. */
  call: string;
  secret: string;
  /** Path of an open invitation. */
  invitation: string;
}

export const test = base.extend<object, { partner: Partner }>({
  partner: [
    async ({ browser }, use) => {
      const file = join(shared().folder, 'partner.json');
      if (!existsSync(file)) {
        const open = (storageState?: string) => browser.newContext({ baseURL: shared().url, storageState });
        const [own, staff] = [await open(), await open(shared().administratorState)];
        const partner = await settle(await own.newPage(), await staff.newPage());
        await own.storageState({ path: partner.state });
        await Promise.all([own.close(), staff.close()]);
        writeFileSync(file, JSON.stringify(partner));
      }
      await use(JSON.parse(readFileSync(file, 'utf8')));
    },
    { scope: 'worker', timeout: 60_000 },
  ],
});

async function settle(page: Page, staff: Page): Promise<Partner> {
  const ines = somebody('Ines Halloran');
  await signUp(page, ines);
  await confirmAddress(page, linkIn(await letterInOutbox(staff, ines.email, 'Confirm your address'), '/verify-email'));
  await signIn(page, ines);

  await page.goto('/dashboard/apps/new');
  await page.getByLabel('Name').fill('Web shop');
  await page.getByRole('button', { name: 'Create app' }).click();
  const app = new URL(page.url()).pathname;
  await page.getByLabel('Name').fill('Staging');
  await page.getByRole('button', { name: 'Issue sandbox key' }).click();
  const secret = (await page.locator('.secret code').textContent()) ?? '';
  await page.getByRole('link', { name: 'I have stored it' }).click();
  const key = new URL(page.url()).pathname;
  await page.getByRole('button', { name: 'Rotate secret' }).click();
  await expect(page.getByRole('heading', { name: 'Your new secret' })).toBeVisible();

  const call = await called(page, secret);
  await page.goto('/dashboard/tokens');
  await page.getByLabel('Name').fill('Nightly sync');
  await page.getByRole('group', { name: 'It may' }).getByRole('checkbox').first().check();
  await page.getByRole('button', { name: 'Make token' }).click();

  const { email } = somebody('Tobias Merrow');
  await page.goto('/dashboard/team');
  await page.getByLabel('Address').fill(email);
  await page.getByRole('button', { name: 'Send invitation' }).click();
  const invitation = new URL(linkIn(await letterInOutbox(staff, email, `Join ${ines.organization}`), '/invite/')).pathname;
  // Two workers may get here at the same time, each with somebody of its own.
  const state = join(shared().folder, `${ines.email}.json`);
  return { state, organization: ines.organization, app, key, call, secret, invitation };
}

/** Makes a call, and finds it in the log. */
async function called(page: Page, secret: string): Promise<string> {
  const headers = { authorization: `Bearer ${secret}` };
  expect((await page.request.get('/sandbox/parcels/2026-09/shipments?limit=3', { headers })).status()).toBe(200);
  const link = page.getByRole('table', { name: 'Calls' }).getByRole('link', { name: /shipments\?limit=3/ });
  await expect(async () => {
    await page.goto('/dashboard/calls');
    await expect(link).toBeVisible({ timeout: 200 });
  }).toPass({ timeout: 10_000 });
  return (await link.getAttribute('href')) ?? '';
}
