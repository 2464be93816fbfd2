import { SqlqError } from '../../../../errors.ts';
import { decodeHead, type Encoding, encodingOf } from '../encoding.ts';
import { type Head, openUnpacked, packingOf } from '../head.ts';
import { columnNames } from '../names.ts';
import { aboveHeader, counted } from '../notes.ts';
import type { RawTable } from '../raw-table.ts';
import { decoded, type Spool, withEvenLines } from '../spool.ts';
import { fileList, literal, name, type Sql } from '../sql.ts';
import { problemOf } from './problem.ts';
import { type Dialect, type DialectWords, sniff } from './sniff.ts';

/** A delimited text, and its beginning. */
export interface DelimitedFile {
  readonly path: string;
  readonly head: Head;
}

/** What a user says of how files are written. */
export interface ReadWords extends DialectWords {
  readonly encoding: Encoding | null;
}

/** What a text is read with. */
export interface DelimitedContext {
  readonly label: string;
  readonly words: ReadWords;
  readonly spool: Spool;
  /** Whether what stands above its header may be told. */
  readonly quotes: boolean;
}

/** How files are read that strict reading would refuse. */
interface Allowances {
  /** Rows that are shorter than the header end with empty values. */
  readonly isPadded: boolean;
  /** Copies of one encoding and one kind of line end are read in place of the files. */
  readonly isCopied: boolean;
  readonly encoding: Encoding;
  readonly hasLongLines: boolean;
  readonly quote: string;
}

/** Copies are read by pieces of this size where a line is very long. */
const longestLine = 64 << 20;

/** From which part of the records on their common width tells what delimits them: of a log, chance may put a comma in many. */
const leastNamed = 0.3;
const leastUnnamed = 0.6;

/** How a delimited text is written; of several files of one table, the first. */
export function dialectOf({ path, head }: DelimitedFile, words: ReadWords): Dialect {
  const isNamed = /\.(?:csv|tsv|tab|psv)(?:\.\w+)?$/iu.test(path);
  const text = decodeHead(head.bytes, words.encoding ?? encodingOf(head.bytes));
  return sniff(text, head.isWhole, words, isNamed ? leastNamed : leastUnnamed);
}

/**
 * Has a table made of delimited texts of one shape. Strictly at first; what can be read all the same is read once more, and
 * said. `make` gives back what it assumed. Throws a SqlqError `failed` that names file and line.
 */
export async function readDelimited(
  sql: Sql,
  files: readonly DelimitedFile[],
  { label, words, spool, quotes }: DelimitedContext,
  make: (raw: RawTable) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const [first] = files;
  if (first === undefined) {
    throw new Error('no file is to be read');
  }
  const dialect = dialectOf(first, words);
  const encoding = words.encoding ?? encodingOf(first.head.bytes);
  const columns = columnNames(dialect.header, dialect.width);
  let allowed: Allowances = {
    isPadded: dialect.header !== null && dialect.header.length < dialect.width,
    isCopied: encoding !== 'utf-8',
    encoding,
    hasLongLines: false,
    quote: dialect.quote,
  };
  const said: string[] = [
    ...(dialect.titles.length === 0 ? [] : [aboveHeader('line', dialect.titles, quotes)]),
    ...dialect.assumed,
  ];
  if (words.encoding === null && encoding === 'windows-1252') {
    said.push(guessedEncoding(words.delimiter === null ? dialect.delimiter : ','));
  }
  for (;;) {
    const relation = relationOf(
      await placesOf(files, allowed, spool),
      dialect,
      columns,
      allowed,
      packingOf(files),
    );
    try {
      const raw: RawTable = {
        relation,
        columns: columns.map(({ name: column, comment }) => ({ name: column, from: 'text', comment })),
        label,
        isCopy: allowed.isCopied,
        usualDecimal: dialect.delimiter === ';' ? ',' : null,
      };
      const assumed = await make(raw);
      return [...said.map((part) => `${label}: ${part}.`), ...assumed];
    } catch (error) {
      const problem = problemOf(error);
      if (problem === null) {
        throw error;
      }
      if (problem.kind === 'encoding' && !allowed.isCopied) {
        allowed = { ...allowed, isCopied: true, encoding: 'windows-1252' };
        said.push(guessedEncoding(','));
      } else if (problem.kind === 'line ends' && !allowed.isCopied) {
        allowed = { ...allowed, isCopied: true };
      } else if (problem.kind === 'long line' && !allowed.hasLongLines) {
        allowed = { ...allowed, hasLongLines: true };
      } else if (problem.kind === 'quote' && dialect.delimiter === '' && allowed.quote !== '') {
        allowed = { ...allowed, quote: '' };
      } else if (problem.kind === 'short' && !allowed.isPadded) {
        const short = await shortRows(sql, relation);
        if (typeof short !== 'string') {
          // What is short could be read: the line that is too long is the one to mend.
          const worse =
            short.longLine === null
              ? problem
              : { ...problem, kind: 'long', line: short.longLine, found: null };
          throw tellProblem({ ...worse, label, width: dialect.width });
        }
        allowed = { ...allowed, isPadded: true };
        said.push(short);
      } else {
        throw tellProblem({ ...problem, label, width: dialect.width });
      }
    }
  }
}

/** Says how a text is read that says nothing of it: its encoding, and its delimiter where that is not the usual one. */
function guessedEncoding(delimiter: string): string {
  const words: Readonly<Record<string, string>> = { ';': 'semicolons', '\t': 'tabs', '|': 'bars' };
  const between = words[delimiter] === undefined ? '' : ` with ${words[delimiter]} between its values`;
  return `it is read as Windows-1252${between}, as it is no UTF-8; --read encoding=NAME names another encoding`;
}

/** The files, or copies of them where they have to be converted. */
async function placesOf(
  files: readonly DelimitedFile[],
  { isCopied, encoding }: Allowances,
  spool: Spool,
): Promise<readonly string[]> {
  if (!isCopied) {
    return files.map(({ path }) => path);
  }
  const copies: string[] = [];
  for (const { path, head } of files) {
    copies.push(await spool.write(withEvenLines(decoded(openUnpacked(path, head.packing), encoding))));
  }
  return copies;
}

function relationOf(
  paths: readonly string[],
  { delimiter, skip }: Dialect,
  columns: readonly { readonly name: string }[],
  { isPadded, hasLongLines, isCopied, quote }: Allowances,
  packing: string,
): string {
  const types = columns.map(({ name: column }) => `${name(column)}: 'VARCHAR'`);
  const options = [
    'auto_detect = false',
    'header = false',
    `skip = ${skip}`,
    `delim = ${literal(delimiter === '' ? '\u0001' : delimiter)}`,
    `quote = ${literal(quote)}`,
    `escape = ${literal(quote)}`,
    `columns = {${types.join(', ')}}`,
    `compression = ${literal(isCopied ? 'none' : packing)}`,
    ...(isPadded ? ['null_padding = true', 'parallel = false'] : []),
    ...(hasLongLines ? [`max_line_size = ${longestLine}`, `buffer_size = ${longestLine * 2}`] : []),
  ];
  return `read_csv(${fileList(paths)}, ${options.join(', ')})`;
}

/** Says how many rows are shorter than the header; where others are wrong in another way, the first that is too long. */
async function shortRows(sql: Sql, relation: string): Promise<string | { readonly longLine: number | null }> {
  await sql.rows(`SELECT count(*) FROM ${relation.slice(0, -1)}, store_rejects = true, rejects_limit = 0)`);
  const rows = await sql.rows(
    'SELECT error_type, count(DISTINCT (file_id, line)), min(line) FROM reject_errors GROUP BY ALL ORDER BY ALL',
  );
  await sql.rows('DROP TABLE IF EXISTS reject_errors');
  await sql.rows('DROP TABLE IF EXISTS reject_scans');
  const [[kind, count, line] = []] = rows;
  if (rows.length !== 1 || kind !== 'MISSING COLUMNS') {
    const long = rows.find(([each]) => each === 'TOO MANY COLUMNS');
    return { longLine: long === undefined ? null : Number(long[2]) };
  }
  const many = Number(count);
  return many === 1
    ? `line ${Number(line)} has fewer values than there are columns, and ends with empty ones`
    : `${counted(many)} rows have fewer values than there are columns, the first in line ${Number(line)}, and end with empty ones`;
}

interface Told {
  readonly kind: string;
  readonly label: string;
  readonly line: number | null;
  readonly found: number | null;
  readonly width: number;
  readonly said: string;
}

/** A line that can't be read, and what to do about it. */
function tellProblem({ kind, label, line, found, width, said }: Told): SqlqError {
  const place = line === null ? label : `${label}, line ${line}`;
  if (kind === 'long' || kind === 'short') {
    return new SqlqError(
      'failed',
      `${place}: there are ${found ?? (kind === 'long' ? 'more' : 'fewer')} values ${found === null ? `than the ${width} columns` : `where the columns are ${width}`}.`,
      {
        hint: 'Put values with delimiters or line breaks in them into double quotes; another delimiter is named so: --read delimiter=semicolon',
      },
    );
  }
  if (kind === 'quote') {
    return new SqlqError(
      'failed',
      `${place}: a double quote is not closed, or another stands inside a quoted value.`,
      {
        hint: 'Double each quote inside a quoted value, as in "5"" disc".',
      },
    );
  }
  if (kind === 'encoding') {
    return new SqlqError('failed', `${place}: the text is no UTF-8.`, {
      hint: 'Name its encoding: --read encoding=windows-1252',
    });
  }
  return new SqlqError('failed', `${place} can not be read: ${said}`, {
    hint: 'Check the line; a delimiter, a header or an encoding is named with --read, as in --read delimiter=tab',
  });
}
