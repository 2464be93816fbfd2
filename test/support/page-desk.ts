import type { BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeEach, expect } from 'vitest';
import { openBrowser, openPage, type WatchedPage } from './browser.ts';
import { type PageServer, startPageServer } from './page-server.ts';

/** Null where no browser can be had. */
export const browser = await openBrowser();

// One for all tests of a file.
afterAll(() => browser?.close());

/** A user's desk: a scripted server, and pages of it. */
export interface Desk {
  readonly server: PageServer;
  /** A page whose user is signed in. */
  open(options?: BrowserContextOptions): Promise<Page>;
  /** A page where nobody is signed in yet, at an address of the server. */
  openAt(url: string, options?: BrowserContextOptions): Promise<Page>;
}

/** Gives each test a server of its own, and holds that no page had trouble: an error, or something that its policy forbade. */
export function useDesk(): () => Desk {
  let server: PageServer;
  let pages: WatchedPage[] = [];
  beforeEach(async () => {
    server = await startPageServer();
    pages = [];
  });
  afterEach(async () => {
    for (const { troubles, close } of pages) {
      expect(await troubles()).toEqual([]);
      await close();
    }
    await server.close();
  });
  const openAt: Desk['openAt'] = async (url, options) => {
    if (browser === null) {
      throw new Error('There is no browser.');
    }
    const watched = await openPage(browser, options);
    pages.push(watched);
    await watched.page.goto(url);
    return watched.page;
  };
  return () => ({
    server,
    openAt,
    async open(options) {
      const page = await openAt(server.url, options);
      await page.locator('.desk').waitFor();
      await page.locator('select.picker').first().waitFor();
      return page;
    },
  });
}

/** Asks a question as a user does; returns where its answer appears. */
export async function askIn(page: Page, question: string): Promise<Locator> {
  const before = await page.getByRole('article').count();
  await page.getByRole('textbox', { name: 'Your question' }).fill(question);
  await page.keyboard.press('Control+Enter');
  return page.getByRole('article').nth(before);
}
