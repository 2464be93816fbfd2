import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse } from 'jsonc-parser';
import { parse as parseToml } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { describedProgram } from '../../manual.ts';
import { normalizeArguments } from '../../src/cli/arguments.ts';
import { clientNames, clients } from '../../src/cli/commands/mcp/clients.ts';
import { exitCodeMeanings } from '../../src/cli/exit-codes.ts';
import { emptyEnvironment, runProgram } from '../support/program.ts';

const started = { command: process.execPath, args: expect.arrayContaining(['mcp', '--db', 'sample']) };

interface Place {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
}

function makePlace(): Place {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'sqlq-install-')));
  mkdirSync(join(root, 'home'));
  mkdirSync(join(root, 'project'));
  return { folder: join(root, 'project'), environment: emptyEnvironment(join(root, 'home')) };
}

const install = (place: Place, ...args: readonly string[]) =>
  runProgram(['mcp', '--db', 'sample', '--install', ...args], place);

describe('sqlq mcp --install', () => {
  it.each(clientNames)('prints and adds the entry of %s', async (client) => {
    const place = makePlace();
    const printed = await install(place, client);
    expect(printed.code).toBe(0);
    const path = /, in (.*); --apply adds it there\./u.exec(printed.stderr)?.[1] ?? '';
    expect(path.startsWith(dirname(place.folder))).toBe(true);
    expect(existsSync(path)).toBe(false);
    const added = await install(place, client, '--apply');
    expect({ code: added.code, stdout: added.stdout }).toEqual({ code: 0, stdout: '' });
    const text = readFileSync(path, 'utf8');
    expect(text).toBe(printed.stdout);
    const { format, key } = clients[client];
    expect(format === 'toml' ? parseToml(text) : parse(text)).toMatchObject({
      [key]: {
        sqlq: client === 'opencode' ? { command: expect.arrayContaining([started.command, 'mcp']) } : started,
      },
    });
    const again = await install(place, client, '--apply');
    expect(again.stderr).toContain('has this entry already');
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it('leaves all else in a file as it is: comments, order, rights, a link', async () => {
    const place = makePlace();
    const real = join(place.folder, 'dotfiles.json');
    const before =
      '// mine\n{\n\t"inputs": [], // stays\n\t"servers": {\n\t\t"other": {\n\t\t\t"command": "x"\n\t\t},\n\t},\n}\n';
    writeFileSync(real, before);
    chmodSync(real, 0o640);
    mkdirSync(join(place.folder, '.vscode'));
    symlinkSync(real, join(place.folder, '.vscode', 'mcp.json'));
    expect((await install(place, 'vscode', '--apply')).code).toBe(0);
    const after = readFileSync(real, 'utf8');
    for (const line of before.split('\n').slice(0, 5)) {
      expect(after).toContain(line);
    }
    expect(Object.keys(parse(after).servers)).toEqual(['other', 'sqlq']);
    expect(statSync(real).mode & 0o777).toBe(0o640);
  });

  it('adds a table to a TOML file', async () => {
    const place = makePlace();
    const path = join(place.environment['HOME'] ?? '', '.codex', 'config.toml');
    mkdirSync(dirname(path));
    const before = '# mine\nmodel = "x" # stays\n\n[mcp_servers.other]\ncommand = "y"';
    writeFileSync(path, before);
    expect((await install(place, 'codex', '--apply')).code).toBe(0);
    const after = readFileSync(path, 'utf8');
    expect(after.startsWith(before)).toBe(true);
    expect(parseToml(after)).toMatchObject({
      model: 'x',
      mcp_servers: { other: { command: 'y' }, sqlq: { command: process.execPath } },
    });
  });

  it.each([
    ['is no JSON', '{ "mcpServers": '],
    ['holds no object', '[1, 2]'],
    ['has servers of another kind', '{"mcpServers": []}'],
    ['has another server of the name', '{"mcpServers": {"sqlq": {"command": "mine"}}}'],
  ])('refuses a file that %s, and leaves it', async (_what, text) => {
    const place = makePlace();
    const path = join(place.folder, '.mcp.json');
    writeFileSync(path, text);
    const { code, stderr } = await install(place, 'claude', '--apply');
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(path) });
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it('replaces another entry of the name where it is told to, or takes another name', async () => {
    const place = makePlace();
    const path = join(place.folder, '.mcp.json');
    writeFileSync(path, '{"mcpServers": {"sqlq": {"command": "mine"}, "b": {"command": "c"}}}');
    expect((await install(place, 'claude', '--apply', '--name', 'shop')).code).toBe(0);
    expect(Object.keys(parse(readFileSync(path, 'utf8')).mcpServers)).toEqual(['sqlq', 'b', 'shop']);
    expect((await install(place, 'claude', '--apply', '--force')).code).toBe(0);
    expect(parse(readFileSync(path, 'utf8')).mcpServers).toMatchObject({
      sqlq: started,
      b: { command: 'c' },
    });
  });

  it('puts no secret into an entry, and paths from the root', async () => {
    const place = makePlace();
    const secret = await runProgram(
      ['mcp', '--db', 'postgres://me:topsecret77@localhost/x', '--install', 'claude', '--apply'],
      place,
    );
    expect(secret.code).toBe(2);
    expect(secret.stderr).not.toContain('topsecret77');
    expect(existsSync(join(place.folder, '.mcp.json'))).toBe(false);
    const { stdout } = await runProgram(
      ['mcp', '--install=claude', '--db=shop.db', '--save-to', '.', '--hide', '*.email', '--max-rows', '5'],
      place,
    );
    expect(parse(stdout).mcpServers.sqlq.args.slice(1)).toEqual([
      ...['mcp', '--db', join(place.folder, 'shop.db'), '--save-to', place.folder],
      ...['--hide', '*.email', '--max-rows', '5'],
    ]);
  });
});

describe('sqlq skill', () => {
  it('names commands and flags that there are, each exit code, and each tool', async () => {
    const { stdout, code } = await runProgram(['skill']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^---\nname: sqlq\ndescription: .{50,1024}\n---\n/u);
    const program = describedProgram('1.2.3');
    const flags = new Set(
      program.commands.flatMap(({ options }) => options.flatMap(({ long }) => long ?? [])),
    );
    for (const flag of stdout.match(/(?<![\w-])--[a-z][a-z-]*/gu) ?? []) {
      expect([...flags, '--parameter'], flag).toContain(flag);
    }
    for (const [, line = ''] of stdout.matchAll(/`(sqlq [^`]*)`/gu)) {
      const words = (line.match(/"[^"]*"|\S+/gu) ?? []).slice(1).map((word) => word.replaceAll('"', ''));
      const parsed = describedProgram('1.2.3');
      for (const command of parsed.commands) {
        command.action(() => {});
        command.exitOverride().configureOutput({ writeErr: () => {} });
      }
      await parsed.parseAsync([...normalizeArguments(words)], { from: 'user' });
    }
    for (const [exitCode, meaning] of exitCodeMeanings) {
      expect(stdout).toContain(`| ${exitCode} | ${meaning} |`);
    }
  });

  it('is written where an agent looks, and over nothing of somebody else', async () => {
    const { folder, environment } = makePlace();
    const path = join(folder, '.claude', 'skills', 'sqlq', 'SKILL.md');
    const write = () => runProgram(['skill', '--install', 'claude'], { folder, environment });
    expect((await write()).code).toBe(0);
    expect((await write()).code).toBe(0);
    expect(readFileSync(path, 'utf8')).toBe((await runProgram(['skill'])).stdout);
    writeFileSync(path, 'mine');
    expect((await write()).code).toBe(2);
    expect(readFileSync(path, 'utf8')).toBe('mine');
  });
});
