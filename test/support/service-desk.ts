import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, expect } from 'vitest';
import { openPage, type WatchedPage } from './browser.ts';
import { browser } from './page-desk.ts';
import { type ServeRun, startServe } from './serve.ts';

/** Real services, and pages of them. */
export interface ServiceDesk {
  /** A service of a test's own, which ends with it. */
  start(...args: Parameters<typeof startServe>): Promise<ServeRun>;
  /** The one that only reads the sample, which all tests of a file share. */
  sample(): Promise<ServeRun>;
  open(url: string): Promise<Page>;
  /** A page whose user has come by the address that the service printed. */
  signedIn(service: ServeRun): Promise<Page>;
}

/** Ends with each test the pages and services that it began, and holds that no page had trouble. */
export function useServices(): ServiceDesk {
  let services: ServeRun[] = [];
  let pages: WatchedPage[] = [];
  let shared: Promise<ServeRun> | null = null;
  afterEach(async () => {
    const [watched, started] = [pages, services];
    [pages, services] = [[], []];
    for (const { troubles, close } of watched) {
      expect(await troubles()).toEqual([]);
      await close();
    }
    await Promise.all(started.map((service) => service.stop()));
  });
  afterAll(async () => {
    await (await shared)?.stop();
  });
  const open: ServiceDesk['open'] = async (url) => {
    if (browser === null) {
      throw new Error('There is no browser.');
    }
    const watched = await openPage(browser, { viewport: { width: 1300, height: 900 } });
    pages.push(watched);
    await watched.page.goto(url);
    return watched.page;
  };
  return {
    async start(...args) {
      const service = await startServe(...args);
      services.push(service);
      return service;
    },
    sample() {
      shared ??= startServe(['--db', 'sample', '--profile', 'offline']);
      return shared;
    },
    open,
    signedIn: ({ url, token }) => open(`${url}/#token=${token}`),
  };
}

/** Writes SQL of one's own; returns where its answer appears. */
export async function writeIn(page: Page, sql: string): Promise<Locator> {
  const before = await page.getByRole('article').count();
  await page.getByLabel('Write SQL').check();
  await page.getByRole('textbox', { name: 'Your SQL' }).fill(sql);
  await page.keyboard.press('Control+Enter');
  await page.getByLabel('Write SQL').uncheck();
  return page.getByRole('article').nth(before);
}
