// What is sent besides the words of a page: policies, validators, caching, ids, problem documents.

import { createHash } from 'node:crypto';

import type { APIResponse, Page } from '@playwright/test';

import { shared } from './shared.ts';
import { expect, test } from './test.ts';

const PROBLEM_MEMBERS = ['type', 'title', 'status', 'detail', 'instance', 'code', 'request_id', 'retryable'];

test('a page runs only what its policy names by hash', async ({ page, request }) => {
  const policy = (await request.get('/')).headers()['content-security-policy'];
  expect(policy).not.toContain('unsafe-inline');
  expect(policy).not.toContain("'unsafe-eval'");
  for (const part of ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'", "'wasm-unsafe-eval'"]) {
    expect(policy).toContain(part);
  }

  for (const path of ['/', '/docs/parcels', '/guides', '/login', '/no-such-page']) {
    const answer = await page.goto(path);
    const allowed = answer!.headers()['content-security-policy'];
    const html = await answer!.text();
    expect(html, path).not.toMatch(/<[^>]+\sstyle=/);
    expect(html, path).not.toMatch(/<[^>]+\son[a-z]+=/);
    const inline = [...html.matchAll(/<(script|style)\b[^>]*>([^]*?)<\/\1>/g)];
    expect(inline.length, path).toBeGreaterThan(1);
    for (const [tag, , content] of inline) {
      expect(allowed, `${path}: ${tag}`).toContain(`'sha256-${createHash('sha256').update(content!).digest('base64')}'`);
    }
  }
});

test('an inline script that the policy does not name does not run', async ({ browser }) => {
  const context = await browser.newContext(); // not watched: here the browser is meant to complain
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  await page.route(`${shared().url}/`, async (route) => {
    const answer = await route.fetch();
    const body = (await answer.text()).replace('</body>', '<script>document.title = "taken"</script></body>');
    await route.fulfill({ response: answer, body });
  });
  await page.goto(`${shared().url}/`);
  expect(await page.content()).toContain('document.title = "taken"');
  expect(await page.title()).not.toBe('taken');
  expect(complaints.join('\n')).toContain('Content Security Policy');
  await context.close();
});

test('every answer forbids sniffing, framing and leaking', async ({ request }) => {
  for (const path of ['/', '/docs/parcels', '/login', '/no-such-page', '/healthz', '/api/v1/openapi.json', '/favicon.svg', await styleOf(request)]) {
    const headers = (await request.get(path)).headers();
    expect(headers['x-content-type-options'], path).toBe('nosniff');
    expect(headers['x-frame-options'], path).toBe('DENY');
    expect(headers['content-security-policy'], path).toContain("frame-ancestors 'none'");
    expect(headers['referrer-policy'], path).toMatch(/^(same-origin|no-referrer|strict-origin)/);
    expect(headers['permissions-policy'], path).toContain('camera=()');
    expect(headers['cross-origin-opener-policy'], path).toBe('same-origin');
    expect(headers['x-request-id'], path).toMatch(/^req_/);
    expect(headers['strict-transport-security'], `${path}: only where there is TLS`).toBeUndefined();
  }
});

test('assets have the hash of their content in their name, and are kept for ever and compressed beforehand', async ({ page, request }) => {
  const paths: string[] = [];
  page.on('request', (loaded) => {
    const { pathname } = new URL(loaded.url());
    if (pathname.startsWith('/pkg/')) paths.push(pathname);
  });
  await page.goto('/docs/parcels/2026-09/operations/createShipment');
  await expect(page.locator('html')).toHaveAttribute('data-islands', 'ready');
  expect(paths.map((path) => path.split('.').at(-1)).sort()).toEqual(expect.arrayContaining(['css', 'js', 'wasm']));
  for (const path of new Set(paths)) {
    expect(path).toMatch(/\.[0-9A-Za-z_-]{12,}\.(css|js|wasm)$/);
    const plain = (await (await request.get(path, { headers: { 'accept-encoding': 'identity' } })).body()).length;
    for (const encoding of ['br', 'gzip']) {
      const answer = await request.get(path, { headers: { 'accept-encoding': encoding } });
      const headers = answer.headers();
      expect(headers['content-encoding'], path).toBe(encoding);
      expect(headers['cache-control'], path).toBe('public, max-age=31536000, immutable');
      // Compressed while it is sent, its length would not be known.
      expect(Number(headers['content-length']), `${path} as ${encoding}`).toBeGreaterThan(0);
      expect(Number(headers['content-length'])).toBeLessThan(plain);
    }
  }
  const missing = await request.get('/pkg/vestibule.0000000000000000.js');
  expect(missing.status()).toBe(404);
  expect(missing.headers()['cache-control'] ?? '', 'what is not there yet may come').not.toContain('immutable');
});

test('a page has a validator and is not sent again while it is the same', async ({ request }) => {
  for (const path of ['/', '/docs/parcels', '/guides/quickstart']) {
    const { etag, ...headers } = (await request.get(path)).headers();
    expect(etag, path).toMatch(/^(W\/)?"[^"]+"$/);
    expect(headers['cache-control'], path).toContain('no-cache');
    const again = await request.get(path, { headers: { 'if-none-match': etag } });
    expect(again.status(), path).toBe(304);
    expect((await again.body()).length).toBe(0);
    const other = await request.get(path, { headers: { 'if-none-match': '"other"' } });
    expect(other.status(), path).toBe(200);
  }
  const tag = (await request.get('/')).headers().etag;
  const dark = await request.get('/', { headers: { cookie: 'vestibule-theme=dark', 'if-none-match': tag } });
  expect(dark.status(), 'the same page in other colours is another page').toBe(200);
});

test('a request keeps its id, or gets one', async ({ request }) => {
  const answered = async (id: string) => (await request.get('/healthz', { headers: { 'x-request-id': id } })).headers()['x-request-id'];
  expect(await answered('nightly-run.42')).toBe('nightly-run.42');
  expect(await answered('a sentence; not an id')).toMatch(/^req_/);
  expect(await answered('x'.repeat(200))).toMatch(/^req_/);
  const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
  const problem = await request.get('/api/v1/nothing-here', { headers: { traceparent: `00-${trace}-00f067aa0ba902b7-01` } });
  const { request_id, trace_id } = await problem.json();
  expect(trace_id).toBe(trace);
  expect(request_id).toBe(problem.headers()['x-request-id']);
});

test('programs get problem documents, people get pages', async ({ request, page }) => {
  const cases: [string, string, number, string][] = [
    ['GET', '/api/v1/nothing-here', 404, 'not_found'],
    ['GET', '/api/v1/apps', 401, 'unauthenticated'],
    ['DELETE', '/api/v1/openapi.json', 405, 'method_not_allowed'],
    ['GET', '/sandbox/parcels/2026-09/v1/shipments', 401, 'unauthenticated'],
    ['GET', '/no-such-page', 404, 'not_found'],
  ];
  for (const [method, path, status, code] of cases) {
    const answer = await request.fetch(path, { method, headers: { accept: 'application/json' } });
    expect(answer.status(), path).toBe(status);
    expect(answer.headers()['content-type'], path).toBe('application/problem+json');
    const problem = await answer.json();
    expect(Object.keys(problem), path).toEqual(expect.arrayContaining(PROBLEM_MEMBERS));
    expect(problem).toMatchObject({ status, code, instance: path, retryable: false });
    expect(problem.type, 'leads to the catalogue').toBe(`${shared().url}/docs/vestibule/v1/errors#${code}`);
  }
  const token = await request.get('/api/v1/apps', { headers: { authorization: 'Bearer vst_mgmt_nonsense' } });
  expect(await token.json()).toMatchObject({ status: 401, code: 'token_invalid' });
  expect(token.headers()['www-authenticate']).toContain('Bearer');

  const answer = await page.goto('/no-such-page');
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Not found');
  await expect(page.getByRole('main'), 'with the id to quote').toContainText(answer!.headers()['x-request-id']);
});

test('the catalogue explains the code that a problem names', async ({ page, request }) => {
  const { type } = await (await request.get('/api/v1/nothing-here')).json();
  const answer = await page.goto(type);
  expect(answer?.status()).toBe(200);
  await expect(page.locator(`[id="${new URL(type).hash.slice(1)}"]`)).toBeVisible();
});

test('a method that an address does not take is named as such', async ({ request }) => {
  for (const path of ['/healthz', '/docs', '/signup']) {
    const answer = await request.fetch(path, { method: 'DELETE' });
    expect(answer.status(), path).toBe(405);
    expect(answer.headers().allow, path).toContain('GET');
  }
});

test('a form from another site changes nothing', async ({ newVisitor }) => {
  const context = await newVisitor({ storageState: shared().administratorState });
  const send = (headers: Record<string, string>) =>
    context.request.post('/theme', { form: { theme: 'dark', back: '/' }, headers, maxRedirects: 0 });
  for (const headers of [
    { origin: 'https://elsewhere.example' },
    { 'sec-fetch-site': 'cross-site', origin: shared().url },
    { referer: 'https://elsewhere.example/form' },
    {},
  ]) {
    const answer = await send(headers as Record<string, string>);
    expect(answer.status(), JSON.stringify(headers)).toBe(403);
  }
  expect((await send({ origin: shared().url })).status()).toBe(303);
});

test('the session is a cookie that scripts and other sites do not see', async ({ newVisitor }) => {
  const context = await newVisitor({ storageState: shared().administratorState });
  const session = (await context.cookies()).find(({ name }) => name.endsWith('session'));
  expect(session).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' });
  const page = await context.newPage();
  await page.goto(`${shared().url}/admin`);
  expect(await page.evaluate(() => document.cookie)).toBe('');
});

test('the operator can ask whether the portal lives and is ready', async ({ request }) => {
  const live = await request.get('/healthz');
  expect(live.status()).toBe(200);
  expect(await live.json()).toMatchObject({ status: 'ok' });
  const ready = await request.get('/readyz');
  expect(ready.status()).toBe(200);
  expect(await ready.json()).toMatchObject({ status: 'ok', dependencies: { database: { status: 'ok' }, mail: {} } });
  expect((await request.get('/metrics')).status(), 'metrics have an address of their own').toBe(404);
});

test('islands come alive', async ({ page }) => {
  await page.goto('/docs/parcels/2026-09/operations/createShipment');
  await expect(page.locator('html')).toHaveAttribute('data-islands', 'ready');
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('colours are switched, kept, and given back to the system', async ({ page }) => {
    const theme = () => page.locator('html').getAttribute('data-theme');
    await page.goto('/docs/parcels?view=all');
    expect(await theme()).toBeNull();
    await page.getByRole('button', { name: 'Use dark colours' }).click();
    await expect(page, 'one stays where one was').toHaveURL('/docs/parcels?view=all');
    expect(await theme()).toBe('dark');
    const dark = await background(page);
    await page.goto('/guides');
    expect(await theme()).toBe('dark');
    await page.getByRole('button', { name: 'Use light colours' }).click();
    expect(await theme()).toBe('light');
    expect(await background(page)).not.toBe(dark);
    await page.getByRole('button', { name: 'Use the colours of your system' }).click();
    expect(await theme()).toBeNull();
  });
});

function background(page: Page): Promise<string> {
  return page.locator('html').evaluate((html) => getComputedStyle(html).backgroundColor);
}

async function styleOf(request: { get(path: string): Promise<APIResponse> }): Promise<string> {
  const html = await (await request.get('/')).text();
  return html.match(/href="(\/pkg\/[^"]+\.css)"/)![1];
}
