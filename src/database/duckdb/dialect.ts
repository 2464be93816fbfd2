import type { DatePart, SqlDialect, StoredDate } from '../dialect.ts';
import { duckdbMessages } from './messages.ts';

const dateFormats: Readonly<Record<Exclude<DatePart, 'quarter' | 'weekday number'>, string>> = {
  year: '%Y',
  month: '%Y-%m',
  week: '%G-W%V',
  day: '%Y-%m-%d',
  weekday: '%A',
};

const storedDates: Readonly<Record<StoredDate, (column: string) => string>> = {
  iso: (column) => `CAST(NULLIF(left(${column}, 19), '') AS TIMESTAMP)`,
  'day first': (column) => `strptime(${column}, '%d.%m.%Y')`,
  'day first, slashes': (column) => `strptime(${column}, '%d/%m/%Y')`,
  'month first, slashes': (column) => `strptime(${column}, '%m/%d/%Y')`,
  digits: (column) => `strptime(CAST(${column} AS VARCHAR), '%Y%m%d')`,
  seconds: (column) => `make_timestamp(CAST(floor(${column}) AS BIGINT) * 1000000)`,
  milliseconds: (column) => `make_timestamp(CAST(floor(${column}) AS BIGINT) * 1000)`,
};

/** What is DuckDB's own in SQL and in addresses. */
export const dialect: SqlDialect = {
  name: 'duckdb',
  address: {
    kind: 'file',
    schemes: ['duckdb'],
    endings: ['.duckdb', '.ddb'],
    // https://duckdb.org/docs/stable/internals/storage#main-header
    signature: { at: 8, text: 'DUCK' },
    takesOtherPaths: false,
    dataEndings: '.csv .tsv .tab .psv .log .json .ndjson .jsonl .geojson .parquet .pq .xlsx .xlsm .xls'.split(
      ' ',
    ),
    besides: ['.wal'],
  },
  identifierQuote: '"',
  // Names are the same in upper and lower case, with quotes and without.
  bareName: /^[A-Za-z_][A-Za-z0-9_]*$/,
  quotedName: /"(?:[^"]|"")*"/,
  quotedText: /'(?:[^']|'')*'/,
  lineComment: /--[^\n\r]*/,
  nestsComments: true,
  obeyedComment: null,
  hasBackslashEscapes: false,
  writeText: (text) => `'${text.replaceAll("'", "''")}'`,
  writeDate: (text) => `'${text.replaceAll("'", "''")}'`,
  writeTruth: String,
  writeLike: (text, operator, pattern) => `${text} ${operator.replace('LIKE', 'ILIKE')} ${pattern}`,
  nullsSortFirst: false,
  dropsFractions: false,
  numberType: 'DOUBLE',
  addsTexts: false,
  writeDatePart(part, column) {
    switch (part) {
      case 'quarter':
        return `strftime(${column}, '%Y-Q') || quarter(${column})`;
      case 'weekday number':
        return `dayofweek(${column})`;
      default:
        return `strftime(${column}, '${dateFormats[part]}')`;
    }
  },
  writeWeekdayNumber: (day) => String(day),
  writeStoredDate: (form, column) => storedDates[form](column),
  grammars: ['postgresql'],
  syntaxErrors: [/syntax error at or near "(?<near>.*?)"/su, /syntax error at end of input/u],
  formatterLanguage: 'postgresql',
  quotingInWords: 'with double quotes',
  habitsInWords:
    "For periods use half-open ranges (>= DATE '2024-01-01' AND < DATE '2025-01-01') or date_trunc(). / keeps the fraction of a quotient, // drops it. NULL comes last in either order.",
  commitsDefinitions: false,
  messages: duckdbMessages,
  tooManyConnections: new Set(),
  blocksThread: false,
};
