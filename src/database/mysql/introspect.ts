import type { Column, ForeignKey, Schema, Table, TableKind } from '../../schema/schema.ts';
import type { SchemaFilter } from '../database.ts';
import { tableFilter, wildcard } from '../pattern.ts';
import { errorNumber } from './errors.ts';
import { literal, within } from './guard/catalog.ts';
import type { GuardContext } from './guard/context.ts';
import type { HiddenColumns } from './guard/hidden-columns.ts';
import { isRemote } from './guard/secrets.ts';
import { fold } from './guard/syntax/names.ts';
import type { Session } from './session.ts';
import type { Rows, TextRow } from './wire/connection.ts';

/** ER_UNKNOWN_TABLE of information_schema */
const unknownTable = 1109;

/** The tables of the current database, or of those that the filter names, in five queries at most. */
export async function introspect(
  session: Session,
  filter: SchemaFilter,
  context: GuardContext,
  hidden: HiddenColumns,
): Promise<Schema> {
  const databases =
    filter.schemas.length === 0
      ? [session.database]
      : await databasesNamed(filter.schemas, (sql) => session.rows(sql));
  const isWanted = tableFilter(filter, fold);
  const inThem = (column: string): string => `${column} ${within(databases)}`;
  const isMariadb = session.dialect.product === 'MariaDB';
  const rows: Rows = async (sql) => {
    const found = await session.rows(sql);
    return session.isGate ? found.map(([, ...rest]) => [session.database, ...rest]) : found;
  };
  const listed = (
    await rows(
      `SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE, TABLE_ROWS, TABLE_COMMENT, CREATE_OPTIONS, ENGINE FROM information_schema.TABLES WHERE ${inThem('TABLE_SCHEMA')} AND TABLE_TYPE <> 'SEQUENCE'`,
    )
  ).filter(([schema, name]) => isWanted(schema ?? '', name ?? ''));
  // MariaDB opens a table to tell its keys: one on another server, which may be down, would take the rest with it.
  const remote = listed.filter((row) => isRemote(row[6] ?? '')).map(([, name]) => name ?? '');
  const isHere = (column: string): string =>
    remote.length === 0 ? '' : ` AND ${column} NOT IN (${remote.map(literal).join(', ')})`;
  const tables: TextRow[] = [];
  for (const row of listed) {
    const [schema, name, type] = row;
    if (type !== 'VIEW' || (await hidden.allowView(schema ?? '', name ?? '', context))) {
      tables.push(row);
    }
  }
  const columns = byTable(
    await rows(
      `SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE, COLUMN_DEFAULT, EXTRA, GENERATION_EXPRESSION, COLUMN_COMMENT, DATA_TYPE FROM information_schema.COLUMNS WHERE ${inThem('TABLE_SCHEMA')} ORDER BY TABLE_SCHEMA, TABLE_NAME, ORDINAL_POSITION`,
    ),
  );
  const keys = byTable(
    await rows(
      `SELECT TABLE_SCHEMA, TABLE_NAME, CONSTRAINT_NAME, COLUMN_NAME, REFERENCED_TABLE_SCHEMA, REFERENCED_TABLE_NAME, REFERENCED_COLUMN_NAME FROM information_schema.KEY_COLUMN_USAGE WHERE ${inThem('TABLE_SCHEMA')}${isHere('TABLE_NAME')} ORDER BY TABLE_SCHEMA, TABLE_NAME, CONSTRAINT_NAME, ORDINAL_POSITION`,
    ),
  );
  const indexes = byTable(
    await rows(
      `SELECT TABLE_SCHEMA, TABLE_NAME, INDEX_NAME, COLUMN_NAME FROM information_schema.STATISTICS WHERE ${inThem('TABLE_SCHEMA')}${isHere('TABLE_NAME')} AND NON_UNIQUE = 0 ORDER BY TABLE_SCHEMA, TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX`,
    ),
  );
  const checks = byTable(
    await rows(isMariadb ? mariadbChecks(inThem) : mysqlChecks(inThem)).catch((error: unknown) => {
      // MySQL 5.7 and MariaDB 10.1 have no such view, and no checks.
      if (errorNumber(error) === unknownTable) {
        return [];
      }
      throw error;
    }),
  );
  const partitions = tables.some((row) => row[5]?.includes('partitioned'))
    ? byTable(
        await rows(
          `SELECT TABLE_SCHEMA, TABLE_NAME, PARTITION_METHOD, PARTITION_EXPRESSION, COUNT(*) FROM information_schema.PARTITIONS WHERE ${inThem('TABLE_SCHEMA')} AND PARTITION_NAME IS NOT NULL GROUP BY 1, 2, 3, 4`,
        ),
      )
    : new Map<string, TextRow[]>();

  const read = tables.map((row): Table => {
    const [schema, name, type, estimate, comment, , storageEngine] = row;
    const key = keyOf(row);
    const hiddenHere = new Set(
      hidden.among(
        schema ?? '',
        name ?? '',
        (columns.get(key) ?? []).map((column) => [column[2] ?? null, column[7] ?? null]),
      ),
    );
    const isHidden = (column: string): boolean => hiddenHere.has(column);
    const unique = groups(indexes.get(key) ?? []);
    const ownChecks = checks.get(key) ?? [];
    const partition = partitions.get(key)?.[0];
    return {
      schema: schema ?? '',
      name: name ?? '',
      kind: kindOf(type ?? '', partition !== undefined),
      // The comment of a view is the word VIEW; that of a table elsewhere can hold a password.
      comment: type === 'VIEW' || isRemote(storageEngine ?? '') ? null : comment || null,
      rowEstimate: session.isGate || !estimate ? null : Number(estimate),
      columns: (columns.get(key) ?? [])
        .map((column) => columnOf(column, ownChecks, isMariadb))
        .filter(
          ({ name: column, generated }) =>
            !isHidden(column) && !hidden.isMentioned(schema ?? '', name ?? '', generated ?? ''),
        ),
      primaryKey: (unique.get('PRIMARY') ?? []).filter((column) => !isHidden(column)),
      uniqueKeys: [...unique]
        .filter(([index, names]) => index !== 'PRIMARY' && names.every((each) => each && !isHidden(each)))
        .map(([, names]) => names),
      foreignKeys: foreignKeysOf(keys.get(key) ?? []).filter(({ columns, references }) =>
        columns.every((column, index) => {
          const target = references.columns[index] ?? '';
          return !isHidden(column) && !hidden.matches(references.schema, references.table, target);
        }),
      ),
      checks: ownChecks
        .map(([, , clause]) => clause ?? '')
        .filter((clause) => !isJsonCheck(clause) && !hidden.isMentioned(schema ?? '', name ?? '', clause)),
      traits: traitsOf(type ?? '', partition),
    };
  });
  return {
    dialect: session.dialect,
    database: session.database,
    searchPath: [session.database],
    tables: read.toSorted((a, b) => compare(a.schema, b.schema) || compare(a.name, b.name)),
  };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const keyOf = (row: TextRow): string => JSON.stringify([row[0], row[1]]);

function byTable(rows: readonly TextRow[]): Map<string, TextRow[]> {
  const groups = new Map<string, TextRow[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group) {
      group.push(row);
    } else {
      groups.set(key, [row]);
    }
  }
  return groups;
}

/** Columns of each index, by its name; a part that is an expression has an empty name. */
function groups(rows: readonly TextRow[]): Map<string, string[]> {
  const indexes = new Map<string, string[]>();
  for (const [, , index, column] of rows) {
    const names = indexes.get(index ?? '') ?? [];
    names.push(column ?? '');
    indexes.set(index ?? '', names);
  }
  return indexes;
}

const mariadbChecks = (within: (column: string) => string): string =>
  `SELECT CONSTRAINT_SCHEMA, TABLE_NAME, CHECK_CLAUSE FROM information_schema.CHECK_CONSTRAINTS WHERE ${within('CONSTRAINT_SCHEMA')} ORDER BY CONSTRAINT_SCHEMA, TABLE_NAME, CONSTRAINT_NAME`;

const mysqlChecks = (within: (column: string) => string): string =>
  `SELECT t.CONSTRAINT_SCHEMA, t.TABLE_NAME, c.CHECK_CLAUSE FROM information_schema.TABLE_CONSTRAINTS t JOIN information_schema.CHECK_CONSTRAINTS c USING (CONSTRAINT_SCHEMA, CONSTRAINT_NAME) WHERE ${within('t.CONSTRAINT_SCHEMA')} AND t.CONSTRAINT_TYPE = 'CHECK' ORDER BY t.CONSTRAINT_SCHEMA, t.TABLE_NAME, t.CONSTRAINT_NAME`;

const isJsonCheck = (clause: string): boolean => /^json_valid\(`(?:[^`]|``)+`\)$/i.test(clause);

function columnOf(row: TextRow, checks: readonly TextRow[], isMariadb: boolean): Column {
  const [, , name = '', type = '', nullable, fallback, extra = '', generation, comment] = row;
  const isJson =
    isMariadb &&
    type === 'longtext' &&
    checks.some(
      ([, , clause]) =>
        clause?.toLowerCase() === `json_valid(\`${name?.replaceAll('`', '``').toLowerCase()}\`)`,
    );
  return {
    name: name ?? '',
    type: isJson ? 'json' : (type ?? ''),
    nullable: nullable === 'YES',
    default: defaultOf(fallback ?? null, extra ?? '', isMariadb, type ?? ''),
    identity: /auto_increment/i.test(extra ?? ''),
    generated: generation || null,
    comment: comment || null,
    values: valuesOf(type ?? ''),
  };
}

/** MariaDB gives SQL text, where NULL is written out; MySQL gives a bare value unless it is an expression. */
function defaultOf(text: string | null, extra: string, isMariadb: boolean, type: string): string | null {
  if (text === null || (isMariadb && text === 'NULL')) {
    return null;
  }
  if (isMariadb || /DEFAULT_GENERATED/i.test(extra)) {
    return text;
  }
  return /^(?:tinyint|smallint|mediumint|int|bigint|decimal|float|double|year|bit)\b/.test(type)
    ? text
    : literal(text);
}

/** The labels of `enum('a','b')` and `set('a','b')`; a quote within is doubled. */
export function valuesOf(type: string): readonly string[] | null {
  const list = /^(?:enum|set)\((.*)\)$/is.exec(type)?.[1];
  if (list === undefined) {
    return null;
  }
  return [...list.matchAll(/'((?:[^']|'')*)'/g)].map(([, label = '']) => label.replaceAll("''", "'"));
}

function foreignKeysOf(rows: readonly TextRow[]): readonly ForeignKey[] {
  const keys = new Map<string, { columns: string[]; schema: string; table: string; targets: string[] }>();
  for (const [, , constraint, column, schema, table, target] of rows) {
    if (!schema || !table) {
      continue;
    }
    const key = keys.get(constraint ?? '') ?? { columns: [], schema, table, targets: [] };
    key.columns.push(column ?? '');
    key.targets.push(target ?? '');
    keys.set(constraint ?? '', key);
  }
  return [...keys.values()].map(({ columns, schema, table, targets }) => ({
    columns,
    references: { schema, table, columns: targets },
  }));
}

function kindOf(type: string, isPartitioned: boolean): TableKind {
  if (type === 'VIEW' || type === 'SYSTEM VIEW') {
    return 'view';
  }
  return isPartitioned ? 'partitioned table' : 'table';
}

function traitsOf(type: string, partition: TextRow | undefined): readonly string[] {
  const traits = type === 'SYSTEM VERSIONED' ? ['keeps its history: FOR SYSTEM_TIME'] : [];
  if (partition === undefined) {
    return traits;
  }
  const [, , method, expression, count] = partition;
  return [...traits, `${count} partitions by ${method?.toLowerCase() ?? ''}(${expression ?? ''})`];
}

/** The databases that patterns mean, the server's own aside. A name without `*` means itself, whether it is there or not. */
export async function databasesNamed(patterns: readonly string[], rows: Rows): Promise<readonly string[]> {
  if (!patterns.some((pattern) => pattern.includes('*'))) {
    return patterns;
  }
  const there = (await rows('SELECT SCHEMA_NAME FROM information_schema.SCHEMATA')).map(
    ([name]) => name ?? '',
  );
  const system = /^(?:information_schema|mysql|performance_schema|sys)$/i;
  return [
    ...new Set(
      patterns.flatMap((pattern) =>
        pattern.includes('*')
          ? there.filter((name) => !system.test(name) && wildcard(pattern, fold)(name))
          : [pattern],
      ),
    ),
  ];
}
