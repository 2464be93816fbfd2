import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AnthropicServer, startAnthropicServer } from '../support/anthropic/server.ts';
import { emptyEnvironment } from '../support/program.ts';

const execute = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');

/** All that another protocol needs besides its folder. */
const row = `
  anthropic: {
    kind: 'served',
    profiles: { claude: { baseUrl: 'https://api.anthropic.com', model: 'claude-4', keyVariable: 'ANTHROPIC_API_KEY' } },
    load: async () => (await import('../../test/support/anthropic/provider.ts')).anthropic,
  },
`;

describe('a provider of another protocol, in one folder and one row', () => {
  let copy: string;
  let server: AnthropicServer;
  const run = (...argv: readonly string[]) =>
    execute(process.execPath, [join(copy, 'bin/sqlq.js'), ...argv], {
      cwd: copy,
      env: { ...emptyEnvironment(), ANTHROPIC_API_KEY: 'for-claude-alone' },
    });

  beforeAll(async () => {
    const answer = { reasoning: 'Count.', sql: 'SELECT count(*) AS n FROM customers', assumptions: ['all'] };
    server = await startAnthropicServer(JSON.stringify(answer));
    copy = mkdtempSync(join(tmpdir(), 'sqlq-provider-'));
    const copied = [
      'bin',
      'src',
      'test/support/anthropic',
      'fixtures/shop',
      'build.ts',
      'bundle.ts',
      'manual.ts',
      'page-bundle.ts',
      'tsconfig.json',
      'package.json',
    ];
    for (const path of copied) {
      cpSync(join(root, path), join(copy, path), { recursive: true });
    }
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
    const table = join(copy, 'src/model/providers.ts');
    const text = readFileSync(table, 'utf8');
    writeFileSync(
      table,
      text.replace(/^export const providers = \{$/mu, (start) => start + row),
    );
    await execute(join(root, 'node_modules/.bin/node'), ['build.ts'], { cwd: copy });
    writeFileSync(
      join(copy, '.sqlqrc'),
      JSON.stringify({
        database: 'sample',
        profile: 'gateway',
        profiles: {
          gateway: {
            provider: 'anthropic',
            baseUrl: server.baseUrl,
            model: 'claude-scripted',
            apiKey: 'given',
          },
        },
      }),
      { mode: 0o600 },
    );
  });
  afterAll(async () => {
    await server?.close();
    rmSync(copy, { recursive: true, force: true });
  });

  it('answers a question', async () => {
    const { stdout, stderr } = await run('ask', '--yes', '--report', 'report.json', 'how many customers');
    expect(stdout).toBe('n\n60\n');
    expect(stderr).toContain('claude-scripted at 127.0.0.1');
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]).toMatchObject({
      path: '/v1/messages',
      headers: { 'x-api-key': 'given' },
      body: {
        model: 'claude-scripted',
        stream: true,
        system: expect.stringContaining('customers'),
        messages: [{ role: 'user', content: expect.stringContaining('how many customers') }],
      },
    });
    expect(JSON.parse(readFileSync(join(copy, 'report.json'), 'utf8'))).toMatchObject({
      structuredOutput: 'text',
      tokens: { promptTokens: 120, completionTokens: 30 },
    });
  });

  it('lists its models and passes the doctor', async () => {
    expect((await run('models')).stdout).toBe('claude-scripted\n');
    expect((await run('doctor')).stdout).toContain('the server has claude-scripted');
  });

  it('shows what would leave', async () => {
    const { stdout } = await run('schema', '--sent', '--question', 'how many customers');
    expect(JSON.parse(stdout)).toMatchObject({ model: 'claude-scripted', stream: true });
  });
});
