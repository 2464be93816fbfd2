import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { maxHeaderSize, STATUS_CODES } from 'node:http';
import { builtinModules, createRequire } from 'node:module';
import { join } from 'node:path';
import type { BuildOptions, CodeSplittingGroup, Plugin, RolldownPluginOption } from 'rolldown';
import type { Dependency } from 'rollup-plugin-license';
import { pageOptions } from './page-bundle.ts';

// Its types speak of a default export, and it has none: it is the function itself.
const license: typeof import('rollup-plugin-license').default = createRequire(import.meta.url)(
  'rollup-plugin-license',
);

const root = import.meta.dirname;
const builtins = new Set(builtinModules);
const prefix = '\0builtin:';
/** Marks one that is imported, not required. */
const imported = 'imported:';

/** What an empty program has loaded by the time it starts: to touch these costs nothing. */
const loadedAtStart: ReadonlySet<string> = new Set('buffer events fs os path url util'.split(' '));

/**
 * What undici takes of modules that are long to load: `node:http` brings Node's own copy of undici along. It does
 * without HTTP/2 where that is not there, and by default where it is.
 */
const undiciNeeds: Readonly<Record<string, string>> = {
  http: `exports.STATUS_CODES = ${JSON.stringify(STATUS_CODES)};
         exports.maxHeaderSize = ${maxHeaderSize};
         exports.IncomingMessage = class {};`,
  http2: 'exports.constants = {};',
};

/**
 * Of undici what is used here: its index loads mocks, cookies, caches and WebSockets too, and with them Node's own copy
 * of itself, a tenth of a question's time. A proxy's tunnel is opened by `connect`, which the index gives to every dispatcher.
 */
const undiciParts: Plugin = {
  name: 'undici-parts',
  resolveId(source, importer) {
    const name = source.replace(/^node:/, '');
    const isTaken = importer?.includes('/node_modules/undici/') === true && undiciNeeds[name] !== undefined;
    return isTaken ? `\0undici:${name}` : source === 'undici' ? '\0undici' : null;
  },
  load(id) {
    const part = (file: string): string =>
      `require(${JSON.stringify(join(root, 'node_modules/undici/lib', file))})`;
    return id === '\0undici'
      ? `${part('dispatcher/dispatcher.js')}.prototype.connect = ${part('api/api-connect.js')};
         exports.Agent = ${part('dispatcher/agent.js')};
         exports.ProxyAgent = ${part('dispatcher/proxy-agent.js')};
         exports.fetch = ${part('web/fetch/index.js')}.fetch;`
      : (undiciNeeds[id.replace('\0undici:', '')] ?? null);
  },
};

/**
 * Takes Node's own modules by `process.getBuiltinModule`, each export when it is first used. An `import` of `node:fs`
 * touches every export and so loads streams and promises with it, which costs a fifth of an empty program's start.
 */
const lightBuiltins: Plugin = {
  name: 'light-builtins',
  resolveId(source, importer, { kind }) {
    const name = source.replace(/^node:/, '');
    if (!builtins.has(name)) {
      return null;
    }
    // The bundler's own few lines come before all others, these modules' among them.
    return importer?.startsWith('\0rolldown')
      ? { id: source, external: true }
      : { id: `${prefix}${kind === 'require-call' ? '' : imported}${name}`, moduleSideEffects: false };
  },
  load(id) {
    if (!id.startsWith(prefix)) {
      return null;
    }
    const isImported = id.startsWith(`${prefix}${imported}`);
    const name = id.slice(prefix.length + (isImported ? imported.length : 0));
    const module = `process.getBuiltinModule(${JSON.stringify(name)})`;
    const real: unknown = process.getBuiltinModule(name);
    const names = Object.keys(real ?? {}).filter((key) => key !== 'default');
    if (loadedAtStart.has(name)) {
      // Of what is imported by name no more is touched than that.
      const each = names.map(
        (key, index) => `const e${index} = module.${key}; export { e${index} as ${key} };`,
      );
      return isImported
        ? `const module = ${module}; export default module; ${each.join(' ')}`
        : `module.exports = ${module};`;
    }
    // Some are a class with more on it, such as `stream`.
    return typeof real === 'function'
      ? `module.exports = ${module};`
      : `for (const name of ${JSON.stringify(names)})
           Object.defineProperty(exports, name, { enumerable: true, get: () => ${module}[name] });`;
  },
};

/** Leaves data of megabytes as JSON beside the bundle: to parse that takes a tenth of the time that loading it as code does. */
const dataFiles: Plugin = {
  name: 'data-files',
  load(id) {
    const [, name] = /\/offline\/data\/((?:weights|words)\.json)$/u.exec(id.replaceAll('\\', '/')) ?? [];
    if (name === undefined) {
      return null;
    }
    this.emitFile({ type: 'asset', fileName: name, source: readFileSync(id) });
    return {
      moduleType: 'js',
      code: `import { readFileSync } from 'node:fs';
        export default JSON.parse(readFileSync(new URL(${JSON.stringify(`./${name}`)}, import.meta.url), 'utf8'));`,
    };
  },
};

/** The logger that says nothing, in place of a package that brings no text of its licence along. */
const quietLogger: Plugin = {
  name: 'quiet-logger',
  resolveId: (source) => (source === 'abstract-logging' ? '\0quiet-logger' : null),
  load: (id) =>
    id === '\0quiet-logger'
      ? `const quiet = { child: () => quiet };
         for (const level of ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']) quiet[level] = () => {};
         module.exports = quiet;`
      : null,
};

/** The program starts no database: what opens one is its child's alone. */
const noDrivers: Plugin = {
  name: 'no-drivers',
  resolveId(source, importer) {
    return importer?.endsWith('/database/engines.ts') === true && source.endsWith('/connect.ts')
      ? { id: source, external: true }
      : null;
  },
};

/** Licences that let a program be compiled into one under the MIT licence, with their notices beside it. */
const accepted =
  '(MIT OR ISC OR 0BSD OR BSD-2-Clause OR BSD-3-Clause OR Apache-2.0 OR Python-2.0 OR BlueOak-1.0.0 OR CC0-1.0 OR Unlicense)';

/** The entries of the program, of the process that it opens a database in, and of what loads them. */
const parts = [
  {
    entries: { main: 'src/main.ts', early: 'src/cli/run/database-process.ts' },
    plugins: [noDrivers],
    together: ['src/cli/commands/run/run.ts', 'src/doubts/find-doubts.ts'],
  },
  {
    entries: {
      database: 'src/database/process/child.ts',
      watchdog: 'src/database/process/watchdog.ts',
    },
    plugins: [],
    together: [],
  },
  {
    entries: { start: 'src/code-cache/start.ts', child: 'src/code-cache/child.ts' },
    plugins: [],
    together: [],
  },
];

/**
 * Puts what these modules load at once into one file with them: a question would open forty small ones, at a third of a
 * millisecond each. What `main` has loaded by then is not among it.
 */
function inOneFile(roots: readonly string[]): CodeSplittingGroup['name'] {
  let names: Map<string, string> | null = null;
  return (id, context) => {
    if (names === null) {
      const reach = (from: readonly string[]): Set<string> => {
        const found = new Set(from);
        for (const module of found) {
          for (const imported of context.getModuleInfo(module)?.importedIds ?? []) {
            found.add(imported);
          }
        }
        return found;
      };
      const early = reach([join(root, 'src/main.ts'), join(root, 'src/database/process/connection.ts')]);
      const whole = reach(roots.map((path) => join(root, path)));
      names = new Map(
        [...whole].filter((module) => !early.has(module)).map((module) => [module, 'question']),
      );
    }
    return names.get(id) ?? null;
  };
}

/**
 * The options of the bundles, which hold all that is plain JavaScript. They share no file: to open one takes longer than to
 * read it, and neither the program nor its child needs what is the other's, nor the page that of either. The last one writes
 * the notices of all.
 */
export function bundleOptions(folder: string): BuildOptions[] {
  const compiledIn = new Map<string, Dependency>();
  const licences = (isLast: boolean): RolldownPluginOption =>
    license({
      thirdParty: {
        multipleVersions: true,
        allow: { test: accepted, failOnUnlicensed: true, failOnViolation: true },
        output(found) {
          for (const one of found) {
            compiledIn.set(`${one.name}@${one.version}`, one);
          }
          if (isLast) {
            mkdirSync(folder, { recursive: true });
            writeFileSync(join(folder, 'THIRD_PARTY_NOTICES'), notices([...compiledIn.values()]));
          }
        },
      },
    });
  const programs = parts.map(
    ({ entries, plugins, together }): BuildOptions => ({
      cwd: root,
      input: entries,
      platform: 'node',
      // Its other form loads its parts in a way that no bundler sees.
      resolve: { alias: { 'jsonc-parser': join(root, 'node_modules/jsonc-parser/lib/esm/main.js') } },
      // Native code and WebAssembly stay dependencies.
      external: ['@duckdb/node-bindings', '@resvg/resvg-js', 'better-sqlite3', 'libpg-query', 'pg-native'],
      plugins: [undiciParts, dataFiles, quietLogger, lightBuiltins, ...plugins, licences(false)],
      treeshake: { propertyReadSideEffects: false },
      transform: { target: 'node22.18' },
      preserveEntrySignatures: 'allow-extension',
      logLevel: 'warn',
      // What one entry loads late, another may load at once.
      checks: { ineffectiveDynamicImport: false },
      output: {
        dir: folder,
        // What loads it (`src/code-cache/`) runs it as scripts, of which V8 tells all that it has compiled; of modules it does not.
        format: 'cjs',
        dynamicImportInCjs: false,
        entryFileNames: '[name].cjs',
        chunkFileNames: '[name]-[hash].cjs',
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [{ debugName: 'question', name: inOneFile(together) }],
        },
        comments: { legal: false, annotation: false, jsdoc: false },
        minify: { compress: true, mangle: false, codegen: true },
      },
    }),
  );
  return [...programs, pageOptions(join(folder, 'page'), [licences(true)])];
}

/** What the licences of the engine's data ask to be said wherever the data goes. */
const data = ['README.md', 'LICENSE-WordNet'].map((name) =>
  readFileSync(join(root, 'src/offline/data', name), 'utf8').trim(),
);

/** The licences of all that is compiled in. Throws where a package does not bring the text of its own. */
function notices(dependencies: Dependency[]): string {
  const parts = dependencies
    .toSorted((a, b) => `${a.name}@${a.version}`.localeCompare(`${b.name}@${b.version}`))
    .map((one) => {
      const texts = [licenseText(one), one.noticeText ?? ''].map((text) => text.trim()).filter(Boolean);
      return [`${one.name} ${one.version} (${one.license})`, ...texts].join('\n\n');
    });
  return [
    'sqlq is compiled together with the packages below, each with its licence.\n' +
      'The data of the offline engine and their licences are at the end.',
    ...parts,
    ...data,
  ].join(`\n\n${'-'.repeat(80)}\n\n`);
}

/** A few packages have the text of their licence at the end of their README alone. */
function licenseText({ name, licenseText: text }: Dependency): string {
  if (text) {
    return text;
  }
  const readme = readFileSync(join(root, 'node_modules', name ?? '', 'README.md'), 'utf8');
  const [, section] = /^## license\s+(.*Permission is hereby granted.*)/imsu.exec(readme) ?? [];
  if (section === undefined) {
    throw new Error(`The package ${name} has no text of its licence.`);
  }
  return section;
}
