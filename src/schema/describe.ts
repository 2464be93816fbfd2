import { type Naming, writeIdentifier, writeTable } from './identifier.ts';
import { oneLine } from './one-line.ts';
import type { Profiles } from './profile/column-profile.ts';
import { factsOf } from './profile/facts.ts';
import { rowsText, samplesOf } from './profile/samples.ts';
import type { Column, ForeignKey, Schema, Table } from './schema.ts';

/** What of a schema's text may stand in a description. */
export interface DescribeOptions {
  readonly comments: boolean;
  /** Defaults can hold data, so they are left out unless the user sends them. */
  readonly defaults: boolean;
  /** What was found in the tables' rows, as far as it may stand there; nothing where it is left out. */
  readonly profiles?: Profiles | null;
}

const longestComment = 240;
const mostValues = 60;

/**
 * A schema as a model is told it: compact, one table a block, in the schema's own order, so that the same schema is
 * the same bytes and a provider's prompt cache hits. Identifiers stand as SQL must write them.
 */
export function describeSchema(schema: Schema, naming: Naming, options: DescribeOptions): string {
  return schema.tables.map((table) => describeTable(schema, table, naming, options)).join('\n');
}

function describeTable(schema: Schema, table: Table, naming: Naming, options: DescribeOptions): string {
  const singleKeys = new Map<string, ForeignKey>();
  for (const key of table.foreignKeys) {
    if (key.columns.length === 1) {
      singleKeys.set(key.columns[0] ?? '', key);
    }
  }
  const traits = table.traits.length > 0 ? ` [${table.traits.map(oneLine).join(', ')}]` : '';
  const lines = [
    `${table.kind} ${writeTable(naming, schema, table)}${traits}${comment(table.comment, options)}`,
  ];
  const profile = options.profiles?.profileOf(table.schema, table.name) ?? null;
  const samples = options.profiles?.samplesOf(table.schema, table.name) ?? null;
  for (const column of table.columns) {
    const primary = table.primaryKey.length === 1 && table.primaryKey[0] === column.name;
    const unique = table.uniqueKeys.some((key) => key.length === 1 && key[0] === column.name);
    const reference = singleKeys.get(column.name);
    const facts = [
      ...(profile === null ? [] : factsOf(table, column, profile)),
      ...(samples === null ? [] : samplesOf(column, samples)),
    ].join('; ');
    lines.push(
      `  ${describeColumn(naming, column, options, primary, unique)}${facts === '' ? '' : ` [${facts}]`}${
        reference ? ` -> ${target(schema, naming, reference)}` : ''
      }${comment(column.comment, options)}`,
    );
  }
  const names = (columns: readonly string[]): string =>
    columns.map((name) => writeIdentifier(naming, name)).join(', ');
  if (table.primaryKey.length > 1) {
    lines.push(`  primary key (${names(table.primaryKey)})`);
  }
  for (const key of table.uniqueKeys) {
    if (key.length > 1) {
      lines.push(`  unique (${names(key)})`);
    }
  }
  for (const key of table.foreignKeys) {
    if (key.columns.length > 1) {
      lines.push(`  foreign key (${names(key.columns)}) -> ${target(schema, naming, key)}`);
    }
  }
  for (const check of table.checks) {
    lines.push(`  check ${oneLine(check).slice(0, longestComment)}`);
  }
  lines.push(...(samples === null ? [] : rowsText(samples)));
  return lines.join('\n');
}

function describeColumn(
  naming: Naming,
  column: Column,
  options: DescribeOptions,
  primary: boolean,
  unique: boolean,
): string {
  const parts = [writeIdentifier(naming, column.name)];
  const listed = column.values !== null && !/^(enum|set)\b/i.test(column.type);
  if (column.type !== '') {
    parts.push(shortType(oneLine(column.type)));
  }
  if (listed) {
    parts.push(`{${describeValues(column.values ?? [])}}`);
  }
  if (primary) {
    parts.push('primary key');
  } else if (unique) {
    parts.push('unique');
  }
  if (column.generated !== null) {
    parts.push(`generated as ${oneLine(column.generated)}`);
  }
  if (options.defaults && column.default !== null) {
    parts.push(`default ${oneLine(column.default)}`);
  }
  return parts.join(' ');
}

function describeValues(values: readonly string[]): string {
  const shown = values.slice(0, mostValues).map(literalOf);
  if (values.length > mostValues) {
    shown.push(`and ${values.length - mostValues} more`);
  }
  return shown.join(', ');
}

/**
 * A label as SQL has to write it. One with a line break can't stand on one line as it is; labels of this kind are those of
 * PostgreSQL's enums, and it reads escapes behind an E.
 */
function literalOf(value: string): string {
  const quoted = value.replaceAll("'", "''");
  return oneLine(value) === value
    ? `'${quoted}'`
    : `E'${JSON.stringify(quoted).slice(1, -1).replaceAll('\\"', '"')}'`;
}

function target(schema: Schema, naming: Naming, key: ForeignKey): string {
  const table = writeTable(naming, schema, { schema: key.references.schema, name: key.references.table });
  const { columns } = key.references;
  const referenced = schema.tables.find(
    ({ schema: place, name }) => place === key.references.schema && name === key.references.table,
  );
  // A key that leads to another's primary key says all by the table's name.
  if (referenced !== undefined && referenced.primaryKey.join('\0') === columns.join('\0')) {
    return table;
  }
  return `${table} (${columns.map((name) => writeIdentifier(naming, name)).join(', ')})`;
}

/** Names of types that are long and have a short one that means the same in every engine that knows the long one. */
const shortTypes: readonly (readonly [long: RegExp, short: string])[] = [
  [/^character varying\b/i, 'varchar'],
  [/^character(?=\(|$)/i, 'char'],
  [/^timestamp(\(\d+\))? without time zone$/i, 'timestamp$1'],
  [/^timestamp(\(\d+\))? with time zone$/i, 'timestamptz$1'],
  [/^time(\(\d+\))? without time zone$/i, 'time$1'],
  [/^time(\(\d+\))? with time zone$/i, 'timetz$1'],
  [/^double precision$/i, 'float8'],
  [/^bit varying\b/i, 'varbit'],
  // How wide MySQL shows a number says nothing of it.
  [/^((?:small|medium|big)?int)\(\d+\)/i, '$1'],
];

function shortType(type: string): string {
  const found = shortTypes.find(([long]) => long.test(type));
  return found === undefined ? type : type.replace(found[0], found[1]);
}

function comment(text: string | null, options: DescribeOptions): string {
  if (!options.comments || text === null) {
    return '';
  }
  const line = oneLine(text);
  if (line === '') {
    return '';
  }
  return ` -- ${line.length > longestComment ? `${line.slice(0, longestComment)}…` : line}`;
}
