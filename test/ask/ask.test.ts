import { describe, expect, it } from 'vitest';
import { ask } from '../../src/ask/ask.ts';
import { SqlqError, WriteError } from '../../src/errors.ts';
import { fakeContext, sql } from '../support/ask-context.ts';
import { column, schema, table } from '../support/schema.ts';

const right = 'SELECT count(*) FROM customers';
const wrong = 'SELECT count(*) FROM customer';
const question = 'how many customers';

describe('a question', () => {
  it('is answered by rows, and kept with what it took for granted', async () => {
    const { context, outcomes, requests, database } = fakeContext({ answers: [sql(right, ['all'])] });
    const answered = await ask(context, question);
    expect(answered).toMatchObject({
      assumptions: ['all'],
      kept: [[60]],
      rows: 1,
      statement: { sql: right },
    });
    expect(requests()).toHaveLength(1);
    expect(requests()[0]).toMatchObject({ question, attempts: [], previous: null });
    expect(database.calls.map(({ name }) => name)).toEqual(['examine', 'run']);
    expect(outcomes).toEqual([
      {
        question,
        sql: right,
        assumptions: ['all'],
        provider: 'fake',
        model: 'fake-model',
        outcome: 'answered',
        rows: 1,
        previous: null,
      },
    ]);
    expect(context.report.data).toMatchObject({ question, provider: 'fake', sql: right, rows: 1 });
  });

  it('asks nothing of a model without consent', async () => {
    const { context, model, database } = fakeContext({ context: { yes: false } });
    await expect(ask(context, question)).rejects.toMatchObject({
      code: 'usage',
      hint: expect.stringContaining('--yes'),
    });
    expect([...model.calls, ...database.calls]).toEqual([]);
  });

  it('asks nothing of a model about a database without tables', async () => {
    const { context, model, outcomes } = fakeContext({ schema: schema([]) });
    await expect(ask(context, question)).rejects.toMatchObject({ code: 'unanswerable' });
    expect(model.calls).toEqual([]);
    expect(outcomes).toEqual([]);
  });

  it('on a dry run is answered by its SQL, and runs nothing', async () => {
    const { context, stdout, database, outcomes } = fakeContext({
      answers: [sql(right)],
      context: { dryRun: true },
    });
    await ask(context, question);
    expect(stdout()).toBe('SELECT\n  count(*)\nFROM\n  customers\n');
    expect(database.of('run')).toEqual([]);
    expect(outcomes[0]?.outcome).toBe('dry-run');
  });

  it('that the schema can not answer ends with the model’s reason', async () => {
    const { context, database } = fakeContext({
      answers: [{ kind: 'unanswerable', reason: 'no weather here' }],
    });
    await expect(ask(context, 'will it rain?')).rejects.toMatchObject({
      code: 'unanswerable',
      message: expect.stringContaining('no weather here'),
    });
    expect(database.calls).toEqual([]);
  });

  it('whose model fails ends with that error', async () => {
    const { context } = fakeContext({ answers: [new SqlqError('failed', 'the server is down')] });
    await expect(ask(context, question)).rejects.toThrow('the server is down');
  });
});

describe('a schema of which a part is told', () => {
  const wide = schema([
    table('customers', [column('id'), column('name')]),
    ...Array.from({ length: 60 }, (_, index) => table(`part${index}`, [column(`c${index}`)])),
  ]);
  const generation = { schemaBudget: 600 };

  it('says so, and tells the tables that the model asks for, once', async () => {
    const { context, requests, stderr } = fakeContext({
      schema: wide,
      generation,
      answers: [{ kind: 'tables', names: ['part59'] }, sql(right)],
    });
    expect(await ask(context, question)).toMatchObject({ statement: { sql: right } });
    const [first, second] = requests();
    expect(first?.mayNeedTables).toBe(true);
    expect(first?.messages[0]?.content).toMatch(/"needs": \[names of left-out tables/u);
    expect(first?.messages[0]?.content).toMatch(/^Left out for want of room: part\d+.* and \d+ more$/mu);
    expect(first?.messages[0]?.content).not.toContain('table part59');
    expect(second?.mayNeedTables).toBe(false);
    expect(second?.messages[0]?.content).toContain('table part59');
    expect(second?.messages[0]?.content).not.toContain('"needs"');
    expect(stderr()).toContain('The model asks for part59 as well.');
  });

  it('ends where the model asks again', async () => {
    const { context } = fakeContext({
      schema: wide,
      generation,
      answers: [
        { kind: 'tables', names: ['part59'] },
        { kind: 'tables', names: ['part58'] },
      ],
    });
    await expect(ask(context, question)).rejects.toMatchObject({
      code: 'unanswerable',
      message: expect.stringContaining('part58'),
    });
  });

  it('says nothing of left-out tables where all are told', async () => {
    const { context, requests } = fakeContext({ answers: [sql(right)] });
    await ask(context, question);
    expect(requests()[0]?.messages[0]?.content).not.toMatch(/needs|Left out/u);
    expect(requests()[0]?.mayNeedTables).toBe(false);
  });
});

describe('what is refused', () => {
  it('by the guard or the database goes back with the reason, the SQL and how the model came to it', async () => {
    const { context, requests, stderr } = fakeContext({
      answers: [sql('DELETE FROM customers'), sql(wrong), sql(right)],
      refused: { 'DELETE FROM customers': 'DELETE writes' },
      broken: { [wrong]: 'no such table: customer' },
    });
    expect(await ask(context, question)).toMatchObject({ statement: { sql: right } });
    expect(requests().map(({ attempts }) => attempts.length)).toEqual([0, 1, 2]);
    expect(requests()[2]?.attempts).toEqual([
      {
        sql: 'DELETE FROM customers',
        reasoning: 'because of DELETE FROM customers',
        source: 'guard',
        problem: 'DELETE writes',
      },
      {
        sql: wrong,
        reasoning: `because of ${wrong}`,
        source: 'database',
        problem: 'no such table: customer\nNear names of the schema: customers.',
      },
    ]);
    expect(stderr()).toContain('Asking for a better one (2 of 2).');
  });

  it('too often ends with the last reason and the SQL', async () => {
    const { context, model, outcomes } = fakeContext({
      answers: [sql(wrong), sql(wrong)],
      broken: { [wrong]: 'no such table: customer' },
      generation: { repairs: 1 },
    });
    await expect(ask(context, question)).rejects.toMatchObject({
      code: 'failed',
      message: `The model's SQL was refused after one repair: no such table: customer\n${wrong}`,
    });
    expect(model.calls).toHaveLength(2);
    expect(outcomes[0]).toMatchObject({ outcome: 'failed', sql: wrong });
  });

  it('while it runs goes back too, unless the output broke or the engine here wrote it', async () => {
    const late = new SqlqError('failed', 'malformed JSON');
    const mended = fakeContext({ answers: [sql(wrong), sql(right)], failing: { [wrong]: late } });
    expect(await ask(mended.context, question)).toMatchObject({ statement: { sql: right } });
    expect(mended.requests()[1]?.attempts).toMatchObject([
      { sql: wrong, source: 'database', problem: 'malformed JSON' },
    ]);
    const broken = fakeContext({
      answers: [sql(wrong)],
      failing: { [wrong]: new WriteError('failed', 'disk full') },
    });
    await expect(ask(broken.context, question)).rejects.toThrow('disk full');
    const here = fakeContext({
      answers: [sql(wrong)],
      failing: { [wrong]: late },
      generation: { readsValues: true },
    });
    await expect(ask(here.context, question)).rejects.toThrow('malformed JSON');
  });
});

describe('in a terminal', () => {
  const interactive = true;

  it('nothing runs before the user says so', async () => {
    const { context, database } = fakeContext({ answers: [sql(right)], interactive, chooses: ['Cancel'] });
    await expect(ask(context, question)).rejects.toMatchObject({ code: 'cancelled' });
    expect(database.of('run')).toEqual([]);
  });

  it('another is asked for with the user’s words', async () => {
    const { context, requests } = fakeContext({
      answers: [sql(wrong), sql(right)],
      interactive,
      chooses: ['Ask for another', 'Run it'],
      types: ['the other table'],
    });
    expect(await ask(context, question)).toMatchObject({ statement: { sql: right } });
    expect(requests()[1]?.attempts).toEqual([{ sql: wrong, source: 'user', problem: 'the other table' }]);
  });

  it('what the user edits is judged, and what is refused leaves what they had', async () => {
    const edits = ['DROP TABLE customers', right];
    const { context, stderr, database } = fakeContext({
      answers: [sql(wrong)],
      refused: { 'DROP TABLE customers': 'DROP deletes it' },
      interactive,
      chooses: ['Edit it', 'Edit it', 'Run it'],
      context: { edit: async () => edits.shift() ?? '' },
    });
    expect(await ask(context, question)).toMatchObject({ statement: { sql: right } });
    expect(stderr()).toContain('DROP deletes it');
    expect(database.of('run').map(([text]) => text)).toEqual([right]);
  });

  it('a question back is answered by a choice, or in words', async () => {
    const clarification = {
      kind: 'clarification',
      question: 'Which customers?',
      choices: [{ interpretation: 'all of them', sql: right }],
    } as const;
    const chosen = fakeContext({ answers: [clarification], interactive, chooses: ['all of them', 'Run it'] });
    expect(await ask(chosen.context, question)).toMatchObject({
      assumptions: ['all of them'],
      statement: { sql: right },
    });
    const told = fakeContext({
      answers: [clarification, sql(right)],
      interactive,
      chooses: ['None of these', 'Run it'],
      types: ['those of 2025'],
    });
    await ask(told.context, question);
    expect(told.requests()[1]?.question).toBe(`${question}\nWhich customers?\nthose of 2025`);
  });
});

it('a question back ends a run that can ask nobody, with what it could mean', async () => {
  const { context } = fakeContext({
    answers: [{ kind: 'clarification', question: 'Which?', choices: [{ interpretation: 'all', sql: null }] }],
  });
  await expect(ask(context, question)).rejects.toMatchObject({
    code: 'unanswerable',
    message: 'Which?\n  1. all',
  });
});

describe('a limit on what the planner expects', () => {
  const plan = { rowsScanned: 5_000 };

  it('ends a script, and asks in a terminal', async () => {
    const script = fakeContext({ answers: [sql(right)], plan, context: { maxRowsScanned: 100 } });
    await expect(ask(script.context, question)).rejects.toMatchObject({ code: 'limit' });
    expect(script.database.of('run')).toEqual([]);
    const asked = fakeContext({
      answers: [sql(right)],
      plan,
      interactive: true,
      chooses: ['Run it'],
      confirms: [true],
      context: { maxRowsScanned: 100 },
    });
    expect(await ask(asked.context, question)).toMatchObject({ rows: 1 });
  });
});
