import { describe, expect, it } from 'vitest';
import { askIn, browser, useDesk } from '../support/page-desk.ts';
import { answerWith, errorBody, streamAnswer } from '../support/page-server.ts';

const time = '2026-11-27T16:20:00.000Z';

const entry = (id: number, parts: object): object => ({
  id,
  time,
  question: `Question ${id}`,
  sql: `SELECT ${id}`,
  database: 'shop',
  outcome: 'answered',
  rows: 1,
  conversation: null,
  verdict: null,
  ...parts,
});

describe.skipIf(browser === null)('what the page remembers', () => {
  const desk = useDesk();

  it('opens a conversation, goes on with it, and deletes one', async () => {
    const { server, open } = desk();
    let ids = ['c1', 'c2'];
    server.on('GET /v1/conversations', () => ({
      conversations: ids.map((id) => ({ id, title: `About ${id}`, time, turns: 2 })),
    }));
    server.on('GET /v1/conversations/{id}', () => ({
      id: 'c2',
      turns: [
        answerWith({ id: 'a1', conversation: 'c2', question: 'The first', sql: 'SELECT 1' }),
        {
          kind: 'clarification',
          id: 'q1',
          question: 'The second',
          database: 'shop',
          conversation: 'c2',
          asks: 'Which one?',
          choices: [{ interpretation: 'This', sql: null }],
        },
      ],
    }));
    server.on('DELETE /v1/conversations/{id}', (_, reply) => {
      ids = ['c2'];
      return reply.code(204).send();
    });
    const page = await open();
    await page.getByRole('button', { name: /^About c2/u }).click();
    await page.getByRole('heading', { name: 'The first' }).waitFor();
    await page.getByRole('button', { name: 'This' }).waitFor();
    await askIn(page, 'And more?');
    await expect
      .poll(() => server.requests.find(({ route }) => route === 'POST /v1/ask')?.body.conversation)
      .toBe('c2');
    await page.getByRole('button', { name: 'Delete “About c1”' }).click();
    await page.getByRole('button', { name: /^About c1/u }).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'New conversation' }).click();
    expect(await page.getByRole('article').count()).toBe(0);
  });

  it('shows what was asked before as it was answered, or checks its SQL anew', async () => {
    const { server, open } = desk();
    server.on('GET /v1/history', ({ url }) => ({
      history: url.includes('before=')
        ? [entry(1, { question: 'The oldest' })]
        : Array.from({ length: 50 }, (_, index) =>
            entry(60 - index, index === 0 ? { conversation: 'c9' } : {}),
          ),
    }));
    server.on('GET /v1/conversations/{id}', () => ({
      id: 'c9',
      turns: [answerWith({ id: 'kept', question: 'Question 60', sql: 'SELECT 60', verdict: 'good' })],
    }));
    server.on('POST /v1/sql', ({ body }) => answerWith({ question: null, ...(body as { sql: string }) }));
    const page = await open();
    await page.getByRole('tab', { name: 'History' }).click();
    await page.getByRole('button', { name: /^Question 60/u }).click();
    const first = page.getByRole('article').first();
    await expect
      .poll(() => first.getByRole('button', { name: 'Right' }).getAttribute('aria-pressed'))
      .toBe('true');
    await page.getByRole('button', { name: /^Question 59/u }).click();
    await expect
      .poll(() => page.getByRole('article').nth(1).locator('.sql-panel').textContent())
      .toContain('SELECT 59');
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('button', { name: /^The oldest/u }).waitFor();
    expect(server.requests.some(({ url }) => url === '/v1/history?limit=50&before=11')).toBe(true);
  });

  it('asks a saved question with its values', async () => {
    const { server, open } = desk();
    server.on('GET /v1/saved', () => ({
      saved: [
        {
          name: 'by country/ä',
          question: 'Customers of a country',
          sql: 'SELECT :country, :since, :most',
          parameters: [
            {
              name: 'country',
              type: 'text',
              default: 'Spain',
              choices: ['Germany', 'Spain'],
              description: 'where',
            },
            { name: 'since', type: 'date', default: null, choices: null, description: null },
            { name: 'most', type: 'number', default: 10, choices: null, description: null },
          ],
        },
      ],
    }));
    server.on('POST /v1/saved/{id}/ask', () => answerWith({ question: 'Customers of a country' }));
    const page = await open();
    await page.getByRole('tab', { name: 'Saved' }).click();
    await page.getByText('by country/ä').click();
    const form = page.getByRole('form', { name: 'Values of “by country/ä”' });
    expect(await form.getByLabel('country').inputValue()).toBe('Spain');
    await form.getByRole('button', { name: 'Ask' }).click();
    // Nothing is asked without the value that has to be given.
    expect(server.requests.some(({ route }) => route.includes('saved/{id}'))).toBe(false);
    await form.getByLabel('country').selectOption('Germany');
    await form.getByLabel('since').fill('2026-01-31');
    await form.getByLabel('most').fill('12345678901234567890');
    await form.getByRole('button', { name: 'Ask' }).click();
    await page.getByRole('article').getByRole('button', { name: 'Run' }).waitFor();
    const asked = server.requests.find(({ route }) => route.includes('saved/{id}'));
    expect(asked?.url).toBe('/v1/saved/by%20country%2F%C3%A4/ask');
    expect(asked?.body).toEqual({
      parameters: { country: 'Germany', since: '2026-01-31', most: '12345678901234567890' },
      database: 'shop',
    });
  });

  it('lists the tables of the database that is chosen', async () => {
    const { server, open } = desk();
    server.on('GET /v1/schema', ({ url }) => {
      const database = new URL(url, 'http://localhost').searchParams.get('database') ?? '';
      return {
        database,
        engine: 'sqlite',
        tables: ['customers', 'orders'].map((name) => ({
          name: `${database}_${name}`,
          schema: 'main',
          kind: 'table',
          comment: null,
          columns: [{ name: `${name}_key`, type: 'integer', nullable: false, comment: null }],
          primaryKey: [`${name}_key`],
          foreignKeys: [],
        })),
      };
    });
    const page = await open();
    await page.getByRole('tab', { name: 'Tables' }).click();
    await page.getByText('shop_customers').click();
    await page.getByText('integer · key').first().waitFor();
    await page.getByRole('searchbox', { name: 'Find' }).fill('orders_key');
    await page.getByText('shop_customers').waitFor({ state: 'detached' });
    await page.getByLabel('Database').selectOption('sales');
    await page.getByText('sales_orders').waitFor();
  });

  it('is in a drawer on a phone, which closes when something was picked', async () => {
    const { server, open } = desk();
    server.on('GET /v1/history', () => ({ history: [entry(1, {})] }));
    server.on('POST /v1/sql', ({ body }) => answerWith({ question: null, ...(body as { sql: string }) }));
    const page = await open({ viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true });
    await page.getByRole('button', { name: 'Menu' }).tap();
    const drawer = page.getByRole('dialog');
    await drawer.getByRole('tab', { name: 'History' }).tap();
    await drawer.getByRole('button', { name: /^Question 1/u }).tap();
    await drawer.waitFor({ state: 'hidden' });
    await page.getByRole('article').getByRole('button', { name: 'Run' }).tap();
    await page.locator('strong', { hasText: '60' }).waitFor();
  });

  it('puts answers side by side where there is room', async () => {
    const { server, open } = desk();
    server.on('POST /v1/ask', ({ body }, reply) =>
      streamAnswer(reply, answerWith({ question: (body as { question: string }).question })),
    );
    const page = await open({ viewport: { width: 1700, height: 900 } });
    const first = await askIn(page, 'First');
    const second = await askIn(page, 'Second');
    await second.getByRole('button', { name: 'Run' }).waitFor();
    await page.locator('.settings summary').click();
    await page.getByLabel('Side by side').check();
    const [left, right] = await Promise.all([first.boundingBox(), second.boundingBox()]);
    expect(left?.y).toBe(right?.y);
    expect((left?.x ?? 0) + (left?.width ?? 0)).toBeLessThanOrEqual(right?.x ?? 0);
  });

  it('goes without what the server does not list', async () => {
    const { server, open } = desk();
    for (const route of ['history', 'conversations', 'saved', 'models', 'schema']) {
      server.on(`GET /v1/${route}`, (_, reply) => reply.code(500).send(errorBody('failed', 'broken')));
    }
    const page = await open();
    await (await askIn(page, 'How many?')).getByRole('button', { name: 'Run' }).waitFor();
    await page.getByRole('tab', { name: 'History' }).click();
    await page.getByText('What you asked is listed here.').waitFor();
  });
});
