// Before all tests: one portal for those that do not need their own, and its administrator's session.

import { join } from 'node:path';

import { request } from '@playwright/test';

import { startPortal } from './portal.ts';
import { remember } from './shared.ts';

export default async function setUp(): Promise<() => Promise<void>> {
  const portal = await startPortal();
  const { url, folder, administrator } = portal;
  const administratorState = join(folder, 'administrator.json');
  remember({ url, folder, administrator, administratorState });
  try {
    const browserless = await request.newContext({ baseURL: url });
    await browserless.post('/login', { form: administrator, maxRedirects: 0 });
    await browserless.storageState({ path: administratorState });
    await browserless.dispose();
  } catch (error) {
    await portal.stop();
    throw error;
  }
  return () => portal.stop();
}
