import { SqlqError } from '../errors.ts';
import { type Environment, variable } from './environment.ts';

/** The Redis that all instances share. */
export interface RedisAddress {
  readonly url: string;
  /** Comes before every key and channel, so that others can use the same Redis. */
  readonly prefix: string;
  /** A file with the certificate of who signed its own, for TLS; null for those that Node.js knows. */
  readonly authority: string | null;
}

/**
 * Where `REDIS_URL` says that Redis is, with `REDIS_PREFIX`, `sqlq:` unless set, and `REDIS_CA`; null where it is unset.
 * Throws a SqlqError `usage` that does not repeat the URL, which may hold a password.
 */
export function redisOf(environment: Environment): RedisAddress | null {
  const url = variable(environment, 'REDIS_URL');
  if (url === null) {
    return null;
  }
  const parsed = URL.parse(url);
  if (parsed === null || !/^rediss?:$/u.test(parsed.protocol) || parsed.hostname === '') {
    throw new SqlqError('usage', 'REDIS_URL is no address of a Redis.', {
      hint: 'Set it as redis://HOST:6379 or, over TLS, as rediss://:PASSWORD@HOST:6379/0',
    });
  }
  return {
    url,
    prefix: variable(environment, 'REDIS_PREFIX') ?? 'sqlq:',
    authority: variable(environment, 'REDIS_CA'),
  };
}
