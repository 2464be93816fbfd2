import type { DatePart, SqlDialect, StoredDate } from '../dialect.ts';
import { trinoMessages } from './messages.ts';

const dateParts: Readonly<Record<DatePart, (column: string) => string>> = {
  year: (column) => `format_datetime(${column}, 'yyyy')`,
  quarter: (column) =>
    `concat(format_datetime(${column}, 'yyyy'), '-Q', CAST(quarter(${column}) AS varchar))`,
  month: (column) => `format_datetime(${column}, 'yyyy-MM')`,
  week: (column) => `format_datetime(${column}, 'xxxx-''W''ww')`,
  day: (column) => `format_datetime(${column}, 'yyyy-MM-dd')`,
  weekday: (column) => `format_datetime(${column}, 'EEEE')`,
  // ISO 8601 counts Sunday as the seventh day.
  'weekday number': (column) => `(day_of_week(${column}) % 7)`,
};

const storedDates: Readonly<Record<StoredDate, (column: string) => string>> = {
  iso: (column) => `CAST(replace(NULLIF(substr(${column}, 1, 19), ''), 'T', ' ') AS timestamp)`,
  'day first': (column) => `date_parse(${column}, '%d.%m.%Y')`,
  'day first, slashes': (column) => `date_parse(${column}, '%d/%m/%Y')`,
  'month first, slashes': (column) => `date_parse(${column}, '%m/%d/%Y')`,
  digits: (column) => `date_parse(CAST(${column} AS varchar), '%Y%m%d')`,
  seconds: (column) => `CAST(from_unixtime(${column}, 'UTC') AS timestamp)`,
  milliseconds: (column) => `CAST(from_unixtime(${column} / 1e3, 'UTC') AS timestamp)`,
};

/** Of Trino's JDBC driver, its Python client and SQLAlchemy: what says nothing of where, or how safely, one connects. */
const ignoredParameters: ReadonlySet<string> = new Set(
  `source clienttags client_tags clientinfo applicationnameprefix tracetoken timezone locale explicitprepare
   assumeliteralunderscoreinmetadatacallsfornonconformingclients assumenullcatalogmeanscurrentcatalog
   disablecompression validateconnection legacy_primitive_types legacy_prepared_statements max_attempts
   request_timeout isolation_level`.split(/\s+/),
);

function writeText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Trino casts no text by itself: a literal says which type it is of. */
function writeDate(text: string): string {
  const type = /^\d{4}-\d\d-\d\d$/.test(text)
    ? 'DATE '
    : /^\d{4}-\d\d-\d\d[ T]\d/.test(text)
      ? 'TIMESTAMP '
      : '';
  return `${type}${writeText(type === 'TIMESTAMP ' ? text.replace('T', ' ') : text)}`;
}

/** What is Trino's own in SQL and in addresses. */
export const dialect: SqlDialect = {
  name: 'trino',
  address: {
    kind: 'server',
    schemes: ['trino'],
    shownSchemes: ['trino'],
    parameters: {
      user: 'user',
      SSL: 'mode',
      ssl: 'mode',
      sslmode: 'mode',
      SSLVerification: 'mode',
      http_scheme: 'mode',
      sslrootcert: 'ca',
      sslcert: 'certificate',
      sslkey: 'key',
      accessToken: 'password',
      access_token: 'password',
    },
    ignoredParameters,
    strictParameters: {},
    variables: {
      host: ['TRINO_HOST'],
      port: ['TRINO_PORT'],
      user: ['TRINO_USER'],
      password: ['TRINO_PASSWORD', 'TRINO_ACCESS_TOKEN'],
      database: ['TRINO_CATALOG'],
      socket: [],
      mode: ['TRINO_SSLMODE'],
      ca: ['TRINO_SSLROOTCERT'],
      certificate: [],
      key: [],
    },
    defaultPort: 8080,
    defaultUser: 'trino',
    hostMayBeFolder: false,
    databaseIsUser: false,
    readsPgpass: false,
    clientFile: null,
  },
  identifierQuote: '"',
  bareName: /^[a-z_][a-z0-9_]*$/,
  hasCatalogs: true,
  quotedName: /"(?:[^"]|"")*"/,
  quotedText: /'(?:[^']|'')*'/,
  lineComment: /--[^\n\r]*/,
  nestsComments: false,
  obeyedComment: null,
  hasBackslashEscapes: false,
  writeText,
  writeDate,
  writeTruth: String,
  // There is no ILIKE, and LIKE tells upper from lower case.
  writeLike: (text, operator, pattern) => `lower(${text}) ${operator} lower(${pattern})`,
  nullsSortFirst: false,
  dropsFractions: true,
  numberType: 'DECIMAL(38, 10)',
  addsTexts: false,
  writeDatePart: (part, column) => dateParts[part](column),
  writeWeekdayNumber: (day) => String(day),
  writeStoredDate: (form, column) => storedDates[form](column),
  grammars: ['trino'],
  syntaxErrors: [
    /mismatched input '(?<near>.*?)'\. Expecting/su,
    /no viable alternative at input '(?<near>.*?)'/su,
  ],
  formatterLanguage: 'trino',
  quotingInWords: 'with double quotes',
  habitsInWords:
    "Tables of several catalogs can be joined: catalog.schema.table. For periods use half-open ranges (>= DATE '2024-01-01' AND < DATE '2025-01-01') or date_trunc(). Literals of dates need their type: DATE '2024-01-31', TIMESTAMP '2024-01-31 10:00:00'; texts are never cast by themselves. There is no ILIKE: write lower(a) LIKE '…'. A quotient of integers drops its fraction: write 1.0 * a / b. An alias of SELECT can't be used in WHERE, GROUP BY or HAVING; GROUP BY 1 can. NULL comes last unless NULLS FIRST is said.",
  commitsDefinitions: true,
  messages: trinoMessages,
  tooManyConnections: new Set(),
  blocksThread: false,
};
