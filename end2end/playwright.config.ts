// Browser tests against a portal of their own, in the browser that the machine has: Playwright's own downloads are
// not needed.

import { defineConfig } from '@playwright/test';

import { programNamed } from './program.ts';

export default defineConfig({
  testDir: '.',
  outputDir: 'test-results',
  globalSetup: './global_setup.ts',
  workers: 2,
  fullyParallel: true,
  forbidOnly: true,
  retries: 0, // a test that fails now and then has found something
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: 'list',
  use: {
    browserName: 'chromium',
    headless: true,
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? programNamed('chromium', 'chromium-browser', 'google-chrome'),
      args: [
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
      // Its sandbox needs namespaces that containers rarely allow, and it refuses root altogether.
      chromiumSandbox: false,
    },
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    screenshot: 'only-on-failure',
  },
});
