import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answers, hangs, type ModelServerFake, says, startModelServer } from '../support/model-server.ts';
import { type Ended, emptyEnvironment, runProgram } from '../support/program.ts';

let server: ModelServerFake;
beforeEach(async () => {
  server = await startModelServer();
});
afterEach(() => server.close());

const question = 'how many customers are in germany?';
const right = "SELECT COUNT(*) FROM customers WHERE country = 'Germany'";

/** A reply that calls tools. */
const calls = (...called: readonly (readonly [tool: string, input: object | string])[]) =>
  says({
    tool_calls: called.map(([name, input], index) => ({
      id: `call_${index}`,
      type: 'function',
      function: { name, arguments: typeof input === 'string' ? input : JSON.stringify(input) },
    })),
  });

interface Report {
  readonly looks: readonly { readonly tool: string; readonly arguments: string; readonly told: string }[];
  readonly steps: readonly { readonly name: string }[];
  readonly sent: readonly { readonly text: string }[];
}

interface Asked {
  readonly ended: Ended;
  readonly report: Report;
}

const ask = (...flags: readonly string[]): Promise<Asked> => askIn({}, ...flags);

async function askIn(
  environment: Readonly<Record<string, string>>,
  ...flags: readonly string[]
): Promise<Asked> {
  const file = join(mkdtempSync(join(tmpdir(), 'sqlq-look-')), 'report.json');
  const asked = ['ask', '--db', 'sample', '--base-url', server.baseUrl, '--model', 'm', '--yes'];
  const ended = await runProgram([...asked, '--report', file, ...flags, question], { environment });
  return { ended, report: JSON.parse(readFileSync(file, 'utf8')) };
}

/** What the model was told last, but for rules and schema. */
const lastTold = (): readonly string[] =>
  server.requests
    .at(-1)
    ?.body.messages.slice(2)
    .map(({ content }: { content: string | null }) => content ?? '');

describe('a model that looks before it answers', () => {
  it('finds tables, columns, values and errors, each look shown and reported, and nothing that may not be sent', async () => {
    server.script(
      calls(['search_schema', { words: 'customer country' }], ['describe_table', { tables: 'customers' }]),
      calls(['find_values', { text: 'germany' }], ['try_sql', { sql: 'SELECT surname FROM customers' }]),
      calls(['try_sql', { sql: right }], ['try_sql', { sql: 'DELETE FROM customers' }]),
      answers({ sql: right }),
    );
    const { ended, report } = await ask('--look-steps', '6');
    expect(ended).toMatchObject({ code: 0, stdout: 'COUNT(*)\n9\n' });
    const [searched, described, found, wrong, tried, refused] = report.looks.map(({ told }) => told);
    expect(searched).toMatch(/^table customers; columns .*country/mu);
    expect(described).toMatch(/^ {2}country TEXT/mu);
    expect(found).toBe('customers.country has a value like it, spelt otherwise');
    expect(wrong).toContain('no such column: surname');
    expect(tried).toBe('It can run. It reads customers and returns the columns COUNT(*).');
    expect(refused).toMatch(/DELETE|only reads|not admitted/u);
    expect(ended.stderr).toMatch(
      /^Look 1 of 6: search_schema \{"words":"customer country"\}: \d+ of \d+ tables$/mu,
    );
    expect(ended.stderr).toContain('Look 5 of 6: try_sql');
    expect(report.looks.map(({ told }) => told).join('\n')).not.toContain('Germany');
    expect(report.steps.filter(({ name }) => name === 'look')).toHaveLength(6);
    // Between marks, as all that a database says.
    expect(
      lastTold().filter((text) => /^It found:\n<<[0-9a-f]{16}>>\n[\s\S]*\n<<[0-9a-f]{16}>>$/u.test(text)),
    ).toHaveLength(6);
  });

  it('is told spellings and rows where those may be sent', async () => {
    server.script(
      calls(['find_values', { text: 'germany' }], ['try_sql', { sql: right }]),
      answers({ sql: right }),
    );
    const { report } = await ask('--look-steps', '2', '--send', 'values,rows');
    const [found, tried] = report.looks.map(({ told }) => told);
    expect(found).toBe('customers.country has "Germany"');
    expect(tried).toMatch(/The first rows:\n\["9"\]$/u);
    // Two looks are all: it was offered no more.
    expect(server.requests[1]?.body).not.toHaveProperty('tools');
  });

  it('reads no hidden column', async () => {
    server.script(
      calls(
        ['describe_table', { tables: ['customers'] }],
        ['find_values', { text: 'x', column: 'customers.email' }],
        ['try_sql', { sql: 'SELECT email FROM customers' }],
      ),
      answers({ sql: right }),
    );
    const { ended, report } = await ask('--look-steps', '5', '--send', 'rows', '--hide', '*.email');
    expect(ended.code).toBe(0);
    const [described, found, tried] = report.looks.map(({ told }) => told);
    expect(described).not.toContain('email');
    expect(found).toContain('no column customers.email');
    expect(tried).not.toContain('@');
  });

  it('in vain is told so once, and then has to answer', async () => {
    server.script(
      calls(['search_schema', { words: 'x' }], ['search_schema', { words: 'x' }]),
      calls(['drop_table', {}], ['search_schema', { words: 'y' }]),
      answers({ sql: right }),
    );
    const { ended, report } = await ask('--look-steps', '10');
    expect(ended).toMatchObject({ code: 0, stdout: 'COUNT(*)\n9\n' });
    expect(report.looks.map(({ told }) => told)).toEqual([
      'No table has these words.',
      expect.stringMatching(/same arguments before\. One more such call/u),
      expect.stringMatching(/no tool drop_table.*answer now/u),
      expect.stringContaining('answer now'),
    ]);
    expect(ended.stderr).toContain('There is no tool drop_table. It has to answer now.');
    expect(server.requests.at(-1)?.body).not.toHaveProperty('tools');
  });

  it('with broken arguments is told what is wrong', async () => {
    server.script(
      calls(['try_sql', '{"sql": '], ['find_values', '{"column": "a.b"}']),
      answers({ sql: right }),
    );
    const { report } = await ask('--look-steps', '9');
    expect(report.looks[0]?.told).toContain('they are no JSON');
    expect(report.looks[1]?.told).toMatch(/text: .*answer now/u);
  });

  it('has so many looks in all, however many it calls at once', async () => {
    const many = Array.from({ length: 9 }, (_, index) => ['search_schema', { words: `w${index}` }] as const);
    server.script(calls(...many), answers({ sql: right }));
    const { report } = await ask('--look-steps', '3');
    expect(report.looks.filter(({ told }) => told === 'No look is left: answer now.')).toHaveLength(6);
  });

  it('is ended by the deadline of its profile as any question', async () => {
    server.script(calls(['search_schema', { words: 'x' }]), hangs);
    const home = mkdtempSync(join(tmpdir(), 'sqlq-look-'));
    const slow = { model: 'm', baseUrl: server.baseUrl, timeout: '2s' };
    mkdirSync(join(home, 'config/sqlq'), { recursive: true });
    writeFileSync(join(home, 'config/sqlq/.sqlqrc'), JSON.stringify({ profiles: { slow } }), { mode: 0o600 });
    const asked = ['ask', '--db', 'sample', '--profile', 'slow', '--yes', '--look-steps', '3', question];
    const ended = await runProgram(asked, { environment: emptyEnvironment(home) });
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining('Look 1 of 3: search_schema') });
    expect(ended.stderr).toMatch(/2 s|2s/u);
  });

  it('reads documents where there are some', async () => {
    const environment = emptyEnvironment();
    const file = join(mkdtempSync(join(tmpdir(), 'sqlq-look-')), 'metrics.md');
    writeFileSync(file, '# Metrics\n\n## Churn\n\nChurn is customers without an order in the last year.\n');
    const added = await runProgram(['docs', 'add', file, '--db', 'sample'], { environment });
    expect(added).toMatchObject({ code: 0 });
    server.script(calls(['search_docs', { words: 'churn' }]), answers({ sql: right }));
    const { report } = await askIn(environment, '--look-steps', '1');
    expect(report.looks[0]?.told).toMatch(/^From .*metrics\.md[\s\S]*without an order in the last year/u);
  });

  it('does not where nobody says so and all tables are told', async () => {
    server.script(answers({ sql: right }));
    const { report } = await ask();
    expect(server.requests[0]?.body).not.toHaveProperty('tools');
    expect(report.looks).toEqual([]);
  });

  it('does where tables are left out of what it is told', async () => {
    server.script(calls(['describe_table', { tables: ['customers'] }]), answers({ sql: right }));
    const { ended, report } = await askIn({ SQLQ_SCHEMA_TOKENS: '500' });
    expect(ended.code).toBe(0);
    expect(report.looks).toHaveLength(1);
  });
});
