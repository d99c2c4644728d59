// What every test has: a browser that is watched. A script's error, a refused resource or a broken policy fails the
// test, whatever else it asserts.

import { type Browser, type BrowserContext, type BrowserContextOptions, test as base, expect } from '@playwright/test';

import { shared } from './shared.ts';

export { expect };

/** Somebody with a browser of their own. */
type NewVisitor = (options?: BrowserContextOptions) => Promise<BrowserContext>;

interface Fixtures {
  /** Opens another browser, watched like the first. */
  newVisitor: NewVisitor;
}

export const test = base.extend<Fixtures>({
  baseURL: async ({}, use) => use(shared().url),

  context: async ({ context }, use) => {
    const faults = watch(context);
    await use(context);
    expect(faults, 'what the browser complained about').toEqual([]);
  },

  newVisitor: async ({ browser, baseURL, javaScriptEnabled }, use) => {
    const contexts: BrowserContext[] = [];
    const faults: string[] = [];
    await use(async (options) => {
      const context = await open(browser, { baseURL, javaScriptEnabled, ...options });
      contexts.push(context);
      watch(context, faults);
      return context;
    });
    await Promise.all(contexts.map((context) => context.close()));
    expect(faults, 'what the other browsers complained about').toEqual([]);
  },
});

function open(browser: Browser, options: BrowserContextOptions): Promise<BrowserContext> {
  return browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB', ...options });
}

/** Notes every complaint of the browser, except that a page itself was answered with an error status. */
function watch(context: BrowserContext, faults: string[] = []): string[] {
  const pages = new Set<string>();
  context.on('request', (request) => {
    if (request.isNavigationRequest()) pages.add(request.url());
  });
  context.on('console', (message) => {
    const isStatusOfPage = message.text().startsWith('Failed to load resource') && pages.has(message.location().url);
    if (message.type() === 'error' && !isStatusOfPage) faults.push(`${message.page()?.url()}: ${message.text()}`);
  });
  context.on('weberror', (error) => faults.push(`${error.page()?.url()}: ${error.error()}`));
  return faults;
}
