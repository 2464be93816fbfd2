/**
 * Bundles the program into `dist/`. What is plain JavaScript goes in, because opening a hundred small files takes longer
 * than running them; what is native or WebAssembly stays a dependency.
 *
 * usage: npm run build
 */
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'rolldown';
import { bundleOptions } from './bundle.ts';
import { manualPage } from './manual.ts';
import manifest from './package.json' with { type: 'json' };

const out = join(import.meta.dirname, 'dist');
/** Beside it, so that a build that fails leaves what works. */
const next = `${out}.${process.pid}`;

for (const options of bundleOptions(next)) {
  await build(options);
}
await writeFile(join(next, 'sqlq.1'), manualPage(manifest.version));
const before = `${next}.before`;
await rename(out, before).catch(() => {});
await rename(next, out);
await rm(before, { recursive: true, force: true });
