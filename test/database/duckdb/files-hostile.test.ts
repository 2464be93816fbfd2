import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dataTarget } from '../../../src/config/database/data-files.ts';
import { duckdb } from '../../../src/database/duckdb/connect.ts';
import { literal } from '../../../src/database/duckdb/files/sql.ts';
import { openInstance } from '../../../src/database/duckdb/session.ts';
import { folderOf, tablesOf, withFiles } from '../../support/data-files.ts';
import { query, verdictOf } from '../../support/statements.ts';

const never = new AbortController().signal;

/** Writes a DuckDB file. */
async function database(path: string, ...statements: readonly string[]): Promise<void> {
  const instance = await openInstance({
    path,
    access: 'READ_WRITE',
    async fill({ rows }) {
      for (const sql of statements) {
        await rows(sql);
      }
      return [];
    },
  });
  instance.close();
}

describe('a DuckDB file beside others', () => {
  it('has no other file read by its views, and all that it holds besides is there', async () => {
    const read = await withFiles(
      { 'x.csv': 'n\n1\n' },
      {
        db: 'x.csv\nevil.duckdb',
        async prepare(folder) {
          const secret = join(folder, 'secret.txt');
          await writeFile(secret, 'a,b\n1,2\n');
          await database(
            join(folder, 'evil.duckdb'),
            'CREATE TABLE orders AS SELECT 7 AS id',
            'CREATE VIEW fair AS SELECT id + 1 AS next FROM orders',
            `CREATE VIEW loot AS FROM read_csv(${literal(secret)})`,
            `CREATE VIEW loot_of_loot AS FROM loot`,
            `CREATE VIEW bytes AS SELECT content FROM read_text(${literal(secret)})`,
          );
          await writeFile(secret, 'STOLEN,b\n1,2\n');
        },
      },
      async ({ tables, rows, warnings }) => ({
        tables: Object.keys(tables),
        columns: await rows("SELECT * FROM duckdb_columns() WHERE column_name ILIKE '%stolen%'"),
        fair: await rows('SELECT next::VARCHAR FROM evil.fair'),
        warnings,
      }),
    );
    expect(read.columns).toEqual([]);
    expect(read.fair).toEqual([['8']]);
    expect(read.tables).toEqual(expect.arrayContaining(['x', 'evil.orders', 'evil.fair']));
    expect(read.tables.filter((table) => /^evil\.(?:loot|bytes)/u.test(table))).toEqual([]);
    expect(read.warnings).toEqual([
      'evil.duckdb: not read: bytes (a view that reads other files), loot (a view that reads other files), loot_of_loot (a view that reads other files).',
    ]);
  });

  it('keeps its hidden columns under the name of the file as well', async () => {
    await using made = await folderOf({ 'x.csv': 'n\n1\n' });
    await database(join(made.folder, 'w2.duckdb'), 'CREATE TABLE trips (id INTEGER, pay INTEGER)');
    const target = await dataTarget('w2.duckdb\nx.csv', {
      environment: {},
      workingDirectory: made.folder,
      homeFolder: made.folder,
    });
    if (target === null) {
      throw new Error('no data files');
    }
    const hide = ['w2.trips.pay'];
    const opened = await duckdb.open(target, { access: 'read', timeoutMilliseconds: 20_000, hide }, never);
    // The table that people know does not have it at all.
    await expect(query(opened, 'SELECT pay FROM w2.trips', { signal: never })).rejects.toThrow(
      /column "pay" not found/u,
    );
    const kinds = [];
    for (const sql of [
      'SELECT pay FROM w2_file.main.trips',
      'SELECT pay FROM w2_file.trips',
      'FROM (SELECT t.pay AS p FROM w2_file.main.trips t)',
      'SELECT id FROM w2.trips',
    ]) {
      kinds.push((await verdictOf(opened, sql, never)).kind);
    }
    await opened.close();
    expect(kinds).toEqual(['forbidden', 'forbidden', 'forbidden', 'read']);
  });

  it('appears once in the schema', async () => {
    await using made = await folderOf({ 'x.csv': 'n\n1\n' });
    await database(join(made.folder, 'w2.duckdb'), 'CREATE TABLE trips (id INTEGER PRIMARY KEY, km INTEGER)');
    const target = await dataTarget('w2.duckdb\nx.csv', {
      environment: {},
      workingDirectory: made.folder,
      homeFolder: made.folder,
    });
    if (target === null) {
      throw new Error('no data files');
    }
    const opened = await duckdb.open(
      target,
      { access: 'read', timeoutMilliseconds: 10_000, hide: [], memoryLimit: 512 << 20 },
      never,
    );
    try {
      const { tables } = await opened.introspect({ schemas: [], include: [], exclude: [] }, never);
      expect(tables.map(({ schema, name, columns }) => [schema, name, columns.length])).toEqual([
        ['main', 'x', 1],
        ['w2', 'trips', 2],
      ]);
      expect((await verdictOf(opened, 'SELECT km FROM w2.trips', never)).kind).toBe('read');
    } finally {
      await opened.close();
    }
  });
});

describe('a path with the letters of patterns', () => {
  const files = {
    '[x]y.csv': 'mine\n1\n',
    'xy.csv': 'other\n1\n',
    '[a]/data.csv': 'mine\n1\n',
    'a/data.csv': 'other\n1\n',
    '[a]/t.json': '[{"mine":1}]',
    'a/t.json': '[{"other":1}]',
    'q?.csv': 'mine\n1\n',
    'qq.csv': 'other\n1\n',
    's*.csv': 'mine\n1\n',
    's_and_more.csv': 'other\n1\n',
  };
  it.each(['[x]y.csv', '[a]/data.csv', '[a]/t.json', 'q?.csv', 's*.csv', '[a]'])(
    'leads to that file alone, in memory or not: %s',
    async (db) => {
      for (const room of [1, 0]) {
        const columns = await withFiles(files, { db, room }, async ({ tables, rows }) => {
          for (const table of Object.keys(tables)) {
            expect(await rows(`SELECT mine::VARCHAR FROM "${table}"`)).toEqual([['1']]);
          }
          return Object.values(tables).flat();
        });
        expect(new Set(columns)).toEqual(new Set(['mine BIGINT']));
      }
    },
  );

  it('is no way out of the folder of a settings file that was merely found', async () => {
    await using made = await folderOf({ 'p/[.][.]/s.csv': 'mine\n1\n', 's.csv': 'other\n1\n' });
    const target = await dataTarget('[.][.]/s.csv', {
      environment: {},
      workingDirectory: join(made.folder, 'p'),
      homeFolder: made.folder,
      untrusted: join(made.folder, 'p/.sqlqrc'),
    });
    if (target === null) {
      throw new Error('no data files');
    }
    const opened = await duckdb.open(
      target,
      { access: 'read', timeoutMilliseconds: 10_000, hide: [], memoryLimit: 512 << 20 },
      never,
    );
    try {
      expect((await verdictOf(opened, 'SELECT mine FROM s', never)).kind).toBe('read');
    } finally {
      await opened.close();
    }
  });

  it('is refused where a backslash would have DuckDB look in another folder', async () => {
    const name = 'a\\[z].csv';
    await expect(tablesOf({ [name]: 'mine\n1\n', 'a/[z].csv': 'other\n1\n' }, { db: name })).rejects.toThrow(
      /has a backslash beside/u,
    );
  });
});

describe('links in a folder', () => {
  const files = { 'd/near.csv': 'n\n1\n', 'd/k=1/p.csv': 'm\n1\n', 'out/secret.csv': 's\n1\n' };
  const prepare = async (folder: string): Promise<void> => {
    const data = join(folder, 'd');
    await symlink('/etc/passwd', join(data, 'pw.csv'));
    await symlink('../out', join(data, 'k=2'));
    await symlink('..', join(data, 'up=1'));
    await symlink('.', join(data, 'self=1'));
    await symlink('k=1', join(data, 'k=3'));
    await symlink('loop.csv', join(data, 'loop.csv'));
    await symlink('loop=1', join(data, 'loop=1'));
    await symlink('nowhere.csv', join(data, 'gone.csv'));
    await mkdir(join(data, 'real'));
  };
  it('are read where they stay in it, and named where they lead out', async () => {
    const { tables, warnings } = await tablesOf(files, { db: 'd', prepare });
    expect(Object.keys(tables)).toEqual(['near', 'p']);
    expect(warnings).toEqual([
      'd: not read: gone.csv, k=3/, loop.csv, loop=1, real/ and 1 more.',
      'd: not read, as these are links out of the folder: k=2, pw.csv, up=1. To have one read, name it: --db FILE',
    ]);
  });

  it.each(['d/*.csv', 'd/**/*.csv', './d/*/../*.csv', 'd/{near,pw}.csv'])(
    'nor by a pattern: %s',
    async (db) => {
      const { tables, warnings } = await tablesOf(files, { db, prepare });
      expect(JSON.stringify(tables)).not.toMatch(/root:|secret|"s /u);
      expect(warnings.filter((text) => text.includes('links out of the folder: ')).join('')).toContain(
        'pw.csv',
      );
    },
  );

  it('say so where there is nothing else', async () => {
    await expect(tablesOf(files, { db: 'd/pw*', prepare })).rejects.toThrow(/nothing but links/u);
  });
});

describe('a hidden column', () => {
  it('has no value in what is said of its file', async () => {
    const lines = Array.from({ length: 61 }, (_, n) => `${n},${n},1.${n + 100},n/a,0${(n % 9) + 1}/02/2024`);
    const pay = `id,pay,mark,gap,day\n${lines.join('\n')}\n61,SECRETPAY777,2.345,5,05/06/2024\n`;
    const told = await tablesOf({ 'pay.csv': pay }, {});
    expect(told.warnings.join(' ')).toContain('SECRETPAY777');
    for (const hide of [['pay.pay'], ['main.pay.pay'], ['pay']]) {
      const { warnings } = await tablesOf({ 'pay.csv': pay }, { hide });
      expect(warnings.join(' ')).not.toContain('SECRETPAY777');
      expect(warnings.length).toBe(told.warnings.length - 1);
    }
    const typed = await tablesOf({ 'pay.csv': pay }, { hide: ['*.pay'], types: ['pay.pay=decimal'] });
    expect(typed.warnings.join(' ')).not.toContain('SECRETPAY777');
    expect((await tablesOf({ 'pay.csv': pay }, { hide: ['*'] })).warnings).toEqual([]);
  });
});
