import { copyFileSync, existsSync, mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { findSettings } from '../../src/config/files/file.ts';
import { answers, startModelServer } from '../support/model-server.ts';
import { runProgram, sampleFile } from '../support/program.ts';
import { keys, startInTerminal } from '../support/pseudo-terminal.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sqlq-init-'));
});
const settings = async () => (await findSettings([folder]))?.settings;

describe('config init', { timeout: 60_000 }, () => {
  it('asks for database and model in a terminal, tries both, and writes a file that works', async () => {
    copyFileSync(sampleFile, join(folder, 'shop.db'));
    const terminal = startInTerminal(['config', 'init'], { folder });
    await terminal.waitFor('Which database?');
    expect(terminal.screen()).toContain('shop.db');
    terminal.type(keys.enter);
    await terminal.waitFor('Which model answers?');
    terminal.type(keys.enter);
    expect(await terminal.exited, terminal.screen()).toBe(0);
    expect(await settings()).toMatchObject({ database: 'shop.db', profile: 'offline' });
    expect(statSync(join(folder, '.sqlqrc')).mode & 0o777).toBe(0o600);
    const asked = await runProgram(['--yes', 'how many customers are there?'], { folder });
    expect(asked).toMatchObject({ code: 0, stdout: 'number of customers\n60\n' });
  });

  it('lists the models of a server that is typed, and asks again for what does not answer', async () => {
    const server = await startModelServer();
    server.models(['small', 'large']);
    server.scriptAll(answers({ sql: 'SELECT 1' }));
    const terminal = startInTerminal(['config', 'init', '--db', 'sample'], { folder });
    await terminal.waitFor('Which model answers?');
    terminal.type(keys.down + keys.enter);
    await terminal.waitFor('Its base URL');
    terminal.type(`${server.baseUrl}\r`);
    await terminal.waitFor('Which of its models?');
    expect(terminal.screen()).toContain('large');
    terminal.type(keys.down + keys.enter);
    expect(await terminal.exited, terminal.screen()).toBe(0);
    await server.close();
    expect(await settings()).toMatchObject({
      database: 'sample',
      profile: 'mine',
      profiles: { mine: { baseUrl: server.baseUrl, model: 'large' } },
    });
  });

  it('takes flags without a terminal, and writes nothing that does not work', async () => {
    const run = (...argv: readonly string[]) => runProgram(['config', 'init', ...argv], { folder });
    expect((await run('--db', 'postgres://nobody@127.0.0.1:1/x')).code).toBe(1);
    expect(existsSync(join(folder, '.sqlqrc'))).toBe(false);
    expect((await run('--db', sampleFile, '--profile', 'offline')).code).toBe(0);
    expect(await settings()).toMatchObject({ database: sampleFile, profile: 'offline' });
    const before = readFileSync(join(folder, '.sqlqrc'), 'utf8');
    const again = await run('--db', 'sample');
    expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('sqlq config init --force') });
    expect(readFileSync(join(folder, '.sqlqrc'), 'utf8')).toBe(before);
    expect((await run('--force', '--db', 'sample')).code).toBe(0);
    expect(await settings()).toMatchObject({ database: 'sample' });
  });
});
