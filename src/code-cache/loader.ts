import { readFileSync } from 'node:fs';
import { createRequire, flushCompileCache, getCompileCacheDir } from 'node:module';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { openCodeStore } from './store.ts';

/** Loads the files of the bundle, with what V8 compiled of them in earlier runs. */
export interface Loader {
  /** What a file of the bundle exports. Throws what running it throws. */
  load(name: string): unknown;
  /** Keeps what was compiled in this run for the next ones, where that may be more than is kept. */
  keep(): void;
}

/** So many runs add what they compile: which functions one needs depends on what is cached of a database by then. */
const enoughRuns = 3;

/**
 * A loader of a folder's files. Node's own compile cache holds of a file what V8 compiles when it is loaded, which is not
 * the functions: those it compiles when they are first called, a fifth of a question's time. This one keeps a file as it is
 * at the end of a run. `kind` names runs that need the same of them.
 */
export function createLoader(folder: string, kind: string, keptIn = getCompileCacheDir()): Loader {
  const store = openCodeStore(keptIn, `${buildOf(folder)}-${kind}`);
  const modules = new Map<string, { exports: unknown }>();
  const scripts = new Map<string, Script>();
  let hasNew = false;
  const requirePackage = createRequire(join(folder, 'main.cjs'));
  const requireFile = (name: string): unknown =>
    name.startsWith('./') ? load(name.slice(2)) : requirePackage(name);

  function load(name: string): unknown {
    const known = modules.get(name);
    if (known !== undefined) {
      return known.exports;
    }
    const module = { exports: {} };
    modules.set(name, module);
    const filename = join(folder, name);
    const code = store.code(name);
    const script = new Script(
      `(function(exports,require,module,__filename){${readFileSync(filename, 'utf8')}\n})`,
      code === null ? { filename } : { filename, cachedData: code },
    );
    hasNew ||= code === null || script.cachedDataRejected === true;
    scripts.set(name, script);
    script.runInThisContext()(module.exports, requireFile, module, filename);
    return module.exports;
  }

  return {
    load,
    keep() {
      if (!hasNew && store.runs >= enoughRuns) {
        return;
      }
      const codes = [...scripts].map(([name, script]): [string, Buffer] => [name, script.createCachedData()]);
      store.write(new Map(codes), hasNew ? 1 : store.runs + 1);
      // What comes from packages is Node's to keep.
      flushCompileCache();
    },
  };
}

/** What tells one bundle from another, whatever their files are called and however long they are. */
function buildOf(folder: string): string {
  return readFileSync(join(folder, 'build'), 'utf8');
}
