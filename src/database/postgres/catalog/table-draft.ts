import { writeIdentifier } from '../../../schema/identifier.ts';
import type { Column, ForeignKey, Table, TableKind } from '../../../schema/schema.ts';
import type { HiddenPatterns } from '../guard/hidden/patterns.ts';

export type TableRow = [
  id: number,
  schema: string,
  name: string,
  kind: string,
  estimate: number,
  partitions: number,
];
export type ColumnRow = [
  table: number,
  number: number,
  name: string,
  type: string,
  typeId: number,
  notNull: boolean,
  identity: string,
  generated: string,
];
export type ExpressionRow = [table: number, number: number, expression: string];
export type CommentRow = [table: number, number: number, comment: string];
export type ConstraintRow = [
  table: number,
  kind: string,
  columns: number[] | null,
  target: number,
  targetColumns: number[] | null,
  expression: string | null,
];
export type IndexRow = [table: number, primary: boolean, columns: number[]];
export type TypeRow = [
  id: number,
  name: string,
  labels: string[] | null,
  base: string | null,
  checks: string[] | null,
];

const kinds: Readonly<Record<string, TableKind>> = {
  r: 'table',
  v: 'view',
  m: 'materialized view',
  f: 'foreign table',
  p: 'partitioned table',
};

/** A table while its parts come in. A part that needs a column which may not be seen is left out. */
export class TableDraft {
  readonly schema: string;
  readonly name: string;
  private readonly row: TableRow;
  private comment: string | null = null;
  /** By number. */
  private readonly columns = new Map<
    number,
    { column: Column; generated: boolean; type: TypeRow | undefined }
  >();
  private primaryKey: readonly string[] = [];
  private readonly uniqueKeys: (readonly string[])[] = [];
  private readonly foreignKeys: ForeignKey[] = [];
  private readonly checks: string[] = [];

  constructor(row: TableRow) {
    this.row = row;
    this.schema = row[1];
    this.name = row[2];
  }

  get isEmpty(): boolean {
    return this.columns.size === 0;
  }

  get columnNames(): readonly string[] {
    return [...this.columns.values()].map(({ column }) => column.name);
  }

  addColumn(row: ColumnRow, type: TypeRow | undefined): void {
    const [, number, name, typeName, , notNull, identity, generated] = row;
    const column: Column = {
      name,
      type: typeName,
      nullable: !notNull,
      default: null,
      identity: identity !== '',
      generated: null,
      comment: null,
      values: type?.[2] ?? null,
    };
    this.columns.set(number, { column, generated: generated !== '', type });
  }

  removeColumns(names: ReadonlySet<string>): void {
    for (const [number, { column }] of this.columns) if (names.has(column.name)) this.columns.delete(number);
  }

  addExpression([, number, expression]: ExpressionRow, hidden: HiddenPatterns): void {
    const known = this.columns.get(number);
    if (known === undefined || hidden.mentionedIn(expression)) return;
    const expressions = known.generated ? { generated: expression } : { default: expression };
    this.columns.set(number, { ...known, column: { ...known.column, ...expressions } });
  }

  addComment([, number, comment]: CommentRow): void {
    const known = this.columns.get(number);
    if (number === 0) this.comment = comment;
    else if (known !== undefined)
      this.columns.set(number, { ...known, column: { ...known.column, comment } });
  }

  addKey([, primary, numbers]: IndexRow): void {
    const names = this.namesOf(numbers);
    if (names === null) return;
    if (primary) this.primaryKey = names;
    else this.uniqueKeys.push(names);
  }

  addConstraint(row: ConstraintRow, tables: ReadonlyMap<number, TableDraft>): void {
    const [, kind, numbers, targetId, targetNumbers, expression] = row;
    const names = this.namesOf(numbers ?? []);
    if (names === null) return;
    if (kind === 'c') {
      if (expression !== null) this.checks.push(expression);
      return;
    }
    const target = tables.get(targetId);
    const columns = target?.namesOf(targetNumbers ?? []) ?? null;
    if (target === undefined || columns === null) return;
    const { schema, name: table } = target;
    this.foreignKeys.push({ columns: names, references: { schema, table, columns } });
  }

  finish(): Table {
    const [, , , kind, estimate, partitions] = this.row;
    const columns = [...this.columns].sort(([a], [b]) => a - b).map(([, known]) => known);
    const domains = columns.flatMap(({ column, type }) =>
      type === undefined || type[3] === null
        ? []
        : [{ column, name: type[1], base: type[3], checks: type[4] ?? [] }],
    );
    const ofDomains = domains.flatMap(({ column, checks }) =>
      checks.map((check) => check.replaceAll(/\bVALUE\b/g, () => writeIdentifier('postgres', column.name))),
    );
    return {
      schema: this.schema,
      name: this.name,
      kind: kinds[kind] ?? 'table',
      comment: this.comment,
      rowEstimate: estimate < 0 || kind === 'v' ? null : estimate,
      columns: columns.map(({ column }) => column),
      primaryKey: this.primaryKey,
      uniqueKeys: this.uniqueKeys,
      foreignKeys: this.foreignKeys,
      checks: [...this.checks, ...ofDomains],
      traits: [
        ...(partitions === 0 ? [] : [partitions === 1 ? '1 partition' : `${partitions} partitions`]),
        ...new Set(domains.map(({ name, base }) => `domain ${name}: ${base}`)),
      ],
    };
  }

  /** Null where one of the columns may not be seen. */
  private namesOf(numbers: readonly number[]): readonly string[] | null {
    const names = numbers.map((number) => this.columns.get(number)?.column.name);
    return names.every((name) => name !== undefined) ? names : null;
  }
}
