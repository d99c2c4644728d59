// What a partner's systems called: found, read, made again and counted, with JavaScript and without.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { overflow, unfold, violations } from './accessible.ts';
import { test } from './partner.ts';
import { shared } from './shared.ts';
import { runCurl } from './shell.ts';
import { expect } from './test.ts';

for (const browsing of ['with JavaScript', 'without JavaScript']) {
  test.describe(browsing, () => {
    const javaScriptEnabled = browsing === 'with JavaScript';

    test('a call is found, read and made again', async ({ newVisitor, partner }) => {
      const page = await (await newVisitor({ storageState: partner.state, javaScriptEnabled })).newPage();
      const headers = { authorization: `Bearer ${partner.secret}`, 'x-note': partner.secret, 'content-type': 'application/json' };
      const tag = `tag-${Math.random().toString(36).slice(2)}`;
      const body = JSON.stringify({ password: 'hunter2', name: 'Ines' });
      const sent = await fetch(`${shared().url}/sandbox/parcels/2026-09/nothing?note=${tag}&token=hunter2`, { method: 'POST', headers, body });
      expect(sent.status).toBe(404);

      const row = page.getByRole('table', { name: 'Calls' }).getByRole('row', { name: new RegExp(tag) });
      await expect(async () => {
        await page.goto('/dashboard/usage');
        await page.getByRole('navigation', { name: 'Dashboard' }).getByRole('link', { name: 'Calls' }).click();
        await page.getByRole('main').getByLabel(/^Search/).fill(tag);
        await page.getByRole('main').getByLabel('Status').selectOption('4xx refused');
        await page.getByRole('button', { name: 'Filter calls' }).click();
        await expect(row).toBeVisible({ timeout: 200 });
      }).toPass({ timeout: 10_000 });
      await expect(row).toContainText('not_found');
      await expect(row).toContainText('Web shop');
      await row.getByRole('link', { name: new RegExp(tag) }).click();

      await expect(page.getByRole('heading', { level: 1 })).toHaveText('POST /nothing');
      await expect(page.getByRole('main')).toContainText('"name": "Ines"');
      await expect(page.getByRole('main')).toContainText('application/problem+json');
      const content = await page.content();
      expect(content.includes('hunter2') || content.includes(partner.secret.slice(12, -4)), 'no secret is kept').toBe(false);
      const log = readFileSync(join(shared().folder, 'server.log'), 'utf8');
      expect(log).toContain('answered');
      expect(log.includes('hunter2') || log.includes(partner.secret.slice(12, -6)), 'nor logged').toBe(false);

      const command = (await page.locator('figure.code', { hasText: 'With your key in SANDBOX_KEY' }).locator('pre').textContent()) ?? '';
      const again = await runCurl(command, { SANDBOX_KEY: partner.secret });
      expect(again.status, command).toBe(404);
      expect(JSON.parse(again.body)).toMatchObject({ code: 'not_found' });

      await page.getByRole('link', { name: 'not_found' }).click();
      await expect(page).toHaveURL('/docs/vestibule/v1/errors#not_found');
    });

    test('usage is drawn, told in a table, and downloaded', async ({ newVisitor, partner }) => {
      const page = await (await newVisitor({ storageState: partner.state, javaScriptEnabled })).newPage();
      await page.goto(partner.key);
      await page.getByRole('link', { name: "Open the key's usage" }).click();
      await page.getByLabel('Time', { exact: true }).selectOption('The last 7 days');
      await page.getByRole('button', { name: 'Show usage' }).click();
      await expect(page).toHaveURL(/range=7d/);
      const chart = page.getByRole('img', { name: /Calls by status, per six hours \(UTC\)/ });
      await expect(chart).toBeVisible();
      await expect(page.getByRole('img', { name: /Time taken/ })).toBeVisible();
      await page.getByText(/Calls by status.* as a table/).click();
      const table = page.getByRole('table', { name: /Calls by status/ });
      await expect(table.getByRole('row')).toHaveCount(29);
      await expect(page.getByRole('table', { name: 'Operations by calls' })).toContainText('listShipments');

      const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download CSV' }).click()]);
      expect(download.suggestedFilename()).toBe('usage-7d.csv');
      const [head, ...lines] = readFileSync(await download.path(), 'utf8').trimEnd().split('\r\n');
      expect(head).toContain('start_utc,app,app_name,key');
      expect(lines.some((line) => line.includes(',parcels,2026-09,listShipments,2xx,'))).toBe(true);
    });
  });
}

test('charts and calls suit a phone and the dark', async ({ newVisitor, partner }) => {
  const page = await (await newVisitor({ storageState: partner.state, reducedMotion: 'reduce' })).newPage();
  for (const path of ['/dashboard/usage', partner.call, '/dashboard/calls']) {
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.goto(path);
    await unfold(page);
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await violations(page), `${path} ${colorScheme}`).toEqual([]);
    }
    await page.setViewportSize({ width: 320, height: 640 });
    expect(await overflow(page), path).toEqual([]);
  }
});
