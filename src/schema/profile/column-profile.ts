import type { Form } from './form.ts';

/** What is so of a column's values and is none of them. Plain data: it survives JSON. */
export interface ColumnProfile {
  /** How values are written, where the type does not tell; null where nothing is known of it. */
  readonly form: Form | null;
  /** Which part of the rows has NULL, 0 to 1. */
  readonly nullShare: number;
  /** How many values there are besides NULL. */
  readonly distinct: number;
  /** The lengths of texts, in characters; null for other types, and where there is no value. */
  readonly length: { readonly shortest: number; readonly longest: number } | null;
}

/** What was found in one table. */
export interface TableProfile {
  /** How many rows were looked at: the first of the table. */
  readonly rows: number;
  /** The table has no more rows, so that what is said holds of all. */
  readonly isWhole: boolean;
  readonly columns: Readonly<Record<string, ColumnProfile>>;
}

/** Rows and values themselves, which may leave the machine only where `send` has `samples`. */
export interface TableSamples {
  /** The first rows, as texts by the order of `columns`. */
  readonly rows: readonly (readonly (string | null)[])[];
  readonly columns: readonly string[];
  /** The most frequent values of columns that have few, the most frequent first. */
  readonly top: Readonly<Record<string, readonly string[]>>;
  /** The lowest and the highest value of columns that have many. */
  readonly range: Readonly<Record<string, readonly [lowest: string, highest: string]>>;
}

/** What was found in the tables that were looked at, by schema and name. */
export interface Profiles {
  profileOf(schema: string, table: string): TableProfile | null;
  samplesOf(schema: string, table: string): TableSamples | null;
}
