import { SqlqError } from '../../../errors.ts';
import type { Reading } from '../../data-files.ts';
import type { HidePatterns } from '../../pattern.ts';
import { type Connection, type Connector, type Instance, openInstance } from '../session.ts';
import { type AttachedRelation, type ShownAs, shownRelations } from './attached.ts';
import { type LoadedFiles, loadFiles } from './load.ts';
import { patternOf } from './sql.ts';
import { readingVersion } from './version.ts';

/** Connections to tables that were made of files. */
export interface FilesConnector extends Connector {
  /** What was assumed of the files, in whole sentences. */
  warnings(): readonly string[];
  /** What a table or view of an attached database is shown as; null where it is none. */
  shownAs(relation: AttachedRelation): ShownAs | null;
  /** The files that views of ours read, as those name them. */
  readonly paths: ReadonlySet<string>;
}

interface Opened {
  readonly instance: Instance;
  readonly loaded: LoadedFiles;
  readonly version: string;
}

/** With so much memory, and more, as many rows are held in it as ever are. */
const fullMemory = 1024 ** 3;

/**
 * Reads files into a database in memory, anew whenever one of them has changed. From then on it can read those files alone
 * that are too large for memory. Throws a SqlqError that names a file which can't be read.
 */
export async function filesConnector(
  reading: Reading,
  hidden: HidePatterns,
  memoryLimit = fullMemory,
  room = Math.min(1, memoryLimit / fullMemory),
): Promise<FilesConnector> {
  const paths = new Set<string>();
  const open = async (): Promise<Opened> => {
    const version = readingVersion(reading);
    let loaded: LoadedFiles = { warnings: [], paths: [], shown: shownRelations(), finish: async () => {} };
    const instance = await openInstance({
      path: ':memory:',
      access: 'READ_WRITE',
      memoryLimit,
      fill: async (connection) => {
        loaded = await loadFiles({ rows: (sql) => connection.rows(sql) }, reading, { hidden, room });
        // DuckDB asks of both: what it is given, and what it finds by it.
        return loaded.paths.flatMap((path) => [path, patternOf(path)]);
      },
      finish: () => loaded.finish(),
    });
    for (const path of loaded.paths) {
      paths.add(patternOf(path));
    }
    return { instance, loaded, version };
  };
  let current = await open();
  let users = 0;
  return {
    paths,
    warnings: () => current.loaded.warnings,
    shownAs: (relation) => current.loaded.shown.of(relation),
    async reader() {
      // A statement that is under way goes on with what it began with.
      if (users === 0 && readingVersion(reading) !== current.version) {
        const before = current;
        current = await open();
        before.instance.close();
      }
      const connection: Connection = await current.instance.connect();
      users += 1;
      let isOpen = true;
      return {
        ...connection,
        // Nothing changes what was made of the files.
        access: 'READ_ONLY',
        close() {
          if (isOpen) {
            isOpen = false;
            users -= 1;
            connection.close();
          }
        },
      };
    },
    async writer() {
      throw new SqlqError('usage', 'Files are read here, and never written.', {
        hint: 'Leave --write out; to change rows, load the file into a database of yours.',
      });
    },
    close() {
      current.instance.close();
    },
  };
}
