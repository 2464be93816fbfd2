import { createHash, createHmac } from 'node:crypto';
import * as z from 'zod';
import { escapedJson } from '../../render/escaped-json.ts';
import type { AuditEntry } from './audit.ts';

/** The end of a chain of records: what the next one follows. */
export interface Link {
  /** The number of a record; 0 before the first. */
  readonly record: number;
  readonly hash: string;
}

/** What the first record follows. */
export const beginning: Link = { record: 0, hash: '0'.repeat(64) };

/** Null: anybody can compute the hashes anew; a key: only who has it. */
export type AuditKey = Buffer | null;

/** One line: the record and its link, whose hash is of all the bytes before it. */
export function lineOf(
  entry: AuditEntry,
  time: string,
  previous: Link,
  key: AuditKey,
): { readonly text: string; readonly link: Link } {
  const { action, outcome, caller, address, requestId, database, question, sql, rows, milliseconds, about } =
    entry;
  const record = previous.record + 1;
  const values = {
    record,
    time,
    action,
    outcome,
    user: caller === null ? null : { id: caller.id, name: caller.name, by: caller.by },
    address: address ?? null,
    requestId: requestId ?? null,
    about: about ?? null,
    database: database ?? null,
    question: question ?? null,
    sql: sql ?? null,
    rows: rows ?? null,
    milliseconds: milliseconds ?? null,
    previous: previous.hash,
  };
  // Nothing in it may look like the end of a line, whoever reads it.
  const open = escapedJson(JSON.stringify(values)).slice(0, -1);
  const hash = hashOf(open, key);
  return { text: `${open},"hash":"${hash}"}\n`, link: { record, hash } };
}

const storedLink = z.object({ record: z.number().int().positive(), previous: z.string(), hash: z.string() });

/** A line as it was read, without its end. */
export type ReadLine =
  | { readonly kind: 'linked'; readonly link: Link; readonly previous: string }
  | { readonly kind: 'changed' }
  | { readonly kind: 'no record' };

/** What a line is: a record whose hash is its own, one that was changed, or something else. */
export function readLine(line: string, key: AuditKey): ReadLine {
  const [, open, hash] = /^(\{.*),"hash":"([0-9a-f]{64})"\}$/u.exec(line) ?? [];
  if (open === undefined || hash === undefined) {
    return { kind: 'no record' };
  }
  if (hashOf(open, key) !== hash) {
    return { kind: 'changed' };
  }
  const { success, data } = storedLink.safeParse(JSON.parse(line));
  return success
    ? { kind: 'linked', link: { record: data.record, hash }, previous: data.previous }
    : { kind: 'no record' };
}

function hashOf(text: string, key: AuditKey): string {
  return (key === null ? createHash('sha256') : createHmac('sha256', key)).update(text).digest('hex');
}
