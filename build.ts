/**
 * Bundles the program into `dist/`. What is plain JavaScript goes in, because opening a hundred small files takes longer
 * than running them; what is native or WebAssembly stays a dependency.
 *
 * usage: npm run build
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import manifest from './package.json' with { type: 'json' };

// npm leaves out what is optional and not for the Node.js that npm itself runs on, the bundler's native part too. That of a
// machine may be older than this one, which comes with the packages and for which nothing is left out.
await import('rolldown').catch((error) => {
  if (process.argv.includes('again')) {
    throw error;
  }
  const options = {
    cwd: import.meta.dirname,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  } as const;
  spawnSync('npm', ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund'], options);
  // A module that could not be loaded once is not loaded again.
  process.exit(spawnSync(process.execPath, [import.meta.filename, 'again'], options).status ?? 1);
});
const { build } = await import('rolldown');
const { bundleOptions } = await import('./bundle.ts');
const { manualPage } = await import('./manual.ts');

const out = join(import.meta.dirname, 'dist');
/** Beside it, so that a build that fails leaves what works. */
const next = `${out}.${process.pid}`;

for (const options of bundleOptions(next)) {
  await build(options);
}
await writeFile(join(next, 'build'), await fingerprint(next));
await writeFile(join(next, 'sqlq.1'), manualPage(manifest.version));
const before = `${next}.before`;
await rename(out, before).catch(() => {});
await rename(next, out);
await rm(before, { recursive: true, force: true });

/** What tells this build from any other. */
async function fingerprint(folder: string): Promise<string> {
  const hash = createHash('sha256');
  for (const name of (await readdir(folder)).filter((one) => one.endsWith('.cjs')).sort()) {
    hash.update(name).update(await readFile(join(folder, name)));
  }
  return hash.digest('hex').slice(0, 16);
}
