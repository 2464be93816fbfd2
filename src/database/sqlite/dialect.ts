import type { DatePart, SqlDialect, StoredDate } from '../dialect.ts';
import { sqliteMessages } from './messages.ts';

const dateParts: Readonly<Record<DatePart, (column: string) => string>> = {
  year: (column) => `strftime('%Y', ${column})`,
  quarter: (column) => `strftime('%Y-Q', ${column}) || ((strftime('%m', ${column}) + 2) / 3)`,
  month: (column) => `strftime('%Y-%m', ${column})`,
  week: (column) => `strftime('%G-W%V', ${column})`,
  day: (column) => `date(${column})`,
  weekday: (column) =>
    `CASE strftime('%w', ${column}) WHEN '0' THEN 'Sunday' WHEN '1' THEN 'Monday' WHEN '2' THEN 'Tuesday' WHEN '3' THEN 'Wednesday' WHEN '4' THEN 'Thursday' WHEN '5' THEN 'Friday' WHEN '6' THEN 'Saturday' END`,
  'weekday number': (column) => `strftime('%w', ${column})`,
};

const cutUp =
  (month: number, day: number) =>
  (column: string): string =>
    `(substr(${column}, 7, 4) || '-' || substr(${column}, ${month}, 2) || '-' || substr(${column}, ${day}, 2))`;

const storedDates: Readonly<Record<StoredDate, (column: string) => string>> = {
  iso: (column) => `substr(${column}, 1, 19)`,
  'day first': cutUp(4, 1),
  'day first, slashes': cutUp(4, 1),
  'month first, slashes': cutUp(1, 4),
  digits: (column) =>
    `(substr(${column}, 1, 4) || '-' || substr(${column}, 5, 2) || '-' || substr(${column}, 7, 2))`,
  seconds: (column) => `datetime(${column}, 'unixepoch')`,
  milliseconds: (column) => `datetime(${column} / 1000, 'unixepoch')`,
};

/** What is SQLite's own in SQL and in addresses. */
export const dialect: SqlDialect = {
  name: 'sqlite',
  address: {
    kind: 'file',
    schemes: ['sqlite', 'sqlite3'],
    endings: ['.sqlite', '.sqlite3', '.db'],
    signature: { at: 0, text: 'SQLite format 3\0' },
    takesOtherPaths: true,
    dataEndings: [],
    besides: ['-wal', '-shm', '-journal'],
  },
  identifierQuote: '"',
  bareName: /^[A-Za-z_][A-Za-z0-9_]*$/,
  quotedName: /"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]/,
  quotedText: /'(?:[^']|'')*'/,
  lineComment: /--[^\n]*/,
  nestsComments: false,
  obeyedComment: null,
  hasBackslashEscapes: false,
  writeText: (text) => `'${text.replaceAll("'", "''")}'`,
  writeDate: (text) => `'${text.replaceAll("'", "''")}'`,
  writeTruth: Number,
  writeLike: (text, operator, pattern) => `${text} ${operator} ${pattern}`,
  nullsSortFirst: true,
  dropsFractions: true,
  numberType: 'REAL',
  addsTexts: true,
  writeDatePart: (part, column) => dateParts[part](column),
  writeWeekdayNumber: (day) => `'${day}'`,
  writeStoredDate: (form, column) => storedDates[form](column),
  grammars: ['postgresql', 'sqlite'],
  syntaxErrors: [
    /^near "(?<near>.*)": syntax error$/su,
    /^unrecognized token: "(?<near>.*)"$/su,
    /^incomplete input$/u,
  ],
  formatterLanguage: 'sqlite',
  quotingInWords: 'with double quotes',
  habitsInWords:
    "Dates are text or numbers: use date(), strftime() and half-open ranges (>= '2024-01-01' AND < '2025-01-01'). A quotient of integers drops its fraction: write 1.0 * a / b. LOWER() and LIKE know the case of A to Z alone.",
  commitsDefinitions: false,
  messages: sqliteMessages,
  tooManyConnections: new Set(),
  blocksThread: true,
};
