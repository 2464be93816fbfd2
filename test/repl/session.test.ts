import { describe, expect, it } from 'vitest';
import { SqlqError } from '../../src/errors.ts';
import { answer, lastTurn, runAside, runByHand } from '../../src/repl/session.ts';
import { previousOf } from '../../src/repl/turn.ts';
import { sql } from '../support/ask-context.ts';
import { fakeSession, turn } from '../support/session.ts';

const { signal } = new AbortController();
const count = 'SELECT count(*) FROM customers';
const germans = "SELECT count(*) FROM customers WHERE country = 'Germany'";

describe('a question of a session', () => {
  it('becomes the last answer, with its rows at hand', async () => {
    const { session, database, stdout } = fakeSession({ answers: [sql(count, ['all of them'])] });
    await answer(session, { text: 'how many customers', basis: null }, signal);
    expect(lastTurn(session)).toMatchObject({
      question: 'how many customers',
      sql: count,
      assumptions: ['all of them'],
      reasoning: `because of ${count}`,
      columns: [{ name: 'n' }],
      kept: [[60]],
      rows: 1,
      basis: null,
      rejected: [],
    });
    expect(database.of('run')).toHaveLength(1);
    expect(stdout()).toBe('');
  });

  it('is told of the answer that it builds on, and of its rows only where they may be sent', async () => {
    for (const sendRows of [false, true]) {
      const { session, requests } = fakeSession({ answers: [sql(germans)], generation: { sendRows } });
      await answer(session, { text: 'only in Germany', basis: turn() }, signal);
      expect(requests()[0]?.previous).toEqual({
        question: 'how many customers',
        sql: count,
        columns: ['n'],
        rows: sendRows ? '{"n":60}\n1 in all' : null,
        holdsStoredValues: false,
      });
    }
  });

  it('that fails leaves the answers as they were, and is counted', async () => {
    const { session } = fakeSession({ answers: [new SqlqError('failed', 'no model')] });
    const before = [turn()];
    session.turns = [...before];
    await expect(answer(session, { text: 'and now?', basis: null }, signal)).rejects.toThrow('no model');
    expect(session.turns).toEqual(before);
    expect(session.spent.questions).toBe(1);
  });

  it('adds its tokens and its time to what the session has spent', async () => {
    const usage = { promptTokens: 100, completionTokens: 20, cachedTokens: null, reasoningTokens: null };
    const { session, model, report } = fakeSession({ answers: [sql(count), sql(germans)] });
    const { answer: scripted } = model.value;
    const context = await session.workspace.askContext(signal);
    session.workspace = {
      ...session.workspace,
      askContext: async () => ({
        ...context,
        generation: {
          ...context.generation,
          model: {
            provider: 'fake',
            name: 'fake-model',
            answer: async (...given: Parameters<typeof scripted>) => ({
              ...(await scripted.apply(model.value, given)),
              usage,
            }),
          },
        },
      }),
    };
    await answer(session, { text: 'one', basis: null }, signal);
    await answer(session, { text: 'two', basis: lastTurn(session) }, signal);
    expect(session.spent).toMatchObject({
      questions: 2,
      usage: { promptTokens: 200, completionTokens: 40 },
    });
    expect([...session.spent.steps.keys()]).toEqual(expect.arrayContaining(['model', 'check', 'run']));
    // The report is that of the last line alone.
    expect(report.data).toMatchObject({ question: 'two', sql: germans, tokens: usage });
  });
});

describe('SQL by hand', () => {
  it('asks no model and builds on the answer before', async () => {
    const { session, model } = fakeSession();
    session.turns = [turn()];
    await runByHand(session, germans, null, signal);
    expect(model.calls).toEqual([]);
    expect(lastTurn(session)).toMatchObject({
      question: null,
      sql: germans,
      assumptions: [],
      rows: 1,
      basis: { sql: count },
    });
  });

  it('that the guard refuses does not run, and is no answer', async () => {
    const { session, database } = fakeSession({ refused: { 'DELETE FROM customers': 'it deletes' } });
    await expect(runByHand(session, 'DELETE FROM customers', null, signal)).rejects.toMatchObject({
      code: 'refused',
    });
    expect(database.of('run')).toEqual([]);
    expect(session.turns).toEqual([]);
  });

  it('goes out in the format of the session, else as settings have it', async () => {
    for (const [format, expected] of [
      [null, 'csv'],
      ['json', 'json'],
    ] as const) {
      const { session, database } = fakeSession({
        context: { delivery: { format: 'csv', output: null, limit: null, csvSafe: false, keep: 0 } },
      });
      session.format = format;
      await runByHand(session, count, null, signal);
      expect(JSON.stringify(database.of('run')[0])).toContain(`"format":"${expected}"`);
    }
  });
});

describe('SQL aside', () => {
  it('is no answer, and keeps no rows', async () => {
    const { session } = fakeSession();
    session.turns = [turn()];
    await runAside(session, germans, {}, signal);
    expect(session.turns).toEqual([turn()]);
  });

  it('runs where it is sent', async () => {
    const { session, database } = fakeSession();
    const other = fakeSession().database;
    await runAside(session, germans, { database: other.value }, signal);
    expect(database.calls).toEqual([]);
    expect(other.of('run')).toHaveLength(1);
  });
});

it('a session without an answer says so', () => {
  expect(() => lastTurn(fakeSession().session)).toThrow('There is no answer yet.');
});

describe('what the next question is told', () => {
  it('is nothing of nothing', () => expect(previousOf(null, true)).toBeNull());

  it('has no question of SQL by hand, and ten rows at most', () => {
    const kept = Array.from({ length: 30 }, (_, index) => [BigInt(index)]);
    const previous = previousOf(turn({ question: null, kept, rows: 30 }), true);
    expect(previous).toMatchObject({ question: 'SQL of my own' });
    expect(previous?.rows?.split('\n')).toEqual([
      ...Array.from({ length: 10 }, (_, index) => `{"n":"${index}"}`),
      '30 in all',
    ]);
  });

  it('has no bytes, little of a long text, and no rows where none were asked for', () => {
    expect(previousOf(turn({ kept: [[new Uint8Array(9)]] }), true)?.rows).toBe('{"n":"bytes"}\n1 in all');
    expect(previousOf(turn({ kept: [['x'.repeat(9000)]] }), true)?.rows).toHaveLength(2000);
    expect(previousOf(turn({ rows: null }), true)?.rows).toBeNull();
  });

  it('says whether the SQL may hold stored values', () => {
    expect(previousOf(turn({ holdsStoredValues: true }), false)).toMatchObject({ holdsStoredValues: true });
  });
});
