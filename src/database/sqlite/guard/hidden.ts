import { hidePatterns } from '../../pattern.ts';
import type { Connection } from '../session.ts';
import { describingPragmas } from './functions.ts';
import { type HiddenReader, hiddenReader, reads } from './hidden-reader.ts';
import { lex } from './lex.ts';
import { tablePlaces } from './names.ts';
import { emptyDatabase, mainSchema, plainTable, quote, type Relation, relationsOf } from './schema-copy.ts';
import { statementOf } from './statement.ts';
import { fold } from './token.ts';

/** Which columns nobody may read, and what that forbids. */
export interface HiddenColumns {
  /** Whether a column may be shown: not hidden itself, and not made of a hidden one. */
  isVisible(table: string, column: string): boolean;
  /** Whether a text of the schema, such as a CHECK, names a hidden column. */
  mentionsHidden(text: string): boolean;
  /** Why an admitted statement may not run, or null. `connection` is one to the file itself. */
  refusal(connection: Connection, sql: string): string | null;
  close(): void;
}

/** Tables that show definitions, statistics or rows of other tables. */
const telling = /^(sqlite_.*|pragma_.*|dbstat)$/;

/**
 * Hides columns exactly, where names alone could not: `*`, views, NATURAL JOIN and indexes read what a statement does
 * not name. Two empty copies of the schema stand in memory. In the first, tables have no keys and no indexes, so that
 * every read of a column is a `Column` instruction of the bytecode, which tells table and column. The second lacks the
 * hidden columns: a statement that names one does not prepare there. Null where the patterns fit nothing.
 */
export function hiddenColumnsOf(connection: Connection, hide: readonly string[]): HiddenColumns | null {
  const relations = relationsOf(connection);
  const hidden = hiddenInTables(relations, hide);
  if (holdersOf(hidden).size === 0) {
    return null;
  }
  let closed = closedBy(holdersOf(hidden), relations);
  let { whole, reader } = wholeCopy(relations, hidden, closed);
  // An index on a view that shows a hidden column shows it too, and so does a view of that index.
  for (;;) {
    hideInViews(relations, hidden, reader);
    const more = closedBy(holdersOf(hidden), relations);
    if (more.size === closed.size) {
      break;
    }
    closed = more;
    whole.close();
    ({ whole, reader } = wholeCopy(relations, hidden, closed));
  }
  const open = relations.filter(({ kind, name }) => kind === 'virtual' && !closed.has(fold(name)));
  const isVisible = (table: string, column: string): boolean => {
    const own = hidden.get(fold(table));
    // A table that is closed for what another hides is a copy of that: none of it is told.
    if (closed.has(fold(table)) && (own?.size ?? 0) === 0) {
      return false;
    }
    return own?.has(fold(column)) !== true;
  };
  const visible = emptyDatabase([
    ...relations
      .filter(({ kind }) => kind !== 'virtual')
      .flatMap(
        ({ name, columns, rowid }) =>
          plainTable(
            name,
            columns.filter((column) => isVisible(name, column)),
            rowid,
          ) ?? [],
      ),
    ...open.map(({ sql }) => sql),
  ]);
  const names = new Set([...hidden.values()].flatMap((columns) => [...columns]));
  return {
    isVisible,
    mentionsHidden: (text) => mentions(text, names),
    refusal: (own, sql) => refusalOf(own, sql, { whole, visible, reader }),
    close() {
      whole.close();
      visible.close();
    },
  };
}

interface Copies {
  readonly whole: Connection;
  readonly visible: Connection;
  readonly reader: HiddenReader;
}

function refusalOf(connection: Connection, sql: string, { whole, visible, reader }: Copies): string | null {
  const { text, verb, explainable } = statementOf(sql);
  if (/^(CREATE|ALTER|DROP)$/.test(verb)) {
    return `${verb} could show hidden columns under another name`;
  }
  const tokens = lex(text);
  const placesOfTables = tablePlaces(tokens);
  const tells = tokens.find(
    ({ kind, text: name }, at) =>
      kind !== 'sign' && telling.test(fold(name)) && (kind !== 'text' || placesOfTables[at] === true),
  );
  if (tells !== undefined) {
    return `${tells.text} could show hidden columns`;
  }
  if (explainable === null) {
    const pragma = tokens.find(({ text: name }) => describingPragmas.has(fold(name)));
    return pragma === undefined ? null : `PRAGMA ${pragma.text} could show hidden columns`;
  }
  const columns = columnsIn(connection, explainable);
  // The file's own connection will say what is wrong with it.
  if (columns === null) {
    return null;
  }
  if (columnsIn(whole, explainable) === null) {
    return 'It reads a table that could show hidden columns';
  }
  // Where a hidden column is not there, its name can mean a column outside of a subquery, or drop out of NATURAL JOIN.
  const table = reader(explainable);
  if (table !== null) {
    return `It reads a hidden column of ${table}`;
  }
  const shown = columnsIn(visible, explainable);
  if (shown === null || shown.join('\0') !== columns.join('\0')) {
    return 'It reads a hidden column';
  }
  return null;
}

/** The names of a statement's columns; null where it does not prepare. */
function columnsIn(connection: Connection, statement: string): string[] | null {
  try {
    const prepared = connection.prepare(statement);
    return prepared.reader ? prepared.columns().map(({ name }) => name) : [];
  } catch {
    return null;
  }
}

/** Hidden columns by table; a generated column that is made of a hidden one is hidden as well. */
function hiddenInTables(relations: readonly Relation[], hide: readonly string[]): Map<string, Set<string>> {
  const { hides } = hidePatterns(hide);
  return new Map(
    relations.map(({ name, columns, generated }) => {
      const hidden = new Set(columns.filter((column) => hides(mainSchema, name, column)).map(fold));
      for (let size = -1; size !== hidden.size; ) {
        size = hidden.size;
        for (const [column, expression] of generated) {
          if (mentions(expression, hidden)) {
            hidden.add(fold(column));
          }
        }
      }
      return [fold(name), hidden];
    }),
  );
}

/** Names of what has a hidden column. */
function holdersOf(hidden: ReadonlyMap<string, ReadonlySet<string>>): ReadonlySet<string> {
  return new Set([...hidden].filter(([, columns]) => columns.size > 0).map(([name]) => name));
}

/** Virtual tables that are closed whole: they have a hidden column, or their arguments name what has one or is closed. */
function closedBy(holders: ReadonlySet<string>, relations: readonly Relation[]): ReadonlySet<string> {
  const virtual = relations.filter(({ kind }) => kind === 'virtual');
  const closed = new Set<string>();
  for (let size = -1; size !== closed.size; ) {
    size = closed.size;
    const names = new Set([...holders, ...closed]);
    for (const { name, sql } of virtual) {
      if (names.has(fold(name)) || mentions(sql, names)) {
        closed.add(fold(name));
      }
    }
  }
  return closed;
}

/** The copy that has all columns of what is not closed. */
function wholeCopy(
  relations: readonly Relation[],
  hidden: ReadonlyMap<string, ReadonlySet<string>>,
  closed: ReadonlySet<string>,
): Pick<Copies, 'whole' | 'reader'> {
  const whole = emptyDatabase([
    ...relations
      .filter(({ kind }) => kind === 'table')
      .flatMap(({ name, columns }) => plainTable(name, columns) ?? []),
    ...relations
      .filter(({ kind, name }) => kind === 'virtual' && !closed.has(fold(name)))
      .map(({ sql }) => sql),
    ...relations.filter(({ kind }) => kind === 'view').map(({ sql }) => sql),
  ]);
  return { whole, reader: hiddenReader(whole, relations, hidden) };
}

/** Adds the columns of views that are made of hidden ones. */
function hideInViews(
  relations: readonly Relation[],
  hidden: ReadonlyMap<string, Set<string>>,
  reader: HiddenReader,
): void {
  for (const view of relations.filter(({ kind }) => kind === 'view')) {
    for (const column of view.columns) {
      if (reads(reader, `SELECT ${quote(column)} FROM ${quote(view.name)}`)) {
        hidden.get(fold(view.name))?.add(fold(column));
      }
    }
  }
}

function mentions(text: string, names: ReadonlySet<string>): boolean {
  try {
    return lex(text).some((token) => token.kind !== 'sign' && names.has(fold(token.text)));
  } catch {
    return names.size > 0;
  }
}
