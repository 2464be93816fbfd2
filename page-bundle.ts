import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { brotliCompressSync, gzipSync, constants as zlib } from 'node:zlib';
import type { BuildOptions, Plugin, RolldownPluginOption } from 'rolldown';

const source = join(import.meta.dirname, 'src/page');

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Bundles the page of `sqlq serve` into a folder, with a manifest of what is served under which path. */
export function pageOptions(folder: string, plugins: readonly RolldownPluginOption[]): BuildOptions {
  return {
    cwd: import.meta.dirname,
    input: { page: join(source, 'main.tsx') },
    platform: 'browser',
    plugins: [...plugins, pageFiles(folder)],
    transform: { target: 'es2023' },
    logLevel: 'warn',
    output: {
      dir: folder,
      format: 'esm',
      entryFileNames: '[name]-[hash].js',
      chunkFileNames: '[name]-[hash].js',
      comments: { legal: false, annotation: false, jsdoc: false },
      minify: true,
    },
  };
}

/** Writes what the page has besides its scripts, and all of it compressed as well: a server has better to do. */
function pageFiles(folder: string): Plugin {
  return {
    name: 'page-files',
    writeBundle(_, bundle) {
      const styles = readdirSync(join(source, 'styles')).map((name) =>
        readFileSync(join(source, 'styles', name), 'utf8'),
      );
      const script = Object.values(bundle).find((file) => file.type === 'chunk' && file.isEntry)?.fileName;
      const assets: Readonly<Record<string, string>> = {
        'page.js': script ?? '',
        'page.css': writeHashed(folder, 'page.css', styles.join('\n')),
        'icon.svg': writeHashed(folder, 'icon.svg', readFileSync(join(source, 'icon.svg'), 'utf8')),
      };
      const html = Object.entries(assets).reduce(
        (text, [name, file]) => text.replace(`"${name}"`, `"/assets/${file}"`),
        readFileSync(join(source, 'index.html'), 'utf8'),
      );
      writeFileSync(join(folder, 'index.html'), html);
      const files = [...new Set([...Object.keys(bundle), ...Object.values(assets)])].toSorted();
      const manifest = [
        entry(folder, '/', 'index.html'),
        ...files.map((file) => entry(folder, `/assets/${file}`, file)),
      ];
      writeFileSync(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
    },
  };
}

/** Writes a file under a name that changes with what it holds; returns the name. */
function writeHashed(folder: string, name: string, text: string): string {
  const ending = extname(name);
  const file = `${basename(name, ending)}-${digest(text)}${ending}`;
  writeFileSync(join(folder, file), text);
  return file;
}

const digest = (content: string | Buffer): string =>
  createHash('sha256').update(content).digest('base64url').slice(0, 12);

/** A row of the manifest; compressed files are written beside the file. */
function entry(folder: string, path: string, file: string): object {
  const content = readFileSync(join(folder, file));
  const quality = { [zlib.BROTLI_PARAM_QUALITY]: 9 };
  writeFileSync(join(folder, `${file}.br`), brotliCompressSync(content, { params: quality }));
  writeFileSync(join(folder, `${file}.gz`), gzipSync(content, { level: 9 }));
  return { path, file, type: types[extname(file)], etag: digest(content) };
}
