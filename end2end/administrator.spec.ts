// The company's side: documents that nobody here wrote are imported, read, published and found in the audit trail.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import type { Page } from '@playwright/test';

import { NEIGHBOURS, PUBLISHED, type RealDocument, example, neighbours, operationsIn } from './documents.ts';
import { signIn } from './people.ts';
import { type Portal, startPortal } from './portal.ts';
import { test as base, expect } from './test.ts';

const MEBIBYTE = 1024 * 1024;

const SMALL = `openapi: 3.1.0
info: { title: Books, version: "2.1" }
paths:
  /books:
    get:
      summary: List books
      responses:
        "200":
          description: All of them.
          content:
            application/json:
              schema: { type: array, items: { $ref: "#/components/schemas/Missing" } }
              example: [{ title: Atlas }]
`;

// What this file publishes would be in the way of other tests, so it has a portal of its own.
const test = base.extend<{ staff: Page }, { portal: Portal; administratorState: string }>({
  portal: [
    async ({}, use) => {
      const portal = await startPortal({ DATABASE_URL: undefined });
      await use(portal);
      await portal.stop();
    },
    { scope: 'worker', timeout: 180_000 },
  ],
  administratorState: [
    async ({ portal, browser }, use) => {
      const context = await browser.newContext({ baseURL: portal.url });
      const page = await context.newPage();
      await signIn(page, portal.administrator);
      await page.waitForLoadState();
      const path = join(portal.folder, 'administrator.json');
      await context.storageState({ path });
      await context.close();
      await use(path);
    },
    { scope: 'worker' },
  ],
  baseURL: async ({ portal }, use) => use(portal.url),
  staff: async ({ newVisitor, administratorState }, use) => {
    await use(await (await newVisitor({ storageState: administratorState })).newPage());
  },
});

test.describe.configure({ mode: 'default' });

let folder = '';
test.beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vestibule-documents-'));
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

for (const browsing of ['with JavaScript', 'without JavaScript']) {
  test.describe(browsing, () => {
    test.use({ javaScriptEnabled: browsing === 'with JavaScript' });

    test('an administrator imports a document, sees what was doubtful, publishes it and finds it in the trail', async ({ page, portal, newVisitor }) => {
      await signIn(page, portal.administrator);
      await expect(page, 'staff begin in the administration').toHaveURL('/admin');
      await page.getByRole('navigation', { name: 'Administration' }).getByRole('link', { name: 'APIs' }).click();
      await page.getByRole('link', { name: 'Import a document' }).click();
      const slug = browsing === 'with JavaScript' ? 'books' : 'more-books';
      await upload(page, slug, '', file('books.yaml', SMALL));
      await expect(page).toHaveURL(`/admin/apis/${slug}/versions/2.1`);
      await expect(page.getByRole('status')).toContainText('The document was read and is a draft');
      await expect(page.getByRole('heading', { name: 'The document was read, with doubts' })).toBeVisible();
      expect(await fact(page, 'Operations')).toBe('1');
      expect(await fact(page, 'File')).toBe('books.yaml');
      const doubt = page.locator('.findings li').filter({ hasText: '#/components/schemas/Missing' });
      await expect(doubt).toContainText('/paths/~1books/get/responses/200/content/application~1json/schema/items');
      await expect(doubt).toContainText('line 12, column');

      const visitor = await (await newVisitor()).newPage();
      expect((await visitor.goto(`/docs/${slug}`))?.status(), 'a draft is for staff').toBe(404);
      await page.getByRole('button', { name: 'Publish version 2.1' }).click();
      await expect(page.getByRole('status')).toContainText('Version 2.1 is published');
      await visitor.goto(`/docs/${slug}/2.1/operations/get-books`);
      await expect(visitor.getByRole('heading', { level: 1 })).toHaveText('List books');
      await expect(visitor.getByRole('main')).toContainText('/books');

      await page.goto('/admin/apis/new');
      await upload(page, slug, '', file('books.yaml', SMALL.replace('Books', 'Other books')));
      await expect(page, 'what is published does not change').toHaveURL(`/admin/apis/${slug}/versions/2.1/draft`);
      await visitor.reload();
      await expect(visitor.getByRole('heading', { level: 1 })).toHaveText('List books');
      await page.getByLabel('Why it is corrected').fill('The title was wrong');
      await page.getByRole('button', { name: 'Publish revision 2' }).click();
      await expect(page.getByRole('status')).toContainText('Revision 2 of version 2.1 is published');
      await expect(page.getByRole('table', { name: 'Revisions of the document' })).toContainText('The title was wrong');

      await page.goto('/admin/audit');
      for (const action of ['api.created', 'api_version.imported', 'api_version.published', 'api_version.revised']) {
        const entry = page.getByRole('row').filter({ hasText: action }).filter({ hasText: slug });
        await expect(entry.first(), action).toContainText(/from 127\.0\.0\.1/);
      }
      await page.getByRole('button', { name: 'Verify the chain' }).click();
      await expect(page.getByRole('status')).toContainText('The chain holds up to entry');
    });
  });
}

for (const document of PUBLISHED) {
  test(`${document.slug}, from npm, becomes pages`, async ({ staff }) => becomesPages(staff, document));
}

if (neighbours().length === 0) {
  test('documents beside the checkout become pages', () => {
    console.log(`skipped: ${NEIGHBOURS} is absent; it belongs to no checkout`);
    test.skip();
  });
}
for (const document of neighbours()) {
  test(`${document.slug}, beside the checkout, becomes pages`, async ({ staff }) => becomesPages(staff, document));
}

const UNREADABLE: [string, () => string, RegExp][] = [
  ['a file that is not YAML', () => file('broken.yaml', 'openapi: 3.1.0\npaths: [\n  - {'), /not valid YAML: .* \(line 3, column \d+/],
  ['a file that is not JSON', () => file('broken.json', '{"openapi": "3.1.0",\n "paths": {]}'), /not valid JSON: .* \(line 2, column \d+/],
  ['a file that is something else', () => file('todo.yaml', 'title: Things to do\nitems: [milk, bread]\n'), /not an OpenAPI document/],
  ['a picture', () => file('picture.json', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0xff])), /not text in UTF-8/],
  ['an empty file', () => file('empty.yaml', ''), /is empty/],
  ['a real Swagger 2.0 document', () => example('2.0/json/petstore.json'), /is a Swagger 2\.0 document.*line 2/],
  ['a YAML alias bomb', () => file('bomb.yaml', bomb()), /aliases unfold to more than/],
  ['a nesting of 10,000 levels', () => file('deep.json', '{"a":'.repeat(10_000) + '1' + '}'.repeat(10_000)), /nested deeper than 1,000 levels \(line 1/],
  ['a file of more than 64 MiB', () => file('large.json', Buffer.alloc(66 * MEBIBYTE, ' ')), /larger than 64 MiB/],
];

for (const [what, path, why] of UNREADABLE) {
  test(`${what} gives one clear error and stores nothing`, async ({ staff }) => {
    const before = await versionsListed(staff);
    await staff.goto('/admin/apis/new');
    await upload(staff, 'unreadable', 'v1', path());
    const alert = staff.getByRole('alert');
    await expect(alert, 'one error').toHaveCount(1);
    await expect(alert).toContainText('The document cannot be read');
    await expect(alert).toContainText(why);
    await expect(staff.getByLabel('Name in addresses'), 'what was typed stays').toHaveValue('unreadable');
    expect(await versionsListed(staff)).toEqual(before);
    expect((await staff.goto('/admin/apis/unreadable/versions/v1'))?.status()).toBe(404);
  });
}

/** Imports, publishes and reads: the overview, then an operation or what else the document has. */
async function becomesPages(staff: Page, document: RealDocument): Promise<void> {
  test.setTimeout(180_000); // the largest takes a debug build a while
  const { slug, path } = document;
  await staff.goto('/admin/apis/new');
  await upload(staff, slug, 'v1', path);
  await expect(staff).toHaveURL(`/admin/apis/${slug}/versions/v1`, { timeout: 120_000 });
  await expect(staff.getByRole('heading', { name: /^The document was read/ })).toBeVisible();
  expect(await fact(staff, 'File')).toBe(basename(path));
  const operations = Number((await fact(staff, 'Operations')).replaceAll(',', ''));
  const webhooks = Number((await fact(staff, 'Webhooks')).replaceAll(',', ''));
  expect(operations, 'every operation was read').toBe(operationsIn(document) ?? operations);
  expect(operations + webhooks).toBeGreaterThan(0);
  await staff.getByRole('button', { name: 'Publish version v1' }).click();
  await expect(staff.getByRole('status')).toContainText('Version v1 is published', { timeout: 60_000 });

  const overview = await staff.goto(`/docs/${slug}/v1`, { timeout: 60_000 });
  expect(overview?.status()).toBe(200);
  await expect(staff.getByRole('heading', { level: 1 })).toBeVisible();
  const kind = operations > 0 ? 'operations' : 'webhooks';
  let pages = await hrefs(staff, `/docs/${slug}/v1/${kind}/`);
  if (pages.length === 0) {
    const [tag] = await hrefs(staff, `/docs/${slug}/v1?tag=`); // an overview of very many operations lists their tags
    await staff.goto(tag, { timeout: 60_000 });
    pages = await hrefs(staff, `/docs/${slug}/v1/${kind}/`);
  }
  expect(pages.length, `the overview leads to ${kind}`).toBeGreaterThan(0);
  for (const href of [pages[0], pages.at(-1)!]) {
    const answer = await staff.goto(href, { timeout: 60_000 });
    expect(answer?.status(), href).toBe(200);
    await expect(staff.getByRole('heading', { level: 1 })).toHaveText(/\S/);
    if (kind === 'operations') await expect(staff.locator('#samples pre').first()).toContainText('curl');
  }
}

function hrefs(page: Page, start: string): Promise<string[]> {
  const links = page.locator(`main a[href^="${start}"]`);
  return links.evaluateAll((links) => [...new Set(links.map((link) => link.getAttribute('href')!))]);
}

async function upload(page: Page, slug: string, version: string, path: string): Promise<void> {
  await page.getByLabel('Name in addresses').fill(slug);
  await page.getByLabel('Version').fill(version);
  await page.getByLabel('OpenAPI document').setInputFiles(path);
  await page.getByRole('button', { name: 'Read the document' }).click({ timeout: 150_000 });
}

/** The value beside a term. */
async function fact(page: Page, term: string): Promise<string> {
  const row = page.locator('dl.facts > div').filter({ has: page.locator('dt', { hasText: new RegExp(`^${term}$`) }) });
  return ((await row.first().locator('dd').textContent()) ?? '').trim();
}

async function versionsListed(page: Page): Promise<string[]> {
  await page.goto('/admin/apis');
  return page.locator('main a[href*="/versions/"]').evaluateAll((links) => links.map((link) => link.getAttribute('href')!));
}

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** A few lines that unfold to ten thousand million values. */
function bomb(): string {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
  for (let level = 1; level < 10; level += 1) {
    lines.push(`a${level}: &a${level} [${Array(10).fill(`*a${level - 1}`).join(', ')}]`);
  }
  return [...lines, 'openapi: 3.1.0', ''].join('\n');
}
