import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, type OutputChunk } from 'rolldown';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleOptions } from '../../bundle.ts';
import manifest from '../../package.json' with { type: 'json' };

const root = join(import.meta.dirname, '../..');
let folder: string;
/** The files of the program, and those of its child. */
let bundles: readonly (readonly OutputChunk[])[];
let notices: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sqlq-bundle-'));
  const found: OutputChunk[][] = [];
  for (const options of bundleOptions(folder)) {
    const { output } = await build(options);
    found.push(output.filter((file) => file.type === 'chunk'));
  }
  bundles = found;
  notices = readFileSync(join(folder, 'THIRD_PARTY_NOTICES'), 'utf8');
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The packages that have code in the bundle, as `name version`. */
function packages(): readonly string[] {
  const folders = bundles.flat().flatMap(({ modules }) =>
    Object.entries(modules)
      .filter(([, { renderedLength }]) => renderedLength > 0)
      .flatMap(([id]) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//u.exec(id)?.[1] ?? []),
  );
  return [...new Set(folders)].map((path) => {
    const { name, version } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
    return `${name} ${version}`;
  });
}

describe('the notices', () => {
  it('name each package that is compiled in, with the text of its licence', () => {
    const named = notices.split(`\n\n${'-'.repeat(80)}\n\n`);
    expect(packages().length).toBeGreaterThan(50);
    for (const name of packages()) {
      const part = named.find((text) => text.startsWith(`${name} (`)) ?? '';
      expect(part, name).toMatch(
        /Permission|Redistribution|Licensed under|Apache License|free of charge|released into the public domain/u,
      );
    }
  });

  it('say what the data of the offline engine asks for', () => {
    expect(notices).toContain('WordNet 3.1 Copyright 2011 by Princeton University.  All rights reserved.');
    expect(notices).toContain('https://creativecommons.org/licenses/by-sa/4.0/');
    expect(notices).toContain('Spider 1.0 by Tao Yu');
  });

  it('go into the package', () => {
    const { stdout } = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: root,
      encoding: 'utf8',
    });
    const [{ files }] = JSON.parse(stdout);
    const paths = files.map(({ path }: { path: string }) => path);
    expect(paths).toEqual(
      expect.arrayContaining(['LICENSE', 'dist/THIRD_PARTY_NOTICES', 'dist/main.cjs', 'dist/build']),
    );
    expect(manifest.license).toBe('MIT AND CC-BY-SA-4.0');
  });
});

/** The modules that a file loads when it starts, by their paths. */
function loaded(start: string): readonly string[] {
  const chunks = bundles.find((files) => files.some(({ fileName }) => fileName === start)) ?? [];
  const found = new Set([start]);
  for (const name of found) {
    for (const next of chunks.find(({ fileName }) => fileName === name)?.imports ?? []) {
      found.add(next);
    }
  }
  return modulesOf(chunks.filter(({ fileName }) => found.has(fileName)));
}

function modulesOf(chunks: readonly OutputChunk[]): readonly string[] {
  return chunks.flatMap(({ modules }) =>
    Object.keys(modules).map((id) => id.replace(/^.*(?=(?:src|node_modules)\/)/u, '')),
  );
}

describe('a start', () => {
  it('reads nothing that is of use to the other process alone', () => {
    expect(loaded('main.cjs')).toContain('src/cli/program.ts');
    expect(loaded('main.cjs').filter((id) => id.startsWith('src/database/'))).toEqual([]);
    expect(loaded('database.cjs')).toContain('src/database/engines.ts');
    expect(loaded('database.cjs').filter((id) => /^src\/cli|commander/u.test(id))).toEqual([]);
  });

  it('loads nothing of what agents alone need', () => {
    const rare = /^(?:node_modules\/(?:@modelcontextprotocol|jsonc-parser|smol-toml|zod)|src\/mcp)\//u;
    expect(modulesOf(bundles.flat()).filter((id) => rare.test(id)).length).toBeGreaterThan(30);
    expect(loaded('main.cjs').filter((id) => rare.test(id))).toEqual([]);
  });

  it('brings of zod what is used, and its messages in no language but English', () => {
    const languages = bundles
      .flat()
      .flatMap(({ modules }) => Object.entries(modules))
      .flatMap(([id, { renderedLength }]) => {
        const [, language] = /\/zod\/v4\/locales\/([\w-]+)\.js$/u.exec(id) ?? [];
        return language !== undefined && renderedLength > 0 ? [language] : [];
      });
    expect(new Set(languages)).toEqual(new Set(['en']));
  });

  it('opens no stream to print a version or a help', () => {
    for (const flag of ['--version', '--help']) {
      const script = `
        const { default: { main } } = await import(${JSON.stringify(join(root, 'dist/main.cjs'))});
        await main(['${flag}']);
        const { writeSync } = process.getBuiltinModule('fs');
        writeSync(2, process.moduleLoadList.join('\\n'));`;
      const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
        encoding: 'utf8',
      });
      expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$|^Usage: sqlq/u);
      expect(stderr.split('\n')).toContain('NativeModule fs');
      expect(stderr.split('\n')).not.toContain('NativeModule stream');
    }
  });
});

describe("Node's own modules", () => {
  it('are never imported as a whole', () => {
    const importing = bundles
      .flat()
      .filter(({ imports, dynamicImports }) =>
        [...imports, ...dynamicImports].some((name) => isBuiltin(name)),
      );
    expect(importing.map(({ fileName }) => fileName)).toEqual([]);
  });

  it('are not loaded before they are used', () => {
    const script = `
      const take = process.getBuiltinModule;
      const taken = new Set();
      process.getBuiltinModule = (name) => { taken.add(name); return take(name); };
      const { default: { main } } = await import(${JSON.stringify(join(root, 'dist/main.cjs'))});
      await main(['--version']);
      process.stderr.write(JSON.stringify([...taken]));`;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
      encoding: 'utf8',
    });
    expect(stdout).toBe(`${manifest.version}\n`);
    const taken: string[] = JSON.parse(stderr);
    expect(taken).toContain('fs');
    for (const heavy of ['child_process', 'worker_threads', 'http', 'https', 'net', 'tls', 'crypto']) {
      expect(taken).not.toContain(heavy);
    }
  });

  it('are not loaded to send a request to a server of models', () => {
    const [transport] = bundles.flat().filter(({ name }) => name === 'transport');
    const script = `
      await import(${JSON.stringify(join(root, 'dist', transport?.fileName ?? ''))});
      console.log(JSON.stringify(process.moduleLoadList));`;
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
      encoding: 'utf8',
    });
    const loaded: string[] = JSON.parse(stdout);
    expect(loaded.length).toBeGreaterThan(20);
    for (const heavy of ['http', 'http2', 'internal/deps/undici/undici']) {
      expect(loaded).not.toContain(`NativeModule ${heavy}`);
    }
  });
});
