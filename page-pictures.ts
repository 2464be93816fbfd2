/**
 * Takes pictures of the page of `sqlq serve`, on a desk and on a phone, dark and light.
 *
 * usage: npm run page:pictures FOLDER
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { openBrowser, openPage } from './test/support/browser.ts';
import { type PageServer, startPageServer } from './test/support/page-server.ts';
import { scriptShop } from './test/support/page-shop.ts';

const folder = process.argv[2] ?? 'page-pictures';

const looks = [
  { name: 'desk-light', viewport: { width: 1360, height: 900 }, colorScheme: 'light', isMobile: false },
  { name: 'desk-dark', viewport: { width: 1360, height: 900 }, colorScheme: 'dark', isMobile: false },
  { name: 'phone-light', viewport: { width: 390, height: 844 }, colorScheme: 'light', isMobile: true },
  { name: 'phone-dark', viewport: { width: 390, height: 844 }, colorScheme: 'dark', isMobile: true },
] as const;

/** Goes the whole way, with a picture of each place. */
async function walk(page: Page, server: PageServer, shoot: (name: string) => Promise<void>): Promise<void> {
  const ask = async (question: string): Promise<void> => {
    await page.getByRole('textbox', { name: 'Your question' }).fill(question);
    await page.getByRole('button', { name: 'Ask', exact: true }).click();
  };
  const last = page.getByRole('article').last();
  await page.goto(server.origin);
  await page.getByRole('heading', { name: 'Sign in to sqlq' }).waitFor();
  await shoot('sign-in');
  await page.goto(server.url);
  await page.reload();
  await page.getByRole('heading', { name: 'What would you like to know?' }).waitFor();
  await shoot('welcome');
  await ask('How much did we earn in Germany last year?');
  await last.getByRole('button', { name: 'Run' }).waitFor();
  await shoot('answer');
  await last.getByRole('button', { name: 'Run' }).click();
  await last.getByRole('button', { name: 'CSV' }).waitFor();
  await shoot('number');
  await ask('And the customers with the highest revenue?');
  await last.getByRole('button', { name: 'Run' }).click();
  await last.getByRole('gridcell').first().waitFor();
  await last.getByRole('gridcell').nth(1).click();
  await shoot('table');
  await last.getByRole('button', { name: 'Chart' }).click();
  await shoot('bars');
  await ask('Revenue by month');
  await last.getByRole('button', { name: 'Run' }).click();
  await last.getByRole('button', { name: 'Chart' }).click();
  await shoot('line');
  await ask('Show the best ones');
  await last.getByRole('button', { name: 'Send' }).waitFor();
  await shoot('choices');
  await ask('Drop the customers');
  await last.getByRole('alert').waitFor();
  await shoot('refused');
  await ask('Set the price of mugs to 12');
  await last.getByRole('button', { name: 'Show what it changes' }).click();
  await last.getByRole('button', { name: 'Keep the change' }).waitFor();
  await shoot('change');
  await ask('something slow');
  await last.getByText('Asking qwen3').waitFor();
  await shoot('working');
  await last.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'New conversation' }).click();
  await ask('How much did we earn in Germany last year?');
  await last.getByRole('button', { name: 'Edit' }).click();
  await page.locator('.cm-content').waitFor();
  await shoot('editor');
}

const [server, browser] = await Promise.all([startPageServer(), openBrowser()]);
if (browser === null) {
  throw new Error('There is no Chromium on this machine.');
}
scriptShop(server);
mkdirSync(folder, { recursive: true });
for (const { name, ...options } of looks) {
  const { page, troubles, close } = await openPage(browser, { ...options, deviceScaleFactor: 1 });
  await walk(page, server, async (place) => {
    await page.screenshot({ path: join(folder, `${name}-${place}.png`), animations: 'disabled' });
  });
  const found = await troubles();
  if (found.length > 0) {
    throw new Error(`The page had trouble: ${found.join('\n')}`);
  }
  await close();
}
await Promise.all([browser.close(), server.close()]);
