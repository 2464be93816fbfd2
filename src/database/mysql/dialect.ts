import type { DatePart, SqlDialect, StoredDate } from '../dialect.ts';
import { mysqlMessages } from './messages.ts';

const dateParts: Readonly<Record<DatePart, (column: string) => string>> = {
  year: (column) => `date_format(${column}, '%Y')`,
  quarter: (column) => `concat(year(${column}), '-Q', quarter(${column}))`,
  month: (column) => `date_format(${column}, '%Y-%m')`,
  week: (column) => `date_format(${column}, '%x-W%v')`,
  day: (column) => `date_format(${column}, '%Y-%m-%d')`,
  weekday: (column) => `dayname(${column})`,
  'weekday number': (column) => `(dayofweek(${column}) - 1)`,
};

const storedDates: Readonly<Record<StoredDate, (column: string) => string>> = {
  iso: (column) => `CAST(NULLIF(left(${column}, 19), '') AS datetime)`,
  'day first': (column) => `str_to_date(${column}, '%d.%m.%Y')`,
  'day first, slashes': (column) => `str_to_date(${column}, '%d/%m/%Y')`,
  'month first, slashes': (column) => `str_to_date(${column}, '%m/%d/%Y')`,
  digits: (column) => `str_to_date(${column}, '%Y%m%d')`,
  seconds: (column) => `date_add('1970-01-01', INTERVAL ${column} SECOND)`,
  milliseconds: (column) => `date_add('1970-01-01', INTERVAL floor(${column} / 1000) SECOND)`,
};

/** A text that means the same whether the server's sql_mode has NO_BACKSLASH_ESCAPES or not. */
function writeText(text: string): string {
  const [first = '', ...others] = text
    .split(/(\\+)/)
    .map((part) =>
      part.startsWith('\\')
        ? `CHAR(${Array.from(part, () => '92').join(', ')} USING utf8mb4)`
        : `'${part.replaceAll("'", "''")}'`,
    );
  return others.length === 0
    ? first
    : `CONCAT(${[first, ...others].filter((part) => part !== "''").join(', ')})`;
}

/** Of mysql2, Connector/J, SQLAlchemy, PyMySQL, Prisma, Rails, Django, sqlx, Go's driver, MySqlConnector and hosts of databases. */
const ignoredParameters: ReadonlySet<string> = new Set(
  `charset characterencoding useunicode collation connectioncollation connect_timeout connecttimeout sockettimeout
   read_timeout write_timeout readtimeout writetimeout connection_limit connectionlimit pool_timeout pool_size
   waitforconnections queuelimit pool max min acquiretimeout servertimezone connectiontimezone timezone
   forceconnectiontimezonetosession uselegacydatetimecode zerodatetimebehavior tinyint1isbit yearisdatetype
   autoreconnect failoverreadonly maxreconnects tcpkeepalive enablekeepalive keepalive usecompression compress
   supportbignumbers bignumberstrings decimalnumbers datestrings trace debug nestedtables rowsasarray
   useserverprepstmts cacheprepstmts prepstmtcachesize prepstmtcachesqllimit rewritebatchedstatements
   usecursorfetch defaultfetchsize parsetime loc application_name connectionattributes program_name
   statement_cache_size allownativepasswords checkconnliveness interpolateparams clientfoundrows timeout writetimeout
   pooling minimumpoolsize maximumpoolsize connectionlifetime connectionidletimeout defaultcommandtimeout
   treattinyasboolean convertzerodatetime allowzerodatetime allowuservariables usexatransactions persistsecurityinfo
   applicationname guidformat encoding use_unicode reconnect prepared_statements checkout_timeout reaping_frequency
   conn_max_age conn_health_checks maxallowedpacket columnswithalias rejectreadonly statement-cache-capacity`.split(
    /\s+/,
  ),
);

/** What is MySQL's and MariaDB's own in SQL and in addresses. */
export const dialect: SqlDialect = {
  name: 'mysql',
  address: {
    kind: 'server',
    schemes: ['mysql', 'mariadb', 'mysql2'],
    shownSchemes: ['mysql', 'mariadb'],
    parameters: {
      socket: 'socket',
      socketPath: 'socket',
      // PyMySQL and mysqlclient.
      unix_socket: 'socket',
      ssl: 'mode',
      sslmode: 'mode',
      'ssl-mode': 'mode',
      ssl_mode: 'mode',
      sslMode: 'mode',
      useSSL: 'mode',
      'ssl-ca': 'ca',
      'ssl-cert': 'certificate',
      'ssl-key': 'key',
      ssl_ca: 'ca',
      ssl_cert: 'certificate',
      ssl_key: 'key',
      sslrootcert: 'ca',
      sslcert: 'certificate',
      sslkey: 'key',
      // Go's driver.
      tls: 'mode',
    },
    strictParameters: {
      sslaccept: 'strict',
      ssl_verify_cert: 'true',
      ssl_verify_identity: 'true',
      verifyServerCertificate: 'true',
      trustServerCertificate: 'false',
      disableSslHostnameVerification: 'false',
    },
    ignoredParameters,
    variables: {
      host: ['MYSQL_HOST'],
      port: ['MYSQL_TCP_PORT', 'MYSQL_PORT'],
      user: ['MYSQL_USER'],
      password: ['MYSQL_PWD', 'MYSQL_PASSWORD'],
      database: ['MYSQL_DATABASE'],
      socket: ['MYSQL_UNIX_PORT', 'MYSQL_SOCKET'],
      mode: ['MYSQL_SSL_MODE'],
      ca: ['MYSQL_SSL_CA'],
      certificate: ['MYSQL_SSL_CERT'],
      key: ['MYSQL_SSL_KEY'],
    },
    defaultPort: 3306,
    defaultUser: 'root',
    hostMayBeFolder: false,
    databaseIsUser: false,
    readsPgpass: false,
    clientFile: '.my.cnf',
  },
  identifierQuote: '`',
  bareName: /^[A-Za-z_][A-Za-z0-9_]*$/,
  quotedName: /`(?:[^`]|``)*`/,
  quotedText: /'(?:[^'\\]|''|\\[\s\S])*'|"(?:[^"\\]|""|\\[\s\S])*"/,
  // The dashes want white space behind them.
  lineComment: /(?:#|--(?=\s|$))[^\n]*/,
  nestsComments: false,
  obeyedComment: /\/\*(?:!|M!|\+)/i,
  hasBackslashEscapes: true,
  writeText,
  writeDate: writeText,
  writeTruth: Number,
  writeLike: (text, operator, pattern) => `${text} ${operator} ${pattern}`,
  nullsSortFirst: true,
  dropsFractions: false,
  numberType: 'DECIMAL(65, 10)',
  addsTexts: true,
  writeDatePart: (part, column) => dateParts[part](column),
  writeWeekdayNumber: (day) => String(day),
  writeStoredDate: (form, column) => storedDates[form](column),
  grammars: ['mysql', 'mariadb'],
  syntaxErrors: [/the right syntax to use near '(?<rest>.*)' at line \d+/su],
  formatterLanguage: 'mariadb',
  quotingInWords: 'with backticks',
  habitsInWords:
    "For periods use half-open ranges (>= '2024-01-01' AND < '2025-01-01'), YEAR() or DATE_FORMAT(). There is no FULL JOIN. Texts stand between single quotes, a quote within doubled; join them with CONCAT(), never with ||.",
  commitsDefinitions: true,
  messages: mysqlMessages,
  tooManyConnections: new Set(['1040', '1203', '1226']),
  blocksThread: false,
};
