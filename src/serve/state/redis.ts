import { readFile } from 'node:fs/promises';
import { Redis } from 'ioredis';
import { z } from 'zod';
import type { RedisAddress } from '../../config/redis.ts';
import { messageOf, SqlqError } from '../../errors.ts';
import { type Count, type SharedState, StateLostError } from './state.ts';

/** A Redis near by answers in a millisecond; one that takes this long is as good as lost. */
const commandMilliseconds = 1_000;
const connectMilliseconds = 5_000;
/** How often it is asked whether it is still there, and how long it is left alone at most before it is connected to anew. */
const heartbeatMilliseconds = 1_000;
const longestPauseMilliseconds = 2_000;

const replaceScript = `if redis.call('GET', KEYS[1]) == ARGV[1] then
  redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
  return 1
end
return 0`;

/** A count whose end was lost would stay for ever, so that one is given an end again. */
const countScript = `local count = redis.call('INCRBY', KEYS[1], ARGV[1])
local left = redis.call('PTTL', KEYS[1])
if left < 0 then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  left = tonumber(ARGV[2])
end
return {count, left}`;

const countSchema = z.tuple([z.coerce.number(), z.coerce.number()]);

/**
 * Opens a state in Redis, which all instances share. A Redis that can't be reached yet is waited for in the background:
 * the state is not healthy until then. Throws a SqlqError `usage` where it refuses the password,
 * or its certificate is of nobody who is known.
 */
export async function openRedisState(
  address: RedisAddress,
  onHealth: (isHealthy: boolean) => void = () => {},
): Promise<SharedState> {
  const redis = new Redis(address.url, {
    connectTimeout: connectMilliseconds,
    commandTimeout: commandMilliseconds,
    // What can't be done now fails now: whoever asks knows what to do without.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (times) => Math.min(longestPauseMilliseconds, 50 * 2 ** Math.min(times, 10)),
    lazyConnect: true,
    ...(address.url.startsWith('rediss:') ? { tls: { ca: await authorityOf(address) } } : {}),
  });
  let problem: unknown = null;
  redis.on('error', (error) => {
    problem = error;
  });
  try {
    await redis.connect();
  } catch (error) {
    // The first failure may be told of by the connection's end alone, and what ended it by an event.
    const reason = `${messageOf(error)} ${messageOf(problem)}`;
    if (/WRONGPASS|NOAUTH|NOPERM|invalid (?:username|password)/iu.test(reason)) {
      redis.disconnect();
      throw new SqlqError('usage', 'Redis refuses the user or the password of REDIS_URL.', {
        hint: 'Set both in it: redis://USER:PASSWORD@HOST:6379',
        cause: error,
      });
    }
    if (/certificate|altnames/iu.test(reason)) {
      redis.disconnect();
      throw new SqlqError('usage', `The certificate of Redis can't be trusted: ${messageOf(problem)}.`, {
        hint: 'Name the file of whoever signed it: REDIS_CA=/etc/ssl/redis-ca.pem',
        cause: error,
      });
    }
  }
  return redisState(redis, address.prefix, onHealth);
}

function redisState(redis: Redis, prefix: string, onHealth: (isHealthy: boolean) => void): SharedState {
  const hearers = new Map<string, Set<(message: string) => void>>();
  let subscriber: Redis | null = null;
  let isHealthy = redis.status === 'ready';

  let isClosed = false;
  const become = (next: boolean): void => {
    if (next !== isHealthy && !isClosed) {
      isHealthy = next;
      onHealth(next);
    }
  };
  if (!isHealthy) {
    onHealth(false);
  }

  redis.on('ready', () => become(true));
  redis.on('close', () => become(false));
  // A server that is stopped, or a network that drops all, ends no connection.
  const heartbeat = setInterval(() => {
    if (redis.status === 'ready') {
      redis.ping().then(
        () => become(true),
        () => become(false),
      );
    }
  }, heartbeatMilliseconds);
  heartbeat.unref();

  /** While it is lost nobody waits for it. */
  async function attempt<Result>(work: () => Promise<Result>): Promise<Result> {
    if (!isHealthy) {
      throw new StateLostError(new Error('Redis does not answer'));
    }
    try {
      return await work();
    } catch (error) {
      throw new StateLostError(error);
    }
  }

  /** Connects for messages alone: a connection that listens takes no other commands of older servers. */
  async function listener(): Promise<Redis> {
    if (subscriber === null) {
      subscriber = redis.duplicate({
        maxRetriesPerRequest: null,
        enableOfflineQueue: true,
        lazyConnect: false,
      });
      subscriber.on('error', () => {});
      subscriber.on('message', (channel: string, message: string) => {
        for (const hear of hearers.get(channel) ?? []) {
          hear(message);
        }
      });
    }
    return subscriber;
  }

  const named = (key: string): string => prefix + key;
  return {
    kind: 'redis',
    get healthy() {
      return isHealthy;
    },
    get: (key) => attempt(() => redis.get(named(key))),
    set: (key, value, milliseconds) =>
      attempt(async () => void (await redis.set(named(key), value, 'PX', whole(milliseconds)))),
    delete: (key) => attempt(async () => void (await redis.del(named(key)))),
    claim: (key, value, milliseconds) =>
      attempt(async () => (await redis.set(named(key), value, 'PX', whole(milliseconds), 'NX')) === 'OK'),
    replace: (key, before, after, milliseconds) =>
      attempt(
        async () =>
          (await redis.eval(replaceScript, 1, named(key), before, after, whole(milliseconds))) === 1,
      ),
    count: (key, amount, milliseconds): Promise<Count> =>
      attempt(async () => {
        const reply = await redis.eval(countScript, 1, named(key), amount, whole(milliseconds));
        const [count, left] = countSchema.parse(reply);
        return { count, milliseconds: left };
      }),
    keys: (start) =>
      attempt(async () => {
        const found = new Set<string>();
        const match = `${named(start).replace(/[\\*?[\]^-]/gu, '\\$&')}*`;
        let cursor = '0';
        do {
          const [next, some] = await redis.scan(cursor, 'MATCH', match, 'COUNT', 500);
          cursor = next;
          for (const key of some) {
            found.add(key.slice(prefix.length));
          }
        } while (cursor !== '0');
        return [...found].sort();
      }),
    publish: (channel, message) => attempt(async () => void (await redis.publish(named(channel), message))),
    async subscribe(channel, hear) {
      const all = hearers.get(named(channel)) ?? new Set();
      const isFirst = all.size === 0;
      hearers.set(named(channel), all.add(hear));
      if (isFirst) {
        const connection = await listener();
        // Where Redis is lost now, it listens as soon as it is back.
        const listening = connection.subscribe(named(channel)).then(
          () => {},
          () => {},
        );
        if (isHealthy) {
          await listening;
        }
      }
      return () => void all.delete(hear);
    },
    async close() {
      isClosed = true;
      clearInterval(heartbeat);
      hearers.clear();
      subscriber?.disconnect();
      redis.disconnect();
    },
  };
}

async function authorityOf({ authority }: RedisAddress): Promise<string | undefined> {
  if (authority === null) {
    return undefined;
  }
  return readFile(authority, 'utf8').catch((error: unknown) => {
    throw new SqlqError('usage', `REDIS_CA can't be read: ${messageOf(error)}.`, {
      hint: 'Name a file of certificates in it, as PEM.',
      cause: error,
    });
  });
}

function whole(milliseconds: number): number {
  return Math.max(1, Math.ceil(milliseconds));
}
