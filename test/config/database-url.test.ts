import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDatabaseUrl } from '../../src/config/database/url.ts';
import { SqlqError } from '../../src/errors.ts';

/** The error of a URL that is refused. */
function refusal(url: string): SqlqError {
  try {
    parseDatabaseUrl(url);
  } catch (error) {
    if (error instanceof SqlqError) {
      return error;
    }
    throw error;
  }
  throw new Error(`${url} was read`);
}

describe('what is read', () => {
  const nothing = { host: null, port: null, socket: null, user: null, password: null, database: null };
  test.each([
    [
      'postgres://ann:pw@db.example.com:6543/shop',
      {
        engine: 'postgres',
        host: 'db.example.com',
        port: 6543,
        user: 'ann',
        password: 'pw',
        database: 'shop',
      },
    ],
    ['PostgreSQL://h', { engine: 'postgres', host: 'h' }],
    ['postgres://', { engine: 'postgres' }],
    ['postgres:///shop', { engine: 'postgres', database: 'shop' }],
    ['mariadb://h/shop', { engine: 'mysql', host: 'h', database: 'shop' }],
    ['mysql://root:@h/', { engine: 'mysql', host: 'h', user: 'root' }],
    ['postgres://u:p%40%3A%2F%25%20@h/a%2Fb', { host: 'h', user: 'u', password: 'p@:/% ', database: 'a/b' }],
    ['postgres://u:p@ss@h/d', { host: 'h', password: 'p@ss', database: 'd' }],
    ['postgres://u:a:b@h/d', { user: 'u', password: 'a:b' }],
    ['postgres://[2001:db8::1]:5433/d', { host: '2001:db8::1', port: 5433 }],
    ['mysql://u@[::1]/d', { host: '::1', user: 'u' }],
    ['postgres://%2Fvar%2Frun%2Fpostgresql/d', { host: null, socket: '/var/run/postgresql' }],
    ['postgres:///d?host=/var/run/postgresql&port=5433', { socket: '/var/run/postgresql', port: 5433 }],
    ['postgres:///?user=u&dbname=d&host=h', { host: 'h', user: 'u', database: 'd' }],
    ['mysql://u@localhost/d?socket=/run/mysqld/mysqld.sock', { socket: '/run/mysqld/mysqld.sock' }],
  ])('%s', (url, expected) => {
    expect(parseDatabaseUrl(url)).toMatchObject({ ...(url === 'postgres://' ? nothing : {}), ...expected });
  });

  test.each([
    ['shop.db', 'shop.db'],
    ['/data/shop.db', '/data/shop.db'],
    ['sqlite:shop.db', 'shop.db'],
    ['sqlite:/data/shop.db', '/data/shop.db'],
    ['sqlite:///data/shop.db', '/data/shop.db'],
    ['sqlite3:a b.db', 'a b.db'],
    ['file:shop.db', 'shop.db'],
    ['file:///data/my%20shop.db', '/data/my shop.db'],
    ['C:\\data\\shop.db', 'C:\\data\\shop.db'],
    ['is it?.db', 'is it?.db'],
  ])('%s is a file', (text, path) => {
    expect(parseDatabaseUrl(text)).toEqual({ engine: 'sqlite', path });
  });

  test('words of TLS under the names of libpq and of MySQL', () => {
    const words = { mode: 'verify-full', ca: 'ca.pem', certificate: 'c.pem', key: 'k.pem' };
    const pg = 'sslmode=verify-full&sslrootcert=ca.pem&sslcert=c.pem&sslkey=k.pem';
    const my = 'ssl-mode=verify-full&ssl-ca=ca.pem&ssl-cert=c.pem&ssl-key=k.pem';
    expect(parseDatabaseUrl(`postgres://h/d?${pg}`)).toMatchObject({ tls: words });
    expect(parseDatabaseUrl(`mysql://h/d?${my}`)).toMatchObject({ tls: words });
  });

  test('any user, password and database, percent-encoded', () => {
    const word = fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => !text.includes('\0'));
    fc.assert(
      fc.property(word, word, word, (user, password, database) => {
        const [u, p, d] = [user, password, database].map(encodeURIComponent);
        expect(parseDatabaseUrl(`postgres://${u}:${p}@h:1/${d}`)).toMatchObject({
          user,
          password,
          database,
          host: 'h',
        });
      }),
    );
  });
});

describe('addresses as people have them', () => {
  test.each<[url: string, expected: object]>([
    [
      'postgresql://u:p@ep-x.eu.aws.neon.tech/d?sslmode=require&channel_binding=require',
      { host: 'ep-x.eu.aws.neon.tech', tls: { mode: 'require' }, ignored: ['channel_binding'] },
    ],
    [
      'postgres://u@h:6543/d?pgbouncer=true&connection_limit=1&schema=public',
      { port: 6543, ignored: ['pgbouncer', 'connection_limit', 'schema'] },
    ],
    ['postgres://h/d?application_name=x&connect_timeout=10', { host: 'h', database: 'd' }],
    ['mysql://u@h/d?charset=utf8mb4&connectTimeout=1000', { ignored: ['charset', 'connectTimeout'] }],
    ['postgresql+psycopg2://u:p@h/d', { engine: 'postgres', user: 'u', password: 'p', host: 'h' }],
    ['postgresql+asyncpg://h/d', { engine: 'postgres', host: 'h' }],
    ['mysql+pymysql://u@h/d?charset=utf8', { engine: 'mysql', user: 'u' }],
    ['mariadb+mariadbconnector://u@h/d', { engine: 'mysql' }],
    ['mysql2://u@h/d', { engine: 'mysql' }],
    [
      'jdbc:postgresql://h:5433/d?user=u&password=p%40&ssl=true&currentSchema=s',
      { host: 'h', port: 5433, user: 'u', password: 'p@', tls: { mode: 'true' } },
    ],
    [
      'jdbc:postgresql://h/d?ssl=true&sslmode=require',
      { tls: { mode: 'require', ca: null, certificate: null, key: null } },
    ],
    ['postgres://h/d?sslmode=verify-full&ssl=1', { tls: { mode: 'verify-full' } }],
    [
      'postgresql+asyncpg://h/d?prepared_statement_cache_size=0',
      { ignored: ['prepared_statement_cache_size'] },
    ],
    ['mysql://h/d?ssl_ca=ca.pem&ssl_mode=VERIFY_CA', { tls: { ca: 'ca.pem', mode: 'VERIFY_CA' } }],
    ['jdbc:mysql://h/d?useSSL=true&sslMode=REQUIRED', { tls: { mode: 'REQUIRED' } }],
    ['jdbc:postgresql:shop', { engine: 'postgres', host: null, database: 'shop' }],
    ['jdbc:mysql://h/d?useSSL=false&serverTimezone=UTC', { engine: 'mysql', tls: { mode: 'false' } }],
    [
      'mysql2://u@h/d?encoding=utf8mb4&pool=5&reconnect=true',
      { engine: 'mysql', ignored: ['encoding', 'pool', 'reconnect'] },
    ],
    ['postgres://h/d?pool_max_conn_lifetime=1h', { ignored: ['pool_max_conn_lifetime'] }],
    ['mysql+pymysql://u@/d?unix_socket=/tmp/m.sock', { engine: 'mysql', socket: '/tmp/m.sock' }],
    ['r2dbc:pool:postgresql://h/d', { engine: 'postgres', host: 'h', database: 'd' }],
    ['r2dbc:mysql://h/d', { engine: 'mysql', host: 'h' }],
    [
      'pgsql:host=h;port=5433;dbname=d;user=u;password=p',
      { engine: 'postgres', host: 'h', port: 5433, database: 'd', user: 'u' },
    ],
    [
      'mysql:host=h;port=3307;dbname=d;charset=utf8mb4',
      { engine: 'mysql', host: 'h', port: 3307, database: 'd', ignored: ['charset'] },
    ],
    ['mysql:unix_socket=/tmp/m.sock;dbname=d', { engine: 'mysql', socket: '/tmp/m.sock', database: 'd' }],
    ['jdbc:mariadb://h:3307/d', { engine: 'mysql', port: 3307 }],
    ['jdbc:sqlite:data/shop.db', { engine: 'sqlite', path: 'data/shop.db' }],
    ['sqlite+pysqlite:///shop.db', { engine: 'sqlite', path: '/shop.db' }],
    ['file:shop.db?mode=ro&cache=shared', { engine: 'sqlite', path: 'shop.db' }],
    [
      'postgres://u@a:1,b:2,c/d',
      {
        host: 'a',
        port: 1,
        others: [
          { host: 'b', port: '2' },
          { host: 'c', port: null },
        ],
      },
    ],
    ['postgres:///d?host=a,b&port=5433', { host: 'a', port: 5433, others: [{ host: 'b', port: '5433' }] }],
    [
      'host=db.example.com port=5433 dbname=shop user=ann',
      { host: 'db.example.com', port: 5433, user: 'ann' },
    ],
    [
      "dbname=shop password='a b\\'c' host = /run/postgresql",
      { socket: '/run/postgresql', password: "a b'c" },
    ],
    ['host=h dbname=d sslmode=require application_name=x', { tls: { mode: 'require' } }],
    [
      'app:p@ss:w/rd%@tcp(db.example.com:3307)/shop?parseTime=true&tls=true&charset=utf8mb4',
      {
        engine: 'mysql',
        host: 'db.example.com',
        port: 3307,
        user: 'app',
        password: 'p@ss:w/rd%',
        database: 'shop',
        tls: { mode: 'true' },
        ignored: ['parseTime', 'charset'],
      },
    ],
    ['mysql://app@tcp([::1]:3306)/shop', { host: '::1', port: 3306, user: 'app', password: null }],
    ['root@unix(/run/mysqld/mysqld.sock)/shop', { socket: '/run/mysqld/mysqld.sock', user: 'root' }],
    [
      'Server=db.example.com;Port=3307;Database=shop;Uid=app;Pwd="a;b""c";SslMode=VerifyCA;Pooling=true',
      {
        engine: 'mysql',
        host: 'db.example.com',
        port: 3307,
        user: 'app',
        password: 'a;b"c',
        database: 'shop',
        tls: { mode: 'VerifyCA' },
      },
    ],
    [
      'server=localhost;user id=app;password=x;database=shop;port=3306;SslMode=None',
      { tls: { mode: 'disabled' } },
    ],
    [
      "Host=db;Username=app;Password='p;w';Database=shop;SSL Mode=Require;Search Path=public;",
      { engine: 'postgres', host: 'db', user: 'app', password: 'p;w', tls: { mode: 'Require' } },
    ],
    ['User ID=app;Password=x;Host=db;Port=5432;Database=shop;', { engine: 'postgres', port: 5432 }],
    ['Host=::1;Port=5432;Username=u;Password=p', { host: '::1', port: 5432 }],
    ['Server=2001:db8::1;Port=3306;Uid=u', { engine: 'mysql', host: '2001:db8::1', port: 3306 }],
    ['Server=tcp:db.example.com,3307;Uid=u;', { engine: 'mysql', host: 'db.example.com', port: 3307 }],
    ['Server=db:3307;Uid=u;', { host: 'db', port: 3307 }],
    ['Host=/var/run/postgresql;Username=u;', { engine: 'postgres', socket: '/var/run/postgresql' }],
    ['Server=/run/mysqld.sock;Uid=u;', { engine: 'mysql', socket: '/run/mysqld.sock' }],
    ['Host=h;Username=a:b;Password=c:d', { user: 'a:b', password: 'c:d' }],
    [
      'jdbc:mariadb:loadbalance://a:3306,b:3307/shop?user=app',
      { engine: 'mysql', host: 'a', others: [{ host: 'b', port: '3307' }], user: 'app' },
    ],
    ['jdbc:mysql:replication://a,b/shop', { engine: 'mysql', host: 'a', others: [{ host: 'b' }] }],
    ['jdbc:mariadb:sequential://a/shop', { engine: 'mysql', host: 'a' }],
    ['mysql://h/d?sslaccept=strict', { tls: { mode: 'verify-full' } }],
    ['mysql://h/d?ssl_verify_identity=true&ssl_ca=ca.pem', { tls: { mode: 'verify-full', ca: 'ca.pem' } }],
    ['jdbc:mysql://h/d?useSSL=true&verifyServerCertificate=true', { tls: { mode: 'verify-full' } }],
    ['mysql://h/d?ssl={"rejectUnauthorized":true}', { tls: { mode: 'verify-full' } }],
    ['mysql://h/d?ssl=%7B%7D', { tls: { mode: 'verify-full' } }],
    ['service=live', { engine: 'postgres', service: 'live' }],
    ['postgres://?service=live', { service: 'live', host: null }],
  ])('%s', (url, expected) => {
    expect(parseDatabaseUrl(url)).toMatchObject(expected);
  });

  test.each([
    ['postgres://h/d?options=-c%20default_transaction_read_only%3Doff', 'options'],
    ['postgres://h/d?sslfactory=org.postgresql.ssl.NonValidatingFactory', 'sslfactory'],
    ['postgres://h/d?replication=database', 'replication'],
    ['host=h options=-csearch_path=x', 'options'],
    ['mysql://h/d?flags=-SSL', 'flags'],
    ['mysql://h/d?local_infile=1', 'local_infile'],
    ['mysql://h/d?init_command=SET%20GLOBAL%20x', 'init_command'],
    ['jdbc:mysql://h/d?allowMultiQueries=true', 'allowMultiQueries'],
    ['jdbc:mysql://h/d?trustServerCertificate=true', 'trustServerCertificate'],
    ['jdbc:mysql://h/d?allowPublicKeyRetrieval=true', 'allowPublicKeyRetrieval'],
    ['mysql://h/d?rejectUnauthorized=false', 'rejectUnauthorized'],
    ['mysql://h/d?ssl={"rejectUnauthorized":false}', 'ssl'],
    ['mysql://h/d?sslaccept=accept_invalid_certs', 'sslaccept'],
    ['mysql://h/d?ssl_verify_identity=false', 'ssl_verify_identity'],
    ['jdbc:mysql://h/d?verifyServerCertificate=false', 'verifyServerCertificate'],
    ['app@tcp(h:3306)/d?multiStatements=true', 'multiStatements'],
    ['app@tcp(h:3306)/d?allowAllFiles=true', 'allowAllFiles'],
    ['Server=h;Port=3306;Uid=u;AllowLoadLocalInfile=true', 'allowloadlocalinfile'],
    ['Host=h;Username=u;Trust Server Certificate=true', 'trustservercertificate'],
  ])('%s is refused by the name of what would weaken it', (url, name) => {
    expect(refusal(url).message).toBe(
      `The database URL has a parameter "${name}" that sqlq does not pass on.`,
    );
  });
});

describe('a list of names and values', () => {
  test.each([
    ['Data Source=h;Initial Catalog=d;User Id=u;Password=pa55word', 'is one of SQL Server'],
    ['Server=h;User Id=u;Password=pa55word', 'does not tell whether it is of PostgreSQL or of MySQL'],
    ['Server=h:x@evil;Port=3306;Password=pa55word', 'has a server that is no host'],
    ['Server=h;Port=3306;Password=pa55word;no pair', 'is no list of Name=value;'],
  ])('%s is refused in words without the password', (url, words) => {
    const { message, hint } = refusal(url);
    expect(message).toContain(words);
    expect(`${message} ${hint}`).not.toContain('pa55word');
  });
});

describe('what is refused', () => {
  test.each([
    ['oracle://h/d', 'The database URL begins with "oracle:", which sqlq does not know.'],
    ['postgres:h/d', 'The database URL lacks its //.'],
    ['postgres://h:0/d', 'The database URL has a port that is no number from 1 to 65535.'],
    ['postgres://h:99999/d', 'The database URL has a port that is no number from 1 to 65535.'],
    ['postgres://[::zz]/d', 'The database URL has a host in brackets that is no IPv6 address.'],
    ['postgres://u:p%zz@h/d', 'The database URL has a % that begins no character.'],
    ['postgres://h/d%00', 'The database URL holds a NUL.'],
    ['postgres://h/d\nx', 'The database URL holds a line break or a NUL.'],
    ['sqlite:', 'The database URL names no file.'],
    ['sqlite:a.db?mode=rwc', 'The database URL has a parameter "mode" that sqlq does not pass on.'],
    ['file:a.db?vfs=x', 'The database URL has a parameter "vfs" that sqlq does not pass on.'],
    [
      'postgres://h/d?sslmode=require&sslmode=disable',
      'The database URL gives the parameter "sslmode" twice.',
    ],
    ['postgres://h/d?ssl=true&sslmode=disable', 'The database URL gives the parameter "sslmode" twice.'],
    ['mysql://h/d?useSSL=true&ssl-mode=preferred', 'The database URL gives the parameter "ssl-mode" twice.'],
    [
      'postgres://h/d?options=-c%20x',
      'The database URL has a parameter "options" that sqlq does not pass on.',
    ],
    [
      'mysql://h/d?allowLocalInfile=true',
      'The database URL has a parameter "allowLocalInfile" that sqlq does not pass on.',
    ],
    [
      'mysql://h/d?multipleStatements=1',
      'The database URL has a parameter "multipleStatements" that sqlq does not pass on.',
    ],
    [
      'mysql://h/d?constructor=1',
      'The database URL has a parameter "constructor" that sqlq does not pass on.',
    ],
  ])('%j', (url, message) => {
    const error = refusal(url);
    expect(error.message).toBe(message);
    expect(error.code).toBe('usage');
  });

  test('names the parameters that pass', () => {
    expect(refusal('postgres://h/d?x=1').hint).toBe(
      'These pass: host, port, user, dbname, ssl, sslmode, sslrootcert, sslcert, sslkey.',
    );
  });

  test('never shows a password, wherever it stands', () => {
    for (const url of [
      'postgres://u:canary/pw@h/d',
      'postgres://u:canary?pw@h/d',
      'postgres://u:canary#pw@h:x/d',
      'postgres://u:canary%zz@h/d',
      'postgres://u:canary@h:port/d',
      'foo://u:canary@h/d',
      'postgres://u@h/d?canary%20secret=1',
    ]) {
      const error = refusal(url);
      expect(`${error.message} ${error.hint} ${String(error.cause)} ${error.stack}`).not.toContain('canary');
    }
  });
});
