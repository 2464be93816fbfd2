import { hidePatterns } from '../../pattern.ts';
import type { Rows } from '../wire/connection.ts';
import { literal, quoteName } from './catalog.ts';
import { type GuardContext, isInformationSchema } from './context.ts';
import { analyse } from './syntax/analysis.ts';
import { type Analysis, isDefinedByWith, type TableReference } from './syntax/findings.ts';
import { asciiUpper, fold } from './syntax/names.ts';
import { Refusal } from './syntax/reader.ts';
import { plainMode } from './syntax/sql-mode.ts';

/** Columns that nobody may read, by the user's patterns. */
export interface HiddenColumns {
  /** There are patterns. */
  readonly isActive: boolean;
  /** Before another statement: somebody may have changed a table since. */
  forget(): void;
  /** The column of that table (or view) is hidden. */
  matches(database: string, table: string, column: string): boolean;
  /** The text, such as a CHECK, may speak of a hidden column. */
  isMentioned(database: string, table: string, text: string): boolean;
  /** Throws a Refusal where a statement reads one, or might. */
  refuse(analysis: Analysis, context: GuardContext): Promise<void>;
  /** Patterns that fit no column of these databases. */
  unused(databases: readonly string[]): Promise<readonly string[]>;
  /** The view reads none, as far as its text can be seen. */
  allowView(database: string, name: string, context: GuardContext): Promise<boolean>;
}

/** Views of information_schema that name columns, or hold text that does. */
const telling = new Set(
  `COLUMNS COLUMNS_EXTENSIONS STATISTICS KEY_COLUMN_USAGE CHECK_CONSTRAINTS VIEWS TRIGGERS ROUTINES EVENTS PARTITIONS
  PERIODS GEOMETRY_COLUMNS ST_GEOMETRY_COLUMNS`.split(/\s+/),
);

export function hiddenColumns(patterns: readonly string[], rows: Rows): HiddenColumns {
  const hide = hidePatterns(patterns, fold);
  const matches = hide.hides;
  const columnsOf = new Map<string, readonly string[]>();
  const forget = (): void => columnsOf.clear();

  /** The hidden columns of a table, and those that are generated from them. */
  async function hiddenOf(database: string, table: string): Promise<readonly string[]> {
    const key = JSON.stringify([database, table]);
    const known = columnsOf.get(key);
    if (known !== undefined) return known;
    const found = await rows(
      `SELECT COLUMN_NAME, GENERATION_EXPRESSION FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ${literal(database)} AND TABLE_NAME = ${literal(table)}`,
    );
    const names = found.map(([name]) => name ?? '');
    const hidden = new Set(names.filter((name) => matches(database, table, name)));
    for (let before = -1; before !== hidden.size; ) {
      before = hidden.size;
      for (const [name, expression] of found)
        if (name && expression && mentions(expression, hidden)) hidden.add(name);
    }
    columnsOf.set(key, [...hidden]);
    return [...hidden];
  }

  async function refuse(analysis: Analysis, context: GuardContext): Promise<void> {
    if (!hide.isActive) return;
    const touched: TableReference[] = [];
    for (const table of analysis.tables) {
      if (isDefinedByWith(table, analysis)) continue;
      const database = table.database ?? context.database;
      if (isInformationSchema(database) && telling.has(asciiUpper(table.name)))
        throw new Refusal(`information_schema.${table.name} could show hidden columns`);
      const facts = await context.catalog.table(database, table.name);
      if (facts?.view === '')
        throw new Refusal(`${table.name} is a view whose text is not visible: it may read a hidden column`);
      if (typeof facts?.view === 'string') await refuseView(table.name, facts.view, context);
      const hidden = await hiddenOf(database, table.name);
      if (hidden.length === 0) continue;
      touched.push(table);
      if (analysis.form === 'describe' || analysis.form === 'show')
        throw new Refusal(`${table.name} has hidden columns`);
      const read = hidden.find((column) => analysis.names.has(fold(column)));
      if (read !== undefined) throw new Refusal(`${table.name}.${read} is hidden`);
    }
    if (touched.length === 0) return;
    if (analysis.hasNaturalJoin) throw new Refusal('NATURAL JOIN compares hidden columns');
    if (analysis.kind === 'ddl' && analysis.names.has('rename'))
      throw new Refusal('RENAME would take hidden columns out of their pattern');
    // The alias of a table with a history is not read.
    const isUnsure = analysis.names.has('system_time');
    for (const { qualifier, scope } of analysis.stars) {
      const reads = touched.some((table) =>
        qualifier === null ? table.scope === scope : fold(table.alias ?? table.name) === fold(qualifier),
      );
      if (reads || isUnsure) throw new Refusal('* reads hidden columns: name the columns instead');
    }
  }

  /** A view is refused whole where it reads a hidden column of a table behind it. */
  async function refuseView(name: string, text: string, context: GuardContext): Promise<void> {
    try {
      await refuse(analyse(text, plainMode), context);
    } catch (error) {
      if (error instanceof Refusal) throw new Refusal(`View ${name}: ${error.message}`);
      throw error;
    }
  }

  async function allowView(database: string, name: string, context: GuardContext): Promise<boolean> {
    try {
      await refuse(analyse(`SELECT 1 FROM ${quoteName(database)}.${quoteName(name)}`, plainMode), context);
      return true;
    } catch (error) {
      if (error instanceof Refusal) return false;
      throw error;
    }
  }

  const isMentioned = (database: string, table: string, text: string): boolean =>
    hide.isActive &&
    [...text.matchAll(/[\w$\u0080-\uffff]+|`(?:[^`]|``)+`/g)].some(([name]) =>
      matches(database, table, name.replace(/^`|`$/g, '').replaceAll('``', '`')),
    );

  /** The patterns that fit no column of these databases. */
  async function unused(databases: readonly string[]): Promise<readonly string[]> {
    if (!hide.isActive) return [];
    const found = await rows(
      `SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA IN (${databases.map(literal).join(', ')})`,
    );
    return hide.unused(
      found.map(([schema, table, column]) => ({
        schema: schema ?? '',
        table: table ?? '',
        column: column ?? '',
      })),
    );
  }

  return { isActive: hide.isActive, forget, matches, isMentioned, refuse, allowView, unused };
}

function mentions(expression: string, names: ReadonlySet<string>): boolean {
  const text = fold(expression);
  return [...names].some((name) => text.includes(fold(name)));
}
