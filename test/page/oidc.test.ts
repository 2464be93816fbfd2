import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, openPage } from '../support/browser.ts';
import { freePort } from '../support/free-port.ts';
import { type OidcServer, startOidc } from '../support/oidc-server.ts';
import { type ServeRun, startServe } from '../support/serve.ts';

const browser: Browser | null = await openBrowser();
afterAll(() => browser?.close());

/** Where pictures go, for somebody who wants to see them. */
const pictures = process.env['SQLQ_PAGE_PICTURES'];

describe.skipIf(browser === null)('a sign-in at a provider, by the page of a real server', () => {
  let provider: OidcServer;
  let server: ServeRun;

  beforeAll(async () => {
    const port = await freePort();
    provider = await startOidc(`http://127.0.0.1:${port}/auth/oidc/callback`);
    provider.people.set('a1', { email: 'ana@example.com', email_verified: true, groups: ['analysts'] });
    provider.people.set('m1', { email: 'mallory@evil.example', email_verified: true });
    server = await startServe(
      [
        ...['--port', String(port), '--db', 'sample', '--profile', 'offline'],
        ...['--oidc-issuer', provider.issuer, '--oidc-client-id', 'sqlq', '--oidc-domains', 'example.com'],
        ...['--oidc-name', 'Example', '--oidc-role', 'analysts=ask,run'],
      ],
      { environment: { SQLQ_OIDC_SECRET: provider.clientSecret } },
    );
  }, 60_000);
  afterAll(async () => {
    await server?.stop();
    await provider?.close();
  });

  const looks = [
    { name: 'desk-light', viewport: { width: 1360, height: 900 }, colorScheme: 'light', isMobile: false },
    { name: 'phone-dark', viewport: { width: 390, height: 844 }, colorScheme: 'dark', isMobile: true },
  ] as const;

  it.each(looks)(
    'lets in whom it knows, and they ask ($name)',
    async ({ name, ...look }) => {
      const { page, troubles, close } = await openPage(browser as Browser, look);
      const shoot = async (what: string): Promise<void> => {
        if (pictures !== undefined) {
          mkdirSync(pictures, { recursive: true });
          await page.screenshot({ path: join(pictures, `${name}-${what}.png`) });
        }
      };
      provider.subject = 'a1';
      await page.goto(server.url);
      const link = page.getByRole('link', { name: /Example/u });
      await link.waitFor();
      // A token is for programs: nobody is asked for one first.
      expect(await page.getByLabel('Token').isVisible()).toBe(false);
      await shoot('oidc-sign-in');
      await link.click();
      await page.getByRole('heading', { name: 'What would you like to know?' }).waitFor();
      await shoot('oidc-welcome');
      expect(new URL(page.url()).origin).toBe(server.url);
      await page.getByRole('textbox', { name: 'Your question' }).fill('how many customers are there?');
      await page.getByRole('button', { name: 'Ask', exact: true }).click();
      await page.getByRole('button', { name: 'Run' }).click();
      await page.getByText('60', { exact: true }).first().waitFor();
      await shoot('oidc-answer');
      // No script reads the cookie, and nothing of the provider is left in the address.
      expect(await page.evaluate<string>('document.cookie')).toBe('');
      expect(page.url()).not.toMatch(/code=|state=|iss=/u);
      expect(await troubles()).toEqual([]);
      await close();
    },
    90_000,
  );

  it('keeps out whom nobody has let in, and says so', async () => {
    const { page, troubles, close } = await openPage(browser as Browser);
    provider.subject = 'm1';
    await page.goto(server.url);
    await page.getByRole('link', { name: /Example/u }).click();
    await page.getByRole('alert').waitFor();
    if (pictures !== undefined) {
      await page.screenshot({ path: join(pictures, 'oidc-refused.png') });
    }
    expect(await signInOf(page)).toBe(true);
    expect(new URL(page.url()).hash).toBe('');
    expect(await page.evaluate<number>("fetch('/v1/me').then((reply) => reply.status)")).toBe(401);
    expect(await troubles()).toEqual([]);
    await close();
  }, 60_000);
});

const signInOf = (page: Page): Promise<boolean> => page.getByRole('link', { name: /Example/u }).isVisible();
