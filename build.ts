/**
 * Bundles the program into `dist/`. What is plain JavaScript goes in, because opening a hundred small files takes longer
 * than running them; what is native or WebAssembly stays a dependency.
 *
 * usage: npm run build
 */
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { manualPage } from './manual.ts';
import manifest from './package.json' with { type: 'json' };

const root = import.meta.dirname;
const out = join(root, 'dist');
/** Beside it, so that a build that fails leaves what works. */
const next = `${out}.${process.pid}`;

/**
 * Takes Node's own modules by `process.getBuiltinModule`. An `import` of `node:fs` touches each of its exports and so
 * loads streams and promises with it, which costs a fifth of an empty program's start.
 */
const lightBuiltins: Plugin = {
  name: 'light-builtins',
  setup(bundle) {
    const builtins = new Set(builtinModules);
    // Where every start comes by, in place: a module that several files share would become a file of its own.
    bundle.onLoad({ filter: /[\\/](?:src[\\/].*\.ts|commander[\\/]lib[\\/].*\.js)$/ }, async ({ path }) => ({
      contents: inPlace(await readFile(path, 'utf8')),
      loader: path.endsWith('.ts') ? 'ts' : 'js',
    }));
    bundle.onResolve({ filter: /^(?:node:)?[a-z_/]+$/ }, ({ path }) => {
      const name = path.replace(/^node:/, '');
      return builtins.has(name) ? { path: name, namespace: 'builtin' } : null;
    });
    bundle.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
    }));
  },
};

/** A module's text with `import … from 'node:…'` as constants. */
function inPlace(text: string): string {
  return text.replaceAll(
    /^import (\w+|\{[^}]*\}) from 'node:([a-z_/]+)';$/gm,
    (_statement, names: string, module: string) => {
      // commander could run subcommands that are programs of their own; sqlq has none. `process` is a global as well.
      if (names === 'childProcess' || names === 'process') return '';
      const kept = names.replaceAll(/\btype \w+(?: as \w+)?,?/g, '').replaceAll(' as ', ': ');
      return `const ${kept} = process.getBuiltinModule('node:${module}');`;
    },
  );
}

await build({
  absWorkingDir: root,
  entryPoints: ['src/main.ts', 'src/database/process/child.ts', 'src/database/process/watchdog.ts'],
  entryNames: '[name]',
  outdir: next,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22.18',
  minifySyntax: true,
  minifyWhitespace: true,
  external: ['better-sqlite3', 'libpg-query', 'pg-native'],
  // Older packages call `require`, which modules do not have.
  banner: {
    js: "const require=process.getBuiltinModule('module').createRequire(import.meta.url);",
  },
  plugins: [lightBuiltins],
  legalComments: 'linked',
  logLevel: 'warning',
});
await writeFile(join(next, 'sqlq.1'), manualPage(manifest.version));
const before = `${next}.before`;
await rename(out, before).catch(() => {});
await rename(next, out);
await rm(before, { recursive: true, force: true });
