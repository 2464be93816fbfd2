import { nearest } from '../schema/nearest.ts';
import type { Verdict } from './admitted-statement.ts';
import { misplacedVerdict, placeIn } from './syntax-error.ts';

const deeds: Readonly<Record<string, string>> = {
  INSERT: 'adds rows to',
  REPLACE: 'replaces rows of',
  DELETE: 'removes rows of',
};

/** What is said, on every engine, of a statement that changes rows of these tables. */
export function changeVerdict(verb: string, tables: readonly string[]): Verdict {
  const names = tables.length === 0 ? 'a table' : tables.join(', ');
  return { kind: 'write', reason: `${verb} ${deeds[verb] ?? 'changes rows of'} ${names}.` };
}

const definitions: Readonly<Record<string, string>> = {
  CREATE: 'makes',
  ALTER: 'changes',
  DROP: 'deletes',
};

const objects: Readonly<Record<string, string>> = {
  TABLE: 'a table',
  TABLES: 'tables',
  VIEW: 'a view',
  'MATERIALIZED VIEW': 'a materialized view',
  INDEX: 'an index',
  TRIGGER: 'a trigger',
  SCHEMA: 'a schema',
  SEQUENCE: 'a sequence',
  STATISTICS: 'statistics',
  TYPE: 'a type',
  DOMAIN: 'a type',
};

const otherDefinitions: Readonly<Record<string, string>> = {
  ANALYZE: 'writes statistics into the database',
  COMMENT: 'changes a comment',
  REFRESH: 'replaces the rows of a materialized view',
  REINDEX: 'builds indexes anew',
  RENAME: 'changes the name of a table',
  TRUNCATE: 'removes all rows of a table',
};

/** Words between CREATE and what is made. */
const modifiers = new Set(
  `OR REPLACE TEMP TEMPORARY LOCAL GLOBAL UNLOGGED UNIQUE FULLTEXT SPATIAL VECTOR VIRTUAL RECURSIVE CONSTRAINT
  ONLINE IGNORE`.split(/\s+/),
);

/** The first words of a statement without the modifiers of CREATE: `CREATE VIEW` for CREATE OR REPLACE VIEW. */
function commandOf(words: readonly string[]): readonly string[] {
  const [verb = '', ...rest] = words;
  const first = rest.findIndex((word) => !modifiers.has(word));
  return verb === 'CREATE' && first > 0 ? [verb, ...rest.slice(first)] : words;
}

/** What is said, on every engine, of a statement that changes tables; `words` in upper case, the first five or so. */
export function definitionVerdict(words: readonly string[]): Verdict {
  const [verb = '', first = '', second = ''] = commandOf(words);
  const object = [`${first} ${second}`, first].find((name) => name in objects);
  const deed = definitions[verb];
  const reason =
    deed === undefined || object === undefined
      ? `${verb} ${otherDefinitions[verb] ?? 'changes the schema'}.`
      : `${verb} ${object} ${deed} ${objects[object]}.`;
  return { kind: 'ddl', reason };
}

const session = 'changes the session, and with it its protection';
const transaction = 'would end the protection of this session';
const rights = 'changes who may do what';
const code = 'brings in code';
const otherServer = 'reaches another server';
const maintenance = 'does maintenance outside of a query';

/** Statements of any engine that sqlq never runs, by the words that they begin with. */
const neverRun: Readonly<Record<string, string>> = {
  ABORT: transaction,
  'ALTER DATABASE': 'changes settings of the server',
  'ALTER DEFAULT PRIVILEGES': rights,
  'ALTER EVENT': code,
  'ALTER FUNCTION': code,
  'ALTER PROCEDURE': code,
  'ALTER ROLE': 'changes a role',
  'ALTER SUBSCRIPTION': otherServer,
  'ALTER SYSTEM': 'changes settings of the server',
  'ALTER USER': 'changes a role',
  'ALTER USER MAPPING': 'changes a password of another server',
  ANALYSE: maintenance,
  ANALYZE: maintenance,
  ATTACH: 'opens another database',
  BEGIN: transaction,
  CALL: 'runs a procedure, which may do anything',
  CHANGE: 'acts on the server itself',
  CHECK: maintenance,
  CHECKPOINT: 'acts on the server itself',
  CLOSE: session,
  CLUSTER: 'rewrites a table outside of a query',
  COMMIT: transaction,
  COPY: 'moves data through files, programs or a second channel',
  'CREATE AGGREGATE': code,
  'CREATE CAST': code,
  'CREATE DATABASE': 'makes a database',
  'CREATE EVENT': code,
  'CREATE EVENT TRIGGER': code,
  'CREATE EXTENSION': 'brings code into the server',
  'CREATE FOREIGN DATA WRAPPER': 'reaches outside of the database',
  'CREATE FOREIGN TABLE': 'reaches outside of the database',
  'CREATE FUNCTION': code,
  'CREATE LANGUAGE': code,
  'CREATE POLICY': 'changes who may read what',
  'CREATE PROCEDURE': code,
  'CREATE PUBLICATION': 'sends data to other servers',
  'CREATE ROLE': 'makes a role',
  'CREATE GROUP': 'makes a role',
  'CREATE RULE': 'changes what a statement does',
  'CREATE SERVER': otherServer,
  'CREATE SUBSCRIPTION': otherServer,
  'CREATE TABLESPACE': 'writes to a folder of the server',
  'CREATE TRIGGER': code,
  'CREATE USER': 'makes a role',
  'CREATE USER MAPPING': 'stores a password',
  DEALLOCATE: session,
  DECLARE: session,
  DETACH: 'closes a database of the session',
  DISCARD: session,
  DO: 'runs code, which may do anything',
  'DROP DATABASE': 'deletes a database',
  'DROP EVENT': 'deletes code',
  'DROP FUNCTION': 'deletes code',
  'DROP OWNED': 'deletes all that a role owns',
  'DROP PROCEDURE': 'deletes code',
  'DROP ROLE': 'deletes a role',
  'DROP SUBSCRIPTION': otherServer,
  'DROP TABLESPACE': 'deletes a folder of the server',
  'DROP USER': 'deletes a role',
  'DROP USER MAPPING': 'changes a password of another server',
  END: transaction,
  EXECUTE: 'runs a statement that nobody sees',
  FETCH: 'reads a cursor, which is of the session',
  FLUSH: 'acts on the server itself',
  GRANT: rights,
  HANDLER: 'reads a table outside of a query',
  'IMPORT FOREIGN SCHEMA': otherServer,
  INSTALL: 'brings code into the server',
  KILL: 'ends sessions',
  LISTEN: session,
  LOAD: 'reads a file or loads code into the server',
  LOCK: 'locks tables for everybody',
  MOVE: 'moves a cursor, which is of the session',
  NOTIFY: 'sends a message to other sessions',
  OPTIMIZE: maintenance,
  PREPARE: session,
  PURGE: 'removes logs of the server',
  'REASSIGN OWNED': rights,
  RELEASE: transaction,
  REPAIR: maintenance,
  RESET: session,
  REVOKE: rights,
  ROLLBACK: transaction,
  SAVEPOINT: transaction,
  'SECURITY LABEL': rights,
  SET: session,
  SHUTDOWN: 'acts on the server itself',
  START: transaction,
  STOP: 'acts on the server itself',
  UNINSTALL: 'takes code from the server',
  UNLISTEN: session,
  UNLOCK: 'changes locks',
  USE: session,
  VACUUM: 'rewrites tables, or writes a copy of them to a file',
  XA: transaction,
};

const longestCommand = 4;

/** What is said, on every engine, of a statement that never runs; null where the words begin none. */
export function neverRunReason(words: readonly string[]): string | null {
  const command = commandOf(words);
  for (let length = longestCommand; length > 0; length--) {
    const name = command.slice(0, length).join(' ');
    const deed = neverRun[name];
    if (command.length >= length && deed !== undefined) {
      return `${name} ${deed}.`;
    }
  }
  return null;
}

/** What is said, on every engine, of text in which something begins and does not end. */
export function unclosedVerdict(what: 'quote' | 'comment' | 'parenthesis'): Verdict {
  return { kind: 'syntax', reason: `Syntax error: a ${what} is not closed.` };
}

export const noStatement = 'There is no statement.';
export const moreThanOne = 'There is more than one statement, and only one can run.';

/** Words that begin a statement of every engine. */
const beginnings = 'SELECT WITH VALUES EXPLAIN INSERT UPDATE DELETE CREATE ALTER DROP'.split(' ');

/**
 * What is said, on every engine, of text that is no statement. `at` counts the characters before the word that is not
 * expected; `isFirst` where it is the first of the text.
 */
export function syntaxVerdict(
  sql: string,
  { word, at, isFirst }: { readonly word: string; readonly at: number; readonly isFirst: boolean },
): Verdict {
  const place = ` (${placeIn(sql, at)})`;
  if (!isFirst) {
    return misplacedVerdict(place, word, /([\p{L}_]+)\s*$/u.exec(sql.slice(0, at))?.[1] ?? '');
  }
  const near = nearest(word, beginnings);
  const reason = word === '' ? 'Syntax error at the end.' : `Syntax error near "${word}"${place}.`;
  return near === null ? { kind: 'syntax', reason } : { kind: 'syntax', reason, near };
}
