import { extname } from 'node:path';
import { SqlqError, shellWord } from '../../../errors.ts';
import { decodeHead, encodingOf } from './encoding.ts';
import type { Head } from './head.ts';

/** How a file keeps its rows. */
export type Format = 'delimited' | 'json' | 'parquet' | 'workbook' | 'duckdb';

/** What a file is, by its first bytes; its name has a say where they are a text. Throws a SqlqError `failed`. */
export function formatOf(path: string, label: string, { bytes, isWhole }: Head): Format {
  const start = bytes.subarray(0, 16).toString('latin1');
  if (start.startsWith('PAR1')) {
    return 'parquet';
  }
  if (start.startsWith('PK\x03\x04') || start.startsWith('\xd0\xcf\x11\xe0')) {
    return 'workbook';
  }
  if (start.slice(8, 12) === 'DUCK') {
    return 'duckdb';
  }
  if (start.startsWith('SQLite format 3')) {
    throw new SqlqError(
      'usage',
      `${label} is a SQLite database, which can not be put together with other files.`,
      {
        hint: `Ask it alone, or write its tables to files of their own, which go together; they are shown by: sqlq schema --db ${shellWord(path)}`,
      },
    );
  }
  const ending = extname(path.replace(/\.(?:gz|gzip|zst|zstd)$/iu, '')).toLowerCase();
  if (ending === '.parquet' || ending === '.pq' || ending === '.xlsx' || ending === '.xlsm') {
    throw new SqlqError(
      'failed',
      `${label} ${bytes.length === 0 ? 'is empty' : `is called ${ending}, and is none: its first bytes are others`}.`,
      { hint: 'Fetch or export the file anew.' },
    );
  }
  const encoding = encodingOf(bytes);
  if (!encoding.startsWith('utf-16') && bytes.includes(0)) {
    throw new SqlqError(
      'failed',
      `${label} is no data file that sqlq knows: it holds bytes that no text has.`,
      {
        hint: 'It reads CSV and the like, JSON, Parquet, Excel and DuckDB files, also packed with gzip or zstd.',
      },
    );
  }
  if (/^\.(?:json|ndjson|jsonl|geojson)$/u.test(ending)) {
    return 'json';
  }
  if (/^\.(?:csv|tsv|tab|psv|log)$/u.test(ending)) {
    return 'delimited';
  }
  return looksLikeJson(decodeHead(bytes, encoding), isWhole) ? 'json' : 'delimited';
}

/** Whether a text begins as JSON does: a whole object in its first line, or an array or object over several. */
function looksLikeJson(text: string, isWhole: boolean): boolean {
  const body = text.trim();
  if (!/^(?:\{\s*["}]|\[\s*[[{"\d\]-])/u.test(body)) {
    return false;
  }
  const parses = (json: string): boolean => {
    try {
      JSON.parse(json);
      return true;
    } catch {
      return false;
    }
  };
  const [line = ''] = body.split('\n', 1);
  return parses(line) || (isWhole ? parses(body) : /^[{[]\s*(?:$|\{|")/u.test(line));
}
