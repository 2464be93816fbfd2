/** Which SQL a database speaks. */
export interface Dialect {
  /** The name of its row among `database/engines.ts`; MariaDB is of the engine `mysql`. */
  readonly engine: string;
  /** The product's own name: `SQLite`, `PostgreSQL`, `MySQL` or `MariaDB`. */
  readonly product: string;
  /** The server's or library's version, such as `15.18` or `10.11.19`. */
  readonly version: string;
}

/** What a database holds, as far as it helps to write SQL and the role may read it. Plain data: it survives JSON. */
export interface Schema {
  readonly dialect: Dialect;
  /** The database's name, or a SQLite file's base name. */
  readonly database: string;
  /** Schemas whose tables need no prefix, first match first. SQLite: `main`; MySQL: the current database. */
  readonly searchPath: readonly string[];
  /** Tables of these schemas that need their schema all the same: an earlier one has a table of that name. */
  readonly shadowed?: readonly { readonly schema: string; readonly name: string }[];
  /** What the engine could not show, in whole sentences. */
  readonly warnings?: readonly string[];
  /** Sorted by schema and name, so that the text made of it is stable. */
  readonly tables: readonly Table[];
}

export type TableKind =
  | 'table'
  | 'view'
  | 'materialized view'
  | 'foreign table'
  | 'virtual table'
  /** A partitioned parent, its partitions folded in. */
  | 'partitioned table';

export interface Table {
  readonly schema: string;
  readonly name: string;
  readonly kind: TableKind;
  readonly comment: string | null;
  /** The engine's own estimate, read without a scan; null where it has none. */
  readonly rowEstimate: number | null;
  /** In the table's own order. */
  readonly columns: readonly Column[];
  readonly primaryKey: readonly string[];
  readonly uniqueKeys: readonly (readonly string[])[];
  readonly foreignKeys: readonly ForeignKey[];
  /** CHECK expressions, as the engine prints them. */
  readonly checks: readonly string[];
  /** Engine facts that change how SQL is written: `STRICT`, `WITHOUT ROWID`, `fts5`, `3 partitions`. */
  readonly traits: readonly string[];
}

export interface Column {
  readonly name: string;
  /** The declared type as the engine writes it, `''` where SQLite has none. */
  readonly type: string;
  readonly nullable: boolean;
  /** The default as SQL text. It can hold data: it leaves the machine only where `send` has `defaults`. */
  readonly default: string | null;
  readonly identity: boolean;
  /** The expression of a generated column. */
  readonly generated: string | null;
  readonly comment: string | null;
  /** The only values that the type allows: labels of ENUM and SET. */
  readonly values: readonly string[] | null;
}

export interface ForeignKey {
  /** Columns of this table; `references.columns[i]` is what `columns[i]` points at. */
  readonly columns: readonly string[];
  readonly references: {
    readonly schema: string;
    readonly table: string;
    readonly columns: readonly string[];
  };
}
