import * as z from 'zod';
import { escapedJson } from '../../render/escaped-json.ts';
import { createRenderer } from '../../render/format.ts';
import type { Chunk } from '../../render/renderer.ts';
import type { ResultColumn, Row } from '../../result.ts';
import type { ExportFormat } from './format.ts';
import { linesOf } from './verify.ts';

const text = z.string().nullable();
const stored = z
  .object({
    record: z.number(),
    time: z.string(),
    action: z.string(),
    outcome: z.string(),
    user: z.object({ id: z.string(), name: z.string(), by: z.string() }).nullable(),
    address: text,
    requestId: text,
    about: text,
    database: text,
    question: text,
    sql: text,
    rows: z.number().nullable(),
    milliseconds: z.number().nullable(),
  })
  .transform(({ user, ...rest }) => ({
    ...rest,
    user: user?.name ?? null,
    userId: user?.id ?? null,
    by: user?.by ?? null,
  }));

export type AuditRecord = z.infer<typeof stored>;

const numbers: ReadonlySet<string> = new Set(['record', 'rows', 'milliseconds']);
const columns: readonly ResultColumn[] = [
  'record',
  'time',
  'action',
  'outcome',
  'user',
  'userId',
  'by',
  'address',
  'requestId',
  'about',
  'database',
  'question',
  'sql',
  'rows',
  'milliseconds',
].map((name) => ({ name, kind: numbers.has(name) ? 'number' : 'text', type: '' }));

const batchSize = 1000;

/**
 * The records of some files as pieces of a text; `width` is that of a terminal which it goes to. It checks nothing: a line
 * that is no record is left out, and `onBad` hears of it. Rejects with a SqlqError `failed` where a file can't be read.
 */
export async function* exported(
  files: readonly string[],
  format: ExportFormat,
  width: number | null,
  onBad: (file: string, line: number) => void,
): AsyncGenerator<string> {
  // What people asked may be a formula to a spreadsheet.
  const renderer = await createRenderer({ format, csvSafe: true, width, color: false });
  const piece = async (chunk: Chunk | Promise<Chunk>): Promise<string> => {
    const written = String(await chunk);
    return format === 'csv' ? written : escapedJson(written);
  };
  yield piece(renderer.begin(columns));
  for (const file of files) {
    let batch: Row[] = [];
    let line = 0;
    for await (const read of linesOf(file)) {
      line += 1;
      const record = recordOf(read);
      if (record === null) {
        onBad(file, line);
        continue;
      }
      const values = new Map<string, string | number | null>(Object.entries(record));
      batch.push(columns.map(({ name }) => values.get(name) ?? null));
      if (batch.length === batchSize) {
        yield piece(renderer.rows(batch));
        batch = [];
      }
    }
    yield piece(renderer.rows(batch));
  }
  yield piece(renderer.end());
}

/** A line as what it says; null where it is no record. */
export function recordOf(line: string): AuditRecord | null {
  try {
    return stored.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}
