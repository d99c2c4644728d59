// Every page, in light and dark, wide and narrow: no finding of axe-core, nothing that sticks out, no trap for a keyboard.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { BrowserContextOptions, Page } from '@playwright/test';

import { keyboardFaults, overflow, unfold, violations } from './accessible.ts';
import { type Partner, test } from './partner.ts';
import { ROOT } from './portal.ts';
import { shared } from './shared.ts';
import { expect } from './test.ts';

type Who = 'anybody' | 'partner' | 'administrator';

/** A page: its address, or how it is reached. */
interface Shown {
  who: Who;
  name: string;
  open: (page: Page, partner: Partner) => Promise<unknown>;
  /** Its route, where the name is not the address. */
  route?: string;
}

const PARCELS = '/docs/parcels/2026-09';

const PAGES: Shown[] = [
  ...at('anybody', [
    '/',
    '/signup',
    '/login',
    '/logout',
    '/forgot-password',
    '/verify-email?token=none',
    '/reset-password?token=none',
    '/invite/none',
    '/docs',
    '/docs/parcels',
    PARCELS,
    `${PARCELS}/operations/createShipment`,
    `${PARCELS}/operations/listShipments`,
    `${PARCELS}/operations/uploadCustomsDocument`,
    `${PARCELS}/operations/getLabel`,
    `${PARCELS}/operations/createShipment/calls/new`,
    `${PARCELS}/errors`,
    `${PARCELS}/schemas`,
    `${PARCELS}/webhooks`,
    '/docs/parcels/2026-03',
    '/docs/parcels/2026-03/operations/createShipment',
    '/docs/vestibule',
    '/docs/vestibule/v1/errors',
    '/guides',
    '/guides/quickstart',
    '/guides/authentication',
    '/guides/keys',
    '/guides/errors-and-retries',
    '/guides/pagination',
    '/guides/webhooks',
    '/search',
    '/search?q=shipment',
    '/search?q=zebracrossing&kind=guide',
    '/no-such-page',
  ]),
  { who: 'anybody', name: 'a schema', route: '/docs/{api}/{version}/schemas/{schema}', open: (page) => followed(page, `${PARCELS}/schemas`, 'NewShipment') },
  { who: 'anybody', name: 'a part of a schema', route: '/docs/{api}/{version}/properties', open: (page) => page.goto(`${PARCELS}/properties?at=%2Fcomponents%2Fschemas%2FNewShipment`) },
  { who: 'anybody', name: 'an event', route: '/docs/{api}/{version}/webhooks/{event}', open: (page) => followed(page, `${PARCELS}/webhooks`, /shipment/) },
  { who: 'anybody', name: 'an operation of the portal itself', open: (page) => followed(page, '/docs/vestibule/v1', /app/) },
  { who: 'anybody', name: 'an invitation', route: '/invite/{token}', open: (page, { invitation }) => page.goto(invitation) },
  { who: 'anybody', name: 'a sign-up that is refused', open: (page) => refused(page, '/signup', 'Create account') },
  { who: 'anybody', name: 'a sign-in that is refused', open: (page) => refused(page, '/login', 'Sign in') },
  ...at('partner', [
    '/dashboard',
    '/dashboard/apps',
    '/dashboard/apps/new',
    '/dashboard/calls',
    '/dashboard/calls?q=nothing',
    '/dashboard/usage',
    '/dashboard/usage?range=12m',
    '/dashboard/team',
    '/dashboard/tokens',
    '/dashboard/audit',
    '/dashboard/account',
    '/admin',
  ]),
  { who: 'partner', name: 'an app', route: '/dashboard/apps/{app}', open: (page, { app }) => page.goto(app) },
  { who: 'partner', name: 'an app’s settings', route: '/dashboard/apps/{app}/settings', open: (page, { app }) => page.goto(`${app}/settings`) },
  { who: 'partner', name: 'a key in rotation', route: '/dashboard/keys/{key}', open: (page, { key }) => page.goto(key) },
  { who: 'partner', name: 'a key’s settings', route: '/dashboard/keys/{key}/settings', open: (page, { key }) => page.goto(`${key}/settings`) },
  { who: 'partner', name: 'a question before a rotation is cancelled', open: (page, { key }) => asked(page, key, 'Cancel rotation…') },
  { who: 'partner', name: 'a call', route: '/dashboard/calls/{call}', open: (page, { call }) => page.goto(call) },
  { who: 'partner', name: 'a new secret', open: newSecret },
  { who: 'partner', name: 'a question before a key is revoked', open: (page, { key }) => asked(page, key, 'Revoke key…') },
  { who: 'partner', name: 'a key that is not revoked', open: notRevoked },
  ...at('administrator', [
    '/admin',
    '/admin/apis',
    '/admin/apis/new',
    '/admin/apis/parcels',
    '/admin/apis/parcels/source',
    '/admin/apis/parcels/versions/2026-09',
    '/admin/partners',
    '/admin/mail',
    '/admin/audit',
    '/admin/audit?verify=1&action=nothing.such',
    '/admin/tokens',
    '/admin/staff',
    '/admin/settings',
    '/admin/styleguide',
  ]),
  { who: 'administrator', name: 'a partner', route: '/admin/partners/{organization}', open: (page, { organization }) => followed(page, '/admin/partners', organization) },
  { who: 'administrator', name: 'a letter', route: '/admin/mail/{mail}', open: (page) => followed(page, '/admin/mail', 'Confirm your address') },
  { who: 'administrator', name: 'a document that cannot be read', open: unreadable },
  { who: 'administrator', name: 'a correction that waits', route: '/admin/apis/{api}/versions/{version}/draft', open: correction },
];

for (const shown of PAGES) {
  test(`${shown.name}, for ${shown.who}, suits everybody`, async ({ newVisitor, partner }) => {
    const context = await newVisitor({ ...statesOf(partner)[shown.who], reducedMotion: 'reduce' });
    const page = await context.newPage();
    await shown.open(page, partner);
    const heading = page.getByRole('heading', { level: 1 });
    await expect(shown.name === '/admin/styleguide' ? heading.first() : heading).toBeVisible(); // there, heads are examples
    expect(await page.title()).toMatch(/\S+ · \S+/);
    await unfold(page);
    const found: Record<string, string[]> = {};
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      found[`${colorScheme}, 1440 wide`] = await violations(page);
    }
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize({ width: 320, height: 640 });
    found['light, 320 wide'] = await violations(page);
    found['sticks out at 320'] = await overflow(page);
    expect(Object.fromEntries(Object.entries(found).filter(([, faults]) => faults.length > 0))).toEqual({});
  });
}

test('every page of the portal is looked at here', () => {
  const table = readFileSync(join(ROOT, 'src/tests/access.txt'), 'utf8');
  const routes = [...table.matchAll(/ {2}GET (\S+)$/gm)].map(([, route]) => route).filter(isPage);
  expect(routes.length, 'the table of routes was read').toBeGreaterThan(10);
  const looked = PAGES.map(({ name, route }) => route ?? name.split('?')[0]);
  const missing = routes.filter((route) => !looked.some((path) => path === route || pattern(route).test(path)));
  expect(missing).toEqual([]);
});

const BY_KEYBOARD: [Who, string][] = [
  ['anybody', '/'],
  ['anybody', '/signup'],
  ['anybody', `${PARCELS}/operations/createShipment`],
  ['anybody', '/guides/authentication'],
  ['partner', '/dashboard'],
  ['partner', '/dashboard/team'],
  ['administrator', '/admin/audit'],
  ['administrator', '/admin/settings'],
];

for (const [who, path] of BY_KEYBOARD) {
  test(`${path}, for ${who}, is used with a keyboard alone`, async ({ newVisitor, partner }) => {
    const page = await (await newVisitor({ ...statesOf(partner)[who], reducedMotion: 'reduce' })).newPage();
    await page.goto(path);
    await page.keyboard.press('Tab');
    const skip = page.getByRole('link', { name: 'Skip to the text' });
    await expect(skip, 'the first stop leads past the menus').toBeFocused();
    await expect(skip).toBeInViewport();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    const next = page.locator(':focus');
    expect(await next.evaluate((element) => !!element.closest('main, footer'))).toBe(true);

    await page.goto(path);
    expect(await keyboardFaults(page)).toEqual([]);
  });
}

test('menus open and close by keyboard', async ({ newVisitor, partner }) => {
  const page = await (await newVisitor({ storageState: partner.state })).newPage();
  await page.goto('/dashboard');
  await opensAndCloses(page, page.getByRole('button', { name: partner.organization }), '#account');
  await page.setViewportSize({ width: 390, height: 800 });
  await opensAndCloses(page, page.getByRole('button', { name: 'Menu' }), '#side');
  await page.goto('/');
  await opensAndCloses(page, page.getByRole('button', { name: 'Menu' }), '#side');
});

test('a question opens by keyboard, and Escape answers no', async ({ newVisitor, partner }) => {
  const page = await (await newVisitor({ storageState: partner.state })).newPage();
  await page.goto(partner.key);
  await opensAndCloses(page, page.getByRole('button', { name: 'Revoke key…' }), '#revoke');
  await page.reload();
  await expect(page.getByRole('button', { name: 'Revoke key…' }), 'nothing was revoked').toBeVisible();
});

function at(who: Who, paths: string[]): Shown[] {
  return paths.map((path) => ({ who, name: path, open: (page) => page.goto(path) }));
}

function statesOf(partner: Partner): Record<Who, BrowserContextOptions> {
  return {
    anybody: {},
    partner: { storageState: partner.state },
    administrator: { storageState: shared().administratorState },
  };
}

/** Sends a form that the browser itself would not let go, so that the portal's own words are shown. */
async function refused(page: Page, path: string, button: string): Promise<void> {
  await page.goto(path);
  await page.locator('main form').first().evaluate((form: HTMLFormElement) => (form.noValidate = true));
  await page.getByRole('main').getByRole('button', { name: button }).click();
  await expect(page.locator('[aria-invalid=true], [role=alert]').first()).toBeVisible();
}

async function newSecret(page: Page, { app }: Partner): Promise<void> {
  await page.goto(app);
  await page.getByLabel('Name').fill(`Till ${Math.random().toString(36).slice(2, 8)}`);
  await page.getByRole('button', { name: 'Issue sandbox key' }).click();
  await expect(page.getByRole('button', { name: 'Copy secret' })).toBeVisible();
}

async function asked(page: Page, path: string, button: string): Promise<void> {
  await page.goto(path);
  await page.getByRole('button', { name: button }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
}

async function notRevoked(page: Page, { key }: Partner): Promise<void> {
  await asked(page, key, 'Revoke key…');
  await page.getByLabel('Type Staging to confirm').fill('something else');
  await page.getByRole('button', { name: 'Revoke key', exact: true }).click();
  await expect(page.getByRole('dialog')).toContainText('Nothing was revoked');
}

async function followed(page: Page, path: string, link: string | RegExp): Promise<void> {
  await page.goto(path);
  const below = page.getByRole('main').locator(`a[href^="${path}/"]`);
  await below.filter({ hasText: link }).first().click();
  await page.waitForURL((url) => url.pathname.startsWith(`${path}/`));
}

async function unreadable(page: Page): Promise<void> {
  await page.goto('/admin/apis/new');
  await page.getByLabel('Name in addresses').fill('unreadable');
  const buffer = Buffer.from('openapi: 3.1.0\npaths: [\n  - {');
  await page.getByLabel('OpenAPI document').setInputFiles({ name: 'broken.yaml', mimeType: 'application/yaml', buffer });
  await page.getByRole('button', { name: 'Read the document' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
}

/** Reads a document under the names of one that is published; it waits, and partners do not see it. */
async function correction(page: Page): Promise<void> {
  await page.goto('/admin/apis/new?api=parcels&version=2026-03');
  await page.getByLabel('OpenAPI document').setInputFiles(join(ROOT, 'content/apis/parcels/2026-09.yaml'));
  await page.getByRole('button', { name: 'Read the document' }).click();
  await page.waitForURL('**/admin/apis/parcels/versions/2026-03/draft');
}

async function opensAndCloses(page: Page, button: ReturnType<Page['getByRole']>, popover: string): Promise<void> {
  const isOpen = () => page.locator(popover).evaluate((element) => element.matches(':popover-open'));
  await button.focus();
  await page.keyboard.press('Enter');
  expect(await isOpen(), `${popover} is open`).toBe(true);
  await page.keyboard.press('Tab');
  expect(await page.locator(popover).evaluate((element) => element.contains(document.activeElement)), 'the next stop is in it').toBe(true);
  await page.keyboard.press('Escape');
  expect(await isOpen(), `${popover} is closed`).toBe(false);
  await expect(button, 'one is back where one was').toBeFocused();
}

/** What is for programs and operators has no page. */
function isPage(route: string): boolean {
  return !/^\/(api|sandbox|healthz|readyz|search\/suggestions)\b|\.(csv|json|yaml|md|txt|xml|svg)$/.test(route);
}

function pattern(route: string): RegExp {
  return new RegExp(`^${route.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{[^}]+\}/g, '[^/]+')}$`);
}
