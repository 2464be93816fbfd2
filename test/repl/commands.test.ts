import { describe, expect, it } from 'vitest';
import { commands } from '../../src/repl/commands.ts';
import { takeLine } from '../../src/repl/line.ts';
import { column, schema, table } from '../support/schema.ts';
import { fakeRows, fakeSession, fakeWorkspace, turn } from '../support/session.ts';

const { signal } = new AbortController();
const usage = (message: string) => ({ code: 'usage', message: expect.stringContaining(message) });

describe('.help', () => {
  it('lists every command on stdout, a line each', async () => {
    const { session, stdout } = fakeSession();
    await takeLine(session, '.help', signal);
    for (const { name, summary } of commands) {
      expect(stdout().match(new RegExp(`^\\.${name}\\b.*$`, 'gmu'))).toEqual([
        expect.stringContaining(summary),
      ]);
    }
  });

  it('has each name once', () => {
    expect(new Set(commands.map(({ name }) => name)).size).toBe(commands.length);
  });
});

describe('commands about the last answer', () => {
  it.each([
    '.sql',
    '.sql edit',
    '.sql run',
    '.explain',
    '.back',
    '.good',
    '.bad',
    '.save a',
    '.export a.csv',
    '.last',
    '.chart',
  ])('%s says that there is none yet, and asks nobody', async (line) => {
    const { session, model, database, workspace } = fakeSession({
      workspace: { giveFeedback: async () => 'noted', save: async () => 'saved' },
    });
    await expect(takeLine(session, line, signal)).rejects.toMatchObject(usage('There is no answer yet.'));
    expect([...model.calls, ...database.calls, ...workspace.calls]).toEqual([]);
  });

  it('.good and .bad hand it on with what is right', async () => {
    const { session, workspace, stderr } = fakeSession({
      workspace: { giveFeedback: async (_turn, verdict) => `noted as ${verdict}\u202e` },
    });
    const last = turn();
    session.turns = [turn({ question: 'before' }), last];
    for (const line of ['.good', '.bad', '.bad SELECT 1']) {
      await takeLine(session, line, signal);
    }
    expect(workspace.of('giveFeedback')).toEqual([
      [last, 'good', null],
      [last, 'bad', null],
      [last, 'bad', 'SELECT 1'],
    ]);
    expect(stderr()).toBe(['good', 'bad', 'bad'].map((verdict) => `noted as ${verdict}\\u{202e}\n`).join(''));
  });

  it('.save takes one name, and replaces only where it is told to', async () => {
    const { session, workspace, stderr } = fakeSession({
      workspace: { save: async (_turn, name) => `Saved ${name}\u202e.` },
    });
    session.turns = [turn()];
    await takeLine(session, '.save revenue', signal);
    await takeLine(session, '.save revenue --force', signal);
    expect(workspace.of('save').map(([, name, replace]) => [name, replace])).toEqual([
      ['revenue', false],
      ['revenue', true],
    ]);
    expect(stderr()).toContain('Saved revenue\\u{202e}.');
    for (const line of ['.save', '.save two names', '.save a --forec', '.save a --force b']) {
      await expect(takeLine(session, line, signal)).rejects.toMatchObject(usage('one name'));
    }
    expect(workspace.of('save')).toHaveLength(2);
  });

  it('.back takes answers away one by one', async () => {
    const { session, stderr } = fakeSession();
    const first = turn({ question: 'first\u001b[2J' });
    session.turns = [first, turn({ question: 'second' })];
    await takeLine(session, '.back', signal);
    expect(session.turns).toEqual([first]);
    expect(stderr()).toContain('first\\e[2J\n');
    expect(stderr()).toContain('count(*)');
    await takeLine(session, '.back', signal);
    expect(session.turns).toEqual([]);
    expect(stderr()).toContain('Back at the beginning');
  });

  it('.new forgets them all', async () => {
    const { session } = fakeSession();
    session.turns = [turn(), turn()];
    await takeLine(session, '.new', signal);
    expect(session.turns).toEqual([]);
  });
});

describe('.sql', () => {
  it('shows the last one, safe to look at, and runs nothing', async () => {
    const { session, database, stdout } = fakeSession();
    session.turns = [turn({ sql: "SELECT '\u202e' FROM t" })];
    await takeLine(session, '.sql', signal);
    expect(stdout()).toContain("'\\u{202e}'");
    expect(database.calls.filter(({ name }) => name === 'run')).toEqual([]);
  });

  it('run runs it again as an answer to the same question', async () => {
    const { session } = fakeSession();
    session.turns = [turn()];
    await takeLine(session, '.sql run', signal);
    expect(session.turns.map(({ question }) => question)).toEqual([
      'how many customers',
      'how many customers',
    ]);
  });

  it('edit runs what was made of it, checked anew, and nothing where nothing was changed', async () => {
    const edits = ['same', '', 'SELECT 7', 'DROP TABLE t'];
    const { session, database, stderr } = fakeSession({
      refused: { 'DROP TABLE t': 'it drops' },
      edit: async (text) => {
        const made = edits.shift() ?? '';
        return made === 'same' ? text : made;
      },
    });
    session.turns = [turn()];
    await takeLine(session, '.sql edit', signal);
    await takeLine(session, '.sql edit', signal);
    expect(stderr()).toBe('Nothing was changed.\nNothing was changed.\n');
    expect(database.of('run')).toEqual([]);
    await takeLine(session, '.sql edit', signal);
    expect(session.turns.at(-1)).toMatchObject({ sql: 'SELECT 7', question: 'how many customers' });
    await expect(takeLine(session, '.sql edit', signal)).rejects.toMatchObject({ code: 'refused' });
    expect(database.of('run')).toHaveLength(1);
  });

  it('with SQL runs that', async () => {
    const { session } = fakeSession();
    await takeLine(session, '.sql SELECT 9', signal);
    expect(session.turns.at(-1)).toMatchObject({ sql: 'SELECT 9', question: null });
  });
});

describe('.db, .profile and .model', () => {
  const other = fakeWorkspace({ name: 'other', place: 'other.sqlite' }).value;

  it('say what is in use, safe to look at', async () => {
    const { session, stdout } = fakeSession({
      workspace: { place: 'a\u009bb', describeModel: async () => 'model\u202e one' },
    });
    for (const line of ['.db', '.profile', '.model']) {
      await takeLine(session, line, signal);
    }
    expect(stdout()).toBe('a\\u{009b}b\nmodel\\u{202e} one\nmodel\\u{202e} one\n');
  });

  it('change to what is named; a new database forgets the answers, a new model keeps them', async () => {
    for (const [line, change, left] of [
      ['.db other.sqlite', { db: 'other.sqlite' }, 0],
      ['.profile small', { profile: 'small' }, 1],
      ['.model large', { model: 'large' }, 1],
    ] as const) {
      const { session, workspace } = fakeSession({ workspace: { change: async () => other } });
      session.turns = [turn()];
      await takeLine(session, line, signal);
      expect(workspace.of('change').map(([wanted]) => wanted)).toEqual([change]);
      expect(session.workspace).toBe(other);
      expect(session.turns).toHaveLength(left);
    }
  });

  it('leave all as it is where the other is not there', async () => {
    const { session, workspace } = fakeSession({
      workspace: { change: () => Promise.reject(new Error('no such file')) },
    });
    session.turns = [turn()];
    for (const line of ['.db nowhere', '.profile nobody', '.model none']) {
      await expect(takeLine(session, line, signal)).rejects.toThrow('no such file');
    }
    expect(session.workspace).toBe(workspace.value);
    expect(session.turns).toHaveLength(1);
  });
});

describe('.tables and .schema', () => {
  const made = schema(
    [
      table('orders', [column('id'), column('total\u202e')]),
      table('orders', [column('id')], { schema: 'archive' }),
      table('revenue', [column('sum')], { kind: 'view' }),
    ],
    { dialect: { engine: 'postgres', product: 'PostgreSQL', version: '18.0' } },
  );

  it('list tables and say what is a view', async () => {
    const { session, stdout } = fakeSession({ schema: made });
    await takeLine(session, '.tables', signal);
    expect(stdout()).toBe('orders\narchive.orders\nrevenue  (view)\n');
  });

  it('show one table by its name in any case, with or without its schema', async () => {
    for (const [line, found] of [
      ['.schema "ORDERS";', 2],
      ['.schema archive.orders', 1],
      ['.schema', 3],
    ] as const) {
      const { session, stdout } = fakeSession({ schema: made });
      await takeLine(session, line, signal);
      expect(stdout().match(/^(?:table|view) /gmu)).toHaveLength(found);
      expect(stdout()).not.toContain('\u202e');
    }
    const { session } = fakeSession({ schema: made });
    await expect(takeLine(session, '.schema nothing', signal)).rejects.toMatchObject(
      usage('There is no table "nothing".'),
    );
  });
});

describe('.format', () => {
  it('says the one in use, takes another, and none that is not', async () => {
    const { session, stdout } = fakeSession();
    await takeLine(session, '.format', signal);
    expect(stdout()).toMatch(/^csv \(of /u);
    await takeLine(session, '.format ndjson', signal);
    expect(session.format).toBe('ndjson');
    await expect(takeLine(session, '.format jsno', signal)).rejects.toMatchObject({ code: 'usage' });
    expect(session.format).toBe('ndjson');
  });

  it('.export without a file says how', async () => {
    const { session } = fakeSession();
    session.turns = [turn()];
    await expect(takeLine(session, '.export', signal)).rejects.toMatchObject({
      hint: expect.stringContaining('.export FILE.csv'),
    });
  });
});

describe('.last', () => {
  it('opens the rows once for each answer, and closes those of the one before', async () => {
    const opened = [fakeRows(), fakeRows()];
    let next = 0;
    const { session, workspace, database } = fakeSession({
      workspace: {
        openRows: () => {
          const rows = opened[next];
          next += 1;
          if (rows === undefined) {
            throw new Error('opened too often');
          }
          return rows.value;
        },
      },
    });
    session.turns = [turn({ kept: [[1]] })];
    await takeLine(session, '.last', signal);
    await takeLine(session, '.last where n > 0', signal);
    expect(workspace.of('openRows')).toEqual([[turn().columns, [[1]]]]);
    session.turns.push(turn({ kept: [[2]] }));
    await takeLine(session, '.last', signal);
    expect(
      opened.map(({ calls }) => calls.map(({ name }) => name).filter((name) => name !== 'examine')),
    ).toEqual([['run', 'run', 'close'], ['run']]);
    expect(database.calls).toEqual([]);
    expect(session.turns).toHaveLength(2);
  });

  it('says where not all rows are at hand', async () => {
    const { session, stderr } = fakeSession({ workspace: { openRows: () => fakeRows().value } });
    session.turns = [turn({ rows: 12_345 })];
    await takeLine(session, '.last', signal);
    expect(stderr()).toContain('Only the first 1 of 12,345 rows are at hand.');
  });

  it('goes past a statement that gave no rows to the answer that did', async () => {
    const { session, workspace } = fakeSession({ workspace: { openRows: () => fakeRows().value } });
    session.turns = [turn({ kept: [[5]] }), turn({ rows: null, kept: [] })];
    await takeLine(session, '.last', signal);
    expect(workspace.of('openRows')[0]?.[1]).toEqual([[5]]);
    session.turns = [turn({ rows: null })];
    await expect(takeLine(session, '.last', signal)).rejects.toMatchObject(usage('no rows to look at'));
  });
});

describe('.cost', () => {
  it('says what was spent', async () => {
    const { session, stdout } = fakeSession();
    await takeLine(session, '.cost', signal);
    expect(stdout()).toBe('questions 0\ntokens    none\ntime      0.00 s\n');
    Object.assign(session.spent, {
      questions: 1200,
      usage: { promptTokens: 5000, completionTokens: 40, cachedTokens: 3000, reasoningTokens: 7 },
    });
    session.spent.steps.set('model', 1500).set('run', 250);
    await takeLine(session, '.cost', signal);
    expect(stdout().split('\n').slice(3)).toEqual([
      'questions 1,200',
      'tokens    5,000 in, 40 out (3,000 of the prompt from a cache, 7 for reasoning)',
      'time      1.75 s (model 1.50 s, run 0.25 s)',
      '',
    ]);
  });
});

it('.exit takes no argument', async () => {
  const { session } = fakeSession();
  await expect(takeLine(session, '.exit now', signal)).rejects.toMatchObject(
    usage('.exit takes no argument.'),
  );
  expect(session.ended).toBe(false);
});
