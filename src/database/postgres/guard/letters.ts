import { type Client, DatabaseError } from 'pg';
import type { Parser, Token, Unparsed } from './parser.ts';

/**
 * Names as the server reads them. The parser here folds A to Z alone and knows UTF-8 alone; a database in another
 * encoding may fold Ä to ä as well, cuts long names elsewhere, and may have one character for two of Unicode's.
 */
export interface Letters {
  /** Whether the server may read this text otherwise than the parser here. */
  mayDiffer(sql: string): boolean;
  /** The same statement with each such name quoted, as the server reads it. To be asked within `inCatalog`. */
  asServer(sql: string): Promise<string | Unparsed>;
}

/** The parser here cuts a name at so many bytes of UTF-8, the server at so many of its own encoding. */
const nameBytes = 63;
const tooLong = 'it holds a name that is too long to be told in the encoding of this database';

const ascii = /^[\0-\x7f]*$/;

/** The letters of one connection. */
export function lettersOf(client: Client, parser: Parser): Letters {
  let encoding: string | null = null;
  return {
    mayDiffer: (sql) => encoding !== 'UTF8' && !ascii.test(sql),
    async asServer(sql) {
      if (ascii.test(sql)) {
        return sql;
      }
      encoding ??= await encodingOf(client);
      if (encoding === 'UTF8') {
        return sql;
      }
      const tokens = parser.tokens(sql);
      if (tokens === null) {
        return { problem: 'its letters can not be told apart in the encoding of this database' };
      }
      const names = tokens.filter(({ kind, text }) => kind === 'name' && !ascii.test(text));
      if (tokens.some(({ kind }) => kind === 'escaped name')) {
        return { problem: 'it writes a name with escapes, in a database that is not in UTF-8' };
      }
      if (names.length === 0) {
        return sql;
      }
      const read = await readByServer(
        client,
        names.map(({ text }) => text),
      );
      return typeof read === 'string' ? { problem: read } : replaced(sql, names, read);
    },
  };
}

async function encodingOf(client: Client): Promise<string> {
  const { rows } = await client.query<{ encoding: string }>(
    "SELECT current_setting('server_encoding') AS encoding",
  );
  return rows[0]?.encoding ?? '';
}

/** Names as the server's own lexer reads them; why not, where it can't. */
async function readByServer(client: Client, names: readonly string[]): Promise<readonly string[] | string> {
  await client.query('SAVEPOINT letters');
  try {
    const { rows } = await client.query<{ names: string[] }>(
      `SELECT array_to_json(array_agg((parse_ident(name))[1] ORDER BY place)) AS names
         FROM unnest($1::text[]) WITH ORDINALITY AS written(name, place)`,
      [names],
    );
    const read = rows[0]?.names ?? [];
    return read.some((name) => Buffer.byteLength(name) > nameBytes) ? tooLong : read;
  } catch (error) {
    if (!(error instanceof DatabaseError)) {
      throw error;
    }
    await client.query('ROLLBACK TO letters');
    return 'it holds a name with a letter that the encoding of this database has not';
  }
}

function replaced(sql: string, names: readonly Token[], read: readonly string[]): string {
  const bytes = Buffer.from(sql);
  const parts: Buffer[] = [];
  let at = 0;
  names.forEach(({ start, end }, index) => {
    parts.push(bytes.subarray(at, start), Buffer.from(`"${(read[index] ?? '').replaceAll('"', '""')}"`));
    at = end;
  });
  return Buffer.concat([...parts, bytes.subarray(at)]).toString();
}
