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

/** What would run, were it ever read as HTML, and what would hide or turn around what stands beside it. */
const attacks = [
  '<img src=x onerror="globalThis.owned=1">',
  '<script>globalThis.owned=1</script>',
  '"><svg onload=globalThis.owned=1>',
  'javascript:globalThis.owned=1',
  "'-globalThis.owned=1-'",
  '{{constructor.constructor("globalThis.owned=1")()}}',
  'paid\u202e321\u202c',
  'a\u2066b\u2069c',
  'nul\u0000bell\u0007escape\u001b[31mred',
  'two\nlines\ttab\r',
  'zero\u200bwidth\ufeffmark',
  'line\u2028separator',
  'tag\u{e0041}\u{e0042}',
];

/** As what the page shows of it: no character that is obeyed or not seen is left. */
const hidden = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

describe.skipIf(browser === null)('hostile text on the page', () => {
  const desk = useDesk();

  it('is text and nothing else, wherever it comes from, with what would hide in it made visible', async () => {
    const { server, open } = desk();
    const all = attacks.join(' ');
    server.on('GET /v1/databases', () => ({
      databases: attacks.map((name, index) => ({ name, engine: 'sqlite', place: name, usual: index === 0 })),
    }));
    server.on('GET /v1/models', () => ({
      models: [{ profile: all, provider: 'custom', model: all, local: false, usual: true }],
    }));
    server.on('GET /v1/conversations', () => ({
      conversations: attacks.map((title, index) => ({ id: `c${index}`, title, time: title, turns: 1 })),
    }));
    server.on('GET /v1/history', () => ({
      history: attacks.map((question, index) => ({
        id: index + 1,
        time: '2026-01-01T00:00:00Z',
        question,
        sql: question,
        database: question,
        outcome: 'answered',
        rows: 1,
        conversation: null,
        verdict: null,
      })),
    }));
    server.on('GET /v1/saved', () => ({
      saved: attacks.map((name) => ({
        name,
        question: name,
        sql: name,
        parameters: [{ name, type: 'text', default: name, choices: [name, 'x'], description: name }],
      })),
    }));
    server.on('GET /v1/schema', () => ({
      database: attacks[0],
      engine: 'sqlite',
      tables: attacks.map((name) => ({
        name,
        schema: 'main',
        kind: 'table',
        comment: name,
        columns: [{ name, type: name, nullable: true, comment: name }],
        primaryKey: [name],
        foreignKeys: [{ columns: [name], references: { schema: 'main', table: name, columns: [name] } }],
      })),
    }));
    server.on('POST /v1/ask', ({ body }, reply) => {
      const { question } = body as { question: string };
      if (question === 'refuse') {
        streamEvents(reply, [['error', errorBody('refused', all, all)]]);
        reply.raw.end();
        return;
      }
      const answer = answerWith({
        question,
        sql: `SELECT '${all.replaceAll("'", "''")}' /* ${all} */`,
        assumptions: attacks.map((text, index) => ({ number: index + 1, text, spelling: index % 2 === 0 })),
        doubts: attacks.map((sentence) => ({ kind: 'a', sentence, evidence: {}, mendedSql: sentence })),
        notLooked: attacks,
        sources: attacks,
        warnings: attacks,
        plan: { columns: [], rows: null, cost: null, text: all },
        answeredBy: { profile: all, provider: all, model: all },
        database: all,
      });
      streamAnswer(reply, answer, attacks);
    });
    server.on('POST /v1/answers/{id}/run', (_, reply) =>
      sendRows(
        reply,
        rowsText(
          attacks.map((name) => [name, name] as const),
          [attacks, attacks.map(() => all), [...attacks].reverse()],
        ),
      ),
    );
    const page = await open({ viewport: { width: 1600, height: 1000 } });
    const seen: string[] = [];
    const look = async (): Promise<void> => {
      seen.push(await page.evaluate<string>('document.documentElement.outerHTML'));
    };
    for (const tab of ['History', 'Saved', 'Tables', 'Conversations']) {
      await page.getByRole('tab', { name: tab }).click();
      await page.locator('.side .entries').waitFor();
      await look();
    }
    const turn = await askIn(page, all);
    await turn.getByRole('button', { name: 'Run' }).click();
    await turn.getByRole('gridcell').first().click();
    for (const summary of await turn.locator('summary').all()) {
      await summary.click();
    }
    await look();
    await turn.getByRole('button', { name: 'Edit' }).click();
    await page.locator('.cm-content').waitFor();
    expect(await page.locator('.cm-specialChar').count()).toBeGreaterThan(8);
    const refused = await askIn(page, 'refuse');
    await refused.getByRole('alert').waitFor();
    await look();

    expect(await page.evaluate('globalThis.owned')).toBeUndefined();
    const elements = await page.evaluate<string>(
      `[...document.querySelectorAll('img, script:not([src]), svg[onload], iframe, object, embed, style, link:not([rel=icon]):not([rel=stylesheet]), [onerror], [onload]')].map((one) => one.outerHTML).join()`,
    );
    expect(elements).toBe('');
    expect(await page.locator('a[href^="javascript:"]').count()).toBe(0);
    const shown = await page.evaluate<string>('document.body.innerText');
    expect(shown).toContain('<img src=x onerror="globalThis.owned=1">');
    expect(shown).toContain('paidU+202E321U+202C');
    const at = hidden.exec(shown)?.index;
    expect(at === undefined ? '' : shown.slice(at - 60, at + 20)).toBe('');
    expect(seen.every((html) => !html.includes('<img'))).toBe(true);
  });

  it('would not run even if it were put into the page as HTML: its policy forbids that', async () => {
    const { server, open } = desk();
    const page = await open();
    const tried = await page.evaluate<readonly string[]>(`(() => {
      const tries = [
        () => { document.body.innerHTML += '<img src=x onerror="globalThis.owned=1">'; },
        () => { const script = document.createElement('script'); script.text = 'globalThis.owned=1'; document.body.append(script); },
        () => { document.body.setAttribute('onclick', 'globalThis.owned=1'); document.body.click(); },
      ];
      return tries.map((attempt) => { try { attempt(); return 'done'; } catch (error) { return error.name; } });
    })()`);
    expect(tried[0]).toBe('TypeError');
    expect(await page.evaluate('globalThis.owned')).toBeUndefined();
    const outside = await page.evaluate<string>(
      `fetch('http://127.0.0.1:9/').then(() => 'sent', (error) => error.name)`,
    );
    expect(outside).toBe('TypeError');
    await expect.poll(() => page.evaluate<string>('forbidden.join()')).toContain('connect-src');
    const found = await page.evaluate<readonly string[]>('forbidden.splice(0)');
    expect(found.join()).toContain('require-trusted-types-for');
    expect(found.join()).toContain('connect-src');
    expect(server.requests.every(({ route }) => !route.includes('/x'))).toBe(true);
  });

  it('does not turn around what stands beside it', async () => {
    const { server, open } = desk();
    server.on('POST /v1/answers/{id}/run', (_, reply) =>
      sendRows(
        reply,
        rowsText(
          [
            ['name', 'text'],
            ['n', 'integer'],
          ],
          [
            ['שלום 12', 7],
            ['مرحبا', 8],
          ],
        ),
      ),
    );
    const page = await open();
    const turn = await askIn(page, 'Names');
    await turn.getByRole('button', { name: 'Run' }).click();
    const cell = turn.getByRole('gridcell').first();
    await cell.waitFor();
    expect(await cell.locator('bdi').count()).toBe(1);
    expect(await cell.textContent()).toBe('שלום 12');
  });
});
