// What people do on every journey: sign up, confirm, sign in.

import { type Page, expect } from '@playwright/test';

/** Somebody who wants to use the API. */
export interface Person {
  organization: string;
  name: string;
  email: string;
  password: string;
}

/** Somebody nobody has seen before. */
export function somebody(name: string): Person {
  const tag = Math.random().toString(36).slice(2, 8);
  const [first] = name.toLowerCase().split(' ');
  return {
    organization: `Quillmere Books ${tag}`,
    name,
    email: `${first}.${tag}@quillmere.example`,
    password: 'tannery lane morning ferry',
  };
}

/** Fills the sign-up form and is told to look into the mail. */
export async function signUp(page: Page, person: Person): Promise<void> {
  await page.goto('/signup');
  await page.getByLabel('Organization').fill(person.organization);
  await page.getByLabel('Your name').fill(person.name);
  await page.getByLabel('Work address').fill(person.email);
  await page.getByLabel('Password').fill(person.password);
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Check your mail');
}

/** Opens the link and presses its button. */
export async function confirmAddress(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await page.getByRole('button', { name: 'Confirm address' }).click();
  await expect(page).toHaveURL('/login');
  await expect(page.getByRole('status')).toContainText('Your address is confirmed');
}

/** Signs in, whatever the page that follows. */
export async function signIn(page: Page, who: { email: string; password: string }): Promise<void> {
  await page.goto('/login');
  await page.getByLabel('Address').fill(who.email);
  await page.getByLabel('Password').fill(who.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** Signs out through the account's menu. */
export async function signOut(page: Page): Promise<void> {
  await page.goto('/logout');
  await page.getByRole('main').getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('status')).toContainText('You are signed out');
}

/** The text of the newest letter to somebody, as an administrator reads it. */
export async function letterInOutbox(administrator: Page, recipient: string, subject: string): Promise<string> {
  await administrator.goto('/admin/mail');
  const row = administrator.getByRole('row').filter({ hasText: recipient }).filter({ hasText: subject });
  await row.first().getByRole('link', { name: subject }).click();
  await expect(administrator.getByRole('heading', { level: 1 })).toHaveText(subject);
  return (await administrator.locator('.letter').first().textContent()) ?? '';
}
