import { copyFileSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { askIn, browser } from '../support/page-desk.ts';
import { emptyEnvironment, runProgram, sampleFile } from '../support/program.ts';
import { useServices, writeIn } from '../support/service-desk.ts';

/** A home whose users' database has these. */
async function withUsers(...names: readonly string[]): Promise<string> {
  const home = mkdtempSync(join(tmpdir(), 'sqlq-home-'));
  for (const name of names) {
    const added = await runProgram(['user', 'add', name, '--users', join(home, 'users.sqlite')], {
      environment: emptyEnvironment(home),
      input: `correct horse of ${name}\n`,
    });
    expect(added.code, added.stderr).toBe(0);
  }
  return home;
}

async function enter(page: Page, name: string): Promise<void> {
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Password').fill(`correct horse of ${name}`);
  await page.keyboard.press('Enter');
  await page.locator('select.picker').first().waitFor();
}

const hostile = '<img src=x onerror="globalThis.owned=1">\u202e';

describe.skipIf(browser === null)('the page of the real service', { timeout: 120_000 }, () => {
  const { start, sample, open, signedIn } = useServices();

  it('goes the whole way, and finds it all again', async () => {
    const page = await signedIn(await sample());
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
    const page = await signedIn(await sample());
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
    const page = await signedIn(await sample());
    const turn = await writeIn(
      page,
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000) SELECT i, 'name ' || i AS name FROM n",
    );
    await turn.getByRole('button', { name: 'Run' }).click();
    await turn.getByText('1,000,000 rows').waitFor({ timeout: 90_000 });
    await turn.getByRole('grid').focus();
    await page.keyboard.press('Control+End');
    await expect.poll(() => turn.getByRole('gridcell').last().textContent()).toBe('name 1000000');
    const coming = page.waitForEvent('download', { timeout: 90_000 });
    await turn.getByRole('button', { name: 'CSV' }).click();
    const file = await readFile(await (await coming).path(), 'utf8');
    expect(file.length).toBe('i,name\n'.length + 1_000_000 * ',name \n'.length + 2 * 5_888_896);
    expect(file.endsWith('1000000,name 1000000\n')).toBe(true);
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

  it('asks back, and answers what was chosen', async () => {
    const page = await signedIn(await sample());
    const turn = await askIn(page, 'how many orders are late?');
    await turn.getByText('does not understand').waitFor();
    await turn.getByRole('button', { name: /^number of rows, from orders/u }).click();
    await turn.getByRole('button', { name: 'Run' }).click();
    await expect.poll(() => turn.locator('.big-number strong').textContent()).toMatch(/^\d+$/u);
    const other = await askIn(page, 'how many customers are late?');
    await other.getByLabel('Or in your own words').fill('how many customers are there?');
    await page.keyboard.press('Enter');
    await other.getByRole('button', { name: 'Run' }).click();
    await expect.poll(() => other.locator('.big-number strong').textContent()).toBe('60');
  });

  it('shows what there is to doubt beside the number, and the number of the mended SQL', async () => {
    const page = await signedIn(await sample());
    const turn = await writeIn(
      page,
      'SELECT SUM(p.stock) FROM products p JOIN reviews r ON r.product_id = p.id',
    );
    await turn.getByRole('button', { name: 'Run' }).click();
    const number = turn.locator('.result .big-number strong');
    await expect.poll(() => number.textContent()).toBe('19,651');
    const doubts = turn.locator('.result').getByRole('note', { name: 'One reason to doubt this' });
    expect(await doubts.textContent()).toContain('The join with reviews repeats the rows of products');
    await doubts.getByRole('button', { name: 'Use the mended SQL' }).click();
    await turn.locator('.result').waitFor({ state: 'detached' });
    await turn.getByRole('button', { name: 'Run' }).click();
    await expect.poll(() => number.textContent()).toBe('3,592');
    expect(await turn.getByRole('note').count()).toBe(0);
  });

  it('shows a change before it is kept, and keeps it only then', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'sqlq-write-')), 'shop.sqlite');
    copyFileSync(sampleFile, file);
    const service = await start(['--db', file, '--profile', 'offline', '--write']);
    const page = await signedIn(service);
    const moved = (): unknown => {
      const database = new Database(file, { readonly: true });
      try {
        return database.prepare("SELECT count(*) FROM customers WHERE city = 'Nowhere'").pluck().get();
      } finally {
        database.close();
      }
    };
    const update = "UPDATE customers SET city = 'Nowhere' WHERE country = 'Norway'";
    const turn = await writeIn(page, update);
    const shown = turn.getByRole('row', { name: 'customers 3' });
    await turn.getByRole('button', { name: 'Show what it changes' }).click();
    await shown.waitFor();
    expect(moved()).toBe(0);
    await turn.getByRole('button', { name: 'Drop it' }).click();
    await turn.getByText('nothing was changed').waitFor();
    expect(moved()).toBe(0);
    const again = await writeIn(page, update);
    await again.getByRole('button', { name: 'Show what it changes' }).click();
    await again.getByRole('button', { name: 'Keep the change' }).click();
    await again.getByText('Kept: 3 rows changed.').waitFor();
    expect(moved()).toBe(3);
  });

  it('asks a saved question with values of one’s own', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sqlq-folder-'));
    const home = mkdtempSync(join(tmpdir(), 'sqlq-home-'));
    mkdirSync(join(folder, '.sqlq'));
    writeFileSync(
      join(folder, '.sqlq', 'in-country.sql'),
      `-- Customers of one country since a day

-- database: sqlite
-- parameter country: text = Germany
-- parameter since: date = 2020-01-01

SELECT count(*) AS n FROM customers WHERE country = :country AND created_at >= :since
`,
    );
    const service = await start(['--db', 'sample', '--profile', 'offline'], { folder, home });
    const page = await signedIn(service);
    await page.getByRole('tab', { name: 'Saved' }).click();
    await page.locator('.side .saved > summary').click();
    const form = page.locator('.side form');
    expect(await form.getByLabel('country').inputValue()).toBe('Germany');
    const numbers: (string | null)[] = [];
    for (const [index, country] of ['Norway', 'Atlantis', "O'Hara"].entries()) {
      await form.getByLabel('country').fill(country);
      await form.getByRole('button', { name: 'Ask' }).click();
      const turn = page.getByRole('article').nth(index);
      await turn.getByRole('button', { name: 'Run' }).click();
      await turn.locator('.big-number strong').waitFor();
      numbers.push(await turn.locator('.big-number strong').textContent());
    }
    expect(numbers).toEqual(['3', '0', '0']);
  });

  it('says that an answer was wrong, with the SQL that is right, and the next one has it', async () => {
    const home = mkdtempSync(join(tmpdir(), 'sqlq-home-'));
    const service = await start(['--db', 'sample', '--profile', 'offline'], { home });
    const page = await signedIn(service);
    const turn = await askIn(page, 'how many customers are there?');
    const wrong = turn.getByRole('button', { name: 'Wrong' });
    await wrong.click();
    await turn.getByLabel('The right SQL').fill('SELECT x FROM nowhere');
    await turn.getByRole('button', { name: 'Send' }).click();
    await turn.getByRole('alert').filter({ hasText: 'no such' }).waitFor();
    // What was typed is there to be mended.
    expect(await turn.getByLabel('The right SQL').inputValue()).toBe('SELECT x FROM nowhere');
    await turn.getByLabel('The right SQL').fill('SELECT 41 + 1 AS n');
    await turn.getByRole('button', { name: 'Send' }).click();
    await expect.poll(() => wrong.getAttribute('aria-pressed')).toBe('true');
    expect(await turn.getByRole('alert').count()).toBe(0);
    await expect
      .poll(async () => JSON.stringify((await service.json('/v1/history')).body))
      .toContain('"verdict":"bad"');
  });

  it('exports to the byte what the command line does', async () => {
    const sql =
      'SELECT id, name, email, NULL AS blank, \'a "quoted", text\' AS note, 0.5 AS half FROM customers';
    const page = await signedIn(await sample());
    const turn = await writeIn(page, sql);
    await turn.getByRole('button', { name: 'Run' }).click();
    const coming = page.waitForEvent('download');
    await turn.getByRole('button', { name: 'CSV' }).click();
    const exported = await readFile(await (await coming).path(), 'utf8');
    const { code, stdout, stderr } = await runProgram(['run', '--db', 'sample', '--format', 'csv', sql]);
    expect(code, stderr).toBe(0);
    expect(exported).toBe(stdout);
  });

  it('is told when the server goes away, and goes on once it is back', async () => {
    const home = await withUsers('ada');
    const args = ['--db', 'sample', '--profile', 'offline', '--users', join(home, 'users.sqlite')];
    const service = await start(args, { home });
    const page = await open(service.url);
    await enter(page, 'ada');
    await (await askIn(page, 'how many customers are there?')).getByRole('button', { name: 'Run' }).waitFor();
    // Where the database is, a user who sees to nobody else is not told; it is open all the same.
    expect(await page.locator('select.picker').first().textContent()).toBe('sample');
    await service.stop();
    const turn = await askIn(page, 'and in Germany?');
    await turn.getByRole('alert').waitFor();
    const lost = page.getByRole('alert').filter({ hasText: 'can’t be reached' });
    await lost.waitFor();
    expect(await page.getByRole('heading', { name: 'how many customers are there?' }).count()).toBe(1);
    await start([...args, '--port', new URL(service.url).port], { home });
    await page.getByRole('button', { name: 'Try now' }).click();
    await lost.waitFor({ state: 'detached' });
    await turn.getByRole('button', { name: 'Try again' }).click();
    await turn.getByRole('button', { name: 'Run' }).click();
    await expect.poll(() => turn.locator('.big-number strong').textContent()).toMatch(/^\d+$/u);
  });

  it('keeps two users apart: neither sees what the other asks, also at one browser after the other', async () => {
    const home = await withUsers('ada', 'ben');
    const users = join(home, 'users.sqlite');
    const service = await start(['--db', 'sample', '--profile', 'offline', '--users', users], { home });
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
