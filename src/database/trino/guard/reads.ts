import { z } from 'zod';
import type { TableName } from './context.ts';

const estimate = z.object({ outputRowCount: z.union([z.number(), z.string()]) });

const inputOutput = z.object({
  inputTableColumnInfos: z
    .array(
      z.object({
        table: z.object({
          catalog: z.string(),
          schemaTable: z.object({ schema: z.string(), table: z.string() }),
        }),
        estimate: estimate.optional(),
      }),
    )
    .default([]),
  outputTable: z.unknown().optional(),
  estimate: estimate.optional(),
});

/** What Trino itself says that a statement reads and writes. */
export interface Reads {
  readonly tables: readonly (TableName & { readonly rows: number | null })[];
  readonly writes: boolean;
  /** Rows that come out, by its estimate; null where it has none. */
  readonly rows: number | null;
}

/** Reads what EXPLAIN (TYPE IO, FORMAT JSON) gives. Throws where it is something else. */
export function readsOf(text: string): Reads {
  const { inputTableColumnInfos, outputTable, estimate: own } = inputOutput.parse(JSON.parse(text));
  return {
    tables: inputTableColumnInfos.map(({ table: { catalog, schemaTable }, estimate: rows }) => ({
      catalog,
      schema: schemaTable.schema,
      table: schemaTable.table,
      rows: countOf(rows?.outputRowCount),
    })),
    writes: outputTable !== undefined && outputTable !== null,
    rows: countOf(own?.outputRowCount),
  };
}

/** A count that is `NaN` is not known. */
function countOf(count: number | string | undefined): number | null {
  return typeof count === 'number' && Number.isFinite(count) ? Math.round(count) : null;
}
