import * as z from 'zod';
import type { Doubt } from '../doubts/doubt.ts';
import { rowsLeftText, rowsWithin } from './budget.ts';
import { type KeptResult, pageOf } from './results.ts';
import type { Session } from './session.ts';
import { createCleaner } from './text.ts';
import type { Answer } from './tool.ts';

/** So many rows are told at once unless the caller wants another number. */
const usualRows = 100;

/** How many rows a page may have. */
export const pageLimit = z.int().min(1).max(1000).optional();

/** The shape of a page of rows. */
export const pageShape = {
  result: z.string(),
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
  rows: z.array(z.array(z.union([z.string(), z.number(), z.boolean(), z.null()]))),
  /** Left out at the end. */
  cursor: z.string().optional(),
  doubts: z.array(z.object({ kind: z.string(), sentence: z.string(), mendedSql: z.string().optional() })),
  notes: z.array(z.string()),
};

/** A doubt as a caller is told it. */
export function doubtOf({ kind, sentence, mendedSql }: Doubt): {
  readonly kind: string;
  readonly sentence: string;
  readonly mendedSql?: string;
} {
  return { kind, sentence, ...(mendedSql === null ? {} : { mendedSql }) };
}

/** A page of a result, with its doubts and notes, as a tool tells it. Throws a SqlqError `limit`. */
export function answerRows(
  session: Session,
  result: KeptResult,
  offset: number,
  limit: number | undefined,
  notes: readonly string[],
): Answer {
  const wanted = Math.min(limit ?? usualRows, Math.max(0, result.rows.length - offset));
  const cleaner = createCleaner();
  const page = pageOf(result, offset, rowsWithin(session.budget, wanted), cleaner);
  session.budget.takeRows(page.rows.length);
  const columns = result.columns.map(({ name, type }) => ({ name, type }));
  const doubts = result.doubts.map(doubtOf);
  const left = rowsLeftText(session.budget);
  const allNotes = [
    ...notes,
    ...(result.more
      ? [
          `The result has more rows than the ${result.rows.length.toLocaleString('en')} that are kept: save_result writes all of them to a file.`,
        ]
      : []),
    ...(cleaner.cleaned > 0
      ? [
          `${cleaner.cleaned} cells hold characters that steer or can't be seen; they stand as escapes such as \\u{200b}.`,
        ]
      : []),
    ...(left === null ? [] : [left]),
  ];
  const until = offset + page.rows.length;
  const counts =
    result.rows.length === 0
      ? 'no rows'
      : `rows ${offset + 1} to ${until} of ${result.rows.length}${result.more ? ' kept' : ''}`;
  return {
    says: [
      `Result ${result.id}: ${counts}${page.cursor === null ? '' : `; next with cursor "${page.cursor}"`}.`,
      ...allNotes,
    ],
    data: [
      ...doubts.map(({ sentence }) => `Doubt: ${sentence}`),
      ...doubts.flatMap(({ kind, mendedSql }) =>
        mendedSql === undefined ? [] : [`SQL without the doubt (${kind}): ${mendedSql}`],
      ),
      JSON.stringify(columns.map(({ name }) => name)),
      ...page.rows.map((row) => JSON.stringify(row)),
    ].join('\n'),
    structured: {
      result: result.id,
      columns,
      rows: page.rows,
      ...(page.cursor === null ? {} : { cursor: page.cursor }),
      doubts,
      notes: allNotes,
    },
    rows: page.rows.length,
  };
}
