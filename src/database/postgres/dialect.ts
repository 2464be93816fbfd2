import type { DatePart, SqlDialect } from '../dialect.ts';

const dateFormats: Readonly<Record<DatePart, string>> = {
  year: 'YYYY',
  quarter: 'YYYY-"Q"Q',
  month: 'YYYY-MM',
  week: 'IYYY-"W"IW',
  day: 'YYYY-MM-DD',
};

/** What is PostgreSQL's own in SQL and in addresses. */
export const dialect: SqlDialect = {
  name: 'postgres',
  address: {
    kind: 'server',
    schemes: ['postgres', 'postgresql'],
    shownSchemes: ['postgres'],
    parameters: {
      host: 'host',
      port: 'port',
      user: 'user',
      dbname: 'database',
      ssl: 'mode',
      sslmode: 'mode',
      sslrootcert: 'ca',
      sslcert: 'certificate',
      sslkey: 'key',
    },
    variables: {
      host: ['PGHOST'],
      port: ['PGPORT'],
      user: ['PGUSER'],
      password: ['PGPASSWORD'],
      database: ['PGDATABASE'],
      socket: [],
      mode: ['PGSSLMODE'],
      ca: ['PGSSLROOTCERT'],
      certificate: ['PGSSLCERT'],
      key: ['PGSSLKEY'],
    },
    defaultPort: 5432,
    defaultUser: 'postgres',
    hostMayBeFolder: true,
    databaseIsUser: true,
    readsPgpass: true,
  },
  identifierQuote: '"',
  // Names without quotes are folded to lower case.
  bareName: /^[a-z_][a-z0-9_]*$/,
  quotedName: /"(?:[^"]|"")*"/,
  quotedText: /'(?:[^']|'')*'/,
  lineComment: /--[^\n\r]*/,
  nestsComments: true,
  obeyedComment: null,
  hasBackslashEscapes: false,
  writeText: (text) => `'${text.replaceAll("'", "''")}'`,
  writeTruth: String,
  likeInAnyCase: 'ILIKE',
  nullsSortFirst: false,
  addsTexts: false,
  writeDatePart: (part, column) => `to_char(${column}, '${dateFormats[part]}')`,
  formatterLanguage: 'postgresql',
  quotingInWords: 'with double quotes; unquoted names are folded to lower case',
  habitsInWords:
    "For periods use half-open ranges (>= DATE '2024-01-01' AND < DATE '2025-01-01') or date_trunc(). A quotient of integers drops its fraction: write 1.0 * a / b. DESC puts NULL first: add NULLS LAST. round(x, n) takes numeric alone.",
  blocksThread: false,
};
