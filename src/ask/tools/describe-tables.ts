import { type DescribeOptions, describeSchema } from '../../schema/describe.ts';
import { type Naming, writeTable } from '../../schema/identifier.ts';
import { nearest } from '../../schema/nearest.ts';
import type { Schema, Table } from '../../schema/schema.ts';

/** Some tables in words. */
export interface DescribedTables {
  /** As a model is told them, see `describeSchema`; empty where none was found. */
  readonly text: string;
  readonly tables: readonly Table[];
  /** Names that no table has, each with the one that it most likely means. */
  readonly unknown: readonly { readonly name: string; readonly near: string | null }[];
}

/** Describes the tables of some names: bare or with their schema, quoted or not, in any case of letters. */
export function describeTables(
  schema: Schema,
  naming: Naming,
  names: readonly string[],
  options: DescribeOptions,
): DescribedTables {
  const found = names.map((name) => ({ name, tables: tablesOf(schema, name) }));
  const tables = schema.tables.filter((table) => found.some((each) => each.tables.includes(table)));
  const known = schema.tables.map((table) => writeTable(naming, schema, table));
  return {
    text: describeSchema({ ...schema, tables }, naming, options),
    tables,
    unknown: found
      .filter((each) => each.tables.length === 0)
      .map(({ name }) => ({ name, near: nearest(name, known) })),
  };
}

/** The tables that a name means: those of the search path first, and only where none is there those of other schemas. */
export function tablesOf({ tables, searchPath }: Schema, written: string): readonly Table[] {
  const parts = (written.match(/"(?:[^"]|"")*"|`(?:[^`]|``)*`|[^.]+/gu) ?? []).map((part) =>
    part.trim().replace(/^(["`])([\s\S]*)\1$/u, '$2'),
  );
  const name = parts.at(-1) ?? '';
  const place = parts.length > 1 ? (parts.at(-2) ?? null) : null;
  const isSame = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
  const named = tables.filter(
    (table) => isSame(table.name, name) && (place === null || isSame(table.schema, place)),
  );
  const near = named.filter(({ schema }) => searchPath.includes(schema));
  return near.length > 0 ? near : named;
}
