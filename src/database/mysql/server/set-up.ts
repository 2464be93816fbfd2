import { SqlqError } from '../../../errors.ts';
import type { OpenOptions } from '../../database.ts';
import { errorNumber } from '../errors.ts';
import { type SqlMode, sqlModeOf } from '../guard/syntax/sql-mode.ts';
import type { Rows } from '../wire/connection.ts';
import type { Product } from './product.ts';

/** ER_UNKNOWN_SYSTEM_VARIABLE */
const unknownVariable = 1193;

/** What the server says is in force, once everything has been set. */
export interface InForce {
  /** The server's own list, with what was added. */
  readonly modes: string;
  readonly mode: SqlMode;
  /** What shows that the server does not hold the session to reading, where the user has said that the guard is enough; else null. */
  readonly unheld: string | null;
  /** How long one statement may run; null where the server knows no such limit. */
  readonly timeLimitMs: number | null;
  /** The limit is the administrator's own, and shorter than what the user allows. */
  readonly isServersLimit: boolean;
  /** How many rows the administrator lets a SELECT without a LIMIT give; null for all. It is lifted, and that is said. */
  readonly mostRows: string | null;
}

/** What the server had before. */
export interface Found {
  readonly modes: string;
  readonly mostRows: string;
}

const everyRow = '18446744073709551615';

/**
 * Pins what changes how a statement is read, what it may do and how long, and asks the server whether it holds. What
 * the server can do without is asked for apart, a statement a setting where it refuses all at once. Throws a SqlqError
 * `refused` where a setting that is needed is not in force.
 */
export async function setUp(
  rows: Rows,
  product: Product,
  options: OpenOptions,
  found: Found,
): Promise<InForce> {
  if (sqlModeOf(found.modes) === null) {
    throw new SqlqError('refused', "The server's sql_mode is ORACLE, whose SQL can't be checked here", {
      hint: 'Connect to a server or through an account whose sessions begin without it.',
    });
  }
  await rows(`SET NAMES utf8mb4, SESSION sql_mode = '${modesOf(product, found.modes)}'`);
  if (options.access === 'read') {
    await rows('SET SESSION TRANSACTION READ ONLY');
  }
  const settings = wishes(product, options);
  await rows(`SET ${settings.join(', ')}`).catch(async () => {
    // One that this server or this account may not set takes none of the others with it.
    for (const setting of settings) {
      await rows(`SET ${setting}`).catch(() => []);
    }
  });
  return verify(rows, product, options, found.mostRows);
}

/** The server's own modes, so that texts mean here what they mean in its own client, and no more than errors added. */
function modesOf({ dialect }: Product, found: string): string {
  const own = found.split(',').filter((mode) => /^\w+$/.test(mode));
  // MariaDB does not know that a primary key decides the other columns, so there it stays as the server has it.
  const added = dialect.product === 'MariaDB' ? [] : ['ONLY_FULL_GROUP_BY'];
  const strict = ['STRICT_TRANS_TABLES', 'ERROR_FOR_DIVISION_BY_ZERO', 'NO_ENGINE_SUBSTITUTION'];
  return [...new Set([...own, ...strict, ...added])].join();
}

function wishes({ dialect }: Product, { timeoutMilliseconds, access }: OpenOptions): readonly string[] {
  const isMariadb = dialect.product === 'MariaDB';
  const seconds = Math.max(1, Math.ceil(timeoutMilliseconds / 1000));
  const limit = isMariadb ? 'max_statement_time' : 'max_execution_time';
  const most = isMariadb ? timeoutMilliseconds / 1000 : timeoutMilliseconds;
  const shorter = `IF(@@${limit} > 0, LEAST(@@${limit}, ${most}), ${most})`;
  return [
    // The shorter of the administrator's and the user's.
    `SESSION ${limit} = ${isMariadb ? shorter : `CAST(${shorter} AS UNSIGNED)`}`,
    `SESSION lock_wait_timeout = ${seconds}`,
    `SESSION innodb_lock_wait_timeout = ${seconds}`,
    // The server gives a client up that reads nothing for a minute, and one of ours may wait for its own reader.
    `SESSION net_write_timeout = GREATEST(@@net_write_timeout, ${seconds})`,
    `SESSION sql_select_limit = ${everyRow}`,
    // MySQL cuts GROUP_CONCAT at 1,024 bytes unless told. More than a packet could not be sent, and would fill the
    // server's memory.
    'SESSION group_concat_max_len = @@GLOBAL.max_allowed_packet',
    // A server may be set to keep no warnings of what it cut; MySQL asks for a privilege here.
    'SESSION max_error_count = 64',
    // Where COMMIT would begin the next transaction, or end the connection.
    'SESSION completion_type = 0',
    // SERIALIZABLE would lock every row that is read.
    ...(access === 'read'
      ? [`SESSION ${isMariadb ? 'tx' : 'transaction'}_isolation = 'REPEATABLE-READ'`]
      : []),
    // MySQL 8 shows statistics of yesterday unless told.
    ...(isMariadb || /^5\./.test(dialect.version) ? [] : ['SESSION information_schema_stats_expiry = 0']),
  ];
}

async function verify(
  rows: Rows,
  product: Product,
  options: OpenOptions,
  mostRows: string,
): Promise<InForce> {
  const isMariadb = product.dialect.product === 'MariaDB';
  const readOnly = isMariadb ? 'tx_read_only' : 'transaction_read_only';
  const limit = isMariadb ? 'max_statement_time' : 'max_execution_time';
  const [row = []] = await rows('SELECT @@sql_mode, @@character_set_client, @@character_set_results');
  const [modes = '', ...charsets] = row;
  const mode = sqlModeOf(modes ?? '');
  if (mode === null || charsets.some((name) => name !== 'utf8mb4')) {
    throw refusal(
      product,
      'reads SQL in a way that is not known here',
      `sql_mode ${modes}, ${charsets.join()}`,
    );
  }
  const unheld = options.access === 'read' ? await whyNotHeld(rows, product, readOnly) : null;
  if (unheld !== null && options.trustGuard !== true) {
    throw new SqlqError('refused', `${unheld}.`, {
      hint: 'sqlq reads only where the server holds it to that too. Connect to MySQL or MariaDB themselves, or let the guard stand alone: --trust-guard.',
    });
  }
  const value = await variable(rows, limit);
  const kept = value === null ? null : Math.round(Number(value) * (isMariadb ? 1000 : 1));
  const isKept = kept !== null && kept > 0 && kept <= options.timeoutMilliseconds;
  if (value !== null && !isKept && (product.isKnown || options.trustGuard !== true)) {
    throw refusal(product, 'does not limit how long a statement runs', `${limit} is ${value}`);
  }
  const timeLimitMs = isKept ? kept : null;
  return {
    modes: modes ?? '',
    mode,
    unheld,
    timeLimitMs,
    isServersLimit: timeLimitMs !== null && timeLimitMs < Math.floor(options.timeoutMilliseconds),
    mostRows:
      !product.isGate && /^\d+$/.test(mostRows) && BigInt(mostRows) < 2n ** 63n - 1n ? mostRows : null,
  };
}

/** How it shows that the server does not hold the session to reading, as a sentence without its full stop; null where it does. */
async function whyNotHeld(rows: Rows, product: Product, readOnly: string): Promise<string | null> {
  const value = (await variable(rows, readOnly)) ?? (await variable(rows, 'tx_read_only'));
  if (!/^(?:1|ON)$/i.test(value ?? '')) {
    return `${called(product)} does not hold the session to reading: ${readOnly} is ${value ?? 'not known'}`;
  }
  const outcome = product.isKnown ? null : await writesAllTheSame(rows);
  return outcome === null ? null : `${called(product)} takes READ ONLY and does not hold to it: ${outcome}`;
}

/** A variable of the session; null where the server has none of that name. */
async function variable(rows: Rows, name: string): Promise<string | null> {
  try {
    const [row] = await rows(`SELECT @@${name}`);
    return row?.[0] ?? null;
  } catch (error) {
    if (errorNumber(error) === unknownVariable) {
      return null;
    }
    throw error;
  }
}

/** Errors by which a server says that nothing may be written: ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION and the like. */
const readOnlyErrors = new Set([1792, 1290, 1836]);
/** ER_TABLEACCESS_DENIED_ERROR, ER_DBACCESS_DENIED_ERROR */
const deniedErrors = new Set([1142, 1044]);

/**
 * Some servers take READ ONLY, report it and write all the same. Two writes that would harm nothing have to fail: of
 * rows of a table that there is not, and of a table that is this session's alone.
 */
async function writesAllTheSame(rows: Rows): Promise<string | null> {
  const name = `sqlq_${Math.random().toString(36).slice(2, 12)}`;
  const attempts: readonly (readonly [sql: string, expected: ReadonlySet<number>])[] = [
    [`DELETE FROM ${name} WHERE 1 = 0`, new Set([...readOnlyErrors, ...deniedErrors])],
    [`CREATE TEMPORARY TABLE ${name} (a INT)`, readOnlyErrors],
  ];
  for (const [sql, expected] of attempts) {
    const outcome = await rows(sql).then(
      () => 'it was done',
      (error: unknown) => (expected.has(errorNumber(error)) ? null : String(error)),
    );
    if (outcome !== null) {
      return outcome;
    }
  }
  return null;
}

function refusal(product: Product, what: string, detail: string): SqlqError {
  return new SqlqError('refused', `${called(product)} ${what}: ${detail}`, {
    hint: 'sqlq reads only where it knows how the server reads. Connect to MySQL or MariaDB themselves.',
  });
}

function called({ dialect }: Product): string {
  return `This server (${dialect.product} ${dialect.version})`;
}
