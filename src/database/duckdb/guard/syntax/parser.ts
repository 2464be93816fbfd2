import { z } from 'zod';
import type { Ask } from '../ask.ts';
import type { Tree } from './tree.ts';

/** Why a text is not a list of queries. */
export interface Unparsed {
  /** `other`: it is a statement, and no query. `syntax`: it is none. `unknown`: what the parser does not take, though it may be read. */
  readonly kind: 'other' | 'syntax' | 'unknown';
  /** In DuckDB's words. */
  readonly problem: string;
  /** Bytes before the word that is not expected; null where it is not said. */
  readonly position: number | null;
}

/** DuckDB's own parser, in an empty database of its own, where nobody's macro can stand in its place. */
export interface Parser {
  /** The trees of the queries that a text holds: SELECT, FROM, VALUES, TABLE, DESCRIBE, SUMMARIZE and SHOW. */
  parse(sql: string): Promise<readonly Tree[] | Unparsed>;
}

const answer = z.union([
  z.object({
    error: z.literal(false),
    statements: z.array(z.object({ node: z.record(z.string(), z.unknown()) })),
  }),
  z.object({
    error: z.literal(true),
    error_type: z.string(),
    error_message: z.string(),
    position: z.string().optional(),
  }),
]);

/** Fields that are null, empty or as usual are left out. */
const serialize =
  'SELECT "system".main.json_serialize_sql($1::VARCHAR, skip_null := true, skip_empty := true, skip_default := true)';

/** `ask` is of an empty database in memory. */
export function parserOf(ask: Ask): Parser {
  return {
    async parse(sql) {
      const [[json] = []] = await ask(serialize, [sql]);
      const found = answer.parse(JSON.parse(json ?? ''));
      if (!found.error) {
        return found.statements.map(({ node }) => node);
      }
      const { error_type: type, error_message: problem, position } = found;
      const kind = /^Only SELECT statements/.test(problem)
        ? 'other'
        : type === 'parser'
          ? 'syntax'
          : 'unknown';
      return { kind, problem, position: position === undefined ? null : Number(position) };
    },
  };
}
