import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dialects } from '../src/database/engines.ts';
import { circlesOf } from './support/circles.ts';

const root = resolve(import.meta.dirname, '../src');
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) =>
  /\.tsx?$/u.test(file),
);

interface Imports {
  /** Paths of ours, relative to src. */
  readonly ours: readonly string[];
  /** Those of them that are there from the start, and not loaded when they are used. */
  readonly fromStart: readonly string[];
  readonly packages: readonly string[];
}

/** What a file imports. */
function importsOf(file: string): Imports {
  const text = readFileSync(join(root, file), 'utf8').replace(/^\s*(?:\/\/|\*|\/\*).*$/gmu, '');
  const specifiersBy = (pattern: RegExp): string[] =>
    [...text.matchAll(pattern)].map(([, name]) => name ?? '');
  const oursOf = (names: readonly string[]): string[] =>
    names
      .filter((name) => name.startsWith('.'))
      .map((name) => relative(root, resolve(root, dirname(file), name)));
  const specifiers = specifiersBy(/(?:\bfrom\s+|\bimport\s*\(?\s*)'([^']+)'/gu);
  return {
    ours: oursOf(specifiers),
    fromStart: oursOf(specifiersBy(/(?:\bfrom\s+|\bimport\s+)'([^']+)'/gu)),
    packages: specifiers.filter((name) => !name.startsWith('.') && !name.startsWith('node:')),
  };
}

/** An engine is a folder of its name. */
const engines = dialects.map(({ name }) => name);
const engineFolders = engines.map((name) => `database/${name}/`);

/** A part of the program, by the longest prefix that fits, and the parts that it may import besides itself. */
const rules: readonly (readonly [part: string, mayImport: readonly string[]])[] = [
  ['errors.ts', []],
  ['result.ts', []],
  ['schema/', ['words/']],
  ['terminal/', ['errors.ts', 'render/']],
  ['render/', ['errors.ts', 'result.ts']],
  ['files/', ['errors.ts', 'render/', 'terminal/']],
  ['config/', ['errors.ts', 'database/', 'model/', 'schema/', 'render/format.ts']],
  ...engineFolders.map((folder): [string, string[]] => [
    folder,
    ['errors.ts', 'result.ts', 'schema/', 'database/', 'render/xlsx/read.ts'],
  ]),
  ['database/process/', ['errors.ts', 'schema/', 'database/', 'render/', 'files/']],
  ['database/engines.ts', ['database/']],
  ['database/file-kind.ts', ['database/']],
  ['database/likely-engine.ts', ['database/']],
  ['database/', ['errors.ts', 'result.ts', 'schema/']],
  ['offline/', ['errors.ts', 'schema/', 'model/', 'words/', 'database/engines.ts', 'database/dialect.ts']],
  ['model/openai/', ['errors.ts', 'schema/', 'model/']],
  ['model/providers.ts', ['model/', 'offline/provider.ts']],
  ['model/', ['errors.ts', 'schema/', 'words/language.ts']],
  ['words/', []],
  ['doubts/', ['errors.ts', 'schema/', 'database/', 'words/']],
  [
    'ask/',
    [
      'errors.ts',
      'schema/',
      'model/',
      'database/',
      'doubts/',
      'words/language.ts',
      'knowledge/excerpt.ts',
      'render/',
      'terminal/',
      'files/',
    ],
  ],
  [
    'knowledge/',
    ['errors.ts', 'schema/', 'memory/', 'model/model.ts', 'config/files/yaml.ts', 'config/notes.ts'],
  ],
  [
    'repl/',
    [
      'config/make-folder.ts',
      'errors.ts',
      'schema/',
      'model/',
      'database/',
      'render/',
      'terminal/',
      'files/',
      'ask/',
    ],
  ],
  [
    'memory/',
    [
      'config/files/plain-file.ts',
      'config/make-folder.ts',
      'errors.ts',
      'schema/',
      'model/',
      'database/engines.ts',
      'database/dialect.ts',
    ],
  ],
  ['suite/', ['errors.ts', 'schema/', 'model/', 'database/', 'render/', 'ask/', 'config/files/yaml.ts']],
  [
    'mcp/',
    [
      'errors.ts',
      'result.ts',
      'knowledge/excerpt.ts',
      'memory/',
      'schema/',
      'model/model.ts',
      'database/',
      'doubts/doubt.ts',
      'render/',
      'terminal/',
      'ask/',
    ],
  ],
  [
    'serve/',
    [
      'config/',
      'errors.ts',
      'result.ts',
      'knowledge/excerpt.ts',
      'memory/',
      'schema/',
      'model/',
      'database/',
      'doubts/doubt.ts',
      'render/',
      'terminal/',
      'files/',
      'ask/',
      'mcp/',
    ],
  ],
  ['batch/', ['errors.ts', 'database/', 'doubts/doubt.ts', 'render/', 'files/', 'ask/']],
  [
    'cli/',
    [
      'errors.ts',
      'suite/',
      'batch/',
      'knowledge/',
      'memory/',
      'schema/',
      'model/',
      'database/',
      'render/',
      'terminal/',
      'files/',
      'config/',
      'ask/',
      'repl/',
      'mcp/',
      'serve/',
    ],
  ],
  // The page is a program of its own, in a browser: it knows the shapes of requests and replies, and nothing else.
  ['page/', ['serve/api/']],
  // What loads the bundle knows the names in it and the place of its user, and nothing of what they do.
  ['code-cache/', ['main.ts', 'cli/run/database-process.ts', 'database/process/child.ts', 'config/']],
  ['main.ts', ['errors.ts', 'cli/', 'render/', 'terminal/', 'files/', 'config/']],
];

/** Parts that stand beside each other and never import one another. */
const apart = [engineFolders, ['offline/', 'model/openai/']];

const partOf = (path: string): string =>
  rules
    .map(([part]) => part)
    .filter((part) => path.startsWith(part))
    .sort((a, b) => b.length - a.length)[0] ?? '';

/** The folder right within another that a file lies in, however deep; null where it lies elsewhere. */
function childWith(parent: string, file: string): string | null {
  if (!file.startsWith(parent)) {
    return null;
  }
  const end = file.indexOf('/', parent.length);
  return end < 0 ? null : file.slice(0, end + 1);
}

const childrenOf = (parent: string): string[] => [
  ...new Set(files.flatMap((file) => childWith(parent, file) ?? [])),
];

/** A folder and all that lie in it. */
const foldersWithin = (folder: string): string[] => [folder, ...childrenOf(folder).flatMap(foldersWithin)];

describe('the architecture', () => {
  it.each(files)('%s imports only what its part may', (file) => {
    const part = partOf(file);
    expect(part, 'every file belongs to a part').not.toBe('');
    const mayImport = rules.find(([name]) => name === part)?.[1] ?? [];
    const foreign = importsOf(file).ours.filter(
      (path) =>
        !path.startsWith('..') &&
        partOf(path) !== part &&
        !mayImport.some((allowed) => path.startsWith(allowed)),
    );
    const neighbours = apart.find((group) => group.includes(part)) ?? [];
    const crossing = importsOf(file).ours.filter((path) =>
      neighbours.some((other) => other !== part && path.startsWith(other)),
    );
    expect([...foreign, ...crossing]).toEqual([]);
  });

  it('reaches a provider by the table alone', () => {
    const folders = ['offline/', 'model/openai/'];
    const around = files.filter((file) => !folders.some((folder) => file.startsWith(folder)));
    const reaching = around.flatMap((file) =>
      importsOf(file).ours.flatMap((path) =>
        folders.some((folder) => path.startsWith(folder)) ? [`${file} → ${path}`] : [],
      ),
    );
    expect(reaching.sort()).toEqual([
      'model/providers.ts → model/openai/provider.ts',
      'model/providers.ts → offline/provider.ts',
    ]);
  });

  it('has one owner for each npm package', () => {
    const owners = new Map<string, Set<string>>();
    // The page is bundled by itself, with what is needed of a package alone.
    for (const file of files.filter((path) => !path.startsWith('page/'))) {
      for (const name of importsOf(file).packages) {
        const owner =
          partOf(file) === 'model/' || partOf(file) === 'terminal/' ? partOf(file) : partOf(file) || file;
        owners.set(name, (owners.get(name) ?? new Set()).add(owner));
      }
    }
    // zod is the one language of shapes at every edge, and so has no single owner.
    owners.delete('zod');
    // The history is opened by the parent, as users are by a server; a database that is asked about, by the child alone.
    owners.get('better-sqlite3')?.delete('memory/');
    owners.get('better-sqlite3')?.delete('serve/');
    owners.get('pg')?.delete('serve/');
    const shared = [...owners]
      .filter(([, parts]) => parts.size > 1)
      .map(([name, parts]) => `${name}: ${[...parts].join(', ')}`);
    expect(shared).toEqual([]);
  });

  it('lets a guard alone admit a statement', () => {
    const makers = files.filter((file) => {
      const text = readFileSync(join(root, file), 'utf8');
      return /import(?! type\b)[^;]*admitted-statement\.ts'/u.test(text);
    });
    expect(makers.filter((file) => !/^database\/[a-z]+\/guard\//u.test(file))).toEqual([]);
    expect(makers.map((file) => file.split('/')[1]).sort()).toEqual([...engines].sort());
  });

  it('has no file of more than three hundred lines', () => {
    const long = files.filter((file) => readFileSync(join(root, file), 'utf8').split('\n').length > 301);
    expect(long).toEqual([]);
  });

  it('has no circle of files, but for a grammar within its folder', () => {
    const edges = new Map(
      files.map((file) => [file, importsOf(file).ours.filter((path) => !path.startsWith('..'))]),
    );
    const grammars = engineFolders.map((folder) => `${folder}guard/syntax/`);
    const circles = circlesOf(edges).filter(
      (circle) => !grammars.some((folder) => circle.every((file) => file.startsWith(folder))),
    );
    expect(circles).toEqual([]);
  });

  it('has no circle of folders', () => {
    const circles = foldersWithin('').flatMap((parent) => {
      const edges = new Map(childrenOf(parent).map((folder) => [folder, new Set<string>()]));
      for (const file of files) {
        const from = childWith(parent, file);
        for (const path of from === null ? [] : importsOf(file).fromStart) {
          const to = childWith(parent, path);
          if (from !== null && to !== null && from !== to) {
            edges.get(from)?.add(to);
          }
        }
      }
      return circlesOf(edges);
    });
    expect(circles).toEqual([]);
  });

  it('reads the environment nowhere but where it is handed in', () => {
    const readers = files.filter((file) => /process\.env\b/u.test(readFileSync(join(root, file), 'utf8')));
    expect(readers).toEqual(['main.ts']);
  });
});

describe('an engine', () => {
  const outside = files.filter((file) => !file.startsWith('database/'));
  const code = (file: string): string =>
    readFileSync(join(root, file), 'utf8').replace(/^\s*(?:\/\/|\*|\/\*).*$/gmu, '');

  it('is a folder and a row: nobody outside asks which one it is', () => {
    const name = `(?:${engines.join('|')})`;
    const asks = new RegExp(
      String.raw`\bengine\s*[!=]==|[!=]==\s*(?:[\w.]+\.)?engine\b|switch\s*\([^)]*[eE]ngine\b|[!=]==\s*'${name}'|case '${name}'|Record<Engine\b|^\s*${name}:`,
      'mu',
    );
    expect(outside.filter((file) => asks.test(code(file)))).toEqual([]);
  });

  it('has a dialect that loads no driver, and no other folder of an engine', () => {
    for (const folder of engines) {
      const { ours, packages } = importsOf(`database/${folder}/dialect.ts`);
      expect([...ours, ...packages]).toEqual(['database/dialect.ts', `database/${folder}/messages.ts`]);
      const messages = importsOf(`database/${folder}/messages.ts`);
      const code = [...messages.ours, ...messages.packages].filter((path) => !path.endsWith('.json'));
      expect(code).toEqual(['database/dialect.ts']);
    }
    const reaches = outside.filter((file) =>
      importsOf(file).ours.some((path) => engineFolders.some((folder) => path.startsWith(folder))),
    );
    expect(reaches).toEqual([]);
  });
});
