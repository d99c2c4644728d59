// What leaves the portal: the Postman collection in newman and in Postman's own library, texts, and paper.

import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import type { APIRequestContext, Page } from '@playwright/test';

import { linkIn } from './mailbox.ts';
import { confirmAddress, letterInOutbox, signIn, signUp, somebody } from './people.ts';
import { shared } from './shared.ts';
import { expect, test } from './test.ts';

const require = createRequire(import.meta.url);
const newman = require('newman');
const { Collection } = require('postman-collection');

const VERSIONS = ['2026-09', '2026-03'];
const PARCELS = '/docs/parcels/2026-09';
const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

/** What newman tells of a run, as far as it is looked at here. */
interface Run {
  executions: { item: { name: string }; response?: { code: number } }[];
  failures: { source?: { name: string }; error: { message: string } }[];
}

test('the collection of the demo runs green in newman with a key, and red without', async ({ page, newVisitor, request }) => {
  test.setTimeout(180_000);
  const staff = await (await newVisitor({ storageState: shared().administratorState })).newPage();
  const key = await sandboxKey(page, staff);
  for (const version of VERSIONS) {
    const collection = await read(request, `/docs/parcels/${version}/postman.json`);
    const run = await runCollection(collection, key);
    expect(run.failures.map(({ source, error }) => `${version}, ${source?.name}: ${error.message}`)).toEqual([]);
    const operations = operationsOf(await read(request, `/docs/parcels/${version}/openapi.json`));
    expect(run.executions.length, 'each operation was called').toBe(operations);
    for (const { item, response } of run.executions) expect(response?.code, item.name).toBeLessThan(300);
  }
  const [version] = VERSIONS;
  const refused = await runCollection(await read(request, `/docs/parcels/${version}/postman.json`), '');
  expect(refused.failures.length, 'every check can fail').toBe(refused.executions.length);
});

test('Postman’s own library reads the collections and writes them as they were', async ({ request }) => {
  for (const path of [PARCELS, '/docs/parcels/2026-03', '/docs/vestibule/v1']) {
    const collection = await read(request, `${path}/postman.json`);
    const parsed = new Collection(structuredClone(collection));
    const written = parsed.toJSON();
    expect(written.info).toMatchObject({ name: collection.info.name, schema: collection.info.schema });
    expect(comparable(written.item), path).toEqual(comparable(collection.item));
    parsed.forEachItem(({ name, request }: { name: string; request: { url: { toString(): string } } }) => {
      expect(request.url.toString(), `${name}: every variable has a value`).toMatch(/^\{\{baseUrl\}\}(\/[^/:]+)+$/);
    });
    expect(written.auth).toEqual(collection.auth);
    expect(written.variable).toEqual(collection.variable);
  }
});

test('a page names its text, and shows it', async ({ page }) => {
  for (const path of [`${PARCELS}/operations/createShipment`, `${PARCELS}/schemas/NewShipment`, '/guides/quickstart']) {
    await page.goto(path);
    const heading = await page.getByRole('heading', { level: 1 }).textContent();
    const alternate = page.locator('link[rel=alternate][type="text/markdown"]');
    await expect(alternate).toHaveAttribute('href', `${path}.md`);
    await expect(page.getByRole('link', { name: 'View as Markdown' })).toHaveAttribute('href', `${path}.md`);
    const text = await page.request.get(`${path}.md`);
    expect(text.headers()['content-type']).toBe('text/markdown; charset=utf-8');
    expect((await text.text()).split('\n')[0]).toBe(`# ${heading}`);
  }
});

test('a page’s text is copied where scripts run, and shown where they do not', async ({ page, newVisitor }) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  for (const path of [`${PARCELS}/operations/createShipment`, PARCELS, '/guides/quickstart']) {
    await page.goto(path);
    await page.getByRole('button', { name: 'Copy page' }).click();
    await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toBe(await (await page.request.get(`${path}.md`)).text());
  }
  const plain = await (await newVisitor({ javaScriptEnabled: false })).newPage();
  await plain.goto(`${PARCELS}/operations/createShipment`);
  await expect(plain.getByRole('link', { name: 'View as Markdown' })).toBeVisible();
  await expect(plain.getByText('Copy page')).toBeHidden();
});

test('on paper there are no menus, errors are lines, and nothing else is hidden or cut', async ({ page }) => {
  await page.goto(`${PARCELS}/operations/createShipment`);
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  await page.setViewportSize({ width: 700, height: 1000 }); // about A4 between its margins
  for (const part of ['.topbar', '.side', '.foot', '.jump', '.pager']) await expect(page.locator(part).first(), part).toBeHidden();
  for (const part of ['Idempotency-Key', 'weight_grams']) await expect(page.getByText(part, { exact: true }).first(), part).toBeVisible();
  const background = await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme);
  expect(background, 'paper is white').toBe('light');
  const cut = await page.evaluate(() =>
    [...document.querySelectorAll('main pre, main table, main .props, main code')]
      .filter((element) => element.checkVisibility() && element.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
      .map((element) => (element.textContent ?? '').slice(0, 60)),
  );
  expect(cut).toEqual([]);
  const folded = await page.evaluate(() =>
    [...document.querySelectorAll('main article details')]
      .filter((details) => !details.closest('.resp[data-error]'))
      .filter((details) => ![...details.children].slice(1).every((child) => child.checkVisibility()))
      .map((details) => (details.textContent ?? '').slice(0, 60)),
  );
  expect(folded, 'what stays folded').toEqual([]);
  const errors = page.locator('#responses .resp[data-error]');
  expect(await errors.count()).toBeGreaterThan(2);
  for (const error of await errors.all()) {
    await expect(error.locator('.prose').first()).toBeVisible();
    await expect(error.locator('.props, .code, table').filter({ visible: true })).toHaveCount(0);
  }
});

/** Signs somebody up, and gives the secret of a key of theirs. */
async function sandboxKey(page: Page, staff: Page): Promise<string> {
  const ines = somebody('Ines Halloran');
  await signUp(page, ines);
  await confirmAddress(page, linkIn(await letterInOutbox(staff, ines.email, 'Confirm your address'), '/verify-email'));
  await signIn(page, ines);
  await page.goto('/dashboard/apps/new');
  await page.getByLabel('Name').fill('Postman');
  await page.getByRole('button', { name: 'Create app' }).click();
  await page.getByLabel('Name').fill('Collection');
  await page.getByRole('button', { name: 'Issue sandbox key' }).click();
  return (await page.locator('.secret code').textContent()) ?? '';
}

async function read(request: APIRequestContext, path: string) {
  const answer = await request.get(path);
  expect(answer.status(), path).toBe(200);
  return answer.json();
}

/** Runs a collection as somebody does who imported it, set the key and put the files that it sends beside it. */
async function runCollection(collection: object, key: string): Promise<Run> {
  const workingDir = join(shared().folder, 'postman');
  mkdirSync(workingDir, { recursive: true });
  for (const name of filesOf(collection)) writeFileSync(join(workingDir, name), 'A file.');
  return new Promise((resolve, reject) =>
    newman.run(
      { collection, envVar: [{ key: 'sandboxKey', value: key }], workingDir, timeoutRequest: 10_000 },
      (error: Error | null, summary: { run: Run }) => (error ? reject(error) : resolve(summary.run)),
    ),
  );
}

function filesOf(collection: object): string[] {
  return [...JSON.stringify(collection).matchAll(/"src":"([^"/\\]+)"/g)].map(([, name]) => name);
}

function operationsOf(document: { paths: Record<string, object> }): number {
  return Object.values(document.paths).flatMap((path) => Object.keys(path).filter((key) => METHODS.includes(key))).length;
}

/** A collection's items without what the library adds to them or leaves out by itself. */
function comparable(items: unknown): unknown {
  const without = ['_', '_postman_previewlanguage', 'raw'];
  return JSON.parse(
    JSON.stringify(items, (key, value) => {
      if (without.includes(key) || value === 'any' || (Array.isArray(value) && value.length === 0)) return undefined;
      return key === 'script' ? { type: value.type, exec: value.exec } : value;
    }),
  );
}
