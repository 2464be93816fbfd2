import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { askIn, browser, type Desk, useDesk } from '../support/page-desk.ts';
import { answerWith, rowsText, sendRows, streamAnswer } from '../support/page-server.ts';

/** The texts of the cells of a row that is seen, by its number among the rows shown. */
const rowTexts = (turn: Locator, row: number): Promise<readonly string[]> =>
  turn.locator(`[role=row][aria-rowindex="${row + 1}"] [role=gridcell]`).allTextContents();

describe.skipIf(browser === null)('rows on the page', () => {
  const desk = useDesk();

  /** Runs a question whose rows these are. */
  async function shown({ server, open }: Desk, text: string): Promise<{ page: Page; turn: Locator }> {
    server.on('POST /v1/answers/{id}/run', (_, reply) => sendRows(reply, text));
    const page = await open();
    const turn = await askIn(page, 'How many?');
    await turn.getByRole('button', { name: 'Run' }).click();
    await turn.getByRole('button', { name: 'CSV' }).waitFor();
    return { page, turn };
  }

  it('scroll through a million, to the very last, with few of them drawn', { timeout: 120_000 }, async () => {
    const { server, open } = desk();
    const count = 1_000_000;
    server.on('POST /v1/answers/{id}/run', (_, reply) => {
      function* text(): Generator<string> {
        yield '{"columns":[{"name":"n","type":"integer"},{"name":"name","type":"text"}],"rows":[\n';
        for (let start = 0; start < count; start += 1_000) {
          const lines = Array.from(
            { length: 1_000 },
            (_row, index) => `[${start + index},"name ${start + index}"]`,
          );
          yield `${start === 0 ? '' : ',\n'}${lines.join(',\n')}`;
        }
        yield '\n],"truncated":false,"doubts":[],"milliseconds":900}\n';
      }
      return reply.type('application/json').send(Readable.from(text()));
    });
    const page = await open();
    const turn = await askIn(page, 'All numbers');
    await turn.getByRole('button', { name: 'Run' }).click();
    await turn.getByText('1,000,000 rows').waitFor({ timeout: 90_000 });
    const grid = turn.getByRole('grid');
    expect(await grid.getAttribute('aria-rowcount')).toBe('1000001');
    expect(await rowTexts(turn, 1)).toEqual(['0', 'name 0']);

    // Three steps of the wheel go exactly that far.
    await grid.hover();
    await page.mouse.wheel(0, 320);
    await expect.poll(() => rowTexts(turn, 20)).toEqual(['19', 'name 19']);
    expect(await turn.getByRole('row').count()).toBeLessThan(60);

    // To the end by a key, and to the middle by the scrollbar.
    await grid.focus();
    await page.keyboard.press('Control+End');
    await expect.poll(() => rowTexts(turn, count)).toEqual(['999999', 'name 999999']);
    await page.evaluate(`(() => {
      const grid = document.querySelector('[role=grid]');
      grid.scrollTop = grid.scrollHeight / 2;
    })()`);
    await expect
      .poll(async () =>
        Math.abs(Number((await turn.getByRole('gridcell').first().textContent()) ?? 0) - count / 2),
      )
      .toBeLessThan(2_000);
    await grid.focus();
    await page.keyboard.press('Control+Home');
    await expect.poll(() => rowTexts(turn, 1)).toEqual(['0', 'name 0']);
    await page.keyboard.press('PageDown');
    await page.keyboard.press('ArrowDown');
    const active = await grid.getAttribute('aria-activedescendant');
    expect(await page.locator(`[id="${active}"]`).count()).toBe(1);

    // Sorted from the other end, and filtered to a few.
    await turn.getByRole('button', { name: 'Sort by n', exact: true }).click();
    await turn.getByRole('button', { name: 'Sort by n', exact: true }).click();
    await expect.poll(() => rowTexts(turn, 1), { timeout: 60_000 }).toEqual(['999999', 'name 999999']);
    await turn.getByRole('searchbox', { name: 'Filter rows' }).fill('99999');
    await expect.poll(() => grid.getAttribute('aria-rowcount'), { timeout: 60_000 }).toBe('20');
    await expect.poll(() => rowTexts(turn, 11)).toEqual(['899999', 'name 899999']);
  });

  it('are exact: long keys, decimals with their zeros, times, nothing and the empty text', async () => {
    const { turn } = await shown(
      desk(),
      rowsText(
        [
          ['key', 'bigint'],
          ['price', 'numeric'],
          ['at', 'timestamp'],
          ['note', 'text'],
          ['list', 'json'],
        ],
        [
          ['9007199254740993', '12.50', '2026-01-31 12:00:00.000001+00', null, [1, { a: null }]],
          ['9007199254740992', '9.00', '2026-02-01', '', true],
        ],
      ),
    );
    expect(await rowTexts(turn, 1)).toEqual([
      '9007199254740993',
      '12.50',
      '2026-01-31 12:00:00.000001+00',
      'no value',
      '[1,{"a":null}]',
    ]);
    expect(await rowTexts(turn, 2)).toEqual(['9007199254740992', '9.00', '2026-02-01', '', 'true']);
    // Both keys are one and the same double, and are told apart nevertheless.
    await turn.getByRole('button', { name: 'Sort by key' }).click();
    await expect.poll(async () => (await rowTexts(turn, 1))[0]).toBe('9007199254740992');
  });

  it('are sorted as numbers, by the language’s letters, with nothing last, and back', async () => {
    const { turn } = await shown(
      desk(),
      rowsText(
        [
          ['name', 'text'],
          ['n', 'integer'],
        ],
        [
          ['Zoë', 9],
          ['äpfel', 10],
          [null, null],
          ['Birnen', 100],
        ],
      ),
    );
    const column = async (index: number): Promise<readonly (string | undefined)[]> =>
      Promise.all([1, 2, 3, 4].map(async (row) => (await rowTexts(turn, row))[index]));
    const byName = turn.getByRole('button', { name: 'Sort by name' });
    const byNumber = turn.getByRole('button', { name: 'Sort by n', exact: true });
    await byName.click();
    await expect.poll(() => column(0)).toEqual(['äpfel', 'Birnen', 'Zoë', 'no value']);
    expect(await turn.getByRole('columnheader').first().getAttribute('aria-sort')).toBe('ascending');
    await byNumber.click();
    await expect.poll(() => column(1)).toEqual(['9', '10', '100', 'no value']);
    await byNumber.click();
    await expect.poll(() => column(1)).toEqual(['100', '10', '9', 'no value']);
    await byNumber.click();
    await expect.poll(() => column(0)).toEqual(['Zoë', 'äpfel', 'no value', 'Birnen']);
  });

  it('are filtered by a text, in one column, and by how large a number is', async () => {
    const { turn } = await shown(
      desk(),
      rowsText(
        [
          ['name', 'text'],
          ['n', 'integer'],
        ],
        [
          ['ten', 1],
          ['twenty', 20],
          ['1 apple', 300],
        ],
      ),
    );
    const grid = turn.getByRole('grid');
    const filter = turn.getByRole('searchbox', { name: 'Filter rows' });
    const expectRows = (count: number) =>
      expect.poll(() => grid.getAttribute('aria-rowcount')).toBe(String(count + 1));
    await filter.fill('TEN');
    await expectRows(1);
    await filter.fill('1');
    await expectRows(2);
    await turn.getByLabel('Filter in').selectOption({ label: 'name' });
    await expectRows(1);
    await turn.getByLabel('Filter in').selectOption({ label: 'every column' });
    await filter.fill('>= 20');
    await expectRows(2);
    await turn.getByText('2 of 3 shown').waitFor();
    await filter.fill('');
    await expectRows(3);
  });

  it('have columns that are made wider by hand and by keys', async () => {
    const { page, turn } = await shown(
      desk(),
      rowsText(
        [
          ['name', 'text'],
          ['n', 'integer'],
        ],
        [
          ['a', 1],
          ['b', 2],
        ],
      ),
    );
    const head = turn.getByRole('columnheader').first();
    const width = async (): Promise<number> => (await head.boundingBox())?.width ?? 0;
    const before = await width();
    const edge = await head.locator('.edge').boundingBox();
    const [x, y] = [(edge?.x ?? 0) + 4, (edge?.y ?? 0) + 10];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 60, y, { steps: 4 });
    await page.mouse.up();
    await expect.poll(async () => Math.round((await width()) - before)).toBe(60);
    await head.getByRole('button').focus();
    await page.keyboard.press('Alt+ArrowLeft');
    await expect.poll(async () => Math.round((await width()) - before)).toBe(36);
    expect(await head.getAttribute('aria-sort')).toBe('none');
  });

  it('have hundreds of columns without all of them being drawn', async () => {
    const columns = Array.from({ length: 400 }, (_, index) => [`column ${index}`, 'integer'] as const);
    const { turn, page } = await shown(
      desk(),
      rowsText(columns, [columns.map((_, index) => index), columns.map(() => 0)]),
    );
    expect(await turn.getByRole('columnheader').count()).toBeLessThan(30);
    await turn.getByRole('grid').focus();
    await page.keyboard.press('End');
    await expect.poll(() => turn.getByRole('columnheader').last().textContent()).toContain('column 399');
    await expect.poll(() => turn.locator('.active-cell').textContent()).toContain('399');
  });

  it('show all of a long cell once it is chosen', async () => {
    const long = 'word '.repeat(200).trim();
    const { turn } = await shown(
      desk(),
      rowsText(
        [
          ['text', 'text'],
          ['n', 'integer'],
        ],
        [
          [long, 1],
          ['short', 2],
        ],
      ),
    );
    await turn.getByRole('gridcell').first().click();
    await expect.poll(() => turn.locator('.active-cell').textContent()).toContain(long);
  });

  it('are drawn as bars or a line where that says something, and as rows alone where not', async () => {
    const { server, open } = desk();
    const results: Readonly<Record<string, string>> = {
      bars: rowsText(
        [
          ['city', 'text'],
          ['n', 'integer'],
        ],
        [
          ['Berlin', 3],
          ['Ulm', -2],
        ],
      ),
      line: rowsText(
        [
          ['month', 'text'],
          ['n', 'integer'],
        ],
        [
          ['2025-01', 3],
          ['2025-02', 5],
          ['2025-03', 4],
        ],
      ),
      keys: rowsText(
        [
          ['city', 'text'],
          ['customer_id', 'integer'],
        ],
        [
          ['Berlin', 3],
          ['Ulm', 2],
        ],
      ),
      same: rowsText(
        [
          ['city', 'text'],
          ['n', 'integer'],
        ],
        [
          ['Berlin', 3],
          ['Ulm', 3],
        ],
      ),
      twice: rowsText(
        [
          ['city', 'text'],
          ['n', 'integer'],
        ],
        [
          ['Berlin', 3],
          ['Berlin', 2],
        ],
      ),
    };
    server.on('POST /v1/ask', ({ body }, reply) => {
      const { question } = body as { question: string };
      streamAnswer(reply, answerWith({ id: question, question }));
    });
    server.on('POST /v1/answers/{id}/run', ({ url }, reply) =>
      sendRows(reply, results[url.split('/')[3] ?? ''] ?? ''),
    );
    const page = await open();
    for (const [question, chart] of [
      ['bars', 'table.bars'],
      ['line', 'svg.line path'],
      ['keys', null],
      ['same', null],
      ['twice', null],
    ] as const) {
      const turn = await askIn(page, question);
      await turn.getByRole('button', { name: 'Run' }).click();
      await turn.getByRole('button', { name: 'CSV' }).waitFor();
      expect(await turn.getByRole('button', { name: 'Chart' }).count(), question).toBe(
        chart === null ? 0 : 1,
      );
      if (chart !== null) {
        await turn.getByRole('button', { name: 'Chart' }).click();
        await turn.locator(chart).waitFor();
      }
    }
  });

  it('are downloaded as files, with the names that the server gives', async () => {
    const { server } = desk();
    const { page, turn } = await shown(desk(), rowsText([['n', 'integer']], [[1], [2]]));
    server.on('POST /v1/answers/{id}/run', ({ body }, reply) => {
      const { format } = body as { format: string };
      return reply
        .header('content-disposition', `attachment; filename="answer.${format}"`)
        .type('application/octet-stream')
        .send(`as ${format}`);
    });
    for (const format of ['csv', 'xlsx', 'json']) {
      const coming = page.waitForEvent('download');
      await turn.getByRole('button', { name: format.toUpperCase(), exact: true }).click();
      const download = await coming;
      expect(download.suggestedFilename()).toBe(`answer.${format}`);
      expect(await readFile(await download.path(), 'utf8')).toBe(`as ${format}`);
    }
  });

  it('are made into a file at the server where they are many, so that it comes straight to disk', async () => {
    const { server } = desk();
    const many = Array.from({ length: 50_001 }, (_, n) => [n]);
    let state = 'running';
    const job = (): object => ({ id: 'j1', answer: 'a1', state, rows: 20_000, format: 'csv', error: null });
    server.on('POST /v1/jobs', (_, reply) => reply.code(202).send(job()));
    server.on('GET /v1/jobs/j1', job);
    server.on('DELETE /v1/jobs/j1', job);
    server.on('GET /v1/jobs/j1/result', (_, reply) =>
      reply
        .header('content-disposition', 'attachment; filename="answer.csv"')
        .type('text/csv')
        .send('n\n1\n'),
    );
    const { page, turn } = await shown(desk(), rowsText([['n', 'integer']], many));
    const csv = turn.getByRole('button', { name: 'CSV', exact: true });
    await csv.click();
    await turn.getByText('20,000 so far').waitFor();
    await turn.getByRole('button', { name: 'Cancel' }).click();
    await turn.getByText('Cancelled.').waitFor();
    const deleted = () => server.requests.filter(({ route }) => route === 'DELETE /v1/jobs/j1').length;
    expect(deleted()).toBe(1);
    await csv.click();
    await turn.getByText('20,000 so far').waitFor();
    const coming = page.waitForEvent('download');
    state = 'done';
    const download = await coming;
    expect(download.url()).toBe(`${server.origin}/v1/jobs/j1/result`);
    expect(download.suggestedFilename()).toBe('answer.csv');
    expect(await readFile(await download.path(), 'utf8')).toBe('n\n1\n');
    expect(deleted()).toBe(1);
    expect(server.requests.find(({ route }) => route === 'POST /v1/jobs')?.body).toEqual({
      answer: 'a1',
      format: 'csv',
    });
    server.on('GET /v1/jobs/j1', () => ({ ...job(), state: 'failed', error: 'Larger than 1,024 MB.' }));
    await csv.click();
    await turn.getByText('Larger than 1,024 MB.').waitFor();
    // What was made before makes room.
    expect(deleted()).toBe(3);
  });

  it('say that there are none, and that there are more', async () => {
    const { server } = desk();
    const { turn } = await shown(desk(), rowsText([['n', 'integer']], []));
    await turn.getByText('No rows.').waitFor();
    server.on('POST /v1/answers/{id}/run', (_, reply) =>
      sendRows(reply, rowsText([['n', 'integer']], [[1], [2]], { truncated: true })),
    );
    await turn.getByRole('button', { name: 'Run again' }).click();
    await turn.getByText('There are more; these are the first.').waitFor();
  });
});
