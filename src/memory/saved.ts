import type { SqlDialect } from '../database/dialect.ts';
import { dialectOf, isEngine } from '../database/engines.ts';
import { SqlqError } from '../errors.ts';
import { namesIn, placeholdersOf, withoutComments } from '../schema/literals.ts';
import type { Schema, Table } from '../schema/schema.ts';
import { parameterize, parameterTypes, type SavedParameter } from './parameters.ts';

/** A table and the columns of it that a statement reads, with their types. */
export interface TableRead {
  readonly table: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

/** A question that a team keeps: a file with a header, read by people and by `sqlq run`. */
export interface SavedQuestion {
  readonly question: string;
  /** The name of the engine that it was written for. */
  readonly engine: string;
  readonly parameters: readonly SavedParameter[];
  /** What the statement read when it was saved. */
  readonly reads: readonly TableRead[];
  /** With `:name` for each parameter. */
  readonly sql: string;
}

/**
 * Makes a saved question of an answer: its literals become parameters, and its comments are left out. Throws a SqlqError
 * `usage` where the comments can't be told from the rest.
 */
export function makeSaved(question: string, sql: string, schema: Schema): SavedQuestion {
  const { engine } = schema.dialect;
  const dialect = dialectOf(engine);
  const bare = withoutComments(sql, dialect);
  if (bare === null) {
    throw new SqlqError('usage', 'This SQL can not be saved: its comments can not be told from its texts.', {
      hint: 'Ask for it without comments, and save that.',
    });
  }
  return { question, engine, ...parameterize(bare, dialect), reads: readsOf(bare, schema) };
}

function readsOf(sql: string, schema: Schema): readonly TableRead[] {
  const names = namesIn(sql, dialectOf(schema.dialect.engine));
  const isRead = ({ name }: { readonly name: string }): boolean => names.has(name.toLowerCase());
  return schema.tables.filter(isRead).map((table) => ({
    table: titleOf(table, schema),
    columns: table.columns.filter(isRead).map(({ name, type }) => ({ name, type })),
  }));
}

function titleOf({ schema, name }: Table, { searchPath }: Schema): string {
  return searchPath.includes(schema) ? name : `${schema}.${name}`;
}

/** What has changed of that which a question reads, in plain words; empty where all is as it was. */
export function changesSince(reads: readonly TableRead[], schema: Schema): readonly Change[] {
  return reads.flatMap(({ table, columns }): Change[] => {
    const found = schema.tables.find((candidate) => titleOf(candidate, schema) === table);
    if (found === undefined) {
      return [{ text: `${table} is gone`, isGone: true }];
    }
    return columns.flatMap(({ name, type }): Change[] => {
      const column = found.columns.find((candidate) => candidate.name === name);
      if (column === undefined) {
        return [{ text: `${table}.${name} is gone`, isGone: true }];
      }
      return column.type === type
        ? []
        : [{ text: `${table}.${name} was ${type} and is ${column.type}`, isGone: false }];
    });
  });
}

export interface Change {
  readonly text: string;
  /** The statement can't run any more. */
  readonly isGone: boolean;
}

/** A saved question as the text of its file. */
export function writeSaved({ question, engine, parameters, reads, sql }: SavedQuestion): string {
  const header = [
    ...question.trim().split(/\r\n|\r|\n/u),
    '',
    `database: ${engine}`,
    ...parameters.map(
      ({ name, type, default: value }) =>
        `parameter ${name}: ${type}${value === null ? '' : ` = ${/^\S+(?: \S+)*$/u.test(value) && !value.startsWith('"') ? value : JSON.stringify(value)}`}`,
    ),
    ...reads.map(
      ({ table, columns }) =>
        `reads ${nameText(table)}${columns.length === 0 ? '' : ': '}${columns.map(({ name, type }) => `${nameText(name)} ${type}`.trim()).join(', ')}`,
    ),
  ];
  return `${header.map((line) => `-- ${line}`.trimEnd()).join('\n')}\n\n${sql.trim()}\n`;
}

function nameText(name: string): string {
  return /^[\w.$]+$/u.test(name) ? name : JSON.stringify(name);
}

/** Reads the file of a saved question. Throws a SqlqError `usage` that names file and line. */
export function parseSaved(text: string, path: string): SavedQuestion {
  const lines = text.split(/\r?\n/u);
  const found = lines.findIndex((line) => !/^--|^\s*$/u.test(line));
  const count = found === -1 ? lines.length : found;
  const fail = (index: number, what: string): never => {
    throw new SqlqError('usage', `${path}, line ${index + 1}: ${what}`, {
      hint: 'A saved question begins with comments: the question, "database: sqlite", "parameter year: year = 2025", "reads orders: id integer"; then its SQL.',
    });
  };
  const question: string[] = [];
  const parameters: SavedParameter[] = [];
  const reads: TableRead[] = [];
  let dialect: SqlDialect | null = null;
  for (const [index, line] of lines.slice(0, count).entries()) {
    const content = line.replace(/^--\s?/u, '').trim();
    const [, key = '', rest = ''] = /^(database:|parameter |reads )(.*)$/u.exec(content) ?? [];
    if (key === 'database:') {
      const name = rest.trim();
      dialect = isEngine(name) ? dialectOf(name) : fail(index, `no database is called "${name}"`);
    } else if (key === 'parameter ') {
      parameters.push(parseParameter(rest) ?? fail(index, `"${content}" is no parameter`));
    } else if (key === 'reads ') {
      reads.push(parseRead(rest) ?? fail(index, `"${content}" names no table`));
    } else if (content !== '' && dialect === null) {
      question.push(content);
    }
  }
  const written = lines.slice(count).join('\n').trim();
  if (dialect === null) {
    return fail(0, 'it does not say which database it is for');
  }
  const sql =
    withoutComments(written, dialect) ??
    fail(count, 'the comments can not be told from the texts: leave them out');
  if (sql === '') {
    return fail(count - 1, 'there is no SQL');
  }
  requireDeclared(sql, dialect, parameters, (what) => fail(count, what));
  return { question: question.join('\n'), engine: dialect.name, parameters, reads, sql };
}

function requireDeclared(
  sql: string,
  dialect: SqlDialect,
  parameters: readonly SavedParameter[],
  fail: (what: string) => never,
): void {
  const known = new Set(
    parameters.flatMap(({ name, type }) =>
      type === 'year' || type === 'month' ? ['from', 'until', 'to'].map((end) => `${name}_${end}`) : [name],
    ),
  );
  const used = placeholdersOf(sql, dialect) ?? (parameters.length > 0 ? fail('the SQL can not be read') : []);
  const strange = used.find(({ name }) => !known.has(name));
  if (strange !== undefined) {
    fail(`the SQL has :${strange.name}, which is no parameter of the header`);
  }
}

function parseParameter(text: string): SavedParameter | null {
  const [, name, type, value] = /^([a-z]\w*):\s*(\w+)(?:\s*=\s*(.*))?$/u.exec(text.trim()) ?? [];
  const known = parameterTypes.find((candidate) => candidate === type);
  if (name === undefined || known === undefined) {
    return null;
  }
  return { name, type: known, default: value === undefined ? null : unquoted(value) };
}

function parseRead(text: string): TableRead | null {
  const [, table, rest = ''] = /^("(?:[^"\\]|\\.)*"|[^\s:]+)(?::\s*(.*))?$/u.exec(text.trim()) ?? [];
  if (table === undefined) {
    return null;
  }
  // A type may have commas of its own, in brackets.
  const parts = rest.match(/(?:"(?:[^"\\]|\\.)*"|\([^)]*\)|[^,("])+/gu) ?? [];
  const columns = parts.flatMap((part) => {
    const [, name, type = ''] = /^("(?:[^"\\]|\\.)*"|\S+)\s*(.*)$/u.exec(part.trim()) ?? [];
    return name === undefined ? [] : [{ name: unquoted(name), type: type.trim() }];
  });
  return { table: unquoted(table), columns };
}

function unquoted(text: string): string {
  if (!text.startsWith('"')) {
    return text;
  }
  try {
    return String(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) {
      return text;
    }
    throw error;
  }
}
