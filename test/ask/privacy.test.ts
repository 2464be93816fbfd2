import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messageForModel } from '../../src/ask/prompt/privacy.ts';
import { dialectOf } from '../../src/database/engines.ts';

const messages = dialectOf('postgres').messages;
const told = (text: string, sql: string, code: string | null = null) =>
  messageForModel(text, code, sql, messages);

describe('what a model is told of an error', () => {
  it.each([
    ['column "nmae" does not exist', 'SELECT nmae FROM customers'],
    ['column c.nmae does not exist (line 2, at c.nmae)', 'SELECT 1,\n  c.nmae FROM customers c'],
    ['relation "shop.custmers" does not exist (line 1, at shop)', 'SELECT * FROM shop.custmers'],
    ['invalid input syntax for type integer: "Oslo" (line 1, at Oslo)', "SELECT 'Oslo'::int"],
    ['invalid input syntax for type timestamp with time zone: "x" (line 1, at x)', "SELECT 'x'::timestamptz"],
    ['function lenght(character varying, integer) does not exist', "SELECT lenght('a', 1)"],
    ['operator does not exist: integer = text[]', 'SELECT 1 = a FROM t'],
    ['syntax error at or near "FORM" (line 1, at FORM)', 'SELECT 1 FORM t'],
    [
      'column "o.id" must appear in the GROUP BY clause or be used in an aggregate function',
      'SELECT o.id, count(*) FROM o',
    ],
    ['division by zero', 'SELECT 1/0'],
  ])('keeps what is fixed text and what the statement has: %s', (text, sql) => {
    expect(told(text, sql).replace(/ \(line .*/, '')).toBe(text.replace(/ \(line .*/, ''));
  });

  it('says the code, where it is one of the engine', () => {
    expect(told('column "a" does not exist', 'SELECT a', '42703')).toBe(
      'column "a" does not exist (SQLSTATE 42703)',
    );
    expect(told('column "a" does not exist', 'SELECT a', 'HUNTR')).toBe('column "a" does not exist');
  });

  it.each([
    'invalid input syntax for type integer: "hunter2"',
    'invalid input syntax for type integer: "x"hunter2"',
    'invalid input syntax for type hunter2: "id"',
    'column "id" does not exist hunter2',
    'hunter2',
    'column "id" does not exist (line 1, at hunter2)',
    'column "id" does not exist (line 99, at id)hunter2',
    'function hunter2(integer) does not exist',
    'operator does not exist: integer hunter2 text',
    "Truncated incorrect DOUBLE value: 'hunter2'",
  ])('leaves out what the statement does not have: %s', (text) => {
    for (const engine of ['postgres', 'mysql', 'sqlite'] as const) {
      expect(messageForModel(text, null, 'SELECT id FROM t', dialectOf(engine).messages)).not.toContain(
        'hunter2',
      );
    }
  });

  it.each([
    ['sqlite', "bad JSON path: 'Ada'", "bad JSON path: '…'"],
    ['mysql', "Truncated incorrect DOUBLE value: 'Ada'", "Truncated incorrect DOUBLE value: '…'"],
    ['mysql', "BIGINT value is out of range in 'Ada'", "BIGINT value is out of range in '…'"],
    [
      'mysql',
      'Invalid JSON text in argument 1 to function json_extract: "Invalid value." at position 65.',
      'Invalid JSON text in argument 1 to function json_extract: "…" at position ….',
    ],
    [
      'postgres',
      'invalid input syntax for type integer: "Ada"',
      'invalid input syntax for type integer: "…"',
    ],
    ['postgres', 'invalid input value for enum people: "Ada"', 'invalid input value for enum people: "…"'],
    ['postgres', 'date/time field value out of range: "Ada"', 'date/time field value out of range: "…"'],
    ['postgres', 'relation "Ada" does not exist', 'relation "…" does not exist'],
    ['postgres', 'role "Ada" does not exist', 'role "…" does not exist'],
    [
      'postgres',
      'cross-database references are not implemented: "Ada.Bob.people"',
      'cross-database references are not implemented: …',
    ],
    [
      'postgres',
      'invalid regular expression: Ada (line 1, at Ada)',
      'invalid regular expression: … (line 1, at Ada)',
    ],
  ] as const)(
    'tells no value that was computed, were it one of many guesses in the statement: %s %s',
    (engine, text, told) => {
      const sql = "SELECT json_extract(name, '$'), 'Ada', 'Bob', 65 FROM people";
      expect(messageForModel(text, null, sql, dialectOf(engine).messages)).toBe(told);
    },
  );

  it('never tells a piece of data, whatever text it stands in, on every engine', () => {
    const letters = fc.string({ unit: fc.constantFrom(...'qzxjkQZXJK47'), minLength: 3, maxLength: 12 });
    const dressed = fc.tuple(
      fc.constantFrom('', '"', "'", '`', 'x"', '": "', ' (line 1, at '),
      letters,
      fc.constantFrom('', '"', "'", ')', '\n', ', '),
    );
    for (const engine of ['postgres', 'mysql', 'sqlite'] as const) {
      const { templates } = dialectOf(engine).messages;
      const text = fc.oneof(
        fc
          .tuple(fc.constantFrom(...templates), fc.array(dressed, { minLength: 4, maxLength: 4 }))
          .map(([template, parts]) => {
            let next = 0;
            return template.replace(/%[a-z]/g, () => parts[next++ % 4]?.join('') ?? '');
          }),
        dressed.map((parts) => parts.join('')),
      );
      fc.assert(
        fc.property(text, letters, (made, code) => {
          const sql = 'SELECT id, count(*) FROM orders WHERE note = 1 GROUP BY id';
          const out = messageForModel(made, code, sql, dialectOf(engine).messages);
          const data = made.match(/[qzxjkQZXJK47]{3,}/g) ?? [];
          for (const piece of [...data, code]) {
            expect(out).not.toContain(piece);
          }
        }),
        { numRuns: 3_000 },
      );
    }
  });
});
