import { chmodSync, existsSync, lstatSync, mkdirSync, statSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { dirname, isAbsolute, join } from 'node:path';
import type { createEarlyProcess, EarlyProcess } from '../cli/run/database-process.ts';
import { homeFolder } from '../config/home-folder.ts';
import type { main } from '../main.ts';
import { createLoader } from './loader.ts';

/** Runs the bundled program; resolves with its exit code. */
export async function start(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  keepCompiledCode(environment['XDG_CACHE_HOME'] ?? '');
  const loader = createLoader(import.meta.dirname, kindOf(argv));
  let databaseProcess: EarlyProcess | undefined;
  if (isWaitedFor(argv)) {
    const early = loader.load('early.cjs') as { readonly createEarlyProcess: typeof createEarlyProcess };
    databaseProcess = early.createEarlyProcess(environment);
    await databaseProcess.start(argv);
  }
  const program = loader.load('main.cjs') as { readonly main: typeof main };
  const exitCode = await program.main(argv, databaseProcess);
  if (exitCode === 0) {
    loader.keep();
  }
  return exitCode;
}

/** Commands for which a process of a database is started before all else is loaded; the program starts it for others. */
function isWaitedFor([first = '', ...others]: readonly string[]): boolean {
  return /^(?:ask|run|repl)$/u.test(first) && !others.some((word) => word === '--help' || word === '-h');
}

/** A command needs other code than another does. */
function kindOf([first = '']: readonly string[]): string {
  return /^-{0,2}([a-z]{1,20})$/iu.exec(first)?.[1] ?? 'words';
}

/**
 * Keeps compiled code where nobody else can write it, because V8 runs what it is given: Node's own place is a shared folder,
 * and one that another user owns, of a home that `sudo` has kept, is not used. No folder is made but our own within one that
 * is there: Node would make a whole path, of a home that is missing too, and in /proc it would not end.
 */
function keepCompiledCode(given: string): void {
  const folder = join(isAbsolute(given) ? given : join(homeFolder(), '.cache'), 'sqlq');
  const compiled = join(folder, 'compiled');
  try {
    for (const each of [folder, compiled]) {
      if (!existsSync(each)) {
        mkdirSync(each, { mode: 0o700 });
      }
    }
    if (staysInPlace(folder) && [folder, compiled].every(isOurs)) {
      if ((statSync(compiled).mode & 0o077) !== 0) {
        // Nobody else gets in, whatever mode Node gives the folders within.
        chmodSync(compiled, 0o700);
      }
      enableCompileCache(compiled);
    }
  } catch {
    // It starts without, a little later.
  }
}

/** Whether this process's user alone can write to a folder, and has made the link to it where it is one. */
function isOurs(folder: string): boolean {
  const { uid, mode } = statSync(folder);
  return (
    process.geteuid === undefined ||
    ([uid, lstatSync(folder).uid].every((owner) => owner === process.geteuid?.()) && (mode & 0o022) === 0)
  );
}

/** Whether no other user can put another folder in the place of this one, between a look at it and its use. */
function staysInPlace(folder: string): boolean {
  const { uid, mode } = statSync(dirname(folder));
  const isSticky = (mode & 0o1000) !== 0;
  return (
    process.geteuid === undefined ||
    ((uid === process.geteuid() || uid === 0) && ((mode & 0o002) === 0 || isSticky))
  );
}
