import { mkdtempSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openPage, type WatchedPage } from '../support/browser.ts';
import { askIn, browser } from '../support/page-desk.ts';
import { emptyEnvironment, runProgram } from '../support/program.ts';
import { type ServeRun, startServe } from '../support/serve.ts';

const hostile = '<img src=x onerror="globalThis.owned=1">\u202e';

let services: ServeRun[];
let pages: WatchedPage[];

beforeEach(() => {
  services = [];
  pages = [];
});
afterEach(async () => {
  for (const { troubles, close } of pages) {
    expect(await troubles()).toEqual([]);
    await close();
  }
  await Promise.all(services.map((service) => service.stop()));
});
afterAll(() => browser?.close());

async function start(...[args, options]: Parameters<typeof startServe>): Promise<ServeRun> {
  const service = await startServe(args, options);
  services.push(service);
  return service;
}

async function open(url: string): Promise<Page> {
  if (browser === null) {
    throw new Error('There is no browser.');
  }
  const watched = await openPage(browser, { viewport: { width: 1300, height: 900 } });
  pages.push(watched);
  await watched.page.goto(url);
  return watched.page;
}

const signedIn = (service: ServeRun): Promise<Page> => open(`${service.url}/#token=${service.token}`);

/** Writes SQL of one's own. */
async function writeIn(page: Page, sql: string): Promise<ReturnType<Page['locator']>> {
  const before = await page.getByRole('article').count();
  await page.getByLabel('Write SQL').check();
  await page.getByRole('textbox', { name: 'Your SQL' }).fill(sql);
  await page.keyboard.press('Control+Enter');
  await page.getByLabel('Write SQL').uncheck();
  return page.getByRole('article').nth(before);
}

describe.skipIf(browser === null)('the page of the real service', { timeout: 120_000 }, () => {
  it('goes the whole way, and finds it all again', async () => {
    const service = await start(['--db', 'sample', '--profile', 'offline']);
    const page = await signedIn(service);
    const turn = await askIn(page, 'how many customers are there in each country?');
    await turn.getByText('This takes for granted').waitFor();
    await turn.getByRole('button', { name: 'Run' }).click();
    await turn.getByRole('grid').waitFor();
    await turn.getByRole('button', { name: 'Chart' }).click();
    await turn.getByRole('table').waitFor();
    expect(await turn.getByRole('table').textContent()).toContain('United Kingdom');

    const coming = page.waitForEvent('download');
    await turn.getByRole('button', { name: 'CSV' }).click();
    const download = await coming;
    expect(download.suggestedFilename()).toMatch(/\.csv$/u);
    expect(await readFile(await download.path(), 'utf8')).toContain('United Kingdom,');

    await turn.getByRole('button', { name: 'Right' }).click();
    await expect
      .poll(() => turn.getByRole('button', { name: 'Right' }).getAttribute('aria-pressed'))
      .toBe('true');

    const next = await askIn(page, 'only those in Germany');
    await next.getByRole('button', { name: 'Run' }).or(next.getByRole('alert')).waitFor();

    const single = await askIn(page, 'how many customers are there?');
    await single.getByRole('button', { name: 'Run' }).click();
    await expect.poll(() => single.locator('.big-number strong').textContent()).toBe('60');

    await page.reload();
    await page.getByRole('tab', { name: 'History' }).click();
    await page.getByRole('button', { name: /^how many customers are there\?/u }).click();
    await expect.poll(() => page.getByRole('article').locator('.sql-panel').textContent()).toContain('COUNT');
    await page.getByRole('tab', { name: 'Tables' }).click();
    await page.locator('.side').getByText('customers', { exact: true }).click();
    await page.locator('.side').getByText('country', { exact: true }).first().waitFor();
    await page.getByRole('tab', { name: 'Conversations' }).click();
    await page
      .getByRole('button', { name: /^how many customers are there in each country/u })
      .first()
      .click();
    await page.getByRole('heading', { name: 'how many customers are there in each country?' }).waitFor();
  });

  it('rejects an assumption, and edits SQL, which is checked as all SQL is', async () => {
    const service = await start(['--db', 'sample', '--profile', 'offline']);
    const page = await signedIn(service);
    const turn = await askIn(page, 'how many customers are there?');
    await turn.getByRole('button', { name: 'Edit' }).click();
    const editor = page.getByRole('textbox', { name: 'SQL to edit' });
    await editor.waitFor();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('SELECT 12345678901234567 AS "n"');
    await page.keyboard.press('Escape');
    await turn.getByRole('button', { name: 'Check this SQL' }).click();
    await turn.getByRole('button', { name: 'Run' }).click();
    await expect.poll(() => turn.locator('.big-number strong').textContent()).toBe('12,345,678,901,234,567');
    const refused = await writeIn(page, 'DELETE FROM customers');
    await refused.getByRole('alert').waitFor();
    expect(await refused.getByRole('alert').textContent()).toMatch(/refused|Refused/u);
    expect(await refused.getByRole('button', { name: 'Run' }).count()).toBe(0);
    const again = await askIn(page, 'which country has the most customers?');
    const rejected = again.getByRole('button', { name: /^Not so/u }).first();
    await rejected.click();
    await again.locator('.work').waitFor({ state: 'detached' });
    await again
      .getByRole('alert')
      .or(again.getByRole('button', { name: 'Run' }))
      .first()
      .waitFor();
  });

  it('takes a million rows as they come, and scrolls to the last', async () => {
    const service = await start(['--db', 'sample', '--profile', 'offline']);
    const page = await signedIn(service);
    const turn = await writeIn(
      page,
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000) SELECT i, 'name ' || i AS name FROM n",
    );
    await turn.getByRole('button', { name: 'Run' }).click();
    await turn.getByText('1,000,000 rows').waitFor({ timeout: 90_000 });
    await turn.getByRole('grid').focus();
    await page.keyboard.press('Control+End');
    await expect.poll(() => turn.getByRole('gridcell').last().textContent()).toBe('name 1000000');
  });

  it('shows cells and names of a hostile database as text', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'sqlq-hostile-')), 'hostile.sqlite');
    const database = new Database(file);
    const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
    database.exec(`CREATE TABLE ${quoted(`t ${hostile}`)} (${quoted(`c ${hostile}`)} TEXT, n INTEGER)`);
    database.prepare(`INSERT INTO ${quoted(`t ${hostile}`)} VALUES (?, 1), (?, 2)`).run(`a ${hostile}`, 'b');
    database.close();
    const service = await start(['--db', file, '--profile', 'offline']);
    const page = await signedIn(service);
    await page.getByRole('tab', { name: 'Tables' }).click();
    await page.locator('.side .entries summary').click();
    const turn = await writeIn(page, `SELECT * FROM ${quoted(`t ${hostile}`)}`);
    await turn.getByRole('button', { name: 'Run' }).click();
    await expect
      .poll(() => turn.getByRole('gridcell').first().textContent())
      .toBe('a <img src=x onerror="globalThis.owned=1">U+202E');
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.evaluate('globalThis.owned')).toBeUndefined();
    expect(await page.evaluate<string>('document.body.innerText')).not.toContain('\u202e');
  });

  it('is told when the server goes away, and goes on with one that comes back', async () => {
    const service = await start(['--db', 'sample', '--profile', 'offline']);
    const page = await signedIn(service);
    await (await askIn(page, 'how many customers are there?')).getByRole('button', { name: 'Run' }).waitFor();
    await service.stop();
    const turn = await askIn(page, 'how many orders are there?');
    await turn.getByRole('alert').waitFor();
    await page.getByRole('alert').filter({ hasText: 'can’t be reached' }).waitFor();
    expect(await page.getByRole('heading', { name: 'how many customers are there?' }).count()).toBe(1);
  });

  it('keeps two users apart: neither sees what the other asks, also at one browser after the other', async () => {
    const home = mkdtempSync(join(tmpdir(), 'sqlq-home-'));
    const users = join(home, 'users.sqlite');
    for (const name of ['ada', 'ben']) {
      const added = await runProgram(['user', 'add', name, '--users', users], {
        environment: emptyEnvironment(home),
        input: `correct horse of ${name}\n`,
      });
      expect(added.code, added.stderr).toBe(0);
    }
    const service = await start(['--db', 'sample', '--profile', 'offline', '--users', users], { home });
    const enter = async (page: Page, name: string): Promise<void> => {
      await page.getByLabel('Name').fill(name);
      await page.getByLabel('Password').fill(`correct horse of ${name}`);
      await page.keyboard.press('Enter');
      await page.locator('select.picker').first().waitFor();
    };
    const [ada, ben] = [await open(service.url), await open(service.url)];
    await enter(ada, 'ada');
    await enter(ben, 'ben');
    await (await askIn(ada, 'how many customers are there?')).getByRole('button', { name: 'Run' }).click();
    await ada.locator('strong', { hasText: '60' }).waitFor();
    const [id] = (
      await ada.evaluate<string>(`performance.getEntriesByType('resource').map(({ name }) => name).join(' ')`)
    ).match(/(?<=answers\/)[^/ ]+/u) ?? [''];
    expect(id).not.toBe('');
    for (const path of [`/v1/answers/${id}`, `/v1/answers/${id}/run`]) {
      const status = await ben.evaluate<number>(`(async () => {
        const { csrf } = await (await fetch('/auth/session')).json();
        const method = ${JSON.stringify(path)}.endsWith('run') ? 'POST' : 'GET';
        const body = method === 'POST' ? { body: '{}' } : {};
        const headers = { 'x-csrf-token': csrf, 'content-type': 'application/json' };
        return (await fetch(${JSON.stringify(path)}, { method, headers, ...body })).status;
      })()`);
      expect(status, path).toBe(404);
    }
    await ben.reload();
    await ben.locator('select.picker').first().waitFor();
    for (const tab of ['Conversations', 'History']) {
      await ben.getByRole('tab', { name: tab }).click();
      await ben.locator('.side .panel .hint').waitFor();
      expect(await ben.textContent('body')).not.toContain('how many customers');
    }
    // The next one at the same browser.
    await ada.locator('.settings summary').click();
    await ada.getByRole('button', { name: 'Sign out' }).click();
    await enter(ada, 'ben');
    await ada.getByRole('tab', { name: 'History' }).click();
    await ada.locator('.side .panel .hint').waitFor();
    expect(await ada.textContent('body')).not.toContain('how many customers');
    expect(await ada.getByRole('article').count()).toBe(0);
  });
});
