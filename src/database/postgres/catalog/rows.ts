/** What the queries of the catalog give, a row an array. */
export interface CatalogRows {
  readonly tables: readonly TableRow[];
  readonly columns: readonly ColumnRow[];
  readonly comments: readonly CommentRow[];
  readonly constraints: readonly ConstraintRow[];
  readonly indexes: readonly IndexRow[];
  readonly types: readonly TypeRow[];
  readonly fields: readonly FieldRow[];
  readonly parents: readonly ParentRow[];
  readonly typeNames: readonly TypeNameRow[];
  readonly expressions: readonly ExpressionRow[];
  readonly conditions: readonly ConditionRow[];
  readonly partitionKeys: readonly PartitionKeyRow[];
  readonly notVisible: readonly NotVisibleRow[];
}

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
  type: number,
  modifier: number,
  notNull: boolean,
  identity: string,
  generated: string,
];
export type CommentRow = [table: number, number: number, comment: string];
export type ConstraintRow = [
  id: number,
  table: number,
  kind: string,
  columns: number[] | null,
  target: number,
  targetColumns: number[] | null,
];
export type IndexRow = [id: number, table: number, primary: boolean, columns: number[]];
/** `base` is that of a domain with its modifier, `checks` are ids of conditions. */
export type TypeRow = [
  id: number,
  labels: string[] | null,
  base: [type: number, modifier: number] | null,
  checks: number[] | null,
];
/** A field of a composite type. */
export type FieldRow = [type: number, number: number, name: string, fieldType: number, modifier: number];
/** A table that inherits; `own`: it has columns that its parent has not. */
export type ParentRow = [child: number, parent: number, own: boolean, estimate: number];
export type TypeNameRow = [type: number, modifier: number, name: string];
export type ExpressionRow = [table: number, number: number, expression: string];
export type ConditionRow = [id: number, expression: string];
export type PartitionKeyRow = [table: number, key: string];
/** A table or view that its bare name does not mean. */
export type NotVisibleRow = [id: number];
