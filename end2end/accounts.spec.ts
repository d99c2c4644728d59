// Accounts, where everything that counts comes by mail: on a portal with a mail server and its own embedded Postgres.

import type { Page } from '@playwright/test';

import { Mailbox, linkIn } from './mailbox.ts';
import { type Person, confirmAddress, signIn, signUp, somebody } from './people.ts';
import { type Portal, startPortal } from './portal.ts';
import { test as base, expect } from './test.ts';

interface Mailing {
  portal: Portal;
  mailbox: Mailbox;
}

const test = base.extend<{ mailbox: Mailbox }, { mailing: Mailing }>({
  mailing: [
    async ({}, use) => {
      const mailbox = await Mailbox.open();
      const portal = await startPortal({ DATABASE_URL: undefined, VESTIBULE_SMTP_URL: mailbox.url });
      await use({ portal, mailbox });
      await portal.stop();
      await mailbox.close();
    },
    { scope: 'worker', timeout: 180_000 },
  ],
  baseURL: async ({ mailing }, use) => use(mailing.portal.url),
  mailbox: async ({ mailing }, use) => use(mailing.mailbox),
});

// One portal for all of them: each test brings people of its own.
test.describe.configure({ mode: 'default' });

test('a partner confirms an address with the link that arrives by mail', async ({ page, mailbox }) => {
  const ines = somebody('Ines Halloran');
  await signUp(page, ines);
  const letter = await mailbox.letterTo(ines.email, 'Confirm your address');
  const link = linkIn(letter.text ?? '', '/verify-email');
  expect(linkIn(letter.html || '', '/verify-email'), 'both forms of the letter have the same link').toBe(link);
  expect(letter.from?.value[0].address).toContain('@');
  expect(letter.messageId).toBeTruthy();

  await signIn(page, ines);
  await expect(page.getByRole('alert'), 'nobody signs in before the address is confirmed').toContainText('Not signed in');
  await confirmAddress(page, link);
  await page.goto(link);
  await expect(page.getByRole('heading', { level: 1 }), 'a link is good once').toHaveText('This link is not good any more');

  await signIn(page, { ...ines, password: 'not the password' });
  await expect(page.getByRole('alert')).toContainText('This address and password do not belong together.');
  await expect(page.getByLabel('Address'), 'what was typed stays').toHaveValue(ines.email);
  await expect(page.getByLabel('Password'), 'but for the password').toHaveValue('');
  await signIn(page, ines);
  await expect(page).toHaveURL('/dashboard');
});

test('a form that cannot be accepted says why beside each field and keeps what was typed', async ({ page }) => {
  await page.goto('/signup');
  await page.locator('form.form').evaluate((form: HTMLFormElement) => (form.noValidate = true));
  await page.getByLabel('Your name').fill('Ines Halloran');
  await page.getByLabel('Work address').fill('ines at quillmere');
  await page.getByLabel('Password').fill('short');
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.request().method() === 'POST'),
    page.getByRole('button', { name: 'Create account' }).click(),
  ]);
  expect(answer.status()).toBe(422);
  for (const [label, why] of [
    ['Organization', 'Enter a name.'],
    ['Work address', 'Enter a mail address such as you@company.com.'],
    ['Password', '10 characters'],
  ]) {
    await expect(page.getByLabel(label)).toHaveAttribute('aria-invalid', 'true');
    await expect(page.getByLabel(label)).toHaveAccessibleDescription(new RegExp(why));
  }
  await expect(page.getByLabel('Your name')).toHaveValue('Ines Halloran');
  await expect(page.getByLabel('Work address')).toHaveValue('ines at quillmere');
});

test('a forgotten password is replaced with a link, and every session ends', async ({ page, newVisitor, mailbox }) => {
  const ines = await partner(page, mailbox, 'Ines Halloran');
  const elsewhere = await (await newVisitor()).newPage();

  await askForLink(elsewhere, ines.email);
  const stranger = somebody('Nobody Known').email;
  await askForLink(elsewhere, stranger); // the same answer, and no letter
  const letter = await mailbox.letterTo(ines.email, 'Set a new password');
  const link = linkIn(letter.text ?? '', '/reset-password');

  for (let time = 0; time < 2; time += 1) {
    await elsewhere.goto(link); // a program that opens every link uses nothing up
    await expect(elsewhere.getByRole('heading', { level: 1 })).toHaveText('Set a new password');
  }
  await elsewhere.getByLabel('New password').fill('harbour window seven clocks');
  await elsewhere.getByRole('button', { name: 'Set password' }).click();
  await expect(elsewhere.getByRole('status')).toContainText('Your new password is set');

  await page.goto('/dashboard');
  await expect(page, 'the session that was open has ended').toHaveURL(/\/login\?next=/);
  await signIn(page, ines);
  await expect(page.getByRole('alert'), 'the old password is no good').toBeVisible();
  await signIn(page, { ...ines, password: 'harbour window seven clocks' });
  await expect(page).toHaveURL('/dashboard');
  await elsewhere.goto(link);
  await expect(elsewhere.getByRole('heading', { level: 1 })).toHaveText('This link is not good any more');
  expect(mailbox.lettersTo(stranger)).toEqual([]);
});

test('people are invited by mail and can do what their role allows', async ({ page, newVisitor, mailbox }) => {
  const owner = await partner(page, mailbox, 'Ines Halloran');
  await createApp(page, 'Web shop');

  const viewer = await join(page, await (await newVisitor()).newPage(), mailbox, owner, 'Vera Oakes', 'viewer');
  await viewer.goto('/dashboard/apps');
  await expect(viewer.getByRole('link', { name: 'Web shop' })).toBeVisible();
  await expect(viewer.getByRole('main').getByRole('link', { name: 'Create an app' })).toHaveCount(0);
  await viewer.getByRole('link', { name: 'Web shop' }).click();
  await expect(viewer.getByRole('main').getByRole('button')).toHaveCount(0);
  await viewer.goto('/dashboard/team');
  await expect(viewer.getByRole('cell', { name: owner.email })).toBeVisible();
  await expect(viewer.getByRole('main').getByRole('button'), 'a viewer is offered nothing to change').toHaveCount(0);
  await refused(viewer, '/dashboard/apps/new');
  await refused(viewer, '/dashboard/tokens');
  expect(await posted(viewer, '/dashboard/apps', { name: 'Mine' })).toBe(403);
  expect(await posted(viewer, '/dashboard/team/invitations', { email: 'x@y.example', role: 'owner' })).toBe(403);

  const developer = await join(page, await (await newVisitor()).newPage(), mailbox, owner, 'Dan Merrow', 'developer');
  await createApp(developer, 'Warehouse');
  await developer.goto('/dashboard/team');
  await expect(developer.getByRole('button', { name: 'Send invitation' })).toHaveCount(0);
  expect(await posted(developer, '/dashboard/team/invitations', { email: 'x@y.example', role: 'owner' })).toBe(403);

  await page.goto('/dashboard/team');
  await page.getByLabel('Role of Vera Oakes').selectOption('developer');
  await page.getByRole('row', { name: /Vera Oakes/ }).getByRole('button', { name: 'Change role' }).click();
  await expect(page.getByRole('status')).toContainText('Vera Oakes is Developer');
  await createApp(viewer, 'Point of sale');

  await page.getByRole('row', { name: /Dan Merrow/ }).getByRole('button', { name: 'Remove…' }).click();
  await expect(page.getByRole('heading', { name: 'Remove Dan Merrow?' })).toBeVisible();
  await page.getByRole('button', { name: 'Remove member' }).click();
  await expect(page.getByRole('status')).toContainText('Dan Merrow does not belong to the organization any more');
  await refused(developer, '/dashboard/apps');
});

test('sessions are listed and ended one by one or all at once', async ({ page, newVisitor, mailbox }) => {
  const ines = await partner(page, mailbox, 'Ines Halloran');
  const browsers = await Promise.all([1, 2, 3].map(async () => (await newVisitor()).newPage()));
  for (const browser of browsers) {
    await signIn(browser, ines);
    await expect(browser).toHaveURL('/dashboard');
  }

  await page.goto('/dashboard/account');
  const sessions = page.getByRole('table', { name: 'Sessions' });
  await expect(sessions.getByRole('button', { name: 'End session' })).toHaveCount(3);
  await expect(sessions.getByText('This session')).toHaveCount(1);
  await sessions.getByRole('button', { name: 'End session' }).first().click();
  await expect(page.getByRole('status')).toContainText('The session was ended');
  expect(await signedIn(browsers)).toBe(2);

  await page.getByRole('button', { name: 'End all others' }).click();
  await expect(page.getByRole('status')).toContainText('Every other session was ended');
  expect(await signedIn(browsers)).toBe(0);
  expect(await signedIn([page]), 'this one goes on').toBe(1);

  await signIn(browsers[0], ines);
  await page.goto('/dashboard/account');
  await page.getByLabel('Current password').fill(ines.password);
  await page.getByLabel('New password').fill('harbour window seven clocks');
  await page.getByRole('button', { name: 'Change password' }).click();
  await expect(page.getByRole('status')).toContainText('Your password was changed');
  expect(await signedIn([browsers[0]]), 'a new password ends the others').toBe(0);
});

test('after signing in one is where one wanted to go, and never elsewhere', async ({ page, mailbox }) => {
  const ines = await partner(page, mailbox, 'Ines Halloran');
  await page.context().clearCookies();
  await page.goto('/dashboard/team');
  await expect(page).toHaveURL(/\/login\?next=%2Fdashboard%2Fteam/);
  await page.getByLabel('Address').fill(ines.email);
  await page.getByLabel('Password').fill(ines.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL('/dashboard/team');

  await page.context().clearCookies();
  await page.goto('/login?next=https://elsewhere.example/');
  await page.getByLabel('Address').fill(ines.email);
  await page.getByLabel('Password').fill(ines.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL('/dashboard');
});

/** A partner with a confirmed address, signed in. */
async function partner(page: Page, mailbox: Mailbox, name: string): Promise<Person> {
  const person = somebody(name);
  await signUp(page, person);
  const letter = await mailbox.letterTo(person.email, 'Confirm your address');
  await confirmAddress(page, linkIn(letter.text ?? '', '/verify-email'));
  await signIn(page, person);
  await expect(page).toHaveURL('/dashboard');
  return person;
}

async function askForLink(page: Page, email: string): Promise<void> {
  await page.goto('/forgot-password');
  await page.getByLabel('Address').fill(email);
  await page.getByRole('button', { name: 'Send link' }).click();
  await expect(page.getByRole('main')).toContainText(`If ${email} has an account, a link is on its way.`);
}

/** The owner invites somebody, who accepts in a browser of their own and is then signed in there. */
async function join(
  owner: Page,
  guest: Page,
  mailbox: Mailbox,
  { organization }: Person,
  name: string,
  role: string,
): Promise<Page> {
  const { email, password } = somebody(name);
  await owner.goto('/dashboard/team');
  await owner.getByLabel('Address').fill(email);
  await owner.getByLabel('Role', { exact: true }).selectOption(role);
  await owner.getByRole('button', { name: 'Send invitation' }).click();
  await expect(owner.getByRole('status')).toContainText(`An invitation was sent to ${email}`);

  const letter = await mailbox.letterTo(email, `Join ${organization}`);
  await guest.goto(linkIn(letter.text ?? '', '/invite/'));
  await expect(guest.getByRole('main')).toContainText(`You are invited as ${role}`);
  await guest.getByLabel('Your name').fill(name);
  await guest.getByLabel('Password').fill(password);
  await guest.getByRole('button', { name: 'Create account and join' }).click();
  await expect(guest.getByRole('status')).toContainText('Your account is made');
  await signIn(guest, { email, password });
  await expect(guest).toHaveURL('/dashboard');
  return guest;
}

async function createApp(page: Page, name: string): Promise<void> {
  await page.goto('/dashboard/apps/new');
  await page.getByLabel('Name').fill(name);
  await page.getByRole('main').locator('form').getByRole('button').click();
  await expect(page.getByRole('status')).toContainText(`The app ${name} was created`);
}

async function refused(page: Page, path: string): Promise<void> {
  const answer = await page.goto(path);
  expect(answer?.status(), path).toBe(403);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Not allowed');
}

/** Posts a form as a page of the portal would, and gives the status. */
async function posted(page: Page, path: string, form: Record<string, string>): Promise<number> {
  const origin = new URL(page.url()).origin;
  const answer = await page.request.post(path, { form, headers: { origin }, maxRedirects: 0 });
  return answer.status();
}

/** How many of these browsers are signed in. */
async function signedIn(pages: Page[]): Promise<number> {
  let count = 0;
  for (const page of pages) {
    await page.goto('/dashboard/team');
    if (new URL(page.url()).pathname === '/dashboard/team') count += 1;
  }
  return count;
}
