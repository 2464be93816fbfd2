import type { ServerAddress, ServerField } from '../../database/dialect.ts';
import type { TlsWords } from './tls.ts';
import { unknownParameter, wrong } from './url-error.ts';

/** What a database URL of a server says; null where it says nothing. */
export interface ServerUrl {
  /** The name of its engine. */
  readonly engine: string;
  readonly host: string | null;
  readonly port: number | null;
  /** Path of a unix socket, of its folder for PostgreSQL. */
  readonly socket: string | null;
  readonly user: string | null;
  readonly password: string | null;
  readonly database: string | null;
  readonly tls: TlsWords;
  /** Further hosts, to be tried in this order. */
  readonly others: readonly Place[];
  /** The name of a service of libpq's, which says the rest. */
  readonly service: string | null;
  /** Parameters that mean nothing to sqlq. */
  readonly ignored: readonly string[];
}

/** A host and its port, as far as they are said. */
export interface Place {
  readonly host: string | null;
  readonly port: string | null;
}

/** What was said of a server, under the names of its fields. */
export type Fields = Partial<Record<ServerField | 'password' | 'service', string | undefined>> & {
  readonly places?: readonly Place[] | undefined;
  readonly ignored: readonly string[];
};

/** A server of what was said of it. Throws a SqlqError `usage` for a port that is none. */
export function fromFields(engine: string, address: ServerAddress, fields: Fields): ServerUrl {
  const ports = fields.port?.split(',') ?? [];
  const places = (fields.places ?? [{ host: null, port: null }]).map(({ host, port }, index) => ({
    host,
    port: ports.length === 1 ? (ports[0] ?? port) : (ports[index] ?? port),
  }));
  const [{ host, port } = { host: null, port: null }, ...others] = places;
  for (const place of places) {
    if (place.port === null || (/^\d{1,5}$/u.test(place.port) && isPort(Number(place.port)))) {
      continue;
    }
    throw wrong(
      'has a port that is no number from 1 to 65535.',
      'A password with /, ?, # or : in it has to be percent-encoded: %2F, %3F, %23, %3A.',
    );
  }
  const folder = address.hostMayBeFolder && host?.startsWith('/') === true ? host : null;
  return {
    engine,
    host: folder === null ? orNull(host) : null,
    port: port === null ? null : Number(port),
    socket: folder ?? fields.socket ?? null,
    user: orNull(fields.user),
    password: orNull(fields.password),
    database: orNull(fields.database),
    tls: {
      mode: fields.mode ?? null,
      ca: fields.ca ?? null,
      certificate: fields.certificate ?? null,
      key: fields.key ?? null,
    },
    others,
    service: orNull(fields.service),
    ignored: fields.ignored,
  };
}

/** The fields that parameters say, under all the names that the engine's programs have for them. Throws a SqlqError `usage`. */
export function readParameters(
  { parameters, strictParameters, ignoredParameters, clientFile }: ServerAddress,
  pairs: readonly (readonly [string, string])[],
): Fields {
  const fields: Partial<Record<ServerField | 'password' | 'service', string>> = {};
  const ignored: string[] = [];
  for (const [written, said] of pairs) {
    const name = nameAmong(parameters, written);
    const strict = strictParameters[nameAmong(strictParameters, written)];
    const value =
      strict === undefined ? modeInJson(said) : strict === said.toLowerCase() ? 'verify-full' : null;
    if (value === null) {
      throw unknownParameter(written, Object.keys(parameters));
    }
    const field =
      strict !== undefined
        ? 'mode'
        : Object.hasOwn(parameters, name)
          ? parameters[name]
          : name === 'password' || name === 'user'
            ? name
            : name === 'service' && clientFile === 'pg_service.conf'
              ? name
              : undefined;
    if (field === undefined) {
      if (!ignoredParameters.has(name.toLowerCase())) {
        throw unknownParameter(written, Object.keys(parameters));
      }
      ignored.push(written);
      continue;
    }
    const earlier = fields[field];
    const together = earlier === undefined ? value : field === 'mode' ? modeOfBoth(earlier, value) : null;
    if (together === null) {
      throw wrong(`gives the parameter "${written}" twice.`);
    }
    fields[field] = together;
  }
  const { host, ...rest } = fields;
  const places = host?.split(',').map((name) => ({ host: orNull(name), port: null }));
  return { ...rest, places, ignored };
}

/** A name as these have it: programs differ in the case of its letters, and in what joins its words. */
function nameAmong(known: Readonly<Record<string, unknown>>, name: string): string {
  const plain = (text: string): string => text.toLowerCase().replace(/[-_]/gu, '');
  return Object.hasOwn(known, name)
    ? name
    : (Object.keys(known).find((one) => plain(one) === plain(name)) ?? name);
}

/** mysql2's `ssl={"rejectUnauthorized":true}` as a mode; null where it asks for less, and what is no object as it is. */
function modeInJson(value: string): string | null {
  if (!/^\s*\{.*\}\s*$/su.test(value)) {
    return value;
  }
  return /^\s*\{\s*(?:"rejectUnauthorized"\s*:\s*true\s*)?\}\s*$/u.test(value) ? 'verify-full' : null;
}

/** Of `ssl=true` and a mode beside it, as JDBC and hosts have them, the mode, if it asks for TLS too; null for all else. */
function modeOfBoth(one: string, other: string): string | null {
  const mode = isYes(one) ? other : isYes(other) ? one : '';
  return /^(?:require|verify|full|ca|none)/iu.test(mode) ? mode : null;
}

function isYes(word: string): boolean {
  return word === 'true' || word === '1';
}

/** Null for an empty text. */
export function orNull(text: string | null | undefined): string | null {
  return text === undefined || text === '' ? null : text;
}

function isPort(number: number): boolean {
  return number >= 1 && number <= 65_535;
}
