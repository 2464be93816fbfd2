import type { Doubt } from '../doubts/doubt.ts';
import { SqlqError } from '../errors.ts';
import type { ResultColumn, Row } from '../result.ts';
import { type Cell, cellsOf } from './cells.ts';
import type { Cleaner } from './text.ts';

/** Rows of about so many bytes are kept to be paged; what is larger belongs into a file. */
export const mostKeptBytes = 4 << 20;
/** So many results of a session are kept, the newest. */
const mostResults = 16;
/** Characters of one page, unless its first row alone is longer. */
const mostPageCharacters = 40_000;
const longestRow = 100_000;

/** What SQL returned, as one session keeps it. */
export interface KeptResult {
  readonly id: string;
  /** The name of the database. */
  readonly database: string;
  readonly sql: string;
  /** Null where the caller wrote the SQL. */
  readonly question: string | null;
  readonly assumptions: readonly string[];
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly Row[];
  /** There are more rows than these. */
  readonly more: boolean;
  readonly doubts: readonly Doubt[];
}

/** The results of one session. All that read throw a SqlqError `usage` where nothing of that name is kept. */
export interface Results {
  keep(result: Omit<KeptResult, 'id'>): KeptResult;
  find(id: string): KeptResult;
  /** The result and the row that a cursor points at. */
  at(cursor: string): { readonly result: KeptResult; readonly offset: number };
}

export function createResults(): Results {
  const kept = new Map<string, KeptResult>();
  let last = 0;
  const find = (id: string): KeptResult => {
    const found = kept.get(id);
    if (found === undefined) {
      throw new SqlqError('usage', `No result is kept as "${id}".`, {
        hint: `The last ${mostResults} of a session are: run its SQL again.`,
      });
    }
    return found;
  };
  return {
    keep(result) {
      last += 1;
      const made = { ...result, id: `r${last}` };
      kept.set(made.id, made);
      const [oldest] = kept.keys();
      if (kept.size > mostResults && oldest !== undefined) {
        kept.delete(oldest);
      }
      return made;
    },
    find,
    at(cursor) {
      const [, id, digits] = /^(r\d{1,12}):(\d{1,12})$/u.exec(cursor) ?? [];
      if (id === undefined) {
        throw new SqlqError('usage', `"${cursor}" is no cursor.`, {
          hint: 'Give the one that a page of query or ask came with, as it is.',
        });
      }
      return { result: find(id), offset: Number(digits) };
    },
  };
}

/** Some rows of a result, whole: never a part of one. */
export interface PageOfRows {
  readonly rows: readonly (readonly Cell[])[];
  /** Where the next page begins; null at the end of what is kept. */
  readonly cursor: string | null;
}

/** The rows from `offset` on, at most so many and no more than fit a page. Throws a SqlqError `limit` for a row that fits none. */
export function pageOf(result: KeptResult, offset: number, most: number, cleaner: Cleaner): PageOfRows {
  const rows: (readonly Cell[])[] = [];
  let characters = 0;
  for (const row of result.rows.slice(offset, offset + most)) {
    const cells = cellsOf(row, result.columns).map((cell) =>
      typeof cell === 'string' ? cleaner.clean(cell) : cell,
    );
    const size = JSON.stringify(cells).length;
    if (rows.length === 0 && size > longestRow) {
      throw new SqlqError('limit', `Row ${offset + 1} alone takes ${size.toLocaleString('en')} characters.`, {
        hint: 'Select fewer or shorter columns, or write the whole result to a file with save_result.',
      });
    }
    if (rows.length > 0 && characters + size > mostPageCharacters) {
      break;
    }
    rows.push(cells);
    characters += size;
  }
  const next = offset + rows.length;
  return { rows, cursor: next < result.rows.length ? `${result.id}:${next}` : null };
}
