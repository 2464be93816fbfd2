import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answers, type ModelServerFake, startModelServer } from '../support/model-server.ts';
import { runProgram } from '../support/program.ts';

let server: ModelServerFake;
beforeAll(async () => {
  server = await startModelServer();
});
afterAll(() => server.close());

/** What the server was told of the schema, by the ledger of the run. */
async function told(...flags: readonly string[]): Promise<string> {
  const report = join(mkdtempSync(join(tmpdir(), 'sqlq-send-')), 'report.json');
  server.script(answers({ sql: 'SELECT COUNT(*) FROM customers' }));
  const asked = ['ask', '--db', 'sample', '--base-url', server.baseUrl, '--model', 'm', '--yes'];
  const ended = await runProgram([...asked, '--report', report, ...flags, 'how many customers are there?']);
  expect(ended).toMatchObject({ code: 0, stdout: 'COUNT(*)\n60\n' });
  const { sent }: { sent: { text: string }[] } = JSON.parse(readFileSync(report, 'utf8'));
  const [request] = sent;
  const { messages }: { messages: { content: string }[] } = JSON.parse(request?.text ?? '');
  return messages[0]?.content ?? '';
}

describe('what leaves of the rows', () => {
  it('is facts and no value by default', async () => {
    const text = await told();
    expect(text).toMatch(/^ {2}shipped_at DATE \[30 % NULL\] -- Empty until it has left$/mu);
    expect(text).toMatch(/^ {2}discontinued BOOLEAN \[0 or 1\]/mu);
    expect(text).not.toMatch(/Germany|Grace Klein/u);
  });

  it('is nothing where send leaves it out', async () => {
    expect(await told('--send', 'comments')).toMatch(/^ {2}shipped_at DATE -- Empty until it has left$/mu);
    expect(await told('--send', 'none')).toMatch(/^ {2}shipped_at DATE$/mu);
  });

  it('is rows, frequent values and ends with samples, but nothing of hidden columns', async () => {
    const text = await told('--send', 'comments,samples', '--hide', '*.email');
    expect(text).toMatch(/^ {2}country TEXT \[such as 'United Kingdom', 'United States', 'Germany'/mu);
    expect(text).toMatch(/^ {2}created_at DATE \[from '2023-01-07' to '2025-06-06'\] -- Day/mu);
    expect(text).toContain("    (1, 'Grace Klein', 'São Paulo', 'Brazil', '2025-05-25', 0)");
    expect(text).not.toMatch(/email|@example|% NULL/u);
  });
});
