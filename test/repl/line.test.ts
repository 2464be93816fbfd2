import { describe, expect, it } from 'vitest';
import { takeLine } from '../../src/repl/line.ts';
import { sql } from '../support/ask-context.ts';
import { fakeSession, turn } from '../support/session.ts';

const { signal } = new AbortController();
const count = 'SELECT count(*) FROM customers';
const net = 'SELECT sum(net) FROM orders';

describe('a line', () => {
  it('of blanks does nothing', async () => {
    const { session, model, database } = fakeSession();
    await takeLine(session, '  \n', signal);
    expect([...model.calls, ...database.calls, ...session.turns]).toEqual([]);
  });

  it('of words asks, building on the answer before', async () => {
    const { session, requests } = fakeSession({ answers: [sql(count)] });
    session.turns = [turn({ question: 'before' })];
    await takeLine(session, ' how many of them? ', signal);
    expect(requests()[0]).toMatchObject({ question: 'how many of them?', previous: { question: 'before' } });
    expect(session.turns).toHaveLength(2);
  });

  it('of SQL runs as it is, without a model', async () => {
    const { session, model, database } = fakeSession();
    await takeLine(session, 'SELECT 1;', signal);
    expect(model.calls).toEqual([]);
    expect(database.of('examine')[0]?.[0]).toMatchObject({ sql: expect.stringContaining('SELECT 1') });
  });

  it.each([['.exit'], ['.quit'], ['.q'], ['exit'], ['\\q']])('%j leaves', async (text) => {
    const { session } = fakeSession();
    await takeLine(session, text, signal);
    expect(session.ended).toBe(true);
  });

  it.each([
    ['.chat', 'Did you mean .chart?'],
    ['.tab', 'Did you mean .tables?'],
    ['.EXPORTS x', 'Did you mean .export?'],
    ['.zzzzzzzz', 'List them with .help'],
  ])('%j is no command', async (text, hint) => {
    const { session, database } = fakeSession();
    await expect(takeLine(session, text, signal)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining(`There is no command ${text.split(' ')[0]?.toLowerCase()}.`),
      hint: expect.stringContaining(hint),
    });
    expect(database.calls).toEqual([]);
  });
});

describe('a number', () => {
  const asked = turn({
    question: 'revenue',
    sql: 'SELECT sum(gross) FROM orders',
    assumptions: ['gross', 'all years'],
    basis: turn({ question: 'before it' }),
    rejected: ['in cents'],
  });

  it('asks again without that assumption, on what the question was built on', async () => {
    const { session, requests } = fakeSession({ answers: [sql(net, ['net'])] });
    session.turns = [asked];
    await takeLine(session, '1', signal);
    expect(requests()[0]).toMatchObject({
      question: 'revenue',
      previous: { question: 'before it' },
      attempts: [
        {
          sql: 'SELECT sum(gross) FROM orders',
          source: 'user',
          problem: expect.stringContaining('"gross" does not hold'),
        },
      ],
    });
    expect(session.turns.at(-1)).toMatchObject({
      sql: net,
      assumptions: ['net'],
      rejected: ['in cents', 'gross'],
    });
  });

  it.each([
    ['3', asked],
    ['0', asked],
    ['1', turn({ assumptions: [] })],
    ['1', turn({ question: null, assumptions: ['gross'] })],
  ])('%s of no assumption asks nobody', async (text, last) => {
    const { session, model } = fakeSession();
    session.turns = [last];
    await expect(takeLine(session, text, signal)).rejects.toMatchObject({
      code: 'usage',
      message: `The last answer has no assumption ${text}.`,
    });
    expect(model.calls).toEqual([]);
  });

  it('before any answer says that there is none', async () => {
    await expect(takeLine(fakeSession().session, '1', signal)).rejects.toThrow('There is no answer yet.');
  });
});
