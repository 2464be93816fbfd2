import type { ResultColumn, Row } from '../result.ts';
import type { Reading } from './data-files.ts';

/** How a connection can be protected. */
export const tlsModes = ['disable', 'require', 'verify-ca', 'verify-full'] as const;

/** How a connection over the network is protected. */
export interface Tls {
  /**
   * `disable`: plain text. `require`: encrypted, the server's certificate unchecked (the user said so).
   * `verify-ca`: its chain is checked. `verify-full`: its chain and its host name are checked.
   */
  readonly mode: (typeof tlsModes)[number];
  /** PEM text. */
  readonly ca: string | null;
  readonly certificate: string | null;
  readonly key: string | null;
}

/** Rows that are no database's any more. */
export interface RowsInMemory {
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly Row[];
}

/** A database that is a file. */
export interface FileTarget {
  /** The name of its engine among `engines.ts`. */
  readonly engine: string;
  /** Absolute path of the file; a mere name where there is `content`. */
  readonly path: string;
  /** Rows to hold in memory as the table `last`, instead of a file. */
  readonly content?: RowsInMemory;
  /** Files that are no database by themselves, and are read as one; `path` then only names them. */
  readonly reading?: Reading;
}

/** A server to talk to, everything resolved: the process that connects reads no environment and no file. */
export interface ServerTarget {
  /** The name of its engine among `engines.ts`. */
  readonly engine: string;
  readonly host: string;
  readonly port: number;
  /** Path of a unix socket (PostgreSQL: of its folder); null for TCP. Where it is set, host and port only name it. */
  readonly socket: string | null;
  readonly user: string;
  readonly password: string | null;
  readonly database: string | null;
  readonly tls: Tls;
}

/** One database to open. */
export type Target = FileTarget | ServerTarget;

/** Whether a database is a file. */
export function isFile(target: Target): target is FileTarget {
  return 'path' in target;
}

/** Whether a database is one of this engine. */
export function isOf(target: Pick<Target, 'engine'>, engine: string): boolean {
  return target.engine === engine;
}

/** A target as text for errors and reports: no password, no user. */
export function describeTarget(target: Target): string {
  if (isFile(target)) {
    return target.reading === undefined
      ? `${target.engine}:${target.path}`
      : target.path.replaceAll('\n', ', ');
  }
  const place =
    target.socket ?? `${target.host.includes(':') ? `[${target.host}]` : target.host}:${target.port}`;
  return `${target.engine}://${place}/${target.database ?? ''}`;
}
