import SQLite from 'better-sqlite3';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { catalogOf, libraryOf } from '../../../../src/database/sqlite/guard/catalog.ts';
import { judgeText, refusalOfProgram } from '../../../../src/database/sqlite/guard/guard.ts';
import { lex } from '../../../../src/database/sqlite/guard/lex.ts';

const none: ReadonlySet<string> = new Set();

const connection = new SQLite(':memory:');
connection.exec('CREATE TABLE t (a, b)');
const catalog = catalogOf(connection, libraryOf(connection));
afterAll(() => {
  connection.close();
});

describe('the lexer', () => {
  it.each([
    ['SELECT \'it\'\'s\', "a""b", [c"d], `e``f`', ['SELECT', "it's", ',', 'a"b', ',', 'c"d', ',', 'e`f']],
    ['a--b\n+/* c */1.5e-3', ['a', '+', '1.5e-3']],
    ["x'0F'||X''", ["x'0F'", '||', "X''"]],
    ['a->>b->c<=d', ['a', '->>', 'b', '->', 'c', '<=', 'd']],
    ['0xFF 1_000 .5 5. 名前 a$b', ['0xFF', '1_000', '.5', '5.', '名前', 'a$b']],
    ['/**/a/*/**/b', ['a', 'b']],
  ])('splits %j', (sql, texts) => {
    expect(lex(sql).map(({ text }) => text)).toEqual(texts);
  });

  it.each([
    '1a',
    '0xG',
    "x'0'",
    "x'0g'",
    '!',
    '?1',
    ':a(b)',
    ':a::b',
    ':',
    '@a',
    '$a',
    '#',
    '\\',
    '{',
    '\u0001',
    'a\uFEFF',
    '1e5x',
  ])('refuses %j', (sql) => {
    expect(() => lex(sql)).toThrow();
  });

  it('finds in any text no more statements than SQLite does', () => {
    const piece = fc.constantFrom(
      'SELECT',
      ' ',
      '1',
      "'",
      '"',
      '[',
      ']',
      '`',
      '--',
      '\n',
      '/*',
      '*/',
      ';',
      'a',
      'x',
      '(',
      ')',
      ',',
      '.',
      '\u00A0',
      'é',
      '/',
      '*',
      '-',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const sql = `SELECT ${pieces.join('')}`;
        if (judgeText(sql, catalog, none).kind !== 'read') {
          return;
        }
        try {
          connection.prepare(sql);
        } catch (error) {
          expect(String(error)).not.toMatch(/more than one statement|unrecognized token/);
        }
      }),
      { numRuns: 5000 },
    );
  });
});

describe('the guard', () => {
  it.each([
    ['DELETE FROM t', 'DELETE removes rows of t.'],
    ["ATTACH 'x' AS y", 'ATTACH opens another database.'],
    ["VACUUM INTO 'x'", 'VACUUM rewrites tables, or writes a copy of them to a file.'],
    ['PRAGMA query_only = 0', 'PRAGMA query_only with a value would change a setting'],
    ["SELECT load_extension('x')", 'The function load_extension is not on the list of harmless ones'],
    ["SELECT readfile('x')", 'SQLite has no function readfile.'],
    ["SELECT EXTRACT(YEAR FROM '2020-01-31')", 'SQLite has no function EXTRACT.'],
    ['SELECT 1; SELECT 2', 'There is more than one statement, and only one can run.'],
    ['EXPLAIN UPDATE t SET a = 1', 'EXPLAIN is only for statements that read, not for UPDATE'],
    ['SELECT ?', 'A parameter (?) has no value here'],
    ['SELECT :a', 'A parameter (:a) has no value here'],
    [`SELECT ${'('.repeat(2000)}1${')'.repeat(2000)}`, 'It is nested deeper than 1000 parentheses'],
  ])('says why it refuses %s', (sql, reason) => {
    expect(judgeText(sql, catalog, none).reason).toBe(reason);
  });

  it('asks the engine itself which functions a statement calls', () => {
    expect(refusalOfProgram(connection, "SELECT a FROM t WHERE fts3_tokenizer('simple') IS NULL")).toContain(
      'fts3_tokenizer',
    );
    expect(refusalOfProgram(connection, 'SELECT upper(a), sum(b) OVER (), count(*) FROM t')).toBeNull();
  });

  it('judges long statements in little time', () => {
    expect(
      judgeText(`SELECT ${'abs('.repeat(900)}1${')'.repeat(900)}${', abs(1)'.repeat(20_000)}`, catalog, none)
        .kind,
    ).toBe('read');
  });
});
