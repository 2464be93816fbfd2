import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LexError, lex as lexAs } from '../../../../src/database/mysql/guard/syntax/lex.ts';
import { plainMode, type SqlMode } from '../../../../src/database/mysql/guard/syntax/sql-mode.ts';

const lex = (sql: string, changes: Partial<SqlMode> = {}) => lexAs(sql, { ...plainMode, ...changes });
const texts = (sql: string, changes?: Partial<SqlMode>): string[] =>
  lex(sql, changes).map(({ kind, text }) => `${kind}:${text}`);

describe('lex', () => {
  it.each([
    ["SELECT 'it''s'", ['word:SELECT', "string:it's"]],
    [String.raw`SELECT '\'; DELETE -- '`, ['word:SELECT', "string:'; DELETE -- "]],
    ['SELECT "a""b"', ['word:SELECT', 'string:a"b']],
    ['SELECT `a``b`', ['word:SELECT', 'name:a`b']],
    ['a--1', ['word:a', 'symbol:-', 'symbol:-', 'number:1']],
    ['a-- 1', ['word:a']],
    ['a--', ['word:a']],
    ['a#b\nc', ['word:a', 'word:c']],
    ['a/* b */c', ['word:a', 'word:c']],
    ['-- a\rb\nc', ['word:c']],
    [
      '1.5e-3 .5 1. 0x1F 0b01 1e5',
      ['number:1.5e-3', 'number:.5', 'number:1.', 'number:0x1F', 'number:0b01', 'number:1e5'],
    ],
    ["x'41' B'01' n'a'", ["number:x'41'", "number:B'01'", 'word:n', 'string:a']],
    ['2fa t.1a t.select', ['word:2fa', 'word:t', 'symbol:.', 'word:1a', 'word:t', 'symbol:.', 'word:select']],
    ['@@global.version', ['system:@@global.version']],
    ['名前 Größe', ['word:名前', 'word:Größe']],
    ['SELECT ?, :a', ['word:SELECT', 'placeholder:', 'symbol:,', 'placeholder:a']],
    ["_utf8mb4'x'", ['word:_utf8mb4', 'string:x']],
  ])('reads %s', (sql, tokens) => {
    expect(texts(sql)).toEqual(tokens);
  });

  it.each([
    "SELECT 'open",
    'SELECT "open',
    'SELECT `open',
    'SELECT /* open',
    'SELECT /*! 1 */',
    'SELECT /*M! 1 */',
    'SELECT /*m! 1 */',
    'SELECT /*+ x */ 1',
    'SELECT 1\0',
    'SELECT @a',
    "SELECT @'a'",
    'SELECT a := 1',
    String.raw`SELECT \Nx`,
    String.raw`SELECT \n`,
    'SELECT 1.e(1)',
    'SELECT 1.1e',
    'SELECT 1e1from',
    'SELECT 1.5abc',
    'SELECT 0xZZ',
    "SELECT x'4'",
    "SELECT _gbk'ä'",
    "SELECT _gbk'a\\''",
    "SELECT _sjis'a''b'",
    'SELECT ``',
    'SELECT {fn now()}',
    'SELECT \u001b',
    'SELECT \ud800',
  ])('refuses %j', (sql) => {
    expect(() => lex(sql)).toThrow(LexError);
  });

  it.each<[string, string, Partial<SqlMode>, string[]]>([
    ['ANSI_QUOTES', 'SELECT "a""b"', { ansiQuotes: true }, ['word:SELECT', 'name:a"b']],
    ['ANSI_QUOTES', String.raw`"a\" 'b\''`, { ansiQuotes: true }, ['name:a\\', "string:b'"]],
    ['NO_BACKSLASH_ESCAPES', String.raw`'\' x`, { noBackslashEscapes: true }, ['string:\\', 'word:x']],
    ['NO_BACKSLASH_ESCAPES', String.raw`"\"" x" y`, { noBackslashEscapes: true }, ['string:\\" x', 'word:y']],
    ['MSSQL', 'SELECT [a ]]b] `[`', { bracketNames: true }, ['word:SELECT', 'name:a ]b', 'name:[']],
  ])('reads as the server does under %s: %s', (_, sql, changes, tokens) => {
    expect(texts(sql, changes)).toEqual(tokens);
  });

  it.each([
    'SELECT 1 FROM a limıt, b',
    'SELECT 1 FROM a lımıt',
    'SELECT 1 FROM a wındow',
    'SELECT 1 FROM a uſe',
    'SELECT 1 FROM a uſing',
    'SELECT 1 FROM a ｊｏｉｎ, b',
    'SELECT 1 FROM a \u212aill',
    'SELECT 1 FROM a wheré',
    'SELECT 1 FROM a for\u200b',
    'SELECT a\u00a0b FROM t',
    'SELECT a\u3000b FROM t',
    'SELECT a\u2060 FROM t',
    'SELECT a\u202e FROM t',
    'SELECT a\u00ad FROM t',
    'SELECT 😀 FROM t',
    'SELECT `😀` FROM t',
    'SELECT @@sqlé_mode',
    'SELECT @@ſql_mode',
    'SELECT @@hot.key_buffer_size',
    'SELECT @@GLOBAL . report_password',
    'SELECT @@global/* */.report_password',
    'SELECT @@global # x\n . report_password',
    "SELECT $$ ' $$, SLEEP(1), $$ ' $$",
    "SELECT $a$ ' $a$, SLEEP(1), $a$ ' $a$",
  ])('refuses a name that looks like something else: %j', (sql) => {
    expect(() => lex(sql)).toThrow(LexError);
  });

  it('folds the letters a to z alone', () => {
    expect(lex('SELECT größe, ſumme, ıd').map(({ key }) => key)).toEqual([
      'SELECT',
      'GRößE',
      ',',
      'ſUMME',
      ',',
      'ıD',
    ]);
  });

  it('knows a word that follows a dot from a keyword', () => {
    expect(lex('c.update').at(-1)).toMatchObject({ key: 'UPDATE', afterDot: true });
    expect(lex('c. update').at(-1)).toMatchObject({ key: 'UPDATE', afterDot: false });
  });

  it('gives back every text that is quoted as the server wants it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        fc.pre(!text.includes('\0'));
        const quoted = `'${text.replace(/[\\']/g, '\\$&')}'`;
        expect(lex(quoted)).toMatchObject([{ kind: 'string', text }]);
        fc.pre(text !== '' && !/[\u{10000}-\u{10ffff}]/u.test(text));
        expect(lex(`\`${text.replaceAll('`', '``')}\``)).toMatchObject([{ kind: 'name', text }]);
      }),
    );
  });

  it('covers a statement without a gap but for white space and comments', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (sql) => {
        let tokens: ReturnType<typeof lex>;
        try {
          tokens = lex(sql);
        } catch (error) {
          expect(error).toBeInstanceOf(LexError);
          return;
        }
        let end = 0;
        for (const token of tokens) {
          expect(token.start).toBeGreaterThanOrEqual(end);
          expect(token.end).toBeGreaterThan(token.start);
          end = token.end;
        }
      }),
    );
  });
});
