import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { answerLine } from '../../src/batch/answer-line.ts';
import { openJournal } from '../../src/batch/journal.ts';
import { readQuestions } from '../../src/batch/read-questions.ts';

const folder = mkdtempSync(join(tmpdir(), 'sqlq-batch-'));

const never = new AbortController().signal;

function questions(name: string, text: string) {
  const path = join(folder, name);
  writeFileSync(path, text);
  return readQuestions(path, never);
}

describe('questions of a batch', () => {
  it('stand one a line', async () => {
    expect(await questions('a.txt', '\ufeffhow many?\r\n\n# a note\n  and "why"?  ')).toEqual([
      { question: 'how many?', id: null },
      { question: 'and "why"?', id: null },
    ]);
  });

  it('stand in a column of CSV, with their ids', async () => {
    expect(await questions('a.csv', 'id,Question\n7,"how\nmany, say?"\n,why?\n8,\n')).toEqual([
      { question: 'how\nmany, say?', id: '7' },
      { question: 'why?', id: '' },
    ]);
    await expect(questions('b.csv', 'q\nhow many?\n')).rejects.toThrow(/no column "question"; it has: q/u);
    await expect(questions('c.csv', 'question,id\n"how\n')).rejects.toMatchObject({ code: 'usage' });
  });

  it('stand in lines of JSON', async () => {
    expect(await questions('a.jsonl', '"how many?"\n{"question": "why?", "id": 3, "more": 1}\n\n')).toEqual([
      { question: 'how many?', id: null },
      { question: 'why?', id: 3 },
    ]);
    await expect(questions('b.jsonl', '"a"\n{"q": 1}\n')).rejects.toThrow(/^Line 2 of .* holds no question/u);
  });

  it('end at the line ends of every system, and begin with # unless it stands alone', async () => {
    expect(await questions('mac.txt', 'how many?\r#1 seller?\r# a note\r## another\r#\rwhy?')).toEqual(
      ['how many?', '#1 seller?', 'why?'].map((question) => ({ question, id: null })),
    );
    expect(await questions('mac.jsonl', '"how many?"\r{"question": "why?"}\r')).toHaveLength(2);
    expect(await questions('mac.csv', 'id,question\r1,how many?\r2,why?\r')).toHaveLength(2);
  });

  it('keep every digit of an id', async () => {
    const text =
      '{"id": 9223372036854775807, "question": "why?"}\n{"id": -12345678901234567890, "question": "how?"}\n';
    const read = await questions('long.jsonl', text);
    expect(read.map(({ id }) => id)).toEqual([9223372036854775807n, -12345678901234567890n]);
    const nothing = {
      sql: null,
      assumptions: [],
      doubts: [],
      sources: [],
      result: null,
      exitCode: 4,
      error: null,
    } as const;
    expect(read.map((question) => answerLine(question, nothing).text)).toEqual([
      expect.stringMatching(/^\{"id":9223372036854775807,/u),
      expect.stringMatching(/^\{"id":-12345678901234567890,/u),
    ]);
  });

  it('have to be there', async () => {
    await expect(questions('empty.txt', '\n#\n')).rejects.toMatchObject({ code: 'usage' });
    await expect(readQuestions(join(folder, 'nowhere.txt'), never)).rejects.toMatchObject({ code: 'usage' });
  });
});

it('an answer is one line of JSON with every digit', () => {
  const { text: line, exitCode } = answerLine(
    { question: 'a "b"\nc', id: 7 },
    {
      sql: 'SELECT\n1',
      assumptions: ['x'],
      doubts: [{ kind: 'tie', sentence: 'A tie.', evidence: { tied: 2 }, mendedSql: null }],
      sources: ['a.md § B'],
      result: {
        columns: [
          { name: 'n', kind: 'number', type: 'numeric' },
          { name: 'n', kind: 'json', type: 'json' },
        ],
        rows: [
          ['12345678901234567890.10', '{"a":\n1}'],
          [2n ** 63n, null],
        ],
        truncated: true,
      },
      exitCode: 0,
      error: null,
    },
  );
  expect(line).toBe(
    '{"id":7,"question":"a \\"b\\"\\nc","sql":"SELECT\\n1","assumptions":["x"],"doubts":[{"kind":"tie","sentence":"A tie.","evidence":{"tied":2},"mendedSql":null}],"sources":["a.md § B"],"columns":["n","n"],"rows":[{"n":12345678901234567890.10,"n_2":{"a": 1}},{"n":9223372036854775808,"n_2":null}],"truncated":true,"exitCode":0,"error":null}',
  );
  JSON.parse(line);
  expect(exitCode).toBe(0);
});

describe('a journal', () => {
  const asked = ['a', 'b', 'c'].map((question) => ({ question, id: null }));
  const line = (question: string, exitCode = 0) => ({
    text: JSON.stringify({ question, exitCode }),
    exitCode,
  });

  it('goes on where it was stopped, asks again what failed, and drops what was cut', async () => {
    const output = join(folder, 'one.jsonl');
    const first = await openJournal(output, asked, ['x']);
    await first.add(2, line('c'));
    await first.add(0, line('a', 1));
    await first.close();
    writeFileSync(`${output}.part`, `${readFileSync(`${output}.part`, 'utf8')}1\t{"question":"b","exi`);
    const second = await openJournal(output, asked, ['x']);
    expect([...second.answered.keys()]).toEqual([2]);
    expect(() => readFileSync(output)).toThrow();
    await second.add(1, line('b', 4));
    await second.add(0, line('a'));
    await second.finish();
    expect(readFileSync(output, 'utf8')).toBe(`${line('a').text}\n${line('b', 4).text}\n${line('c').text}\n`);
    expect(() => readFileSync(`${output}.part`)).toThrow();
  });

  it('never takes over the answers of another batch', async () => {
    const output = join(folder, 'two.jsonl');
    const journal = await openJournal(output, asked, ['x']);
    await journal.add(1, line('b'));
    await journal.close();
    await expect(openJournal(output, asked, ['y'])).rejects.toMatchObject({ code: 'usage' });
    await expect(openJournal(output, asked.toReversed().slice(1), ['x'])).rejects.toThrow(
      /questions are others/u,
    );
    await expect(openJournal(join(folder, 'no', 'a'), asked, [])).rejects.toMatchObject({ code: 'usage' });
  });

  it('is no whole-looking JSON', async () => {
    const output = join(folder, 'three.jsonl');
    const journal = await openJournal(output, asked, []);
    await journal.add(0, line('a'));
    await journal.close();
    for (const text of readFileSync(`${output}.part`, 'utf8').trimEnd().split('\n')) {
      expect(() => JSON.parse(text)).toThrow();
    }
  });
});
