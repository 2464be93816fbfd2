import { orNull } from './server-url.ts';
import { wrong } from './url-error.ts';

/** What Go's MySQL driver takes: `user:password@tcp(host:port)/database?name=value`. */
const goForm =
  /^(?:[a-z][a-z0-9]*:\/\/)?(?:(?<login>.*)@)?(?<network>tcp6?|unix)\((?<place>[^()]*)\)\/(?<rest>[^/]*)$/su;

/** The words that a Java driver has between its scheme and the hosts, for several of them. */
const javaWord =
  /^((?:mysql|mariadb|postgresql)):(?:sequential|loadbalance|failover|replication|aurora|load-balance-read)(?=:)/iu;

/** A list of `Name=value;`, as .NET has them: at least one of these names begins it, or follows a semicolon. */
const listForm =
  /^\s*(?:[a-z][a-z _]*=[^;]*;\s*)*(?:server|host|data ?source|user ?id|uid|initial catalog)\s*=/iu;

/** What PHP's PDO takes: `mysql:host=h;dbname=d`. */
const phpForm = /^(?<driver>pgsql|mysql):(?<list>\s*[a-z][a-z_]*=.*)$/isu;

/** Whether a text is an address in a form of Go's, PHP's or .NET's. */
export function isForeignForm(text: string): boolean {
  return goForm.test(text) || phpForm.test(text) || (text.includes(';') && listForm.test(text));
}

/**
 * An address as other programs write it, as a URL of ours; what is none of theirs as it is. Throws a SqlqError `usage`
 * where it tells of no engine that sqlq knows.
 */
export function plainUrl(text: string): string {
  const go = goForm.exec(text)?.groups;
  if (go !== undefined) {
    return goUrl(go);
  }
  const php = phpForm.exec(text)?.groups;
  if (php !== undefined) {
    const { driver = '', list = '' } = php;
    return listUrl(list, driver.toLowerCase().startsWith('pg') ? postgresForm : mysqlForm);
  }
  if (isForeignForm(text)) {
    return listUrl(text);
  }
  return text
    .replace(/^(?:jdbc|r2dbcs?(?::pool)?):(?=[a-z])/iu, '')
    .replace(/^([a-z0-9]+)\+[a-z0-9_]+(?=:)/iu, '$1')
    .replace(javaWord, '$1');
}

function goUrl({ login, network, place = '', rest = '' }: Record<string, string | undefined>): string {
  const [database = '', query = ''] = rest.split(/\?(.*)/su);
  const isSocket = network === 'unix';
  const parameters = [query, isSocket ? `socket=${encodeURIComponent(place)}` : ''].filter(
    (part) => part !== '',
  );
  return `mysql://${loginOf(login)}${isSocket ? '' : place}/${database}${parameters.length === 0 ? '' : `?${parameters.join('&')}`}`;
}

/** Go's driver takes a user and a password as they are, without percents that stand for characters. */
function loginOf(login: string | undefined): string {
  if (login === undefined) {
    return '';
  }
  const [user = '', password] = login.split(/:(.*)/su);
  return `${encodeURIComponent(user)}${password === undefined ? '' : `:${encodeURIComponent(password)}`}@`;
}

/** The names of .NET's drivers, letters alone, by what they say. */
const names = {
  host: ['server', 'host', 'datasource', 'address', 'addr', 'networkaddress'],
  port: ['port'],
  database: ['database', 'initialcatalog', 'dbname'],
  user: ['userid', 'uid', 'user', 'username'],
  password: ['password', 'pwd'],
  socket: ['unixsocket'],
} as const;

function listUrl(text: string, form: UrlForm | null = null): string {
  const pairs = pairsOf(text);
  const take = (field: keyof typeof names): string | null => {
    const known: readonly string[] = names[field];
    const found = pairs.filter(({ name }) => known.includes(name));
    for (const pair of found) {
      pairs.splice(pairs.indexOf(pair), 1);
    }
    return orNull(found.at(-1)?.value);
  };
  const { scheme, socket } = form ?? formOf(pairs);
  const [host, file] = [take('host'), take('socket')];
  const place = placeOf(file ?? host ?? '');
  const port = take('port') ?? place.port;
  const database = take('database') ?? '';
  const [user, password] = [take('user'), take('password')];
  const login =
    user === null
      ? ''
      : `${encodeURIComponent(user)}${password === null ? '' : `:${encodeURIComponent(password)}`}@`;
  const query = pairs
    .map(
      ({ name, value }) => [name, name === 'sslmode' && /^none$/iu.test(value) ? 'disabled' : value] as const,
    )
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  if (place.socket !== null) {
    query.push(`${socket}=${encodeURIComponent(place.socket)}`);
  }
  const tail = query.length === 0 ? '' : `?${query.join('&')}`;
  return `${scheme}://${login}${place.host}${port === null ? '' : `:${port}`}/${encodeURIComponent(database)}${tail}`;
}

interface ServerPlace {
  /** As a URL has it. */
  readonly host: string;
  readonly port: string | null;
  /** Path of a socket or of its folder. */
  readonly socket: string | null;
}

/** `host`, `host:port`, `tcp:host,port`, an IPv6 address in brackets or without, or the path of a socket. */
function placeOf(written: string): ServerPlace {
  const text = written.replace(/^tcp:(?!\d+$)/iu, '');
  if (text.startsWith('/')) {
    return { host: '', port: null, socket: text };
  }
  const address = /^\[?([\da-f]*:[\da-f]*:[\da-f:.]*)\]?(?:[:,](\d+))?$/iu.exec(text);
  if (address !== null) {
    return { host: `[${address[1]}]`, port: address[2] ?? null, socket: null };
  }
  const [, host = '', port = null] = /^([^:,]*)(?:[:,](\d+))?$/u.exec(text) ?? [];
  if (host === '' && text !== '') {
    throw wrong('has a server that is no host.', 'Write it as Server=host;Port=3306;');
  }
  return { host: encodeURIComponent(host), port, socket: null };
}

interface Pair {
  /** Lower case, letters alone. */
  readonly name: string;
  readonly value: string;
}

/** Values may stand in quotes of either kind, doubled within. */
function pairsOf(text: string): Pair[] {
  const pairs: Pair[] = [];
  const pair = /\s*([a-z][a-z _-]*?)\s*=\s*(?:"((?:[^"]|"")*)"|'((?:[^']|'')*)'|([^;]*?))\s*(?:;\s*|$)/iuy;
  while (pair.lastIndex < text.trimEnd().length) {
    const [, name, double, single, bare] = pair.exec(text) ?? [];
    if (name === undefined) {
      throw wrong('is no list of Name=value;.', 'A value with a semicolon stands in quotes: Password="a;b";');
    }
    const value = double?.replaceAll('""', '"') ?? single?.replaceAll("''", "'") ?? bare ?? '';
    pairs.push({ name: name.toLowerCase().replace(/[^a-z]/gu, ''), value });
  }
  return pairs;
}

/** How a URL of a database is written. */
interface UrlForm {
  readonly scheme: string;
  /** The parameter that says where a socket lies. */
  readonly socket: string;
}

const postgresForm: UrlForm = { scheme: 'postgres', socket: 'host' };
const mysqlForm: UrlForm = { scheme: 'mysql', socket: 'socket' };

/** Drivers share most of their names: some are one driver's alone, and else the port tells. */
function formOf(pairs: readonly Pair[]): UrlForm {
  const has = (...known: readonly string[]): boolean => pairs.some(({ name }) => known.includes(name));
  const port = pairs.find(({ name }) => name === 'port')?.value;
  if (has('initialcatalog', 'trustedconnection', 'integratedsecurity', 'multipleactiveresultsets')) {
    throw wrong(
      'is one of SQL Server, which sqlq does not read.',
      'Give a URL: postgres://host/database or mysql://host/database.',
    );
  }
  if (port === '5432' || (port !== '3306' && has('host', 'username', 'searchpath'))) {
    return postgresForm;
  }
  if (port === '3306' || has('uid', 'allowuservariables', 'allowpublickeyretrieval', 'convertzerodatetime')) {
    return mysqlForm;
  }
  throw wrong(
    'does not tell whether it is of PostgreSQL or of MySQL.',
    'Add Port=5432; or Port=3306;, or give a URL: postgres://host/database or mysql://host/database.',
  );
}
