import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { axeViolations } from '../support/browser.ts';
import { browser, useDesk } from '../support/page-desk.ts';
import { useServices } from '../support/service-desk.ts';

const openAccount = async (page: Page): Promise<void> => {
  await page.locator('.settings summary').click();
  await page.getByRole('button', { name: 'Your account' }).click();
  await page.getByRole('heading', { name: 'Your account' }).waitFor();
};

describe.skipIf(browser === null)('the account on the page', { timeout: 120_000 }, () => {
  const { start, open } = useServices();

  it('is made, has its password changed and tokens made and revoked, and is signed out everywhere', async () => {
    const home = mkdtempSync(join(tmpdir(), 'sqlq-home-'));
    const users = join(home, 'users.sqlite');
    const service = await start(
      ['--db', 'sample', '--profile', 'offline', '--users', users, '--registration'],
      { home },
    );
    const { url } = service;
    const page = await open(url);
    const desk = page.locator('select.picker').first();
    const fill = async (name: string, password: string, send: string, on = page): Promise<void> => {
      const form = on.locator('form').filter({ has: on.getByRole('button', { name: send, exact: true }) });
      await form.getByLabel('Name').fill(name);
      await form.getByLabel('Password').fill(password);
      await form.getByRole('button', { name: send, exact: true }).click();
    };

    await page.getByText('Make an account').click();
    await fill('ada', 'short', 'Make the account');
    await page.getByRole('alert').filter({ hasText: 'from 12 to' }).waitFor();
    await fill('ada', 'correct horse of ada', 'Make the account');
    await desk.waitFor();

    await openAccount(page);
    const passwords = page.locator('form').filter({ has: page.getByLabel('Password so far') });
    await passwords.getByLabel('Password so far').fill('not the right one');
    await passwords.getByLabel('New password').fill('another horse of ada');
    await page.keyboard.press('Enter');
    await passwords.getByRole('alert').waitFor();
    // A wrong password is no end of the session.
    expect(await desk.count()).toBe(1);
    await passwords.getByLabel('Password so far').fill('correct horse of ada');
    await passwords.getByRole('button', { name: 'Change the password' }).click();
    await passwords.getByText('The password is changed.').waitFor();
    expect(await passwords.getByLabel('Password so far').inputValue()).toBe('');

    const tokens = page.getByRole('form', { name: 'New token' });
    await page.getByText('You have none.').waitFor();
    await tokens.getByLabel('What it is for').fill('nightly report');
    await tokens.getByRole('button', { name: 'Make a token' }).click();
    const token = (await page.locator('.made-token code').textContent()) ?? '';
    const asks = async (): Promise<number> =>
      (await fetch(`${url}/v1/me`, { headers: { authorization: `Bearer ${token}` } })).status;
    expect(await asks()).toBe(200);
    const me = await fetch(`${url}/v1/me`, { headers: { authorization: `Bearer ${token}` } });
    expect(await me.json()).toMatchObject({ name: 'ada', roles: ['ask'] });
    await page.locator('.tokens li').filter({ hasText: 'nightly report' }).waitFor();
    // It is nowhere to be seen any more once the account is closed.
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
    await openAccount(page);
    await page.getByRole('button', { name: 'Revoke “nightly report”' }).waitFor();
    expect(await page.content()).not.toContain(token);
    await page.getByRole('button', { name: 'Revoke “nightly report”' }).click();
    await page.getByText('You have none.').waitFor();
    expect(await asks()).toBe(401);

    const other = await open(url);
    await fill('ada', 'correct horse of ada', 'Sign in', other);
    await other.getByRole('alert').waitFor();
    await fill('ada', 'another horse of ada', 'Sign in', other);
    await other.locator('select.picker').first().waitFor();
    await page.getByRole('button', { name: 'Sign out everywhere' }).click();
    await page.getByRole('heading', { name: 'Sign in to sqlq' }).waitFor();
    await other.reload();
    await other.getByRole('heading', { name: 'Sign in to sqlq' }).waitFor();
  });

  it('is not offered to whoever came by the token that the server printed', async () => {
    const service = await start(['--db', 'sample', '--profile', 'offline']);
    const page = await open(`${service.url}/#token=${service.token}`);
    await page.locator('select.picker').first().waitFor();
    await page.locator('.settings summary').click();
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
    expect(await page.getByRole('button', { name: 'Your account' }).count()).toBe(0);
  });
});

const token = {
  id: 't1',
  name: 'report \u202e<b>',
  time: '2026-11-28T09:00:00.000Z',
  seen: null,
  expires: '2026-12-28T09:00:00.000Z',
  roles: ['ask'],
};

describe.skipIf(browser === null)('the account for everybody', { timeout: 120_000 }, () => {
  const desk = useDesk();

  it.each([
    ['en-US', 'light', 'Your account'],
    ['es-MX', 'dark', 'Su cuenta'],
    ['de-DE', 'light', 'Ihr Konto'],
  ] as const)('has nothing that axe finds fault with, in %s', async (locale, colorScheme, title) => {
    const { server, open } = desk();
    server.on('GET /auth/tokens', () => ({ tokens: [token] }));
    server.on('POST /auth/tokens', (_, reply) => reply.code(201).send({ ...token, token: 'sqlq_secret' }));
    const page = await open({ locale, colorScheme, viewport: { width: 360, height: 740 } });
    await page.locator('.settings summary').click();
    await page.getByRole('button', { name: title }).click();
    await page.locator('.tokens li').waitFor();
    expect(await page.locator('.tokens b').textContent()).toBe('report U+202E<b>');
    await page.locator('.account input[name=name]').fill('report');
    await page.keyboard.press('Enter');
    await page.locator('.made-token').waitFor();
    expect(await axeViolations(page)).toEqual([]);
    const overflow = await page.evaluate<number>(
      `(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.querySelector('.account'))`,
    );
    expect(overflow).toBeLessThanOrEqual(0);
    // By keys alone: out of the dialog, which kept the focus to itself, and back to where it was opened.
    await page.keyboard.press('Escape');
    await page.locator('.account').waitFor({ state: 'hidden' });
    await expect.poll(() => page.evaluate(`document.activeElement.matches('.settings summary')`)).toBe(true);
    const sent = server.requests.find(({ route }) => route === 'POST /auth/tokens');
    expect(sent?.body).toMatchObject({ name: 'report', roles: ['ask'] });
    const days = (Date.parse(sent?.body.expires) - Date.now()) / 86_400_000;
    expect(Math.round(days)).toBe(30);
  });

  it('is turned back by a provider in the page’s words, whatever an address says', async () => {
    const { server, openAt } = desk();
    server.on('GET /auth/methods', () => ({
      password: true,
      token: true,
      oidc: { name: 'Example' },
      registration: true,
    }));
    const page = await openAt(`${server.origin}/#error=Call+0900+123`);
    await page.getByRole('alert').filter({ hasText: 'did not go well there' }).waitFor();
    expect(await page.textContent('body')).not.toContain('0900');
    expect(page.url()).toBe(`${server.origin}/`);
    await page.getByText('Make an account').click();
    expect(await axeViolations(page)).toEqual([]);
    await page.reload();
    await page.getByRole('link', { name: 'Sign in with Example' }).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
    // Where nobody has a password there is no place to type one.
    server.on('GET /auth/methods', () => ({
      password: false,
      token: true,
      oidc: { name: 'Example' },
      registration: false,
    }));
    await page.reload();
    await page.getByRole('link', { name: 'Sign in with Example' }).waitFor();
    expect(await page.getByLabel('Password').count()).toBe(0);
  });
});
