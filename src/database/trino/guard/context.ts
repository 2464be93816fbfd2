import type { Home } from '../session.ts';

/** What the guard asks the server, and where names without a catalog or a schema lead. */
export interface GuardContext {
  readonly home: Home;
  /** The names of the catalogs, each with its connector. */
  readonly catalogs: ReadonlyMap<string, string>;
  /** Rows of a query of ours, in a transaction that only reads. */
  rows(sql: string): Promise<readonly (readonly unknown[])[]>;
}

/** A table by its whole name, folded. */
export interface TableName {
  readonly catalog: string;
  readonly schema: string;
  readonly table: string;
}

/** The whole name of a table that is named by its last parts; null where the home does not say the rest. */
export function resolve(parts: readonly string[], { catalog, schema }: Home): TableName | null {
  const [table = '', ownSchema = schema, ownCatalog = catalog, ...more] = parts.toReversed();
  return ownSchema === null || ownCatalog === null || more.length > 0
    ? null
    : { catalog: ownCatalog, schema: ownSchema, table };
}

export const nameOf = ({ catalog, schema, table }: TableName): string => `${catalog}.${schema}.${table}`;
