// What a browser does with the lists of the reference: links to a property open what is around it, folds fetch what a
// page has no room for, long lists can be narrowed, and hostile documents run nothing.

import { type Page, expect, request } from '@playwright/test';

import { shared } from './shared.ts';
import { test } from './test.ts';

const FIELDS = Array.from({ length: 300 }, (_, index) => [`field_${index}`, { type: 'string', description: `Number ${index}.` }]);

const LARGE = {
  openapi: '3.1.0',
  info: { title: 'Large lists', version: '1' },
  paths: {
    '/x': {
      post: {
        operationId: 'send',
        requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Wide' } } } },
        responses: { 200: { description: 'Fine.', content: { 'application/json': { schema: { $ref: '#/components/schemas/Tree' } } } }, 400: { description: 'No.', content: { 'application/json': { schema: { $ref: '#/components/schemas/Tree' } } } } },
      },
    },
  },
  components: {
    schemas: {
      Wide: { type: 'object', properties: { ...Object.fromEntries(FIELDS), 'größe/x': { type: 'string' } } },
      Tree: { type: 'object', properties: { label: { type: 'string' }, left: { $ref: '#/components/schemas/Tree' } } },
    },
  },
};

const EVIL = `</script><script>window.__xss=1</script><img src=x onerror=window.__xss=1>"'><svg/onload=window.__xss=1>`;

const HOSTILE = {
  openapi: '3.1.0',
  info: { title: EVIL, version: '1', description: EVIL, contact: { name: EVIL, url: 'javascript:window.__xss=1' } },
  servers: [{ url: `https://${EVIL}`, description: EVIL }],
  tags: [{ name: EVIL, description: EVIL }],
  paths: {
    '/x': {
      post: {
        operationId: EVIL,
        summary: EVIL,
        description: `[x](javascript:window.__xss=1)\n\n\`\`\`html\n${EVIL}\n\`\`\`\n\n# ${EVIL}`,
        tags: [EVIL],
        externalDocs: { url: 'javascript:window.__xss=1', description: 'A trap' },
        parameters: [{ name: EVIL, in: 'query', description: EVIL, example: EVIL, schema: { type: 'string', enum: [EVIL], default: EVIL, pattern: EVIL } }],
        requestBody: {
          description: EVIL,
          content: {
            'application/json': {
              schema: { title: EVIL, type: 'object', properties: { [EVIL]: { description: EVIL, const: EVIL } } },
              examples: { [EVIL]: { summary: EVIL, description: EVIL, value: { a: EVIL } } },
            },
            [EVIL]: { schema: { $ref: EVIL } },
          },
        },
        responses: { 200: { description: EVIL, headers: { [EVIL]: { description: EVIL } }, links: { [EVIL]: { operationId: EVIL, parameters: { [EVIL]: EVIL } } } } },
      },
    },
  },
};

test.beforeAll(async () => {
  const { url, administratorState } = shared();
  const staff = await request.newContext({
    baseURL: url,
    storageState: administratorState,
    extraHTTPHeaders: { origin: url, 'sec-fetch-site': 'same-origin' }, // as a form of the portal sends
  });
  for (const [slug, document] of Object.entries({ 'large-lists': LARGE, hostile: HOSTILE })) {
    if ((await staff.get(`/docs/${slug}/1`)).ok()) continue; // each worker begins here
    const file = { name: `${slug}.json`, mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(document)) };
    await staff.post('/admin/apis', { multipart: { slug, version: '1', file } });
    const draft = await (await staff.get(`/admin/apis/${slug}/versions/1`)).text();
    const sha256 = draft.match(/name="sha256"[^>]*value="([0-9a-f]+)"|value="([0-9a-f]+)"[^>]*name="sha256"/);
    const seen = sha256?.[1] ?? sha256?.[2] ?? '';
    const published = await staff.post(`/admin/apis/${slug}/versions/1/publication`, { form: { sha256: seen, state: 'stable' }, maxRedirects: 0 });
    expect(published.status(), await published.text()).toBe(303);
  }
  await staff.dispose();
});

const OPERATION = '/docs/large-lists/1/operations/send';

async function ready(page: Page): Promise<void> {
  await expect(page.locator('html')).toHaveAttribute('data-islands', 'ready');
}

test('a fold fetches what the page had no room for, level by level', async ({ page }) => {
  await page.goto(OPERATION);
  await ready(page);
  const answer = page.locator('#responses');
  const folds = answer.locator('.props details.fold');
  for (let level = 1; level <= 3; level += 1) {
    const fold = folds.filter({ visible: true }).last();
    if (!(await fold.evaluate((element) => (element as HTMLDetailsElement).open))) await fold.locator('> summary').click();
    await expect(answer.locator('.props .name', { hasText: 'label' }).filter({ visible: true })).toHaveCount(level + 1);
  }
});

test('a link to a property opens the folds around it', async ({ page }) => {
  await page.goto(`${OPERATION}#400.left`);
  await expect(page.locator('[id="400.left"] .name').first()).toBeInViewport();
});

test('a long list is narrowed by what is typed', async ({ page }) => {
  await page.goto(OPERATION);
  await ready(page);
  const filter = page.getByRole('searchbox', { name: 'Filter 301 properties' });
  await filter.fill('number 29');
  await expect(page.locator('#body .props > li:visible')).toHaveCount(11);
  await expect(page.getByRole('status').filter({ hasText: '11 of 301' })).toBeVisible();
  await filter.fill('');
  await expect(page.locator('#body .props > li:visible')).toHaveCount(301);
  await page.locator('#body').getByRole('link', { name: 'größe/x' }).click();
  await expect(page.locator('[id="body.größe-x"]')).toBeInViewport();
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('a fold leads to the page of its schema, and a link opens what is around a property', async ({ page }) => {
    await page.goto(`${OPERATION}#400.left`);
    await expect(page.locator('[id="400.left"] .name').first()).toBeInViewport();
    await expect(page.getByRole('searchbox', { name: /Filter/ })).toBeHidden();
    await page.locator('#responses details.fold[data-source] > summary').filter({ visible: true }).first().click();
    await page.getByRole('link', { name: 'Show it on its own page' }).filter({ visible: true }).first().click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Tree');
  });
});

test('a hostile document runs nothing', async ({ page }) => {
  page.on('dialog', () => expect(false, 'no dialog opens').toBe(true));
  const paths = ['/docs', '/docs/hostile/1', '/docs/hostile/1/errors', '/docs/hostile/1/schemas'];
  await page.goto('/docs/hostile/1');
  const operation = await page.locator('.calls a').first().getAttribute('href');
  for (const path of [...paths, operation ?? '']) {
    await page.goto(path);
    for (const fold of await page.locator('details:not([open]) > summary').all()) await fold.click({ force: true, timeout: 1_000 }).catch(() => undefined);
    expect(await page.evaluate(() => '__xss' in window), path).toBe(false);
    expect(await page.locator('a[href^="javascript:" i], main img, main script:not([nonce])').count(), path).toBe(0);
  }
});
