import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answers, type ModelServerFake, startModelServer } from '../support/model-server.ts';
import { runProgram } from '../support/program.ts';

let model: ModelServerFake;
beforeEach(async () => {
  model = await startModelServer();
});
afterEach(() => model.close());

/** A session that begins with the offline engine and goes on with a server. */
async function piped(lines: readonly string[], send: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'sqlq-provenance-'));
  const settings = { profiles: { far: { baseUrl: model.baseUrl, model: 'scripted' } } };
  writeFileSync(join(folder, '.sqlqrc'), JSON.stringify(settings), { mode: 0o600 });
  const argv = ['repl', '--db', 'sample', '--profile', 'offline', '--yes', '--send', send];
  const { code, stderr } = await runProgram(argv, { folder, input: `${lines.join('\n')}\n` });
  expect(stderr).toContain('Asking far');
  expect(code).toBe(0);
  return model.requests.map(({ text }) => text).join('\n');
}

describe('what the offline engine found in the database', () => {
  it('does not leave with the next question to a server, but for what was typed', async () => {
    model.scriptAll(answers({ sql: 'SELECT 1' }));
    const sent = await piped(
      ['how many customers in germany', '.profile far', 'by month instead'],
      'comments',
    );
    expect(sent).toContain('how many customers in germany');
    expect(sent).toContain("country = 'germany'");
    expect(sent).not.toMatch(/Germany/u);
  });

  it('does not leave with an assumption of it that is rejected', async () => {
    model.scriptAll(answers({ sql: 'SELECT 1' }));
    const sent = await piped(['how many customers in germany', '.profile far', '3'], 'comments');
    expect(sent).not.toContain('Germany');
  });

  it('goes along where rows may be sent', async () => {
    model.scriptAll(answers({ sql: 'SELECT 1' }));
    const sent = await piped(['how many customers in germany', '.profile far', 'by city'], 'rows');
    expect(sent).toContain("'Germany'");
  });
});
