import { type Naming, quoteIdentifier, writeTable } from './identifier.ts';
import { oneLine } from './one-line.ts';
import type { Column, ForeignKey, Schema, Table } from './schema.ts';

/** What of a schema may stand beside its names, types and keys. */
interface DdlOptions {
  readonly comments: boolean;
  /** `script`: each table after those that its keys lead to, without semicolons; `list`: in the schema's order, with them. */
  readonly form: 'list' | 'script';
}

const longestComment = 240;

/**
 * A schema as the CREATE TABLE statements that would make it, views too: what models were taught that write SQL alone. All
 * names are quoted, as such a model writes them in its query.
 */
export function ddlOf(schema: Schema, naming: Naming, options: DdlOptions): string {
  const tables = options.form === 'script' ? parentsFirst(schema.tables) : schema.tables;
  return tables.map((table) => createTable(schema, table, naming, options)).join('\n');
}

/** Tables as a script makes them: each after those that its keys lead to, as far as there is no circle. */
function parentsFirst(tables: readonly Table[]): readonly Table[] {
  const placed = new Set<Table>();
  const visit = (table: Table, above: readonly Table[]): void => {
    if (placed.has(table) || above.includes(table)) {
      return;
    }
    for (const { references } of table.foreignKeys) {
      const parent = tables.find(
        ({ schema, name }) => schema === references.schema && name === references.table,
      );
      if (parent !== undefined) {
        visit(parent, [...above, table]);
      }
    }
    placed.add(table);
  };
  for (const table of tables) {
    visit(table, []);
  }
  return [...placed];
}

function createTable(schema: Schema, table: Table, naming: Naming, { comments, form }: DdlOptions): string {
  const names = (columns: readonly string[]): string =>
    columns.map((name) => quoteIdentifier(naming, name)).join(', ');
  const said = (text: string | null): string =>
    comments && text !== null ? oneLine(text).slice(0, longestComment) : '';
  const parts = [
    ...table.columns.map((column) => ({
      sql: columnOf(naming, column, table.primaryKey),
      comment: said(column.comment),
    })),
    ...(table.primaryKey.length > 1
      ? [{ sql: `PRIMARY KEY (${names(table.primaryKey)})`, comment: '' }]
      : []),
    ...table.foreignKeys.map((key) => ({ sql: foreignKey(schema, naming, key, names), comment: '' })),
  ];
  const above = said(table.comment) === '' ? '' : `-- ${said(table.comment)}\n`;
  const name = writeTable(naming, schema, table, quoteIdentifier);
  // A comment ends its line; a table without any stands on one.
  const body = parts.some(({ comment }) => comment !== '')
    ? `\n${parts
        .map(
          ({ sql, comment }, index) =>
            `  ${sql}${index === parts.length - 1 ? '' : ','}${comment === '' ? '' : ` -- ${comment}`}\n`,
        )
        .join('')}`
    : parts.map(({ sql }) => sql).join(', ');
  return `${above}CREATE TABLE ${name} (${body})${form === 'list' ? ';' : ''}`;
}

function columnOf(naming: Naming, { name, type, values }: Column, primaryKey: readonly string[]): string {
  const labels = (values ?? []).map((value) => `'${oneLine(value).replaceAll("'", "''")}'`).join(', ');
  const written = quoteIdentifier(naming, name);
  const isListed = labels === '' || /^(enum|set)\b/iu.test(type);
  const isKey = primaryKey.length === 1 && primaryKey[0] === name;
  return [
    written,
    oneLine(type),
    isKey ? 'PRIMARY KEY' : '',
    isListed ? '' : `CHECK (${written} IN (${labels}))`,
  ]
    .filter((part) => part !== '')
    .join(' ');
}

function foreignKey(
  schema: Schema,
  naming: Naming,
  { columns, references }: ForeignKey,
  names: (columns: readonly string[]) => string,
): string {
  const table = { schema: references.schema, name: references.table };
  const target = writeTable(naming, schema, table, quoteIdentifier);
  return `FOREIGN KEY (${names(columns)}) REFERENCES ${target} (${names(references.columns)})`;
}
