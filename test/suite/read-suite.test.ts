import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { Numeral } from '../../src/suite/literal.ts';
import { readSuite } from '../../src/suite/read-suite.ts';
import { suiteParts, suiteSchema } from '../../src/suite/suite.ts';

const root = resolve(import.meta.dirname, '../..');
const file = join(mkdtempSync(join(tmpdir(), 'sqlq-suite-')), 'a.sqlq.yaml');

function read(text: string) {
  writeFileSync(file, text);
  return readSuite(file);
}

/** The lines of the error, without the file's name. */
async function problems(text: string): Promise<readonly string[]> {
  const error = await read(text).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ code: 'usage' });
  return error instanceof Error
    ? error.message
        .split('\n')
        .slice(1)
        .map((line) => line.trim().replace(file, ''))
    : [];
}

describe('a suite', () => {
  it('fills in its defaults, and keeps every digit', async () => {
    const suite = await read(`database: sample
profile: mine
model: small
today: 2026-03-31
cases:
  - question: how many?
    expect: {value: 12345678901234567890.10, rows: [[0.1, "1", ~, true, 2024-01-01]]}
  - {question: how few?, name: few, profile: offline, database: other.db}
`);
    expect(suite.cases).toMatchObject([
      {
        name: 'how many?',
        database: 'sample',
        profile: 'mine',
        model: 'small',
        line: 6,
        expect: {
          value: new Numeral('12345678901234567890.10'),
          rows: [[new Numeral('0.1'), '1', null, true, '2024-01-01']],
        },
      },
      // The suite's model is of the suite's profile.
      { name: 'few', database: 'other.db', profile: 'offline', model: null, line: 8, expect: {} },
    ]);
    expect(suite.cases[0]?.today?.toDateString()).toBe('Tue Mar 31 2026');
  });

  it('says of each problem where it is, as compilers do', async () => {
    expect(
      await problems(`databse: sample
cases:
  - question: a
    expect:
      count: 1.5
      reeds: [customers]
      rows: {unordered: [{a: [1]}], sql: x}
  - question: b
    expect: {sql: "(", check: "rows ! 3", refused: 5}
  - {question: "", today: 2026-02-30}
`),
    ).toMatchInlineSnapshot(`
      [
        ":1:1: databse: there is no such setting; did you mean database?",
        ":5:7: cases[0].expect.count: expected int, received number, found 1.5",
        ":6:7: cases[0].expect.reeds: there is no such setting; did you mean reads?",
        ":7:14: cases[0].expect.rows.unordered: it can not stand beside the others",
        ":9:14: cases[1].expect.sql: expected a regular expression: Invalid regular expression: /(/isu: Unterminated group, found "("",
        ":9:24: cases[1].expect.check: expected a check such as: rows > 0 and value >= 100: The check "rows ! 3" can't be read, found "rows ! 3"",
        ":9:43: cases[1].expect.refused: expected 3 (refused by the guard) or 4 (unanswerable), found 5",
        ":10:6: cases[2].question: expected string to have >=1 characters, found """,
        ":10:20: cases[2].today: expected a day that there is, found "2026-02-30"",
      ]
    `);
  });

  it.each([
    ['no YAML', 'cases: [1\nb: 2', /^:2:1: it is not YAML/u],
    ['two documents', 'cases: []\n---\na: 1\n', /more than one document/u],
    ['an empty file', '', /^:1:1: the file: expected object/u],
    ['no cases', 'cases: []\n', /^:1:1: cases: expected/u],
    ['a name twice', 'cases:\n  - question: a\n  - question: a\n', /^:3:5: .*line 2 is called "a" too/u],
    [
      'rows of a refusal',
      'cases:\n  - question: a\n    expect: {refused: 3, count: 1}\n',
      /^:3:14: cases\[0\]\.expect\.refused: .*no rows/u,
    ],
  ])('refuses %s', async (_name, text, expected) => {
    expect((await problems(text)).join('\n')).toMatch(expected);
  });

  it('names a file that is not there', async () => {
    await expect(readSuite('/nowhere/a.yaml')).rejects.toThrow(/nowhere.*can't be read/u);
  });
});

describe('suite.schema.json', () => {
  /** After a change of suites: npx vitest run test/suite/read-suite.test.ts --update */
  it('is what suites are', async () => {
    const schema = z.toJSONSchema(suiteSchema, {
      io: 'input',
      unrepresentable: 'any',
      // What the reader makes of a number stands in no file.
      override: ({ zodSchema, jsonSchema }) => {
        if (zodSchema instanceof z.ZodCustom) {
          jsonSchema.not = {};
        }
      },
    });
    const text = `${JSON.stringify({ title: 'A suite of questions for sqlq test', ...schema }, null, 2)}\n`;
    await expect(text).toMatchFileSnapshot(join(root, 'suite.schema.json'));
  });

  it('describes every setting', () => {
    const undescribed = [suiteSchema, suiteParts.case, suiteParts.expect].flatMap(({ shape }) =>
      Object.entries(shape).flatMap(([key, schema]) => (schema.description === undefined ? [key] : [])),
    );
    expect(undescribed).toEqual([]);
  });
});
