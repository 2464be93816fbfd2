/**
 * Bundles the program into `dist/`. What is plain JavaScript goes in, because opening a hundred small files takes longer
 * than running them; what is native or WebAssembly stays a dependency.
 *
 * usage: npm run build
 */
import { rename, rm, writeFile } from 'node:fs/promises';
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
    bundle.onResolve({ filter: /^(?:node:)?[a-z_/]+$/ }, ({ path, importer }) => {
      const name = path.replace(/^node:/, '');
      // commander could run subcommands that are programs of their own; sqlq has none.
      if (name === 'child_process' && /[\\/]commander[\\/]/.test(importer))
        return { path: 'none', namespace: 'builtin' };
      return builtins.has(name) ? { path: name, namespace: 'builtin' } : null;
    });
    bundle.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: path === 'none' ? '' : `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
    }));
  },
};

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
