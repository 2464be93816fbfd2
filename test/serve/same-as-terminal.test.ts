import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerSchema, clarificationSchema } from '../../src/serve/api/answer.ts';
import { rowsSchema } from '../../src/serve/api/run.ts';
import { runProgram } from '../support/program.ts';
import { type ServeRun, startServe } from '../support/serve.ts';

let server: ServeRun;

beforeAll(async () => {
  server = await startServe(['--db', 'sample', '--profile', 'offline']);
}, 60_000);
afterAll(() => server.stop());

const sql = 'SELECT id, name, country, created_at FROM customers ORDER BY id';

describe('rows over HTTP', () => {
  it.each(['csv', 'tsv', 'ndjson', 'xlsx'])(
    'are byte for byte what a terminal writes as %s',
    async (format) => {
      const file = join(await mkdtemp(join(tmpdir(), 'sqlq-same-')), `rows.${format}`);
      const { code } = await runProgram(['run', '--db', 'sample', '--format', format, '--output', file, sql]);
      expect(code).toBe(0);
      const { id } = answerSchema.parse((await server.json('/v1/sql', { sql })).body);
      const response = await server.fetch(`/v1/answers/${id}/run`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ format }),
      });
      expect(response.status).toBe(200);
      expect(response.headers.get('content-disposition')).toContain(`.${format}"`);
      const bytes = Buffer.from(await response.arrayBuffer());
      expect(bytes.equals(await readFile(file))).toBe(true);
    },
  );
});

describe('a question that is not understood whole', () => {
  it('is answered by one of the choices that come with their SQL', async () => {
    const { body } = await server.json('/v1/ask', { question: 'how many orders are late?' });
    const back = clarificationSchema.parse(body);
    const [choice] = back.choices;
    expect(choice?.sql).toMatch(/^SELECT/u);
    const { body: chosen } = await server.json(`/v1/answers/${back.id}/choose`, { choice: 0 });
    const answer = answerSchema.parse(chosen);
    expect(answer.sql).toBe(choice?.sql);
    const { body: rows } = await server.json(`/v1/answers/${answer.id}/run`, { format: 'json' });
    const [[count] = []] = rowsSchema.parse(rows).rows;
    const counted = await runProgram([
      'run',
      '--db',
      'sample',
      '--format',
      'csv',
      'SELECT count(*) AS n FROM orders',
    ]);
    expect(counted.stdout).toContain(`\n${String(count)}\n`);
  });
});
