import type { DatePart, SqlDialect, StoredDate } from '../dialect.ts';
import { postgresMessages } from './messages.ts';

const dateFormats: Readonly<Record<Exclude<DatePart, 'weekday number'>, string>> = {
  year: 'YYYY',
  quarter: 'YYYY-"Q"Q',
  month: 'YYYY-MM',
  week: 'IYYY-"W"IW',
  day: 'YYYY-MM-DD',
  weekday: 'FMDay',
};

const storedDates: Readonly<Record<StoredDate, (column: string) => string>> = {
  iso: (column) => `CAST(NULLIF(left(${column}, 19), '') AS timestamp)`,
  'day first': (column) => `to_date(${column}, 'DD.MM.YYYY')`,
  'day first, slashes': (column) => `to_date(${column}, 'DD/MM/YYYY')`,
  'month first, slashes': (column) => `to_date(${column}, 'MM/DD/YYYY')`,
  digits: (column) => `to_date(CAST(${column} AS text), 'YYYYMMDD')`,
  seconds: (column) => `(to_timestamp(${column}) AT TIME ZONE 'UTC')`,
  milliseconds: (column) => `(to_timestamp(${column} / 1000.0) AT TIME ZONE 'UTC')`,
};

/** Of libpq, JDBC, Prisma, SQLAlchemy, node-postgres, Npgsql, Rails, Django, asyncpg, Postgres.js, pgx, sqlx and hosts of databases. */
const ignoredParameters: ReadonlySet<string> = new Set(
  `application_name applicationname fallback_application_name connect_timeout connecttimeout logintimeout sockettimeout
   socket_timeout keepalives keepalives_idle keepalives_interval keepalives_count tcp_user_timeout tcpkeepalive
   target_session_attrs targetservertype load_balance_hosts loadbalancehosts channel_binding gssencmode krbsrvname
   gsslib gssdelegation sslsni sslcompression sslnegotiation ssl_min_protocol_version ssl_max_protocol_version
   client_encoding charset encoding pgbouncer pool_timeout connection_limit schema currentschema
   statement_cache_size prepared_statement_cache_size prepared_statements pool_max_conns pool_min_conns preparethreshold preferquerymode binarytransfer rewritebatchedinserts stringtype
   defaultrowfetchsize assumeminserverversion uselibpqcompat pool_mode pool_size max_connections min_connections
   pool max min pooling timeout statement_timeout query_timeout lock_timeout idle_in_transaction_session_timeout
   idle_timeout supa-pooler endpoint timezone searchpath commandtimeout internalcommandtimeout keepalive minpoolsize
   maxpoolsize minimumpoolsize maximumpoolsize connectionlifetime connectionidlelifetime connectionpruninginterval
   includeerrordetail persistsecurityinfo noresetonclose maxautoprepare autoprepareminusages enlist
   checkout_timeout reaping_frequency schema_search_path min_messages conn_max_age conn_health_checks command_timeout
   min_size max_size max_cached_statement_lifetime max_cacheable_statement_size max_lifetime prepare fetch_types
   pool_max_conn_lifetime pool_max_conn_idle_time pool_health_check_period default_query_exec_mode
   statement_cache_capacity description_cache_capacity statement-cache-capacity binary_parameters`.split(
    /\s+/,
  ),
);

/** What is PostgreSQL's own in SQL and in addresses. */
export const dialect: SqlDialect = {
  name: 'postgres',
  address: {
    kind: 'server',
    schemes: ['postgres', 'postgresql', 'pgsql', 'postgis'],
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
    strictParameters: { trustServerCertificate: 'false' },
    ignoredParameters,
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
    clientFile: 'pg_service.conf',
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
  writeDate: (text) => `'${text.replaceAll("'", "''")}'`,
  writeTruth: String,
  writeLike: (text, operator, pattern) => `${text} ${operator.replace('LIKE', 'ILIKE')} ${pattern}`,
  nullsSortFirst: false,
  dropsFractions: true,
  numberType: 'NUMERIC',
  addsTexts: false,
  writeDatePart: (part, column) =>
    part === 'weekday number' ? `extract(dow FROM ${column})` : `to_char(${column}, '${dateFormats[part]}')`,
  writeWeekdayNumber: (day) => String(day),
  writeStoredDate: (form, column) => storedDates[form](column),
  grammars: ['postgresql'],
  // What a newer parser than the server's has let through.
  syntaxErrors: [/^syntax error at or near "(?<near>.*?)"/su, /^syntax error at end of input/u],
  formatterLanguage: 'postgresql',
  quotingInWords: 'with double quotes; unquoted names are folded to lower case',
  habitsInWords:
    "For periods use half-open ranges (>= DATE '2024-01-01' AND < DATE '2025-01-01') or date_trunc(). A quotient of integers drops its fraction: write 1.0 * a / b. DESC puts NULL first: add NULLS LAST. round(x, n) takes numeric alone.",
  commitsDefinitions: false,
  messages: postgresMessages,
  tooManyConnections: new Set(['53300']),
  blocksThread: false,
};
