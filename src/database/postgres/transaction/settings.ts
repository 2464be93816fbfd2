import type { Access } from '../../database.ts';

/** A setting that a transaction of ours begins with. */
export interface Setting {
  readonly name: string;
  readonly value: string;
  /** Without it nothing runs; the others are done without where a server does not take them. */
  readonly needed: boolean;
}

/** How long the server lets something take. */
export interface Limit {
  readonly name: LimitName;
  readonly milliseconds: number;
  /** An administrator has set it, for the role, the database or the server, and it is no more than ours. */
  readonly isServers: boolean;
}

export const limitNames = [
  'statement_timeout',
  'lock_timeout',
  'idle_in_transaction_session_timeout',
] as const;
type LimitName = (typeof limitNames)[number];

/** How long a transaction may wait for its user: a read waits for nobody, a change waits for a yes. */
const idleMilliseconds = { read: 60_000, write: 900_000, ddl: 900_000 };
const lockMilliseconds = 10_000;

/** The limits of a transaction: ours, or where they are smaller the server's own (`shown`, as it shows them). */
export function limitsOf(
  access: Access,
  timeoutMilliseconds: number,
  shown: Readonly<Record<LimitName, string>>,
): readonly Limit[] {
  const statement = Math.max(1, Math.ceil(timeoutMilliseconds));
  const own: Readonly<Record<LimitName, number>> = {
    statement_timeout: statement,
    lock_timeout: Math.min(statement, lockMilliseconds),
    idle_in_transaction_session_timeout: statement + idleMilliseconds[access],
  };
  return limitNames.map((name) => {
    const server = milliseconds(shown[name]);
    const isServers = server > 0 && server <= own[name];
    return { name, milliseconds: isServers ? server : own[name], isServers };
  });
}

/**
 * What each transaction begins with, besides being read-only. It ends with the transaction, so that a pooler's next
 * client finds nothing of it. Together with the guard it is what read-only means: statements end, whatever else
 * happens, and the server's lexer agrees with the guard's. The rest makes the server's text exact.
 */
export function settingsOf(limits: readonly Limit[], searchPath: string): readonly Setting[] {
  const needed = (name: string, value: string | number): Setting => ({
    name,
    value: `${value}`,
    needed: true,
  });
  const wished = (name: string, value: string): Setting => ({ name, value, needed: false });
  return [
    ...limits.map(({ name, milliseconds: value }) => needed(name, value)),
    // What a statement names is looked for where it was when it was judged, whatever a pooler's other clients have set.
    needed('search_path', searchPath),
    needed('standard_conforming_strings', 'on'),
    needed('datestyle', 'ISO'),
    needed('extra_float_digits', '1'),
    needed('bytea_output', 'hex'),
    wished('backslash_quote', 'safe_encoding'),
    wished('transform_null_equals', 'off'),
    // The server looks for a dropped connection while it works, where its platform can. Without it a query whose
    // reader was killed would run on; the time limit then still ends it.
    wished('client_connection_check_interval', '1s'),
  ];
}

/** The settings with a shorter limit of time for each statement, where it is one. */
export function withStatementTimeout(settings: readonly Setting[], milliseconds: number): readonly Setting[] {
  const wanted = Math.max(1, Math.ceil(milliseconds));
  return settings.map((setting) =>
    setting.name === 'statement_timeout' && wanted < Number(setting.value)
      ? { ...setting, value: `${wanted}` }
      : setting,
  );
}

/**
 * What queries of our own have besides. Every unqualified name is the server's own: anybody may make a function, an
 * operator or a table of a known name in a schema of the role's search path, or leave one among temporary objects,
 * which come first unless they are named. They are long to plan and short to run, so that one plan serves all their
 * parameters and is never compiled.
 */
export const catalogSettings: readonly Setting[] = [
  { name: 'search_path', value: 'pg_catalog, pg_temp', needed: true },
  { name: 'plan_cache_mode', value: 'force_generic_plan', needed: false },
  { name: 'jit', value: 'off', needed: false },
];

const units: Readonly<Record<string, number>> = {
  us: 0.001,
  ms: 1,
  s: 1_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Milliseconds of a duration as the server shows it, such as `90s` or `0`; NaN where it is none. */
export function milliseconds(shown: string): number {
  const [, digits, unit = 'ms'] = /^(\d+)(us|ms|s|min|h|d)?$/.exec(shown) ?? [];
  return digits === undefined ? Number.NaN : Number(digits) * (units[unit] ?? Number.NaN);
}

/** Whether what the server shows of a setting is what it was set to. */
export function isInForce({ name, value }: Setting, shown: unknown): boolean {
  if (typeof shown !== 'string') {
    return false;
  }
  if (name.endsWith('_timeout')) {
    return milliseconds(shown) === Number(value);
  }
  // The order of day and month is the server's own; it shows both.
  if (name === 'datestyle') {
    return shown.toUpperCase().startsWith(value);
  }
  return shown === value;
}
