import type { FastifyReply } from 'fastify';
import { describe, expect, it } from 'vitest';
import { askIn, browser, useDesk } from '../support/page-desk.ts';
import {
  answerWith,
  errorBody,
  rowsText,
  sendRows,
  streamAnswer,
  streamEvents,
} from '../support/page-server.ts';

const revenue = answerWith({
  id: 'revenue',
  question: 'How much did we earn?',
  sql: 'SELECT SUM(total) AS revenue FROM orders',
  assumptions: [
    { number: 1, text: '“earn” is the total of orders', spelling: false },
    { number: 2, text: '“germany” is stored as Germany', spelling: true },
    { number: 3, text: '“berlin” is stored as Berlin', spelling: true },
  ],
  doubts: [
    { kind: 'a', sentence: 'Some orders were cancelled.', evidence: {}, mendedSql: null },
    {
      kind: 'b',
      sentence: 'Some orders are in dollars.',
      evidence: {},
      mendedSql: 'SELECT SUM(euros) FROM orders',
    },
  ],
});

describe.skipIf(browser === null)('a user of the page', () => {
  const desk = useDesk();

  it('signs in by a password, after a wrong one, and out', async () => {
    const { server, openAt } = desk();
    const page = await openAt(server.origin);
    await page.getByLabel('Name').fill('ada');
    await page.getByLabel('Password').fill('battery');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await expect.poll(() => page.getByRole('alert').textContent()).toContain('did not let you in');
    await page.getByLabel('Password').fill('correct horse');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'What would you like to know?' }).waitFor();
    await page.locator('.settings summary').click();
    await page.getByText('Signed in as ada').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in to sqlq' }).waitFor();
    expect(server.requests.filter(({ route }) => route === 'DELETE /auth/session')).toHaveLength(1);
  });

  it('signs in by the token of the address, which does not stay there', async () => {
    const { server, openAt } = desk();
    const page = await openAt(server.url);
    await page.getByRole('heading', { name: 'What would you like to know?' }).waitFor();
    expect(page.url()).toBe(`${server.origin}/`);
    await page.reload();
    await page.getByRole('heading', { name: 'What would you like to know?' }).waitFor();
    expect(server.requests.filter(({ route }) => route === 'POST /auth/session')).toHaveLength(1);
  });

  it('is offered what the server offers, and led to an identity provider', async () => {
    const { server, openAt } = desk();
    server.on('GET /auth/methods', () => ({
      password: false,
      token: false,
      oidc: { name: 'Example' },
      registration: false,
    }));
    const page = await openAt(server.origin);
    const link = page.getByRole('link', { name: 'Sign in with Example' });
    expect(await link.getAttribute('href')).toBe('/auth/oidc/start');
    expect(await page.getByLabel('Password').count()).toBe(0);
  });

  it('asks the database and the model that were chosen, goes on with the conversation, and begins afresh', async () => {
    const { server, open } = desk();
    const page = await open();
    await page.getByLabel('Database').selectOption('sales');
    await page.getByLabel('Model').selectOption('offline');
    await (await askIn(page, 'How many?')).getByRole('button', { name: 'Run' }).waitFor();
    await (await askIn(page, 'And in Spain?')).getByRole('button', { name: 'Run' }).waitFor();
    await page.getByRole('button', { name: 'Begin afresh' }).click();
    await (await askIn(page, 'Something else')).getByRole('button', { name: 'Run' }).waitFor();
    const asked = server.requests.filter(({ route }) => route === 'POST /v1/ask').map(({ body }) => body);
    expect(asked).toEqual([
      { question: 'How many?', database: 'sales', profile: 'offline' },
      { question: 'And in Spain?', database: 'sales', profile: 'offline', conversation: 'c1' },
      { question: 'Something else', database: 'sales', profile: 'offline' },
    ]);
    expect(await page.getByRole('article').count()).toBe(3);
  });

  it('runs nothing before the click, then sees the number with what there is to doubt beside it', async () => {
    const { server, open } = desk();
    server.on('POST /v1/ask', (_, reply) => streamAnswer(reply, revenue, ['Reading the schema']));
    server.on('POST /v1/answers/{id}/run', (_, reply) =>
      sendRows(
        reply,
        rowsText([['revenue', 'numeric']], [['12345678901234567890.10']], {
          doubts: [{ kind: 'c', sentence: 'Rows were joined twice.', evidence: {}, mendedSql: null }],
        }),
      ),
    );
    const page = await open();
    const turn = await askIn(page, 'How much did we earn?');
    const run = turn.getByRole('button', { name: 'Run' });
    await run.waitFor();
    expect(await turn.getByRole('note').textContent()).toContain('2 reasons to doubt this');
    expect(server.requests.some(({ route }) => route.endsWith('/run'))).toBe(false);
    await run.click();
    const result = turn.locator('.result');
    await expect.poll(() => result.locator('strong').textContent()).toBe('12,345,678,901,234,567,890.10');
    const doubts = result.getByRole('note', { name: '3 reasons to doubt this' });
    for (const sentence of [
      'Some orders were cancelled.',
      'Some orders are in dollars.',
      'Rows were joined twice.',
    ]) {
      expect(await doubts.textContent()).toContain(sentence);
    }
    // Beside it or right below, and not somewhere else.
    const [number, doubt] = await Promise.all([result.locator('strong').boundingBox(), doubts.boundingBox()]);
    const end = (number?.y ?? 0) + (number?.height ?? 0);
    expect((doubt?.y ?? 1_000) - end).toBeLessThan(60);
  });

  it('rejects an assumption, takes a spelling as typed, takes the mended SQL, and says what should be different', async () => {
    const { server, open } = desk();
    server.on('POST /v1/ask', (_, reply) => streamAnswer(reply, revenue));
    for (const action of ['reject', 'edit']) {
      server.on(`POST /v1/answers/{id}/${action}`, ({ body }, reply) =>
        streamAnswer(reply, {
          ...revenue,
          id: `after-${JSON.stringify(body)}`.replace(/\W/gu, ''),
          formatted: `SELECT '${action}'`,
        }),
      );
    }
    const page = await open();
    const turn = await askIn(page, 'How much did we earn?');
    const sent = (): readonly unknown[] =>
      server.requests
        .filter(({ route }) => /\/(?:reject|edit)$/u.test(route))
        .map(({ route, body }) => [route.split('/').at(-1), body]);
    const steps: readonly (readonly [() => Promise<void>, unknown])[] = [
      [() => turn.getByRole('button', { name: 'Not so: “earn” is' }).click(), ['reject', { assumption: 1 }]],
      [() => turn.getByRole('button', { name: 'As I typed it: “berlin”' }).click(), ['edit', { asAsked: 1 }]],
      [() => turn.getByRole('button', { name: 'Use the mended SQL' }).click(), ['edit', { mended: 1 }]],
      [
        async () => {
          await turn.getByRole('button', { name: 'Say what should be different' }).click();
          await turn.getByLabel('What should be different?').fill('net, not gross');
          await page.keyboard.press('Enter');
        },
        ['reject', { hint: 'net, not gross' }],
      ],
    ];
    for (const [index, [act, expected]] of steps.entries()) {
      await act();
      await expect.poll(() => sent()[index]).toEqual(expected);
      const action = String((expected as readonly unknown[])[0]);
      await expect.poll(() => turn.locator('.sql-panel').textContent()).toContain(`SELECT '${action}'`);
    }
  });

  it('edits the SQL, and has it checked', async () => {
    const { server, open } = desk();
    server.on('POST /v1/answers/{id}/edit', ({ body }) => ({
      ...revenue,
      id: 'edited',
      formatted: (body as { sql: string }).sql,
    }));
    const page = await open();
    const turn = await askIn(page, 'How many?');
    await turn.getByRole('button', { name: 'Edit' }).click();
    const editor = page.getByRole('textbox', { name: 'SQL to edit' });
    await editor.waitFor();
    await page.keyboard.press('Control+End');
    await page.keyboard.type(" -- it's mine");
    await page.keyboard.press('Control+Enter');
    await expect
      .poll(() => turn.locator('.sql-panel').textContent())
      .toContain("FROM customers -- it's mine");
    expect(server.requests.find(({ route }) => route.endsWith('/edit'))?.body).toEqual({
      sql: "SELECT COUNT(*) AS customers\nFROM customers -- it's mine",
    });
  });

  it('writes SQL of their own', async () => {
    const { server, open } = desk();
    server.on('POST /v1/sql', ({ body }) => answerWith({ question: null, ...(body as { sql: string }) }));
    const page = await open();
    await page.getByLabel('Write SQL').check();
    await page.getByRole('textbox', { name: 'Your SQL' }).fill('SELECT 1');
    await page.getByRole('button', { name: 'Ask', exact: true }).click();
    await page.getByRole('article').getByRole('button', { name: 'Run' }).click();
    await page.locator('strong', { hasText: '60' }).waitFor();
    expect(server.requests.find(({ route }) => route === 'POST /v1/sql')?.body).toEqual({
      sql: 'SELECT 1',
      database: 'shop',
    });
  });

  it('chooses what was meant, or says it in other words', async () => {
    const { server, open } = desk();
    server.on('POST /v1/ask', ({ body }, reply) =>
      streamAnswer(reply, {
        kind: 'clarification',
        id: 'q1',
        question: (body as { question: string }).question,
        database: 'shop',
        conversation: 'c1',
        asks: 'Best by what?',
        choices: [
          { interpretation: 'By revenue', sql: null },
          { interpretation: 'By pieces', sql: 'SELECT 2' },
        ],
      }),
    );
    server.on('POST /v1/answers/{id}/choose', (_, reply) => streamAnswer(reply, revenue));
    const page = await open();
    const first = await askIn(page, 'The best ones');
    await first.getByRole('button', { name: 'By pieces' }).click();
    await first.getByRole('button', { name: 'Run' }).waitFor();
    const second = await askIn(page, 'The best ones');
    await second.getByLabel('Or in your own words').fill('by margin');
    await second.getByRole('button', { name: 'Send' }).click();
    await second.getByRole('button', { name: 'Run' }).waitFor();
    expect(server.requests.filter(({ route }) => route.endsWith('/choose')).map(({ body }) => body)).toEqual([
      { choice: 1 },
      { text: 'by margin' },
    ]);
  });

  it('sees each step of a slow model as it comes, and cancels it', async () => {
    const { server, open } = desk();
    let hasGone = false;
    server.on('POST /v1/ask', ({ raw }, reply) => {
      streamEvents(reply, [['step', { text: 'Reading the schema', seconds: 0 }]]);
      raw.socket.once('close', () => {
        hasGone = true;
      });
    });
    const page = await open();
    const turn = await askIn(page, 'Something slow');
    await turn.getByText('Reading the schema').waitFor();
    expect(await turn.getAttribute('aria-busy')).toBe('true');
    await turn.getByRole('button', { name: 'Cancel' }).click();
    await turn.getByText('Cancelled.').waitFor();
    await expect.poll(() => hasGone, { timeout: 20_000 }).toBe(true);
    server.on('POST /v1/ask', (_, reply) => streamAnswer(reply, revenue));
    await turn.getByRole('button', { name: 'Try again' }).click();
    await turn.getByRole('button', { name: 'Run' }).waitFor();
  });

  it('asks several questions at once', async () => {
    const { server, open } = desk();
    const waiting: FastifyReply[] = [];
    server.on('POST /v1/ask', (_, reply) => {
      streamEvents(reply, [['step', { text: 'Asking', seconds: 0 }]]);
      waiting.push(reply);
    });
    const page = await open();
    const first = await askIn(page, 'First');
    await first.getByText('Asking').waitFor();
    const second = await askIn(page, 'Second');
    await second.getByText('Asking').waitFor();
    for (const [index, reply] of waiting.entries()) {
      reply.raw.end(
        `event: answer\ndata: ${JSON.stringify(answerWith({ id: `a${index}`, sql: `SELECT ${index}` }))}\n\n`,
      );
    }
    await expect.poll(() => first.locator('.sql-panel').textContent()).toContain('SELECT 0');
    await expect.poll(() => second.locator('.sql-panel').textContent()).toContain('SELECT 1');
  });

  it('is told why a query was refused and what to do', async () => {
    const { server, open } = desk();
    server.on('POST /v1/ask', (_, reply) => {
      streamEvents(reply, [['error', errorBody('refused', 'DROP TABLE is refused.', 'Ask for rows.')]]);
      reply.raw.end();
    });
    const page = await open();
    const turn = await askIn(page, 'Drop it');
    const alert = turn.getByRole('alert');
    await alert.waitFor();
    expect(await alert.textContent()).toContain('Refused');
    expect(await alert.textContent()).toContain('DROP TABLE is refused.');
    expect(await alert.textContent()).toContain('What to do: Ask for rows.');
    expect(await turn.getByRole('button', { name: 'Run' }).count()).toBe(0);
  });

  it('is told how long a busy server wants to be left alone', async () => {
    const { server, open } = desk();
    server.on('POST /v1/ask', (_, reply) =>
      reply.code(503).header('retry-after', '7').send(errorBody('busy', 'The queue is full.')),
    );
    const page = await open();
    const alert = (await askIn(page, 'How many?')).getByRole('alert');
    await expect.poll(() => alert.textContent()).toContain('Try again in 7 sec.');
  });

  it('keeps what there is while the connection is lost, and goes on when it is back', async () => {
    const { server, open } = desk();
    server.on('POST /v1/ask', (_, reply) => {
      streamEvents(reply, [['step', { text: 'Reading the schema', seconds: 0 }]]);
      reply.raw.destroy();
    });
    const page = await open();
    const turn = await askIn(page, 'How many?');
    await expect.poll(() => turn.getByRole('alert').textContent()).toContain('Connection lost');
    await page.context().setOffline(true);
    await turn.getByRole('button', { name: 'Try again' }).click();
    const banner = page.getByRole('alert').filter({ hasText: 'can’t be reached' });
    await banner.waitFor();
    server.on('POST /v1/ask', (_, reply) => streamAnswer(reply, revenue));
    await page.context().setOffline(false);
    await banner.getByRole('button', { name: 'Try now' }).click();
    await banner.waitFor({ state: 'detached' });
    await turn.getByRole('button', { name: 'Try again' }).click();
    await turn.getByRole('button', { name: 'Run' }).waitFor();
  });

  it('is told that rows which broke off are not all, and cancels a run', async () => {
    const { server, open } = desk();
    const text = rowsText(
      [['n', 'integer']],
      Array.from({ length: 500 }, (_, index) => [index]),
    );
    const begun: FastifyReply[] = [];
    server.on('POST /v1/answers/{id}/run', (_, reply) => {
      reply.hijack();
      reply.raw.writeHead(200, { 'content-type': 'application/json' });
      reply.raw.write(text.slice(0, text.length / 2));
      begun.push(reply);
    });
    const page = await open();
    const turn = await askIn(page, 'All numbers');
    await turn.getByRole('button', { name: 'Run' }).click();
    await turn.getByText('so far').waitFor();
    begun[0]?.raw.destroy();
    await expect
      .poll(() => turn.getByRole('alert').textContent())
      .toContain('these rows are not all of them');
    await turn.getByRole('grid').waitFor();
    await turn.getByRole('button', { name: 'Try again' }).click();
    await turn.getByText('so far').waitFor();
    await turn.getByRole('button', { name: 'Cancel' }).click();
    await turn.getByText('Cancelled.').waitFor();
  });

  it('sees what a change would do before it is kept', async () => {
    const { server, open } = desk();
    server.on('POST /v1/ask', (_, reply) =>
      streamAnswer(reply, answerWith({ statement: 'write', sql: 'DELETE FROM orders' })),
    );
    server.on('POST /v1/answers/{id}/run', () => ({
      changes: [{ table: 'orders', rows: 3 }],
      notes: ['A trigger runs along.'],
      digest: 'd1',
    }));
    server.on('POST /v1/answers/{id}/commit', () => ({ committed: true, rows: 3 }));
    const page = await open();
    const dropped = await askIn(page, 'Delete the orders');
    await dropped.getByText('This changes the database').waitFor();
    await dropped.getByRole('button', { name: 'Show what it changes' }).click();
    await dropped.getByRole('button', { name: 'Drop it' }).click();
    await dropped.getByText('Dropped: nothing was changed.').waitFor();
    expect(server.requests.some(({ route }) => route.endsWith('/commit'))).toBe(false);
    const kept = await askIn(page, 'Delete the orders');
    await kept.getByRole('button', { name: 'Show what it changes' }).click();
    await expect.poll(() => kept.getByRole('row').last().textContent()).toBe('orders3');
    await kept.getByText('A trigger runs along.').waitFor();
    await kept.getByRole('button', { name: 'Keep the change' }).click();
    await kept.getByText('Kept: 3 rows changed.').waitFor();
    expect(server.requests.find(({ route }) => route.endsWith('/commit'))?.body).toEqual({ digest: 'd1' });
  });

  it('may not run without the role, and is told so', async () => {
    const { server, open } = desk();
    const { me } = await import('../support/page-server.ts');
    server.on('POST /auth/session', (_, reply) =>
      reply
        .header('set-cookie', 'sqlq-session=open; HttpOnly; SameSite=Strict; Path=/')
        .send({ csrf: 'csrf-1', me: { ...me, roles: ['ask'] } }),
    );
    const page = await open();
    const doubt = { kind: 'a', evidence: {}, sentence: 'There is a reason.' };
    const doubts = [
      { ...doubt, mendedSql: null },
      { ...doubt, mendedSql: 'SELECT 2' },
    ];
    server.on('POST /v1/ask', (_, reply) => streamAnswer(reply, answerWith({ doubts })));
    const turn = await askIn(page, 'How many?');
    await turn.getByText('You may ask, but not run.').waitFor();
    expect(await turn.getByRole('button', { name: 'Run' }).count()).toBe(0);
    // The reasons to doubt it are told, those of one kind too, and nothing is offered that is for those who may run.
    expect(await turn.getByText('There is a reason.').count()).toBe(2);
    for (const name of ['Use the mended SQL', 'Edit']) {
      expect(await turn.getByRole('button', { name, exact: true }).count()).toBe(0);
    }
    expect(await turn.getByText('SELECT 2').count()).toBe(0);
  });

  it('says good and bad, with the right SQL', async () => {
    const { server, open } = desk();
    const page = await open();
    const turn = await askIn(page, 'How many?');
    await turn.getByRole('button', { name: 'Right' }).click();
    await expect
      .poll(() => turn.getByRole('button', { name: 'Right' }).getAttribute('aria-pressed'))
      .toBe('true');
    await turn.getByRole('button', { name: 'Wrong' }).click();
    await turn.getByLabel('The right SQL').fill('SELECT 2');
    await turn.getByRole('button', { name: 'Send' }).click();
    await expect
      .poll(() => turn.getByRole('button', { name: 'Wrong' }).getAttribute('aria-pressed'))
      .toBe('true');
    expect(
      server.requests.filter(({ route }) => route.endsWith('/feedback')).map(({ body }) => body),
    ).toEqual([{ verdict: 'good' }, { verdict: 'bad', sql: 'SELECT 2' }]);
  });

  it('goes back to the sign-in when the session ends, with nothing left to see', async () => {
    const { server, open } = desk();
    const page = await open();
    await (await askIn(page, 'A secret question')).getByRole('button', { name: 'Run' }).waitFor();
    server.on('POST /v1/ask', (_, reply) =>
      reply.code(401).send(errorBody('unauthorized', 'Sign in first.')),
    );
    await askIn(page, 'Another');
    await page.getByRole('heading', { name: 'Sign in to sqlq' }).waitFor();
    await expect.poll(() => page.textContent('body')).not.toContain('secret question');
  });
});
